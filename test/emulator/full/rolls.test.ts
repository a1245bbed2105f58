import { execFileSync, spawn } from "node:child_process";
import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { projectRoot } from "../../../config/stackFiles";
import { fleetOf, nextRolls, scaleOut, type FleetOnEmulator } from "../fleets";
import { refreshGaps } from "../knownGaps";
import { print, refusalOf, timed, valueOf, type Outcome } from "../outcomes";
import { skipWithoutTools } from "../prerequisites";
import { closeBench, drifts, openBench, up, type Bench, type Drift, type Variant } from "../ring";

const stack: Variant = { stack: "cost-saver", exposure: "public" };
const say = (what: string) => print(`    rolls: ${what}`);

/** `up:local`, of which nothing is left once its output says that. */
function killedUp({ env }: Bench, words: RegExp, ...edits: string[]): Promise<string> {
  const set = edits.flatMap((edit) => ["--set", edit]);
  const args = ["scripts/run.mjs", "up:local", stack.stack, "--exposure", stack.exposure, ...set];
  const child = spawn(process.execPath, args, {
    cwd: projectRoot,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (words.test(text)) for (const pid of descendants(child.pid ?? 0)) kill(pid);
  });
  return new Promise((resolve) => child.on("close", () => resolve(text)));
}

/** A process and all that it has started, the engine and its plugins too. */
function descendants(root: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [root];
  for (const parent of found) {
    found.push(...pairs.flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid] : [])));
  }
  return found;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

describe("rolls of a whole stack", () => {
  let bench: Bench;
  const runs = new Map<string, Outcome<unknown>>();
  const web = new Map<string, FleetOnEmulator>();
  let drifted: Drift[] = [];

  const run = async (name: string, work: () => Promise<unknown>) => {
    runs.set(name, await timed(name, say, work));
    web.set(name, await fleetOf(bench, "web"));
  };

  before(async function () {
    skipWithoutTools(this);
    bench = await openBench();
    const wide = "web.instancesPerAz={min: 2, max: 4}";
    const larger = [wide, "web.rootVolumeGiB=60"];
    await run("up", () => up(bench, stack, wide));
    await nextRolls(bench, "web", { seconds: "90" });
    await run("killed", () => killedUp(bench, /web: InProgress/, ...larger));
    await run("after the kill", () => up(bench, stack, ...larger));
    await nextRolls(bench, "web", { seconds: "20" });
    await run("killed again", () =>
      killedUp(bench, /web: InProgress/, wide, "web.rootVolumeGiB=70"),
    );
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    await run("after its end", () => up(bench, stack, wide, "web.rootVolumeGiB=70"));
    drifted = await drifts(bench, stack);
    await scaleOut(bench, "web", 4);
    const lower = "web.instancesPerAz={min: 1, max: 4}";
    await run("lower min", () => up(bench, stack, lower, "web.rootVolumeGiB=70"));
    const loose = [lower, "protect=false", "web.windows={version: '2022'}"];
    await nextRolls(bench, "web");
    await run("unpinned", () => up(bench, stack, ...loose, "web.rootVolumeGiB=70"));
    await nextRolls(bench, "web", { outcome: "fail" });
    await run("unpinned and bad", () => up(bench, stack, ...loose, "web.rootVolumeGiB=80"));
  });

  after(async () => {
    if (bench) await closeBench(bench);
  });

  const versionsOf = (name: string) => {
    const { version, serverVersions } = web.get(name)!;
    return { version, servers: [...new Set(serverVersions)].sort() };
  };

  it("a run that is killed while it waits leaves the roll going on, and the next one joins it", () => {
    valueOf(runs.get("up"));
    deepStrictEqual(versionsOf("up"), { version: "1", servers: ["1"] });
    match(String(valueOf(runs.get("killed"))), /web: replacing 2 servers by .* version 2/);
    strictEqual(web.get("killed")!.version, "1");
    valueOf(runs.get("after the kill"));
    deepStrictEqual(versionsOf("after the kill"), { version: "2", servers: ["2"] });
  });

  it("a roll that ended after the kill is not made again", () => {
    valueOf(runs.get("after its end"));
    deepStrictEqual(versionsOf("after its end"), { version: "3", servers: ["3"] });
  });

  it("a refresh of the state finds what was declared", () => {
    const known = refreshGaps.map(({ type }) => type);
    const others = drifted.filter(({ type }) => !known.includes(type));
    deepStrictEqual(others, []);
    ok(!drifted.some(({ type }) => /^aws:(autoscaling|ec2\/launchTemplate)/.test(type)));
  });

  it("`min` goes down while load has scaled out", () => {
    valueOf(runs.get("lower min"));
    const { min, max, desired } = web.get("lower min")!;
    deepStrictEqual({ min, max, desired }, { min: 1, max: 4, desired: 4 });
  });

  it("without a named image a failed roll is told not to be undone", () => {
    valueOf(runs.get("unpinned"));
    match(
      refusalOf(runs.get("unpinned and bad")),
      /web: the roll to launch template version 5 failed and was not rolled back/,
    );
    deepStrictEqual(versionsOf("unpinned and bad"), { version: "4", servers: ["4", "5"] });
  });
});
