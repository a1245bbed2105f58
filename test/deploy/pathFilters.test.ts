import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { buildSync } from "esbuild";
import { followers, inputsOf, isMatch, pathFilters, stacksFor } from "../../deploy/pathFilters";
import { listStacks } from "../../config/stackFiles";

const root = join(__dirname, "..", "..");
const stacks = { "cost-saver": {}, "prod-east": {}, "prod-west": { after: "prod-east" } };
const all = Object.keys(stacks);

describe("the stacks that changed files deploy", () => {
  const cases: [files: string[], deployed: string[]][] = [
    [["index.ts"], all],
    [["components/servers/webTier.ts"], all],
    [["stacks/config/platformConfig.ts"], all],
    [["functions/database/handler.ts"], all],
    [["app/site/web/App_Code/Modules.cs"], all],
    [["app/windows/server.ps1"], all],
    [["package-lock.json"], all],
    [["package.json"], all],
    [["Pulumi.yaml"], all],
    [["tsconfig.json"], all],
    [["scripts/transpiler.cjs"], all],
    [[".npmrc"], all],
    [["Pulumi.prod-east.yaml"], ["prod-east"]],
    [["Pulumi.prod-west.yaml"], ["prod-west"]],
    [["Pulumi.cost-saver.yaml"], ["cost-saver"]],
    [
      ["Pulumi.prod-east.yaml", "Pulumi.prod-west.yaml"],
      ["prod-east", "prod-west"],
    ],
    [["docs/config.md", "Pulumi.cost-saver.yaml"], ["cost-saver"]],
    [[], []],
    [["README.md"], []],
    [["docs/runbooks/failover.md"], []],
    [["insight/plan/plan.ts"], []],
    [["catalogue/rds.ts"], []],
    [["test/stacks/golden.test.ts", "test/golden/prod-east.txt"], []],
    [["assumptions/usage.yaml"], []],
    [["local/up.ts"], []],
    [["deploy/pathFilters.ts", "deploy/Pulumi.yaml", "deploy/Pulumi.main.yaml"], []],
    [[".github/workflows/deploy.yml"], []],
    [["scripts/run.mjs"], []],
    [["tsconfig.check.json"], []],
    [["eslint.config.mjs"], []],
    [["Pulumi.yaml.orig", "old/Pulumi.yaml", "Pulumi.prod-easter.yaml"], []],
    [["docs/components/webTier.ts", "components.md", "xindex.ts"], []],
    [["PulumiXprod-east.yaml", "indexxts"], []],
  ];
  for (const [files, deployed] of cases) {
    it(`${files.join(", ") || "nothing"}: ${deployed.join(", ") || "none"}`, () => {
      assert.deepEqual(stacksFor(files, all), deployed);
    });
  }

  it("are those of the stack files unless told otherwise", () => {
    assert.deepEqual(stacksFor(["index.ts"]), listStacks());
  });
});

/** Who starts with a push in Pulumi Deployments, and who follows their success. */
function pushEffect(
  changedFiles: readonly string[],
  stacks: Record<string, { after?: string }>,
): { started: string[]; following: string[] } {
  const started = Object.entries(stacks)
    .filter(([stack, { after }]) => {
      return after === undefined && isMatch(pathFilters(stack, stacks), changedFiles);
    })
    .map(([stack]) => stack);
  return { started, following: started.flatMap((stack) => followers(stacks, stack)) };
}

describe("what a push sets off in Pulumi Deployments", () => {
  const effects: [files: string[], started: string[], following: string[]][] = [
    [["index.ts"], ["cost-saver", "prod-east"], ["prod-west"]],
    [["Pulumi.prod-east.yaml"], ["prod-east"], ["prod-west"]],
    // Alone it would start nobody: the second region waits for the first one's success.
    [["Pulumi.prod-west.yaml"], ["prod-east"], ["prod-west"]],
    [["Pulumi.cost-saver.yaml"], ["cost-saver"], []],
    [["docs/plan.md"], [], []],
  ];
  for (const [files, started, following] of effects) {
    it(`${files.join(", ")}: ${started.join(", ") || "nothing"}`, () => {
      assert.deepEqual(pushEffect(files, stacks), { started, following });
    });
  }
});

