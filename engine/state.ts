import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { DeploymentV3 } from "./checkpoint";
import { runEngine, type Engine, type EngineResult } from "./engine";
import { removeCopy } from "./project";
import type { RunPaths } from "./paths";
import { UserError } from "../config/mistake";

/** Names of the stacks in the local state. Read from its folder: no engine needed. */
export function stacksInState(run: RunPaths): string[] {
  const folder = join(run.state, ".pulumi", "stacks");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.replace(/^.*[\\/]/, "").replace(/\.json$/, ""))
    .sort();
}

/**
 * Runs an engine command that has to work.
 * @throws UserError with what went wrong, and without the list of what went well.
 */
export async function must(engine: Engine, args: string[], input?: string): Promise<EngineResult> {
  const result = await runEngine(engine, args, input === undefined ? {} : { input });
  if (result.code === 0) return result;
  throw UserError.failed(`pulumi ${args.slice(0, 2).join(" ")} failed: ${reasonOf(result)}`);
}

/** Updates say it on stdout, between two headings. */
function reasonOf({ stdout, stderr }: EngineResult): string {
  const [, diagnostics] = stdout.split(/^Diagnostics:$/m);
  const reason = diagnostics?.split(/^(?:Outputs|Resources):$/m)[0] ?? `${stdout}\n${stderr}`;
  return reason.trim();
}

export async function initStack(engine: Engine, stack: string): Promise<void> {
  await must(engine, ["stack", "init", stack, "--no-select", "--secrets-provider=passphrase"]);
}

/** Forgets a stack and all it lists; nothing is deleted anywhere. */
export async function forgetStack(engine: Engine, stack: string): Promise<void> {
  await must(engine, ["stack", "rm", "--stack", stack, "--force", "--yes", "--preserve-config"]);
  removeCopy(engine.run, stack);
}

export async function exportState(engine: Engine, stack: string): Promise<DeploymentV3> {
  const { stdout } = await must(engine, ["stack", "export", "--stack", stack]);
  return (JSON.parse(stdout) as { deployment: DeploymentV3 }).deployment;
}

/**
 * Drops the lock of a process that is gone.
 * @returns whether there was one.
 * @throws UserError when the process that holds the lock still runs.
 */
export async function dropLock(engine: Engine, stack: string): Promise<boolean> {
  const owner = lockOwner(engine.run, stack);
  if (owner === undefined) return false;
  if (isAlive(owner)) {
    throw UserError.failed(
      `Another operation on ${stack} runs already (process ${owner}): wait for it, or end it ` +
        "with Ctrl-C.",
    );
  }
  mendCheckpoint(engine.run, stack);
  await must(engine, ["cancel", "--stack", stack, "--yes"]);
  return true;
}

/**
 * A `file://` backend replaces the state in one step, but not the file of attributes beside it: killed
 * meanwhile, it leaves an empty one and reads nothing any more ("failed to load checkpoint: EOF").
 * Without one it reads the state as it is.
 */
export function mendCheckpoint(run: RunPaths, stack: string): void {
  const folder = join(run.state, ".pulumi", "stacks");
  const names = [`${stack}.json.attrs`, `${stack}.json.bak.attrs`];
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const file = join(folder, name);
    if (names.includes(basename(file)) && !isJson(file)) rmSync(file);
  }
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}

interface LockFile {
  pid?: number;
}

/** The process that holds the stack's lock in a `file://` backend. */
function lockOwner(run: RunPaths, stack: string): number | undefined {
  const folder = join(run.state, ".pulumi", "locks");
  if (!existsSync(folder)) return undefined;
  const locks = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json") && file.split(/[\\/]/).includes(stack))
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as LockFile)
    .map(({ pid }) => pid ?? 0);
  return locks.find(isAlive) ?? locks[0];
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Deletes an installation's folders once no stack is left in it. */
export function removeEmptyRun(run: RunPaths): void {
  if (stacksInState(run).length > 0) return;
  for (const folder of [run.state, run.project]) rmSync(folder, { recursive: true, force: true });
}
