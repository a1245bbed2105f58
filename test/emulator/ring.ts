import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { projectRoot } from "../../config/stackFiles";
import { runningEmulator } from "../../local/emulator/emulator";
import { findEngine } from "../../engine/cli";
import { localPaths, runPaths, type LocalPaths } from "../../engine/paths";
import type { StateResource } from "../../engine/checkpoint";
import { edited, readEdits } from "../../local/edits";
import type { Engine } from "../../engine/engine";
import { localConfig, type StandIns } from "../../engine/overrides";
import { plannedChanges, resourceLabel } from "../../local/progress";
import { sourceConfig, writeCopy } from "../../engine/project";
import { openEngine, operate, type OperationResult } from "../../local/session";
import { exportState } from "../../engine/state";
import type { UpReport } from "../../local/up";
import type { Exposure } from "../../stacks/config/platformConfig";

/** One stack of the ring, in one exposure. */
export interface Variant {
  stack: string;
  exposure: Exposure;
}

export const labelOf = ({ stack, exposure }: Variant) => `${stack} (${exposure})`;

/** A folder and a port of its own, so that a run never meets the user's. */
export interface Bench {
  paths: LocalPaths;
  env: NodeJS.ProcessEnv;
}

export async function openBench(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "pe-emulator-"));
  const env = {
    ...process.env,
    PE_LOCAL_DIR: folder,
    MOTO_PORT: String(await freePort()),
  };
  return { paths: localPaths(projectRoot, env), env };
}

export async function closeBench({ paths, env }: Bench): Promise<void> {
  await command(env, "down:local", ["--all", "--forget"]);
  rmSync(paths.local, { recursive: true, force: true });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** An npm command as users run it; `onOutput` sees the text so far and may act on the process. */
export function command(
  env: NodeJS.ProcessEnv,
  name: string,
  args: string[],
  onOutput?: (text: string, interrupt: () => void) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, ["scripts/run.mjs", name, ...args], {
    cwd: projectRoot,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    onOutput?.(stdout, () => child.kill("SIGINT"));
  });
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/** `edits` are keys of the stack file with other values: `replication.writer=us-west-2`. */
export async function up(
  bench: Bench,
  { stack, exposure }: Variant,
  ...edits: string[]
): Promise<UpReport> {
  const set = edits.flatMap((edit) => ["--set", edit]);
  const args = [stack, "--exposure", exposure, "--json", ...set];
  const ended = await command(bench.env, "up:local", args);
  if (ended.code !== 0) throw new Error(ended.stderr.trim() || ended.stdout.trim());
  return JSON.parse(ended.stdout) as UpReport;
}

/** `up:local` that meets Ctrl-C when the VPC stands and nearly everything else does not. */
export function interruptedUp(bench: Bench, { stack, exposure }: Variant): Promise<Ended> {
  let done = false;
  return command(bench.env, "up:local", [stack, "--exposure", exposure], (text, interrupt) => {
    if (done || !text.includes("ec2.Vpc ")) return;
    done = true;
    interrupt();
  });
}

export async function down(bench: Bench, { stack, exposure }: Variant): Promise<void> {
  const args = [stack, "--exposure", exposure, "--keep-emulator", "--json"];
  const ended = await command(bench.env, "down:local", args);
  if (ended.code !== 0) throw new Error(ended.stderr.trim() || ended.stdout.trim());
}

export async function engineOf({ paths }: Bench, exposure: Exposure): Promise<Engine> {
  const emulator = await runningEmulator(paths);
  if (!emulator) throw new Error("The emulator does not run.");
  return openEngine(paths, runPaths(paths, exposure), findEngine(paths), emulator);
}

const silent = { note: () => undefined, detail: () => undefined, status: () => undefined };

/** What a preview of the stack, as it was last brought up, would change. */
export async function pendingChanges(
  bench: Bench,
  { stack, exposure }: Variant,
): Promise<string[]> {
  const engine = await engineOf(bench, exposure);
  const { result } = await operate(engine, stack, ["preview"], silent);
  return plannedChanges(result.events);
}

/**
 * One engine command on a stack that is up, with edits of its file and nothing around: no start of
 * the emulator, no second preview.
 * @param standIns for an edit of `exposure`, which `up:local` keeps in two states.
 */
export async function operateWith(
  bench: Bench,
  { stack, exposure }: Variant,
  args: string[],
  edits: string[],
  standIns?: StandIns,
): Promise<OperationResult> {
  const engine = await engineOf(bench, exposure);
  const section = edited(sourceConfig(bench.paths, stack), readEdits(edits));
  const wanted = standIns ? "private" : "public";
  writeCopy(engine.run, stack, localConfig(section, wanted, standIns ?? {}));
  return operate(engine, stack, args, silent);
}

/** The stack's resources as the state has them. */
export async function resourcesOf(
  bench: Bench,
  { stack, exposure }: Variant,
): Promise<StateResource[]> {
  const { resources = [] } = await exportState(await engineOf(bench, exposure), stack);
  return resources;
}

/** The emulator answers nothing of a region, global services that live there included. */
export async function outage(bench: Bench, region: string, lost: boolean): Promise<void> {
  const emulator = await runningEmulator(bench.paths);
  const url = `${emulator?.endpoint}/pe-outage/${region}`;
  const { ok } = await fetch(url, { method: lost ? "PUT" : "DELETE" });
  if (!ok) throw new Error("The emulator knows no outages.");
}

/** A property that a refresh finds changed, and the resource it belongs to. */
export interface Drift {
  type: string;
  resource: string;
  property: string;
}

/** What reading everything back from the emulator would change in the state. */
export async function drifts(bench: Bench, { stack, exposure }: Variant): Promise<Drift[]> {
  const engine = await engineOf(bench, exposure);
  const { result } = await operate(engine, stack, ["refresh", "--preview-only"], silent);
  return result.events.flatMap(driftsOf);
}

function driftsOf({ resOutputsEvent }: EngineEvent): Drift[] {
  const step = resOutputsEvent?.metadata;
  if (!step || ["same", "refresh"].includes(step.op)) return [];
  const resource = resourceLabel(step.urn);
  if (!step.new) return [{ type: step.type, resource, property: "(gone)" }];
  const before = step.old?.outputs ?? {};
  const after = step.new.outputs;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !isSame(before[key], after[key]))
    .map((property) => ({ type: step.type, resource, property }));
}

/** The provider writes "nothing" in several ways: absent, "", 0, false, an empty list or object. */
function isSame(before: unknown, after: unknown): boolean {
  return JSON.stringify(compact(before)) === JSON.stringify(compact(after));
}

function compact(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(compact).filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .map(([key, item]) => [key, compact(item)] as const)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => a.localeCompare(b));
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }
  return value === "" || value === 0 || value === false || value === null ? undefined : value;
}

/** The project's stack files and Pulumi.yaml: no run may touch them. */
export function projectFiles(): Record<string, string> {
  const files = readdirSync(projectRoot).filter((name) => /^Pulumi\..*yaml$/.test(name));
  return Object.fromEntries(
    files.map((name) => [name, readFileSync(join(projectRoot, name), "utf8")]),
  );
}
