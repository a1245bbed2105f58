import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { copyInputs } from "../../support/projectCopy";

/** Runs with a folder that has this project's stack files, prices, inputs and usage. */
export function inProject<T>(work: (root: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), "pe-tradeoff-"));
  try {
    copyInputs(root);
    return work(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Changes a stack's file. */
export function editStack(
  root: string,
  stack: string,
  change: (config: Record<string, Record<string, unknown>>) => void,
): void {
  const path = join(root, `Pulumi.${stack}.yaml`);
  const content = parse(readFileSync(path, "utf8")) as {
    config: Record<string, Record<string, unknown>>;
  };
  change(content.config);
  writeFileSync(path, stringify(content));
}
