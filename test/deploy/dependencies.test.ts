import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { projectRoot } from "../../config/stackFiles";

/** What runs where there are credentials, in the folder that `npm ci --omit=dev` has made. */
const deploying = [
  "index.ts",
  "deploy/index.ts",
  "deploy/bootstrap/index.ts",
  // A process of its own, started by deploy/resourceTypes.ts.
  "deploy/plannedTypes.ts",
  "recovery/cli.ts",
  "scripts/run.mjs",
  // Named by tsconfig.json.
  "scripts/transpiler.cjs",
  ...scriptsIn("deploy/gate"),
  ...scriptsIn("deploy/steps"),
];

/** Bundled by the program; the AWS SDK is the Lambda runtime's own. */
const functions = ["functions/database/handler.ts", "functions/replication/handler.ts"];

function scriptsIn(folder: string): string[] {
  return readdirSync(join(projectRoot, folder))
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => `${folder}/${name}`);
}

/** The packages that the files import, directly or through other files; types are stripped. */
async function packagesOf(entryPoints: string[]): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outdir: "unused",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  return [...new Set(importsOf(metafile).map(packageOf))];
}

function importsOf({ inputs }: Metafile): string[] {
  return Object.values(inputs)
    .flatMap(({ imports }) => imports)
    .filter(({ external, path }) => external && /^[@a-z]/.test(path) && !isBuiltin(path))
    .map(({ path }) => path);
}

function packageOf(path: string): string {
  return path.split("/", path.startsWith("@") ? 2 : 1).join("/");
}

describe("the packages of what deploys", () => {
  const { dependencies } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  let imported: string[];

  before(async () => {
    const bundled = (await packagesOf(functions)).filter((name) => !name.startsWith("@aws-sdk/"));
    // Not by import: the engine, the commands and scripts/run.mjs load TypeScript through ts-node.
    imported = [...(await packagesOf(deploying)), ...bundled, "ts-node"];
  });

  it("are all in dependencies", () => {
    assert.deepEqual(
      imported.filter((name) => !(name in dependencies)),
      [],
    );
  });

  it("are all that is in dependencies", () => {
    assert.deepEqual(
      Object.keys(dependencies).filter((name) => !imported.includes(name)),
      [],
    );
  });
});
