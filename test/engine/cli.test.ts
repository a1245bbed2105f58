import { ok, strictEqual, throws } from "node:assert";
import { spawnSync } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../config/stackFiles";
import { findEngine, linkPlugins } from "../../engine/cli";
import { localPaths, type LocalPaths } from "../../engine/paths";
import { runFileHere } from "../support/command";

describe("Pulumi CLI of local runs", () => {
  let folder: string;
  let paths: LocalPaths;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pe-local-"));
    paths = localPaths(folder, {});
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function script(name: string, text: string): string {
    const path = join(folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  it("is PULUMI_CLI before the one on PATH", () => {
    const own = script("own/pulumi", "echo v3.300.0");
    script("bin/pulumi", "echo v3.200.0");
    const env = { PULUMI_CLI: own, PATH: join(folder, "bin") };
    const { path, version, source } = findEngine(paths, env);
    strictEqual(path, own);
    strictEqual(version, "3.300.0");
    strictEqual(source, "PULUMI_CLI");
    strictEqual(findEngine(paths, { PATH: env.PATH }).source, "PATH");
  });

  it("is told apart from a program that is none", () => {
    const PULUMI_CLI = script("broken", "exit 3");
    throws(() => findEngine(paths, { PULUMI_CLI }), /PULUMI_CLI is set to .*broken, which is not/);
  });

  it("comes from npx where none is installed, and is asked for once", () => {
    const home = paths.pulumiHome;
    script(
      "bin/npx",
      `bin="$PULUMI_HOME/versions/\${2#pulumi@}/bin"; /bin/mkdir -p "$bin"
       printf '#!/bin/sh\\necho v3.259.0\\n' > "$bin/pulumi"; /bin/chmod +x "$bin/pulumi"`,
    );
    const withNpx = process.env.PATH;
    process.env.PATH = join(folder, "bin");
    try {
      const first = findEngine(paths, { PATH: join(folder, "bin") });
      strictEqual(first.source, "npx pulumi");
      ok(first.path.startsWith(home), `${first.path} is outside the local home`);
      rmSync(join(folder, "bin"), { recursive: true });
      strictEqual(findEngine(paths, { PATH: "" }).path, first.path);
    } finally {
      process.env.PATH = withNpx;
    }
  });

  it("is missed in one sentence, with npx's reason", () => {
    script("bin/npx", "echo 'npm error network unreachable' >&2; exit 1");
    const { PATH } = process.env;
    process.env.PATH = join(folder, "bin");
    try {
      throws(
        () => findEngine(paths, { PATH: join(folder, "bin") }),
        /^UserError: There is no Pulumi CLI: .*\(npm error network unreachable\)\. Install Pulumi/,
      );
    } finally {
      process.env.PATH = PATH;
    }
  });

  it("uses the plugins of a PULUMI_HOME that is set, and nothing of one that is not", () => {
    mkdirSync(join(folder, "theirs", "plugins"), { recursive: true });
    mkdirSync(paths.pulumiHome, { recursive: true });
    const link = join(paths.pulumiHome, "plugins");
    linkPlugins(paths, {});
    strictEqual(lstatSync(link, { throwIfNoEntry: false }), undefined);
    linkPlugins(paths, { PULUMI_HOME: join(folder, "theirs") });
    ok(lstatSync(link).isSymbolicLink());
    linkPlugins(paths, {});
    strictEqual(lstatSync(link, { throwIfNoEntry: false }), undefined);
  });
});

describe("command line of local runs", () => {
  const env = { PE_LOCAL_DIR: join(tmpdir(), "pe-local-none") };
  const run = (...args: string[]) => runFileHere("local/cli.ts", args, { env });

  const mistakes: [string, string[], RegExp][] = [
    ["no stack", ["up"], /^Name the stack, e\.g\. .* The stacks are: .*cost-saver/],
    ["a wrong stack", ["up", "prod-eest"], /^There is no stack "prod-eest".*prod-east\?/],
    ["a wrong stack to take down", ["down", "prod-eest"], /Did you mean prod-east\?/],
    ["two stacks", ["up", "a", "b"], /^Name one stack, not 2: a, b\./],
    ["a wrong exposure", ["up", "cost-saver", "--exposure", "open"], /public or private/],
    ["an unknown option", ["up", "cost-saver", "--fast"], /^There is no option --fast: see/],
    ["a wrong port", ["up", "cost-saver", "--port", "x"], /^x is not a port/],
    ["--forget alone", ["down", "cost-saver", "--forget"], /use it with --all/],
  ];
  for (const [what, args, expected] of mistakes) {
    it(`answers ${what} with one sentence and a failure`, async () => {
      const { status, stderr } = await run(...args);
      strictEqual(status, 1);
      ok(expected.test(stderr), stderr);
      strictEqual(stderr.trim().split("\n").length, 1, stderr);
    });
  }

  it("says that there is nothing to take down, which is no failure", () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      ["scripts/run.mjs", "down:local", "cost-saver"],
      { cwd: projectRoot, encoding: "utf8", env: { ...process.env, ...env } },
    );
    strictEqual(status, 0);
    ok(stdout.includes("cost-saver is not up here"), stdout);
  });
});
