import { readdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { stringify } from "yaml";
import { findEngine, findOnPath } from "../../engine/cli";
import { runEngine, type Engine } from "../../engine/engine";
import { localConfig, neededStandIns } from "../../engine/overrides";
import { localPaths, runPaths, type LocalPaths } from "../../engine/paths";
import { sourceConfig, writeCopy, writeProject } from "../../engine/project";
import { initStack, must, stacksInState } from "../../engine/state";
import {
  ensureEmulator,
  runningEmulator,
  stopEmulator,
  type Emulator,
} from "../../local/emulator/emulator";
import { checkedConfig, openEngine } from "../../local/session";
import { makeStandIns } from "../../local/standIns";
import { inventory } from "../plan/inventory";
import { messageOf } from "../../config/mistake";
import { planStack } from "../plan/offlinePlan";
import type { StackPlan } from "../plan/plan";
import { terraformPlan } from "./terraform";
import { probed, sample, type Case } from "./samples";

export const preview = "pulumi preview of the stack";
export const floor = "pulumi preview of its awsx VPC alone";
export const terraform = "terraform plan of as many plain resources";

interface PreviewCases {
  cases: Case[];
  notes: string[];
  close: () => unknown;
}

const program = /@pulumi[\\/]pulumi[\\/]cmd[\\/]run/;

/**
 * `pulumi preview` of a stack that does not exist yet, by the real engine on an emulator of its own,
 * and of the floor: a program that has nothing but the stack's network of awsx and its provider, so
 * that it waits for the same plugins. Where Terraform is installed, its plan of as many resources.
 */
export async function previewCases(stack: string): Promise<PreviewCases> {
  // A folder of its own: whatever up:local has up stays untouched.
  const paths = localPaths(undefined, { PE_LOCAL_DIR: join(".local", "bench") });
  const close = () => stopEmulator(paths);
  try {
    // Nothing is downloaded for a benchmark.
    if (!process.env.PULUMI_CLI && !findOnPath("pulumi")) throw new Error("There is no pulumi.");
    // A run that was cut off has left its own.
    const { port } = (await runningEmulator(paths)) ?? { port: await freePort() };
    const emulator = await ensureEmulator(paths, port);
    const plan = await planStack(stack);
    const whole = await stackEngine(paths, emulator, stack);
    const alone = await floorEngine(paths, emulator, stack, plan);
    const caseOf = (name: string, engine: Engine): Case => ({
      name,
      run: () => sample(program, () => must(engine, ["preview", "--stack", stack])),
    });
    const notes = [await compareUrns(whole, stack, plan), awsxOf(paths)];
    const cases = [caseOf(preview, whole), caseOf(floor, alone)];
    try {
      const folder = join(paths.local, "terraform");
      const run = terraformPlan(folder, inventory(plan).total, plan.region, whole.env);
      cases.push({ name: terraform, run: () => sample(program, run) });
    } catch (error) {
      notes.push(`${terraform}: not measured, ${messageOf(error)}.`);
    }
    return { cases, notes, close };
  } catch (error) {
    await close();
    return { cases: [], notes: [`${preview}: not measured. ${messageOf(error)}`], close };
  }
}

/** Which plugin the engine takes for awsx: one on PATH wins over the installed ones. */
function awsxOf(paths: LocalPaths): string {
  const ambient = findOnPath("pulumi-resource-awsx");
  const folder = join(paths.pulumiHome, "plugins");
  const installed = readdirSync(folder).filter((name) => /^resource-awsx-v[\d.]+$/.test(name));
  return `awsx: ${ambient ?? installed.sort().at(-1) ?? "none"}.`;
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

async function stackEngine(paths: LocalPaths, emulator: Emulator, stack: string): Promise<Engine> {
  const config = checkedConfig(paths, stack);
  const run = runPaths(paths, config.exposure);
  const engine = openEngine(paths, run, findEngine(paths), emulator);
  writeProject(paths, run);
  const needed = neededStandIns(config, config.exposure);
  const standIns = await makeStandIns(emulator.endpoint, config, needed, {});
  writeCopy(run, stack, localConfig(sourceConfig(paths, stack), config.exposure, standIns));
  return ready(engine, stack);
}

async function floorEngine(
  paths: LocalPaths,
  emulator: Emulator,
  stack: string,
  { resources, region }: StackPlan,
): Promise<Engine> {
  const vpc = resources.find(({ type }) => type === "awsx:ec2:Vpc");
  const folder = join(paths.local, "floor");
  const run = { project: folder, state: join(folder, "state"), logs: join(folder, "logs") };
  const engine = openEngine(paths, run, findEngine(paths), emulator);
  const source = `
    const { Provider } = require("@pulumi/aws/provider");
    const { Vpc } = require("@pulumi/awsx/ec2/vpc");
    const aws = new Provider("aws", { region: ${JSON.stringify(region)} });
    new Vpc("network", ${JSON.stringify(vpc?.inputs)}, { providers: { aws } });`;
  const runtime = { name: "nodejs", options: { typescript: false } };
  writeFileSync(join(folder, "index.js"), source);
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    stringify({ name: "floor", main: "index.js", runtime }),
  );
  return ready(engine, stack);
}

async function ready(engine: Engine, stack: string): Promise<Engine> {
  if (!stacksInState(engine.run).includes(stack)) await initStack(engine, stack);
  return { ...engine, env: { ...engine.env, ...probed } };
}

/** Says whether the offline plan registers what the engine would create, by URN. */
async function compareUrns(engine: Engine, stack: string, plan: StackPlan): Promise<string> {
  const eventLog = join(engine.run.logs, "bench.jsonl");
  const result = await runEngine(engine, ["preview", "--stack", stack], { eventLog });
  if (result.code !== 0) throw new Error((result.stderr || result.stdout).trim());
  const steps = result.events.flatMap(({ resourcePreEvent: event }) => event?.metadata ?? []);
  const own = (urn: string): boolean => !/::pulumi:(pulumi:Stack|providers:)/.test(urn);
  const real = new Set(steps.map(({ urn }) => urn).filter(own));
  const offline = new Set(plan.resources.map(({ urn }) => urn).filter(own));
  const missing = [...real].filter((urn) => !offline.has(urn));
  const extra = [...offline].filter((urn) => !real.has(urn));
  return missing.length + extra.length === 0
    ? `Offline plan and engine agree on all ${real.size} registrations, by URN.`
    : `Offline plan and engine differ: only the engine has [${missing.join(", ")}], ` +
        `only the plan has [${extra.join(", ")}].`;
}
