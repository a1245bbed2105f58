import { Console } from "node:console";
import { planStack } from "../insight/plan/offlinePlan";
import type { StackPlan } from "../insight/plan/plan";
import { projectName, readStackConfig } from "../config/stackFiles";
import { ConfigError } from "../config/problems";
import { parseConfig, type PlatformConfig } from "../stacks/config/platformConfig";

// The offline plan takes the place of the engine for the whole process, so a program that runs
// under the real one asks for this in a process of its own: see resourceTypes.ts.

type Raw = Record<string, string>;

/**
 * The stack's config with each number of zones, number of regions and writer that it can be edited
 * to: a role that is made for them all needs no change when one of them is edited.
 */
export function editsOf(raw: Raw, stack: string, project: string): Raw[] {
  const { regions } = parseConfig(raw, stack);
  const key = (name: string) => `${project}:${name}`;
  const replication = JSON.parse(raw[key("replication")] || "{}") as object;
  const edits = regions.flatMap((writer) =>
    regions.flatMap((_, position) =>
      [1, 2, 3].map((azCount) => ({
        ...raw,
        [key("azCount")]: String(azCount),
        [key("regionCount")]: String(position + 1),
        [key("replication")]: JSON.stringify({ ...replication, writer }),
      })),
    ),
  );
  return [raw, ...edits.filter((edit) => isPossible(edit, stack))];
}

/** An edit that the config check refuses, e.g. a writer in a region that is left out, is none. */
function isPossible(raw: Raw, stack: string): PlatformConfig | undefined {
  try {
    return parseConfig(raw, stack);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/**
 * Every type of resource in the stack's plans over its edits, and every function of the provider
 * that the program calls (`aws:ec2/getAmi:getAmi`), in alphabetical order.
 * @param root folder with Pulumi.yaml and the stack files. @default the project's
 * @throws UserError, or what the program says of an invalid config.
 */
export async function resourceTypesOf(stack: string, root?: string): Promise<string[]> {
  const project = projectName(root);
  const types = new Set<string>();
  for (const raw of editsOf(readStackConfig(stack, root), stack, project)) {
    for (const type of typesIn(await planStack({ stack, raw, project }))) types.add(type);
  }
  return [...types].sort();
}

/** What one plan asks of a provider. */
export function typesIn({ resources, invokes }: StackPlan): string[] {
  return [...resources.map(({ type }) => type), ...invokes.map(({ token }) => token)];
}

/** `node -r ts-node/register/transpile-only plannedTypes.ts <stack> [root]` prints them as JSON. */
async function main([stack = "", root]: string[]): Promise<void> {
  // Warnings of the program go to stderr: stdout is the answer.
  globalThis.console = new Console(process.stderr);
  try {
    process.stdout.write(`${JSON.stringify(await resourceTypesOf(stack, root))}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

if (require.main === module) void main(process.argv.slice(2));
