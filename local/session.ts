import { rmSync } from "node:fs";
import { join } from "node:path";
import { readStack } from "../config/stackFiles";
import { recoverStack } from "../recovery/recover";
import { exitCodes } from "../config/exitCodes";
import { parseConfig, type Exposure, type PlatformConfig } from "../stacks/config/platformConfig";
import { edited, type Edit } from "./edits";
import { runningEmulator, stopEmulator, type Emulator } from "./emulator/emulator";
import { runEngine, type Engine, type EngineResult } from "../engine/engine";
import { linkPlugins, type EngineCli } from "../engine/cli";
import { engineEnvironment } from "./environment";
import {
  exposures,
  prepareFolders,
  runPaths,
  type LocalPaths,
  type RunPaths,
} from "../engine/paths";
import { changesOf, Progress, warningOf, type Tally } from "./progress";
import { dropLock, forgetStack, stacksInState } from "../engine/state";
import type { Reporter } from "./steps";
import { UserError } from "../config/mistake";
import { located, locatedText } from "../config/positions";
import { ConfigError } from "../config/problems";
import { namespace } from "../stacks/config/reader";

export interface OperationResult {
  tally: Tally;
  /** Changes by operation, without those that change nothing. */
  changes: Record<string, number>;
  seconds: number;
  /** What the program warned of. */
  warnings: string[];
  result: EngineResult;
}

/**
 * Reads and checks a stack file before anything else happens.
 * @throws UserError with all problems, by file, line and column; for an unknown name.
 */
export function checkedConfig(
  paths: LocalPaths,
  stack: string,
  edits: Edit[] = [],
): PlatformConfig {
  const { raw, secretKeys } = readStack(stack, paths.root, (section) => edited(section, edits));
  // Only the stack's own secrets provider can read them, and it is out of reach here.
  const readable = Object.entries(raw).filter(([key]) => !secretKeys.includes(key));
  try {
    return parseConfig(Object.fromEntries(readable), stack);
  } catch (error) {
    // What --set gives stands in no file.
    if (!(error instanceof ConfigError) || edits.length > 0) throw error;
    const problems = located(stack, error.problems, paths.root, namespace);
    throw new UserError(`Stack ${stack}: ${locatedText(problems)}`);
  }
}

/** An engine whose environment reaches nothing but this emulator and this state. */
export function openEngine(
  paths: LocalPaths,
  run: RunPaths,
  cli: EngineCli,
  emulator: Emulator,
): Engine {
  prepareFolders(paths, run);
  linkPlugins(paths);
  const env = engineEnvironment(process.env, cli.path, paths, run, emulator.endpoint);
  return { cli: cli.path, env, run };
}

/** All stacks that are up, in every installation. */
export function everythingUp(paths: LocalPaths): { stack: string; exposure: Exposure }[] {
  return exposures.flatMap((exposure) =>
    stacksInState(runPaths(paths, exposure)).map((stack) => ({ stack, exposure })),
  );
}

/**
 * The emulator keeps everything in memory. When it isn't the one that the state was made with, the
 * state lists only what is gone, so it is forgotten; the next update starts from nothing.
 * @returns the forgotten stacks.
 */
export async function forgetLostStacks(paths: LocalPaths, cli: EngineCli): Promise<string[]> {
  if (await runningEmulator(paths)) return [];
  const lost = everythingUp(paths);
  for (const { stack, exposure } of lost) {
    const nowhere: Emulator = { pid: 0, port: 0, mark: "", endpoint: "http://127.0.0.1:9" };
    await forgetStack(openEngine(paths, runPaths(paths, exposure), cli, nowhere), stack);
  }
  return lost.map(({ stack, exposure }) => `${stack} (${exposure})`);
}

/**
 * One engine operation with progress.
 * @throws UserError with what the engine found wrong, each thing once.
 */
export async function operate(
  engine: Engine,
  stack: string,
  args: string[],
  reporter: Reporter,
): Promise<OperationResult> {
  const [operation = ""] = args;
  const progress = new Progress();
  const warnings: string[] = [];
  const started = Date.now();
  const refresh = setInterval(() => reporter.status(progress.summary()), 1000);
  try {
    const result = await runEngine(engine, [...args, "--stack", stack], {
      eventLog: join(engine.run.logs, `${stack}-${operation}.jsonl`),
      onEvent: (event) => {
        const line = progress.add(event);
        if (line) reporter.detail(line);
        const warning = warningOf(event);
        if (!warning || warnings.includes(warning)) return;
        warnings.push(warning);
        reporter.note(`warning: ${warning}`);
      },
      onInterrupt: () =>
        reporter.note("Ctrl-C: finishing what is in flight (once more to drop it) …"),
    });
    if (result.interrupted) throw new Interrupted(stack, operation);
    if (result.code !== 0) throw failure(engine, stack, operation, progress.problems, result);
    const seconds = Math.round((Date.now() - started) / 1000);
    return { tally: progress.tally, changes: changesOf(result.events), seconds, warnings, result };
  } finally {
    clearInterval(refresh);
  }
}

/** Ctrl-C ended the operation; the state is whole. */
export class Interrupted extends UserError {
  override name = "Interrupted";
  override readonly exitCode = exitCodes.interrupted;

  constructor(stack: string, operation: string) {
    const command = operation === "destroy" ? "down:local" : "up:local";
    super(
      `Stopped by Ctrl-C: what is done so far is recorded. Continue with npm run ${command} -- ` +
        `${stack}, or take it down with npm run down:local -- ${stack}.`,
    );
  }
}

function failure(
  engine: Engine,
  stack: string,
  operation: string,
  problems: string[],
  { code, stderr }: EngineResult,
): UserError {
  const silent = `the engine ended with code ${code} and did not say why`;
  const found = problems.length > 0 ? problems : [stderr.trim() || silent];
  const log = join(engine.run.logs, `${stack}-${operation}.jsonl`);
  return UserError.failed(
    `pulumi ${operation} of ${stack} failed:\n${found.map((text) => `  ${text}`).join("\n")}\n` +
      `The engine's events are in ${log}.`,
  );
}

/** Makes the state usable after a run that didn't end by itself. */
export async function recovered(engine: Engine, stack: string): Promise<string[]> {
  const cutOff = await dropLock(engine, stack);
  const done = await recoverStack(engine, stack);
  return [
    ...(cutOff ? ["The last run was killed; its lock on the state is removed."] : []),
    ...done,
  ];
}

/** Drops the emulator and all state, without destroying anything first: it is only memory. */
export async function forgetEverything(paths: LocalPaths): Promise<string[]> {
  const all = everythingUp(paths).map(({ stack, exposure }) => `${stack} (${exposure})`);
  await stopEmulator(paths);
  for (const exposure of exposures) {
    rmSync(join(paths.local, exposure), { recursive: true, force: true });
  }
  return all;
}
