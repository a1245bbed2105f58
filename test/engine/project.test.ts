import { deepStrictEqual, strictEqual } from "node:assert";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { isGuarded } from "../../local/down";
import { localPaths, prepareFolders, runPaths } from "../../engine/paths";
import { copiedConfig, sourceConfig, writeCopy, writeProject } from "../../engine/project";
import { stacksInState } from "../../engine/state";

describe("project folder of local runs", () => {
  let root: string;
  const setUp = () => {
    const paths = localPaths(root, {});
    const run = runPaths(paths, "public");
    prepareFolders(paths, run);
    return { paths, run };
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "pe-local-"));
    writeFileSync(join(root, "Pulumi.yaml"), "name: pe-platform\nruntime: nodejs\n");
    writeFileSync(join(root, "Pulumi.east.yaml"), "# mine\nconfig:\n  domain: a.example.com\n");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("points back at the program and keeps the rest of Pulumi.yaml", () => {
    const { paths, run } = setUp();
    writeProject(paths, run);
    const project = parse(readFileSync(join(run.project, "Pulumi.yaml"), "utf8")) as {
      name: string;
      main: string;
    };
    strictEqual(project.name, "pe-platform");
    strictEqual(resolve(run.project, project.main), root);
  });

  it("keeps the salt that the engine added to a copy, and never writes the stack's own file", () => {
    const { paths, run } = setUp();
    writeCopy(run, "east", sourceConfig(paths, "east"));
    const copy = join(run.project, "Pulumi.east.yaml");
    appendFileSync(copy, "encryptionsalt: v1:salt\n");
    writeCopy(run, "east", { domain: "b.example.com" });
    deepStrictEqual(copiedConfig(run, "east"), { domain: "b.example.com" });
    strictEqual(
      (parse(readFileSync(copy, "utf8")) as { encryptionsalt: string }).encryptionsalt,
      "v1:salt",
    );
    strictEqual(
      readFileSync(join(root, "Pulumi.east.yaml"), "utf8"),
      "# mine\nconfig:\n  domain: a.example.com\n",
    );
  });

  it("keeps public and private runs apart", () => {
    const { paths, run } = setUp();
    const stacks = join(run.state, ".pulumi", "stacks", "pe-platform");
    mkdirSync(stacks, { recursive: true });
    for (const file of ["east.json", "east.json.bak", "east.json.attrs"]) {
      writeFileSync(join(stacks, file), "{}");
    }
    deepStrictEqual(stacksInState(run), ["east"]);
    deepStrictEqual(stacksInState(runPaths(paths, "private")), []);
  });
});

describe("guards that down:local takes off", () => {
  const resource = (outputs: Record<string, unknown>, more = {}) => ({
    urn: "urn:x",
    type: "aws:s3/bucket:Bucket",
    custom: true,
    outputs,
    ...more,
  });

  it("are protection, deletion protection, and content that may not go", () => {
    strictEqual(isGuarded(resource({}, { protect: true })), true);
    strictEqual(isGuarded(resource({ enableDeletionProtection: true })), true);
    strictEqual(isGuarded(resource({ deletionProtection: true })), true);
    strictEqual(isGuarded(resource({ forceDestroy: false })), true);
    strictEqual(isGuarded(resource({ recoveryWindowInDays: 30 })), true);
  });

  it("leave all else alone: what is free, components, providers", () => {
    strictEqual(isGuarded(resource({ forceDestroy: true, recoveryWindowInDays: 0 })), false);
    strictEqual(isGuarded(resource({}, { protect: true, custom: false })), false);
    strictEqual(isGuarded(resource({}, { protect: true, type: "pulumi:providers:aws" })), false);
  });
});
