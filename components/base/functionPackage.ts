import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { buildSync } from "esbuild";
import { databaseAuthorities } from "../data/databaseAuthorities";
import { zipFiles } from "./zipFiles";

/** The code of a Lambda function, ready to be deployed. */
export interface FunctionPackage {
  /** The zip file, relative to the working folder: no machine's path reaches the state. */
  file: string;
  /** Of the zip file, base64: AWS compares it with the code that runs. */
  sha256Base64: string;
}

const root = join(__dirname, "..", "..");
const bundles = new Map<string, string>();
const packages = new Map<string, FunctionPackage>();

/**
 * The database function of a region: functions/database/handler.ts with all it imports as one file,
 * and RDS's authorities of the regions whose databases it talks to. Same sources and lockfile, same
 * bytes.
 */
export function databaseFunctionPackage(regions: string[]): FunctionPackage {
  const authorities = regions.flatMap((region) =>
    databaseAuthorities(region).map(({ pem }) => pem),
  );
  return functionPackage("database", {
    label: regions.join(" "),
    banner: `globalThis.DATABASE_AUTHORITIES=${JSON.stringify(authorities)};\n`,
  });
}

/** The function that has DMS test its connections: functions/replication/handler.ts. */
export function replicationFunctionPackage(): FunctionPackage {
  return functionPackage("replication", { label: "", banner: "" });
}

function functionPackage(
  name: string,
  { label, banner }: { label: string; banner: string },
): FunctionPackage {
  const known = packages.get(`${name} ${label}`);
  if (known) return known;
  const text = `${banner}${bundle(name)}`;
  const zip = zipFiles(new Map([["index.js", Buffer.from(text, "utf8")]]));
  const sha256 = createHash("sha256").update(zip).digest();
  const made = {
    file: keep(`${name}-${sha256.toString("hex").slice(0, 16)}.zip`, zip),
    sha256Base64: sha256.toString("base64"),
  };
  packages.set(`${name} ${label}`, made);
  return made;
}

/** A file, because the engine keeps inline content in the state of every stack. */
function keep(name: string, content: Uint8Array): string {
  const folder = join(root, ".build", "functions");
  const file = join(folder, name);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    // Two programs may pack at once: each writes its own file, and one of the two stays.
    const own = `${file}.${process.pid}`;
    writeFileSync(own, content);
    renameSync(own, file);
  }
  return relative(process.cwd(), file);
}

/** One file for the Node 22 runtime; the AWS SDK is the runtime's own. */
function bundle(name: string): string {
  const entry = join(root, "functions", name, "handler.ts");
  const known = bundles.get(entry);
  if (known !== undefined) return known;
  const empty = join(root, "functions", "database", "noAzure.ts");
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    minify: true,
    legalComments: "none",
    write: false,
    external: ["@aws-sdk/*"],
    alias: { "@azure/identity": empty, "@azure/core-auth": empty, "@azure/keyvault-keys": empty },
    // The project's own settings are for a program that is only stripped of its types.
    tsconfigRaw: "{}",
    logLevel: "silent",
  });
  const text = outputFiles?.[0]?.text ?? "";
  bundles.set(entry, text);
  return text;
}
