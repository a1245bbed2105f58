import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { copyInputs } from "../../support/projectCopy";

/** Runs with a folder that has this project's stack files, prices, inputs and usage. */
export async function inProject<T>(work: (root: string) => T | Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "pe-tradeoff-"));
  try {
    copyInputs(root);
    return await work(root);
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

/** Runs with a folder that has a further stack `small` in a region: cost-saver's file, moved. */
export async function withSmallStack<T>(
  region: string,
  work: (root: string) => Promise<T>,
): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "pe-tradeoff-"));
  try {
    copyInputs(root);
    addSmallStack(root, region);
    return await work(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Adds the stack `small`, an installation of its own. */
export function addSmallStack(root: string, region: string): void {
  const text = readFileSync(join(root, "Pulumi.cost-saver.yaml"), "utf8");
  const moved = text
    .replaceAll("us-east-1", region)
    .replaceAll("small.example.com", "moved.example.com")
    .replaceAll("cost-saver", "small");
  writeFileSync(join(root, "Pulumi.small.yaml"), moved);
}

/** Writes the usage file of the stack `small`. */
export function addUsage(root: string, text: string): void {
  writeFileSync(join(root, "assumptions", "usage.small.yaml"), text);
}