// pulumi.com/docs/deployments/concepts/settings/path-filtering: its own examples among them.
describe("Pulumi's matching rules", () => {
  const rules: [filters: string[], file: string, matches: boolean][] = [
    [[], "anything/at/all.ts", true],
    [["infrastructure/**"], "infrastructure/a/b.ts", true],
    [["infrastructure/**"], "other/infrastructure/a.ts", false],
    [["infrastructure/Pulumi.dev.yaml"], "infrastructure/Pulumi.dev.yaml", true],
    [["infrastructure/Pulumi.dev.yaml"], "infrastructure/Pulumi-dev.yaml", false],
    [["infrastructure/**", "!infrastructure/docs/**"], "infrastructure/docs/a.md", false],
    [["infrastructure/**", "!infrastructure/docs/**"], "infrastructure/index.ts", true],
    [["!docs/**"], "index.ts", true],
    [["!docs/**"], "docs/a.md", false],
    // Exclude always wins, whatever the order.
    [["!foo/**", "foo/bar/**"], "foo/bar/main.ts", false],
    [["foo/bar/**", "!foo/**"], "foo/bar/main.ts", false],
    [["migrations/*"], "migrations/1.sql", true],
    [["migrations/*"], "migrations/old/1.sql", false],
    [["**/main.ts"], "a/b/main.ts", true],
    [["a?.ts"], "ab.ts", true],
    [["a?.ts"], "a/.ts", false],
    [["a(b).ts"], "a(b).ts", true],
  ];
  for (const [filters, file, matches] of rules) {
    it(`[${filters.join(" ")}] ${matches ? "take" : "leave"} ${file}`, () => {
      assert.equal(isMatch(filters, [file]), matches);
    });
  }

  it("one matching file is enough", () => {
    assert.ok(isMatch(["app/**", "!app/**/*.md"], ["app/README.md", "app/a.cs"]));
    assert.ok(!isMatch(["app/**", "!app/**/*.md"], ["app/x/README.md", "docs/a.cs"]));
  });
});

// What a deployment reads is what the program loads and opens while it plans; the engine reads
// Pulumi.yaml and the stack's file, npm its two files, ts-node the compiler's settings.
describe("the inputs cover", () => {
  it("every file the program loads or reads for any stack", () => {
    const files = filesRead();
    assert.ok(files.includes("components/servers/webTier.ts") && files.includes("index.ts"));
    assert.ok(
      files.includes("app/windows/server.ps1") && files.includes("app/site/web/web.config"),
    );
    assert.deepEqual(missed(files), []);
  });

  it("every file of the functions' bundles", () => {
    const entries = ["database", "replication"].map((name) => `functions/${name}/handler.ts`);
    const { metafile } = buildSync({
      absWorkingDir: root,
      entryPoints: entries,
      bundle: true,
      platform: "node",
      packages: "external",
      outdir: "out",
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    const files = Object.keys(metafile.inputs);
    assert.ok(files.length > entries.length);
    assert.deepEqual(missed(files), []);
  });

  it("nothing that no stack is made of, and every folder is one or the other", () => {
    const apart = [
      ".ci",
      ".github",
      "assumptions",
      "catalogue",
      "deploy",
      "docs",
      "engine",
      "insight",
      "local",
      "policy",
      "recovery",
      "scripts",
      "test",
    ];
    // What git leaves out is made by a run, on one machine and not on another.
    const leftOut = readFileSync(join(root, ".gitignore"), "utf8").split("\n");
    for (const entry of readdirSync(root, { withFileTypes: true })) {
      if (!entry.isDirectory() || entry.name === ".git") continue;
      if (leftOut.includes(`${entry.name}/`)) continue;
      const isInput = isMatch(inputsOf("any"), [`${entry.name}/some/file.ts`]);
      assert.notEqual(isInput, apart.includes(entry.name), `${entry.name}/ is not classified`);
    }
  });
});

function missed(files: string[]): string[] {
  return files.filter((file) => !isMatch(inputsOf("prod-east"), [file]));
}

/**
 * Files of the project that planning all stacks loads and reads, but those of `insight/` and
 * `catalogue/`, which do the planning and are never loaded by the program. In a process of its own: nothing is cached.
 */
function filesRead(): string[] {
  const script = `
    const fs = require("node:fs");
    const seen = new Set();
    for (const name of ["readFileSync", "openSync", "readFile"]) {
      const original = fs[name];
      fs[name] = function (file, ...rest) {
        if (typeof file === "string") seen.add(file);
        return original.call(this, file, ...rest);
      };
    }
    require("ts-node/register/transpile-only");
    const { planStack } = require("./insight/plan/offlinePlan");
    const { listStacks } = require("./config/stackFiles");
    (async () => {
      for (const stack of listStacks()) await planStack(stack);
      const loaded = Object.keys(require.cache);
      process.stdout.write(JSON.stringify([...seen, ...loaded]));
    })();`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.ok(stdout.startsWith("["), stderr);
  const files = (JSON.parse(stdout) as string[]).map((file) => relative(root, resolve(root, file)));
  const outside = /^(\.\.|node_modules|\.build|catalogue|insight)(\/|$)/;
  // Read by the planning as by the engine; each stack reads its own.
  const stackFile = /^Pulumi\.[^/]+\.ya?ml$/;
  return [...new Set(files)].filter((file) => !outside.test(file) && !stackFile.test(file));
}
