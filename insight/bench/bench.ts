import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import pc from "picocolors";
import { exitCodes } from "../../config/exitCodes";
import { messageOf, tell, UserError } from "../../config/mistake";
import { listStacks, projectRoot } from "../../config/stackFiles";
import { floor, preview, previewCases, terraform } from "./preview";
import { measure, median, probed, ratio, sample, type Case, type Samples } from "./samples";

const one = "One stack planned";
const traces = "… with all stack traces (PE_DEBUG)";
const all = "All stacks planned, one process";
const figures = "All stacks with cost and availability (npm start)";
const tradeoff = "Trade-off of one stack";

/** A figure and what it may be at most. */
interface Target {
  name: string;
  value: number;
  unit: "×" | "MB";
  limit: number;
}

/** A command of the project in a process of its own, through ts-node as its users run it. */
function command(name: string, file: string, args: string[], env: object = {}): Case {
  const script = join(projectRoot, "insight", file);
  const register = join(projectRoot, "node_modules", "ts-node", "register", "transpile-only.js");
  const run = (): void => {
    const { status, stderr } = spawnSync(process.execPath, ["-r", register, script, ...args], {
      cwd: projectRoot,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, PE_DEBUG: "", ...probed, ...env },
    });
    // Judging was the work: what it found is no failure of the measured command.
    const good: unknown[] = [exitCodes.fine, exitCodes.missed, exitCodes.unknown];
    if (!good.includes(status)) throw new Error(`"${name}" failed: ${stderr.trim()}`);
  };
  return { name, run: () => sample(/[\\/]insight[\\/]/, run) };
}

const offlineCases = (first: string, stacks: string[]): Case[] => [
  command(one, "bench/plans.ts", [first]),
  command(traces, "bench/plans.ts", [first], { PE_DEBUG: "1" }),
  command(all, "bench/plans.ts", stacks),
  command(figures, "cli.ts", ["--json"]),
  command(tradeoff, "tradeoff/cli.ts", [first, "--json"]),
];

function targetsOf(samples: Samples): Target[] {
  const peak = Math.max(...(samples.get(one) ?? []).map(({ program }) => program?.peakMb ?? 0));
  const times = (above: string, below: string, limit: number): Target => ({
    name: `${above} ÷ ${below}`,
    value: ratio(samples, above, below),
    unit: "×",
    limit,
  });
  return [
    { name: `${one}, peak memory`, value: peak, unit: "MB", limit: 250 },
    times(one, traces, 0.9),
    times(all, one, 2.2),
    times(figures, one, 2.2),
    times(tradeoff, one, 1.5),
    ...(samples.has(preview) ? [times(preview, floor, 1.4)] : []),
    ...(samples.has(terraform) ? [times(preview, terraform, 1.2)] : []),
  ];
}

function render(samples: Samples, targets: Target[]): string {
  const table = (head: string[], lines: string[][]): string => {
    const style = { head: [], border: pc.isColorSupported ? ["gray"] : [], compact: true };
    const colAligns = head.map((_, column) => (column === 0 ? "left" : "right"));
    const made = new Table({ head, style, colAligns });
    made.push(...lines);
    return made.toString();
  };
  const times = [...samples].map(([name, runs]) => {
    const programs = runs.map(({ program }) => program ?? { ms: 0, cpuMs: 0, peakMb: 0 });
    const seconds = (values: number[]): string => (median(values) / 1000).toFixed(2);
    return [
      name,
      seconds(runs.map(({ ms }) => ms)),
      seconds(programs.map(({ ms }) => ms)),
      seconds(programs.map(({ cpuMs }) => cpuMs)),
      Math.max(...programs.map(({ peakMb }) => peakMb)).toFixed(0),
    ];
  });
  const verdicts = targets.map(({ name, value, unit, limit }) => [
    name,
    `${value.toFixed(unit === "MB" ? 0 : 2)} ${unit}`,
    `${limit} ${unit}`,
    value <= limit ? pc.green("met") : pc.red("missed"),
  ]);
  return [
    table(["Medians", "s", "program s", "its CPU s", "peak MB"], times),
    table(["Target", "measured", "at most", ""], verdicts),
  ].join("\n");
}

function roundsOf(args: string[]): number {
  try {
    const { values } = parseArgs({ args, options: { rounds: { type: "string", default: "5" } } });
    const rounds = Number(values.rounds);
    if (Number.isInteger(rounds) && rounds > 0) return rounds;
    throw new Error(`--rounds is ${values.rounds}: give a whole number from 1.`);
  } catch (error) {
    throw new UserError(`${messageOf(error)}\n\nnpm run bench -- [--rounds <n>]`);
  }
}

async function main(args: string[]): Promise<void> {
  const rounds = roundsOf(args);
  const progress = (text: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  };
  const stacks = listStacks();
  const first = stacks.find((stack) => stack === "prod-east") ?? stacks[0];
  if (first === undefined)
    throw new UserError("There is no stack to measure: no Pulumi.<stack>.yaml.");
  const real = await previewCases(first);
  try {
    const samples = await measure(
      [...offlineCases(first, stacks), ...real.cases],
      rounds,
      progress,
    );
    progress("");
    const targets = targetsOf(samples);
    console.log(`Node ${process.versions.node}, ${rounds} interleaved rounds of ${first}`);
    console.log([render(samples, targets), ...real.notes].join("\n"));
    if (targets.some(({ value, limit }) => value > limit)) process.exitCode = exitCodes.missed;
  } finally {
    await real.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.exitCode = tell(error);
});
