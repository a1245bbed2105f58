import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { ensureEmulator, stopEmulator, type Emulator } from "../../local/emulator/emulator";
import { runEngine, type Engine } from "../../engine/engine";
import { findEngine, findOnPath } from "../../engine/cli";
import { messageOf } from "../../config/mistake";
import { localConfig, neededStandIns } from "../../engine/overrides";
import { localPaths, runPaths, type LocalPaths } from "../../engine/paths";
import { sourceConfig, writeCopy, writeProject } from "../../engine/project";
import { checkedConfig, openEngine } from "../../local/session";
import { makeStandIns } from "../../local/standIns";
import { initStack, must, stacksInState } from "../../engine/state";
import { median, ratio, row, target, type Findings, type Samples } from "./figures";
import { prepareTerraform, terraformConfig, type Terraform } from "./terraform";
import { inventory } from "../plan/inventory";
import { planStack } from "../plan/offlinePlan";
import type { StackPlan } from "../plan/plan";
import { projectRoot } from "../../config/stackFiles";

const preview = "pulumi preview, whole (real engine)";
const program = "… of that, the program's Node process";
const terraformPlan = "terraform plan, as many plain resources";
const none: Findings = { rows: [], targets: [], notes: [] };

interface ProgramRun {
  ms: number;
  cpuMs: number;
  peakMb: number;
}

/**
 * Times `pulumi preview` of a stack that does not exist yet, by the real engine on an emulator of
 * its own, beside `terraform plan` of as many resources. What is not installed is left out, with
 * the reason as a note.
 */
export async function comparePreview(
  stack: string,
  rounds: number,
  progress: (text: string) => void,
): Promise<Findings> {
  if (!process.env.PULUMI_CLI && !findOnPath("pulumi")) {
    const note = "Real preview: not measured, there is no pulumi on PATH (or as PULUMI_CLI).";
    return { ...none, notes: [note] };
  }
  // A folder of its own: whatever up:local has up stays untouched.
  const paths = localPaths(projectRoot, { PE_LOCAL_DIR: join(".local", "bench") });
  try {
    progress("preparing the real preview");
    const emulator = await ensureEmulator(paths, await freePort());
    return await measure(paths, emulator, stack, rounds, progress);
  } catch (error) {
    return { ...none, notes: [`Real preview: not measured. ${messageOf(error)}`] };
  } finally {
    await stopEmulator(paths);
  }
}

async function measure(
  paths: LocalPaths,
  emulator: Emulator,
  stack: string,
  rounds: number,
  progress: (text: string) => void,
): Promise<Findings> {
  const engine = await prepareEngine(paths, emulator, stack);
  const plan = await planStack(stack);
  const count = inventory(plan).total;
  const probe = programProbe(paths);
  const timed = { ...engine, env: { ...engine.env, ...probe.env } };
  const steps = await firstPreview(timed, stack);
  const notes = [compareUrns(plan, steps), ...extraProviders(steps)];
  const terraform = findTerraform(paths, engine, plan, count);
  if (typeof terraform === "string") notes.push(terraform);

  const samples: Samples = new Map([preview, program, terraformPlan].map((name) => [name, []]));
  const cpu: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    progress(`preview ${round} of ${rounds}`);
    probe.clear();
    const started = performance.now();
    await must(timed, ["preview", "--stack", stack]);
    const ms = performance.now() - started;
    const run = probe.read();
    samples.get(preview)?.push({ ms, peakMb: 0, resources: count });
    samples.get(program)?.push({ ...run, resources: count });
    cpu.push(run.cpuMs);
    if (typeof terraform === "string") continue;
    samples.get(terraformPlan)?.push({ ms: terraform.plan(), peakMb: 0, resources: count });
  }
  notes.push(
    `Real preview: ${rounds} rounds, ${count} resources; the program used ` +
      `${(median(cpu) / 1000).toFixed(1)} s of processor time and waits for the engine besides.`,
  );
  const measured = [...samples].filter(([, all]) => all.length > 0);
  const targets =
    typeof terraform === "string"
      ? []
      : [
          target(
            "pulumi preview ÷ terraform plan",
            ratio(samples, preview, terraformPlan),
            "×",
            1.2,
          ),
        ];
  return { rows: measured.map(([name, all]) => row(name, all)), targets, notes };
}

