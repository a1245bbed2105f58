import { spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { delimiter, join, resolve } from "node:path";
import type { LocalPaths } from "./paths";
import { UserError } from "../config/mistake";

/** The engine that the npm wrapper fetches where none is installed. */
export const wrapperVersion = "3.259.0";

export interface EngineCli {
  path: string;
  /** E.g. "3.259.0". */
  version: string;
  /** How it was found, for the reader. */
  source: "PULUMI_CLI" | "PATH" | "npx pulumi";
}

const isWindows = process.platform === "win32";
const programName = (name: string) => (isWindows ? `${name}.exe` : name);

/** The first executable file of that name on PATH. */
export function findOnPath(name: string, env = process.env): string | undefined {
  const folders = (env.PATH ?? env.Path ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, programName(name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The Pulumi CLI: `PULUMI_CLI`, else `pulumi` on PATH, else the official npm package `pulumi`,
 * which downloads the engine into the local Pulumi home, once.
 * @throws UserError when none of them works.
 */
export function findEngine(paths: LocalPaths, env = process.env): EngineCli {
  if (env.PULUMI_CLI) {
    const path = resolve(env.PULUMI_CLI);
    return describe(path, "PULUMI_CLI", `PULUMI_CLI is set to ${env.PULUMI_CLI}, which`, paths);
  }
  const found = findOnPath("pulumi", env);
  if (found) return describe(found, "PATH", `${found}, the first pulumi on PATH,`, paths);
  return fetchEngine(paths, env);
}

function describe(
  path: string,
  source: EngineCli["source"],
  subject: string,
  paths: LocalPaths,
): EngineCli {
  const { status, stdout } = spawnSync(path, ["version"], {
    encoding: "utf8",
    // Every call leaves a log in its home, which must not be the user's.
    env: { ...process.env, PULUMI_HOME: paths.pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  const version = /^v?(\d+\.\d+\.\d+\S*)/.exec(stdout?.trim() ?? "")?.[1];
  if (status === 0 && version) return { path, version, source };
  throw new UserError(
    `${subject} is not a working Pulumi CLI: install Pulumi (https://www.pulumi.com/docs/install) ` +
      "or set PULUMI_CLI to its program file.",
  );
}

/** The wrapper keeps engines in $PULUMI_HOME/versions; it is only used to fetch one. */
function fetchEngine(paths: LocalPaths, env: NodeJS.ProcessEnv): EngineCli {
  const version = wrapperVersion;
  const path = join(paths.pulumiHome, "versions", version, "bin", programName("pulumi"));
  if (!isProgram(path)) {
    console.error(`No Pulumi CLI is installed: fetching ${version} through npx pulumi, once …`);
    const result = spawnSync(
      isWindows ? "npx.cmd" : "npx",
      ["--yes", `pulumi@${version}`, "version"],
      {
        env: { ...env, PULUMI_HOME: paths.pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "true" },
        encoding: "utf8",
        shell: isWindows,
      },
    );
    if (!isProgram(path)) throw new UserError(noEngine(result.stderr ?? ""));
  }
  return describe(path, "npx pulumi", path, paths);
}

function noEngine(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const reason = lines.filter(Boolean).at(-1);
  return (
    "There is no Pulumi CLI: PULUMI_CLI is not set, pulumi is not on PATH, and npx pulumi failed" +
    `${reason ? ` (${reason})` : ""}. Install Pulumi (https://www.pulumi.com/docs/install) or set ` +
    "PULUMI_CLI to its program file."
  );
}

/**
 * Plugins of an explicitly set PULUMI_HOME are used from there (they are large, and may not be
 * downloadable); nothing else of it is. Otherwise the engine downloads them into the local home.
 */
export function linkPlugins(paths: LocalPaths, env = process.env): void {
  const link = join(paths.pulumiHome, "plugins");
  const source = env.PULUMI_HOME ? join(resolve(env.PULUMI_HOME), "plugins") : undefined;
  const present = lstatSync(link, { throwIfNoEntry: false });
  if (present?.isSymbolicLink() && (!source || readlinkSync(link) !== source)) rmSync(link);
  else if (present) return;
  if (!source || !existsSync(source)) return;
  try {
    symlinkSync(source, link, "junction");
  } catch (error) {
    // Another run that started at the same moment has made it.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
