import { rejects, strictEqual } from "node:assert";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mendCheckpoint, must } from "../../engine/state";

describe("an engine command that has to work", function () {
  if (process.platform === "win32") this.pending = true; // A script is no program there.

  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "pe-engine-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** An engine that says this and ends with this code. */
  const run = (code: number, stdout: string, stderr = "") => {
    const cli = join(folder, "pulumi");
    const say = (stream: string, text: string) =>
      `process.${stream}.write(${JSON.stringify(text)});`;
    const lines = [`#!${process.execPath}`, say("stdout", stdout), say("stderr", stderr)];
    writeFileSync(cli, [...lines, `process.exitCode = ${code};`].join("\n"));
    chmodSync(cli, 0o755);
    const paths = { project: folder, state: folder, logs: folder };
    return must({ cli, env: {}, run: paths }, ["destroy", "--yes", "--skip-preview"]);
  };

  it("answers with what it prints", async () => {
    strictEqual((await run(0, "done\n")).stdout, "done\n");
  });

  it("that is an update names its errors, and not what went well", async () => {
    const errors = "aws:iam:Role (web): error: DeleteConflict";
    const stdout = ` - Role app deleted\nDiagnostics:\n  ${errors}\n\nResources:\n    - 20 deleted\n`;
    await rejects(run(255, stdout), {
      name: "UserError",
      exitCode: 2,
      message: `pulumi destroy --yes failed: ${errors}`,
    });
  });

  it("of another kind says all that it said", async () => {
    await rejects(run(255, "+ Role web\n", "error: changes occurred\n"), {
      message: "pulumi destroy --yes failed: + Role web\n\nerror: changes occurred",
    });
  });
});

describe("a state that was being written when its run was killed", () => {
  let state: string;
  let folder: string;
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "pe-state-"));
    folder = join(state, ".pulumi", "stacks", "pe-platform");
    mkdirSync(folder, { recursive: true });
  });
  afterEach(() => rmSync(state, { recursive: true }));

  it("loses attributes that are cut off, its own only", () => {
    const whole = '{"user.content_type":"text/plain"}';
    const left: [file: string, text: string, stays: boolean][] = [
      ["east.json", '{"version":3}', true],
      ["east.json.attrs", "", false],
      ["east.json.bak.attrs", '{"user.', false],
      ["far-east.json.attrs", "", true],
      ["west.json.attrs", whole, true],
    ];
    for (const [file, text] of left) writeFileSync(join(folder, file), text);
    for (const stack of ["east", "west"]) {
      mendCheckpoint({ state, project: state, logs: state }, stack);
    }
    for (const [file, , stays] of left) strictEqual(existsSync(join(folder, file)), stays, file);
  });
});
