import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runningEmulator } from "../../local/emulator/emulator";
import { runPaths } from "../../engine/paths";
import { leftovers } from "./leftovers";
import { command, resourcesOf, type Bench, type Variant } from "./ring";

/**
 * `up:local` killed with the engine and its plugins, as when the machine goes, while the emulator
 * has done a call and not answered it yet.
 * @param call a regular expression on the call's name: local/emulator/emulator_hold.py.
 */
export async function killedUp(
  bench: Bench,
  { stack, exposure }: Variant,
  call: string,
  ...edits: string[]
): Promise<void> {
  const emulator = await runningEmulator(bench.paths);
  const hold = `${emulator?.endpoint}/pe-hold/${encodeURIComponent(call)}`;
  await fetch(hold, { method: "PUT" });
  let ended = false;
  const set = edits.flatMap((edit) => ["--set", edit]);
  const args = [stack, "--exposure", exposure, ...set];
  const run = command(bench.env, "up:local", args).then((result) => {
    ended = true;
    return result;
  });
  try {
    while (Number(await (await fetch(hold)).text()) === 0) {
      if (ended) throw new Error(`It ended without ${call}: ${(await run).stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const pids = runsOf(bench);
    for (const pid of pids) process.kill(pid, "SIGKILL");
    await run;
    // An engine takes a moment to end, and its lock is not dropped before.
    while (pids.some(isThere)) await new Promise((resolve) => setTimeout(resolve, 100));
  } finally {
    await fetch(hold, { method: "DELETE" });
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** This bench's `up:local`, its engine and all that they have started. */
function runsOf({ paths }: Bench): number[] {
  const listed = execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const all = listed.split("\n").flatMap((line) => {
    const [, pid, ppid, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid && ppid ? [{ pid: Number(pid), ppid: Number(ppid), args }] : [];
  });
  const engines = all.filter(
    ({ args }) => args.includes("--event-log") && args.includes(paths.local),
  );
  const found = new Set(engines.flatMap(({ pid, ppid }) => [pid, ppid]));
  // Not the test, should the engine have lost its parent meanwhile.
  found.delete(process.pid);
  found.delete(1);
  for (const parent of found) {
    for (const { pid, ppid } of all) if (ppid === parent) found.add(pid);
  }
  return [...found];
}

/** As if the kill had met the backend while it wrote the state: see mendCheckpoint. */
export function cutOffState({ paths }: Bench, { stack, exposure }: Variant): void {
  const folder = join(runPaths(paths, exposure).state, ".pulumi", "stacks");
  const file = readdirSync(folder, { recursive: true, encoding: "utf8" }).find(
    (name) => basename(name) === `${stack}.json.attrs`,
  );
  if (file === undefined) throw new Error("The backend keeps no attributes.");
  writeFileSync(join(folder, file), "");
}

/** What the state and the emulator hold, without the parts of names that are drawn by lot. */
export async function whatStands(bench: Bench, variant: Variant): Promise<string[]> {
  const emulator = await runningEmulator(bench.paths);
  const resources = await resourcesOf(bench, variant);
  const made = await leftovers(emulator?.endpoint ?? "", ["us-east-1"]);
  const kinds = new Map<string, number>();
  for (const line of made) {
    const kind = line.replace(/ \S+$/, "");
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [
    ...resources.map(({ urn }) => urn),
    ...[...kinds].map(([kind, count]) => `${count} ${kind}`),
  ].sort();
}