async function prepareEngine(
  paths: LocalPaths,
  emulator: Emulator,
  stack: string,
): Promise<Engine> {
  const config = checkedConfig(paths, stack);
  const run = runPaths(paths, config.exposure);
  const engine = openEngine(paths, run, findEngine(paths), emulator);
  writeProject(paths, run);
  const needed = neededStandIns(config, config.exposure);
  const standIns = await makeStandIns(emulator.endpoint, config, needed, {});
  writeCopy(run, stack, localConfig(sourceConfig(paths, stack), config.exposure, standIns));
  if (!stacksInState(run).includes(stack)) await initStack(engine, stack);
  return engine;
}

interface PreviewStep {
  op: string;
  urn: string;
}

/** Warms everything up, and tells what the engine would do, default providers included. */
async function firstPreview(engine: Engine, stack: string): Promise<PreviewStep[]> {
  const eventLog = join(engine.run.logs, "bench.jsonl");
  const result = await runEngine(engine, ["preview", "--stack", stack], { eventLog });
  if (result.code !== 0) throw new Error((result.stderr || result.stdout).trim());
  return result.events.flatMap(({ resourcePreEvent: event }) => event?.metadata ?? []);
}

/** A second aws plugin takes as long to start as all else: awsx then asks for another version. */
function extraProviders(steps: PreviewStep[]): string[] {
  const providers = steps
    .map(({ urn }) => urn.split("::").slice(2))
    .filter(([type]) => type === "pulumi:providers:aws")
    .map(([, name]) => name);
  return providers.length < 2
    ? []
    : [`The engine starts ${providers.length} aws plugins (${providers.join(", ")}), not one.`];
}

/** Says whether the offline plan registers what the engine would create, by URN. */
function compareUrns(plan: StackPlan, steps: PreviewStep[]): string {
  const own = (urn: string): boolean => !/::pulumi:(pulumi:Stack|providers:)/.test(urn);
  const real = new Set(
    steps
      .filter(({ op }) => op === "create")
      .map(({ urn }) => urn)
      .filter(own),
  );
  const offline = new Set(plan.resources.map(({ urn }) => urn).filter(own));
  const missing = [...real].filter((urn) => !offline.has(urn));
  const extra = [...offline].filter((urn) => !real.has(urn));
  const verdict =
    missing.length + extra.length === 0
      ? `agree on all ${real.size} registrations, by URN`
      : `differ: only the engine has [${missing.join(", ")}], only the plan has [${extra.join(", ")}]`;
  return `Offline plan and engine ${verdict}.`;
}

/** Makes the program's process write down, as it ends, what it took. */
function programProbe(paths: LocalPaths) {
  const script = join(paths.local, "probe.cjs");
  const log = join(paths.local, "probe.jsonl");
  const source = `
    const { appendFileSync } = require("node:fs");
    if (/@pulumi[\\\\/]pulumi[\\\\/]cmd[\\\\/]run/.test(process.argv[1] ?? "")) {
      process.on("exit", () => {
        const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
        const cpuMs = (userCPUTime + systemCPUTime) / 1000;
        const run = { ms: performance.now(), cpuMs, peakMb: maxRSS / 1024 };
        appendFileSync(${JSON.stringify(log)}, JSON.stringify(run) + "\\n");
      });
    }`;
  writeFileSync(script, source);
  return {
    env: { NODE_OPTIONS: `--require ${JSON.stringify(script)}` },
    clear: () => {
      rmSync(log, { force: true });
    },
    read: (): ProgramRun => {
      const [line = ""] = readFileSync(log, "utf8").trim().split("\n").slice(-1);
      return JSON.parse(line) as ProgramRun;
    },
  };
}

function findTerraform(
  paths: LocalPaths,
  engine: Engine,
  plan: StackPlan,
  count: number,
): Terraform | string {
  const found = findOnPath("terraform");
  if (!found) return "terraform plan: not measured, there is no terraform on PATH.";
  const folder = join(paths.local, "terraform");
  const terraform = prepareTerraform(
    found,
    folder,
    terraformConfig(count, plan.region),
    engine.env,
  );
  return typeof terraform === "string" ? `terraform plan: not measured, ${terraform}` : terraform;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
