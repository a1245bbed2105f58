import { parseConfig, type Exposure } from "../stacks/config/platformConfig";
import { readStack } from "../config/stackFiles";
import type { StateResource } from "../engine/checkpoint";
import { runningEmulator, stopEmulator, type Emulator } from "./emulator/emulator";
import { query } from "./emulator/api";
import type { Engine } from "../engine/engine";
import { findEngine, type EngineCli } from "../engine/cli";
import { homeStack } from "./homeStack";
import { unguarded } from "../engine/overrides";
import { exposures, runPaths, type LocalPaths, type RunPaths } from "../engine/paths";
import { copiedConfig, removeCopy, writeCopy } from "../engine/project";
import type { Tally } from "./progress";
import { everythingUp, forgetLostStacks, openEngine, operate, recovered } from "./session";
import type { Reporter, Step } from "./steps";
import { deleteStandIns } from "./standIns";
import { exportState, must, removeEmptyRun, stacksInState } from "../engine/state";
import { tallyText } from "./up";
import { UserError } from "../config/mistake";

/** What the run came to; the `--json` output. */
export interface DownReport {
  stack: string;
  exposure: Exposure;
  /** Absent when the emulator was gone already and with it all resources. */
  destroy?: Tally & { seconds: number };
}

/** A stack in one installation. */
export interface Target {
  stack: string;
  exposure: Exposure;
}

/** The steps of down:local for these stacks; stacks that stand on another go first. */
export function downSteps(paths: LocalPaths, targets: Target[], keepEmulator: boolean) {
  let cli: EngineCli;
  let emulator: Emulator | undefined;
  const reports: DownReport[] = [];
  const ordered = inOrder(paths, targets);

  const steps: Step[] = [
    {
      title: "Find the Pulumi CLI and the AWS emulator",
      run: async (reporter) => {
        refuseLeavingDependents(paths, targets);
        cli = findEngine(paths);
        const lost = await forgetLostStacks(paths, cli);
        if (lost.length > 0) {
          reporter.note(
            `The emulator no longer runs and kept everything in memory: ${lost.join(", ")} are ` +
              "gone already; their state is forgotten.",
          );
        }
        emulator = await runningEmulator(paths);
        return `Pulumi ${cli.version}, ${emulator ? `moto on ${emulator.endpoint}` : "no moto"}`;
      },
    },
    ...ordered.map(({ stack, exposure }): Step => ({
      title: `Destroy ${stack} (${exposure})`,
      run: async (reporter) => {
        const report: DownReport = { stack, exposure };
        reports.push(report);
        const run = runPaths(paths, exposure);
        if (!emulator || !stacksInState(run).includes(stack)) return "was gone already";
        const engine = openEngine(paths, run, cli, emulator);
        for (const line of await recovered(engine, stack)) reporter.note(line);
        await dropGuards(engine, emulator, run, stack, reporter);
        const args = ["destroy", "--yes", "--skip-preview"];
        const { tally, seconds } = await operate(engine, stack, args, reporter);
        await deleteStandIns(emulator.endpoint, run, stack, emulator.mark);
        await must(engine, ["stack", "rm", "--stack", stack, "--yes", "--preserve-config"]);
        removeCopy(run, stack);
        report.destroy = { ...tally, seconds };
        return `${tallyText(tally)} in ${seconds} s`;
      },
    })),
    {
      title: "Clean up",
      run: async () => {
        for (const exposure of exposures) removeEmptyRun(runPaths(paths, exposure));
        const left = everythingUp(paths).map(({ stack, exposure }) => `${stack} (${exposure})`);
        if (left.length > 0) return `still up: ${left.join(", ")}`;
        if (keepEmulator) return "no stack is left; the emulator runs on";
        const stopped = await stopEmulator(paths);
        return `no stack is left${stopped ? "; the emulator is stopped" : ""}`;
      },
    },
  ];
  return { steps, reports };
}

/**
 * Turns every guard off: an update of the guarded resources and of nothing else (a stack that came
 * up only halfway must not come up further). Databases are released through the emulator's API and
 * in the state instead, because the provider waits 80 s after any edit of one.
 */
async function dropGuards(
  engine: Engine,
  emulator: Emulator,
  run: RunPaths,
  stack: string,
  reporter: Reporter,
): Promise<void> {
  const { resources = [] } = await exportState(engine, stack);
  const guarded = resources.filter(isGuarded);
  if (guarded.length === 0) return;
  reporter.note("turning protection off");
  const isDatabase = ({ type }: StateResource) => type === "aws:rds/instance:Instance";
  for (const { urn, outputs } of guarded.filter(isDatabase)) {
    await releaseDatabase(emulator, outputs ?? {});
    await must(engine, ["state", "unprotect", urn, "--stack", stack, "--yes"]);
  }
  const targets = guarded.filter((resource) => !isDatabase(resource));
  if (targets.length === 0) return;
  writeCopy(run, stack, unguarded(copiedConfig(run, stack) ?? {}));
  const only = targets.flatMap(({ urn }) => ["--target", urn]);
  await operate(engine, stack, ["up", "--yes", "--skip-preview", ...only], reporter);
}

/** Settings of a resource that keep it, or what is in it, from being deleted. */
export function isGuarded({ type, custom, protect, outputs = {} }: StateResource): boolean {
  if (!custom || type.startsWith("pulumi:")) return false;
  return (
    protect === true ||
    outputs.enableDeletionProtection === true ||
    outputs.deletionProtection === true ||
    outputs.forceDestroy === false ||
    outputs.forceDelete === false ||
    Number(outputs.recoveryWindowInDays ?? 0) > 0
  );
}

async function releaseDatabase(
  { endpoint }: Emulator,
  { arn, identifier }: Record<string, unknown>,
): Promise<void> {
  const [, , , region = ""] = String(arn).split(":");
  await query({ endpoint, service: "rds", region }, "2014-10-31", "ModifyDBInstance", {
    DBInstanceIdentifier: String(identifier),
    DeletionProtection: "false",
    ApplyImmediately: "true",
  });
}

/** The stack that this one stands on, if that is another one of the installation. */
function foundation({ stack, exposure }: Target, paths: LocalPaths): string | undefined {
  try {
    const { raw } = readStack(stack, runPaths(paths, exposure).project);
    return homeStack(parseConfig(raw, stack));
  } catch {
    return undefined;
  }
}

/** @throws UserError when a stack that stays stands on one that goes. */
function refuseLeavingDependents(paths: LocalPaths, targets: Target[]): void {
  const goes = ({ stack, exposure }: Target) =>
    targets.some((target) => target.stack === stack && target.exposure === exposure);
  for (const other of everythingUp(paths).filter((target) => !goes(target))) {
    const owner = foundation(other, paths);
    if (owner === undefined || !goes({ stack: owner, exposure: other.exposure })) continue;
    throw UserError.failed(
      `${other.stack} stands on ${owner} (hosted zone, peering, replication): take ${other.stack} down first ` +
        `(npm run down:local -- ${other.stack}), or everything (npm run down:local -- --all).`,
    );
  }
}

function inOrder(paths: LocalPaths, targets: Target[]): Target[] {
  const rank = (target: Target) => (foundation(target, paths) === undefined ? 1 : 0);
  return [...targets].sort((a, b) => rank(a) - rank(b));
}
