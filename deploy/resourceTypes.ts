import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const project = join(__dirname, "..");

/** A plan takes seconds; this is for a machine that is busy with something else. */
const limitMinutes = 5;

export interface PlanProcess {
  /** Folder with Pulumi.yaml and the stack files. @default the platform's */
  root?: string;
  /** @default this process's */
  env?: NodeJS.ProcessEnv;
}

/**
 * Every resource type that the stack can consist of over edits of its zones, regions and writer:
 * {@link file://./plannedTypes.ts} in a process of its own, because a plan replaces the engine that
 * this program may be running under. Needs no account, changes nothing.
 *
 * @throws Error, one sentence: the stack's name, and what its own plan says is wrong.
 */
export async function resourceTypesByPlan(
  stack: string,
  { root, env = process.env }: PlanProcess = {},
): Promise<string[]> {
  const file = join(__dirname, "plannedTypes.ts");
  const args = ["-r", "ts-node/register/transpile-only", file, stack, ...(root ? [root] : [])];
  try {
    const { stdout } = await run(process.execPath, args, {
      cwd: project,
      env: withoutEngine(env),
      timeout: limitMinutes * 60_000,
      maxBuffer: 16 * 1024 * 1024,
    });
    return read(stdout);
  } catch (error) {
    throw new Error(
      `The resource types of ${stack} cannot be planned: ${reasonOf(error)} Run \`npm run plan -- ` +
        `${stack}\` to see the whole plan.`,
      { cause: error },
    );
  }
}

/** Without the addresses and settings of the engine that may be running this very program. */
export function withoutEngine(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^PULUMI_/i.test(name)));
}

function read(stdout: string): string[] {
  const types: unknown = JSON.parse(stdout);
  if (Array.isArray(types) && types.length > 0 && types.every((type) => typeof type === "string")) {
    return types;
  }
  throw new Error("its plan has no resources.");
}

function reasonOf(error: unknown): string {
  const { stderr = "", killed, message } = error as Partial<Record<string, unknown>>;
  if (killed === true) return `it took longer than ${limitMinutes} minutes.`;
  const said = String(stderr).trim();
  const reason = said === "" ? String(message) : said;
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
