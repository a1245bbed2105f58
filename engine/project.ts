import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parse, stringify } from "yaml";
import { stackFile } from "../config/stackFiles";
import type { ConfigSection } from "./overrides";
import type { LocalPaths, RunPaths } from "./paths";

interface StackFile {
  config?: ConfigSection;
  encryptionsalt?: string;
}

const header =
  "# Written by up:local from the project's file of the same name; edit that one instead.\n";

/**
 * The engine writes into the project folder it works in (an encryption salt, and it reorders stack
 * files). So it works in this one: a copy of Pulumi.yaml whose `main` points at the real program.
 */
export function writeProject(paths: LocalPaths, run: RunPaths): void {
  const project = parse(readFileSync(join(paths.root, "Pulumi.yaml"), "utf8")) as object;
  const main = `${relative(run.project, paths.root).replaceAll("\\", "/")}/`;
  writeFileSync(join(run.project, "Pulumi.yaml"), header + stringify({ ...project, main }));
}

/** The `config` section of a stack file of the project, as written. */
export function sourceConfig(paths: LocalPaths, stack: string): ConfigSection {
  const file = join(paths.root, stackFile(stack, paths.root));
  return existsSync(file) ? (readStackFile(file).config ?? {}) : {};
}

/** The `config` section of the local copy, as the last run left it; undefined without one. */
export function copiedConfig(run: RunPaths, stack: string): ConfigSection | undefined {
  const file = copyOf(run, stack);
  return existsSync(file) ? (readStackFile(file).config ?? {}) : undefined;
}

/** Writes the local copy. The salt that the local state is encrypted with stays. */
export function writeCopy(run: RunPaths, stack: string, config: ConfigSection): void {
  const file = copyOf(run, stack);
  const { encryptionsalt } = existsSync(file) ? readStackFile(file) : {};
  const content: StackFile = { ...(encryptionsalt ? { encryptionsalt } : {}), config };
  writeFileSync(file, header + stringify(content));
}

export function removeCopy(run: RunPaths, stack: string): void {
  rmSync(copyOf(run, stack), { force: true });
}

const copyOf = (run: RunPaths, stack: string) => join(run.project, `Pulumi.${stack}.yaml`);

function readStackFile(file: string): StackFile {
  return (parse(readFileSync(file, "utf8")) ?? {}) as StackFile;
}
