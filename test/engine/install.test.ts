import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../config/stackFiles";

type Packages = Record<string, { version: string; dev?: boolean; optional?: boolean }>;

const locked: Packages = {
  "node_modules/program": { version: "1.0.0" },
  "node_modules/linter": { version: "1.0.0", dev: true },
  "node_modules/other-machines": { version: "1.0.0", optional: true },
};
const program = { "node_modules/program": { version: "1.0.0" } };

describe("scripts/run.mjs installs", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "install-"));
    cpSync(join(projectRoot, "scripts"), join(folder, "scripts"), { recursive: true });
    mkdirSync(join(folder, "node_modules"));
    write("package-lock.json", locked);
    writeFileSync(join(folder, "npm.js"), "process.exit(1);");
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(file: string, packages: Packages): void {
    writeFileSync(join(folder, file), JSON.stringify({ packages }));
  }

  /** With an npm that fails: whether it was called is in what the command says. */
  function installs(command: string, installed: Packages): boolean {
    write("node_modules/.package-lock.json", installed);
    const { stderr } = spawnSync(process.execPath, ["scripts/run.mjs", command], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, npm_execpath: join(folder, "npm.js") },
    });
    assert.notEqual(stderr, "", "the command cannot run without its files");
    return stderr.includes("Installing the packages");
  }

  it("nothing when all is there but what other machines need", () => {
    const mine = Object.entries(locked).filter(([path]) => path !== "node_modules/other-machines");
    assert.equal(installs("plan", Object.fromEntries(mine)), false);
  });

  it("for a local command what --omit=dev has left out", () => {
    assert.equal(installs("plan", program), true);
  });

  it("nothing for recover, which needs no dev package", () => {
    assert.equal(installs("recover", program), false);
  });

  it("when a package is of another version", () => {
    const older = { "node_modules/program": { version: "0.9.0" } };
    assert.equal(installs("recover", older), true);
  });
});
