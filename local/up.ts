import type { Exposure, PlatformConfig } from "../stacks/config/platformConfig";
import { edited, type Edit } from "./edits";
import { homeStack } from "./homeStack";
import { ensureEmulator, type Emulator } from "./emulator/emulator";
import type { Engine } from "../engine/engine";
import { findEngine, type EngineCli } from "../engine/cli";
import { encryptedKeys, localConfig, neededStandIns, type StandIns } from "../engine/overrides";
import { runPaths, type LocalPaths, type RunPaths } from "../engine/paths";
import { sourceConfig, writeCopy, writeProject } from "../engine/project";
import { plannedChanges, type Tally } from "./progress";
import { checkedConfig, forgetLostStacks, openEngine, operate, recovered } from "./session";
import type { Step, Reporter } from "./steps";
import { readStandIns, makeStandIns, saveStandIns } from "./standIns";
import { initStack, must, stacksInState } from "../engine/state";
import { UserError } from "../config/mistake";

export interface UpOptions {
  stack: string;
  /** Absent: the stack file's. */
  exposure?: Exposure;
  port?: number;
  /** Keys that the run changes, for a trial; the stack file stays as it is. */
  edits: Edit[];
  /** Goes on with what doesn't depend on a failed resource. */
  keepGoing: boolean;
}

/** What the run came to; the `--json` output. */
export interface UpReport {
  stack: string;
  exposure: Exposure;
  emulator: string;
  up: Tally & { seconds: number };
  preview: { changes: number; seconds: number };
  outputs: Record<string, unknown>;
}

/** The steps of up:local, in order; each returns a line that says what came of it. */
export function upSteps(paths: LocalPaths, options: UpOptions) {
  const { stack } = options;
  let config: PlatformConfig;
  let exposure: Exposure = "public";
  let cli: EngineCli;
  let emulator: Emulator;
  let engine: Engine;
  const report: Partial<UpReport> = { stack };

  const steps: Step[] = [
    {
      title: `Check the configuration of ${stack}`,
      run: async (reporter) => {
        config = checkedConfig(paths, stack, options.edits);
        exposure = options.exposure ?? config.exposure;
        refuseWithoutHome(paths, config, exposure);
        for (const key of encryptedKeys(sourceConfig(paths, stack))) {
          reporter.note(`${key} is encrypted for the real stack and left out here`);
        }
        return `${config.region}, ${exposure}`;
      },
    },
    {
      title: "Find the Pulumi CLI",
      run: async () => {
        cli = findEngine(paths);
        return `Pulumi ${cli.version} (${cli.source})`;
      },
    },
    {
      title: "Start the AWS emulator",
      run: async (reporter) => {
        const lost = await forgetLostStacks(paths, cli);
        if (lost.length > 0) {
          reporter.note(
            `The emulator of ${lost.join(", ")} no longer runs and kept everything in memory: ` +
              "its resources are gone, their state is forgotten, and this run starts from nothing.",
          );
        }
        emulator = await ensureEmulator(paths, options.port, (line) => reporter.note(line));
        return `moto on ${emulator.endpoint}`;
      },
    },
    {
      title: "Prepare the run",
      run: async (reporter) => {
        const run = runPaths(paths, exposure);
        engine = openEngine(paths, run, cli, emulator);
        writeProject(paths, run);
        const wanted = { ...config, exposure };
        const standIns = await prepareStandIns(run, stack, wanted, emulator, reporter);
        const section = edited(sourceConfig(paths, stack), options.edits);
        writeCopy(run, stack, localConfig(section, exposure, standIns));
        if (!stacksInState(run).includes(stack)) await initStack(engine, stack);
        else for (const line of await recovered(engine, stack)) reporter.note(line);
        return `state in ${run.state}`;
      },
    },
    {
      title: "pulumi up",
      run: async (reporter) => {
        const more = options.keepGoing ? ["--continue-on-error"] : [];
        const args = ["up", "--yes", "--skip-preview", ...more];
        const { tally, seconds } = await operate(engine, stack, args, reporter);
        report.up = { ...tally, seconds };
        return `${tallyText(tally)} in ${seconds} s`;
      },
    },
    {
      title: "pulumi preview --expect-no-changes",
      run: async (reporter) => {
        const { changes, seconds } = await previewNoChanges(engine, stack, reporter);
        report.preview = { changes, seconds };
        return `no changes (${seconds} s)`;
      },
    },
    {
      title: "Read the outputs",
      run: async () => {
        const { stdout } = await must(engine, ["stack", "output", "--stack", stack, "--json"]);
        report.outputs = JSON.parse(stdout) as Record<string, unknown>;
        report.exposure = exposure;
        report.emulator = emulator.endpoint;
        return `${Object.keys(report.outputs).length} outputs`;
      },
    },
  ];
  return { steps, report: report as UpReport };
}

/** @throws UserError when the stack joins a home stack that is not up here. */
function refuseWithoutHome(paths: LocalPaths, config: PlatformConfig, exposure: Exposure): void {
  const home = homeStack(config);
  if (home === undefined || stacksInState(runPaths(paths, exposure)).includes(home)) return;
  throw UserError.failed(
    `This stack joins ${home}, which is not up here: bring it up first ` +
      `(npm run up:local -- ${home}).`,
  );
}

/** What the stack expects to exist beforehand, made on the emulator and told to the reader. */
async function prepareStandIns(
  run: RunPaths,
  stack: string,
  config: PlatformConfig,
  emulator: Emulator,
  reporter: Reporter,
): Promise<StandIns> {
  const needed = neededStandIns(config, config.exposure);
  const known = readStandIns(run, stack, emulator.mark);
  const made = await makeStandIns(emulator.endpoint, config, needed, known);
  saveStandIns(run, stack, { mark: emulator.mark, region: config.region, standIns: made });
  const lines: [string, string | undefined, string | undefined][] = [
    ["transit gateway", made.transitGatewayId, needed.transitGateway],
    ["certificate", made.certificateArn, needed.certificate],
    ["hosted zone", made.hostedZoneId, needed.hostedZone],
  ];
  for (const [what, id, why] of lines) {
    if (id && why) reporter.note(`stand-in ${what} ${id}: ${why}`);
  }
  return made;
}

/** @throws UserError naming every resource that would change, and by which properties. */
async function previewNoChanges(engine: Engine, stack: string, reporter: Reporter) {
  // Without --expect-no-changes the engine doesn't fail on changes, so that they can be named.
  const { changes, seconds, result } = await operate(engine, stack, ["preview"], reporter);
  const count = Object.values(changes).reduce((sum, number) => sum + number, 0);
  if (count === 0) return { changes: 0, seconds };
  const lines = plannedChanges(result.events).map((line) => `  ${line}`);
  throw UserError.failed(
    `${stack} is up, but a second preview still finds ${count} changes:\n${lines.join("\n")}`,
  );
}

/** "81 created, 2 updated"; "nothing to do". */
export function tallyText(tally: Tally): string {
  const parts = Object.entries(tally)
    .filter(([what, count]) => what !== "unchanged" && count > 0)
    .map(([what, count]) => `${count} ${what}`);
  return parts.join(", ") || "nothing to do";
}
