import { cac } from "cac";
import Table from "cli-table3";
import pc from "picocolors";
import { compile, runCase, type Case, type Sample } from "./benchCases";
import { comparePreview, type Comparison } from "./benchPreview";
import { listStacks } from "./stackFiles";

interface Row {
  name: string;
  medianMs: number;
  minMs: number;
  peakMb: number;
}

interface Target {
  name: string;
  value: number;
  unit: string;
  limit: number;
  met: boolean;
}

interface Report {
  node: string;
  rounds: number;
  resources: number;
  rows: Row[];
  targets: Target[];
  comparisons: Comparison[];
}

const one = "One stack";
const precompiled = "One stack, precompiled to JavaScript";
const three = "All stacks, one process";
const tsnode = "One stack through ts-node, as the engine runs it";
const traces = "… with all stack traces (PE_DEBUG)";

/** The cases, in the order in which each round runs them. */
function cases(stacks: string[]): Case[] {
  const [first = ""] = stacks.includes("prod-east") ? ["prod-east"] : stacks;
  return [
    { name: "Node alone", kind: "node", stacks: [] },
    { name: "Pulumi SDK loaded", kind: "sdk", stacks: [] },
    { name: one, kind: "typescript", stacks: [first] },
    { name: precompiled, kind: "javascript", stacks: [first] },
    { name: three, kind: "typescript", stacks },
    { name: tsnode, kind: "tsnode", stacks: [first] },
    { name: traces, kind: "tsnode", stacks: [first], env: { PE_DEBUG: "1" } },
  ];
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

/**
 * Ratios are taken within a round, where both sides met the same load, and the median of them
 * counts: on a shared machine whole rounds are slow, single ratios are not.
 */
function ratio(samples: Map<string, Sample[]>, above: string, below: string): number {
  const [a = [], b = []] = [samples.get(above), samples.get(below)];
  return median(a.map((sample, round) => sample.ms / (b[round]?.ms ?? Number.NaN)));
}

function measure(all: Case[], rounds: number, progress: (text: string) => void) {
  const samples = new Map<string, Sample[]>(all.map(({ name }) => [name, []]));
  for (const entry of all) runCase(entry); // Warm the file cache; not counted.
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}`);
    for (const entry of all) samples.get(entry.name)?.push(runCase(entry));
  }
  return samples;
}

function evaluate(samples: Map<string, Sample[]>, stackCount: number): Target[] {
  const peak = Math.max(...(samples.get(one) ?? []).map(({ peakMb }) => peakMb));
  const target = (name: string, value: number, unit: string, limit: number): Target => ({
    name,
    value,
    unit,
    limit,
    met: value <= limit,
  });
  return [
    target("One stack ÷ the same precompiled", ratio(samples, one, precompiled), "×", 1.3),
    target("One stack, peak memory", peak, "MB", 250),
    target(`All ${stackCount} stacks ÷ one`, ratio(samples, three, one), "×", 2.2),
    target("Through ts-node ÷ with all stack traces", ratio(samples, tsnode, traces), "×", 0.9),
  ];
}

function render(report: Report): string {
  const style = { head: [], border: pc.isColorSupported ? ["gray"] : [], compact: true };
  const right = (columns: number) => Array.from({ length: columns }, () => "right" as const);
  const times = new Table({
    head: ["", "median s", "min s", "peak MB"],
    style,
    colAligns: ["left", ...right(3)],
  });
  for (const { name, medianMs, minMs, peakMb } of report.rows) {
    const seconds = (ms: number): string => (ms / 1000).toFixed(2);
    times.push([name, seconds(medianMs), seconds(minMs), peakMb > 0 ? peakMb.toFixed(0) : "–"]);
  }
  const targets = new Table({
    head: ["Target", "measured", "at most", ""],
    style,
    colAligns: ["left", ...right(2), "left"],
  });
  const verdict = (met: boolean): string => (met ? pc.green("met") : pc.red("missed"));
  for (const { name, value, unit, limit, met } of report.targets) {
    const digits = unit === "MB" ? 0 : 2;
    targets.push([name, `${value.toFixed(digits)} ${unit}`, `${limit} ${unit}`, verdict(met)]);
  }
  const compared = report.comparisons.map(({ name, text }) => `${pc.bold(name)}: ${text}`);
  return [
    `Node ${report.node}, ${report.rounds} interleaved rounds, ${report.resources} resources in the one stack`,
    times.toString(),
    targets.toString(),
    ...compared,
  ].join("\n");
}

async function main(argv: string[]): Promise<void> {
  const cli = cac("npm run bench --");
  cli
    .command("", "Measure the program's start, memory and planning; nothing is created.")
    .option("--rounds <n>", "Interleaved rounds", { default: 7 })
    .option("--preview", "Also time a real `pulumi preview` on the emulator, and `terraform plan`")
    .option("--json", "Print JSON");
  cli.help();
  const { options } = cli.parse(argv, { run: false });
  if (options.help) return;
  const rounds = Number(options.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(`--rounds is ${String(options.rounds)}: give a whole number from 1.`);
  }
  const progress = (text: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${text}   `);
  };
  compile();
  const stacks = listStacks();
  const all = cases(stacks);
  const samples = measure(all, rounds, progress);
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  const rows = all.map(({ name }): Row => {
    const times = (samples.get(name) ?? []).map(({ ms }) => ms);
    const peaks = (samples.get(name) ?? []).map(({ peakMb }) => peakMb);
    const [medianMs, minMs] = [median(times), Math.min(...times)];
    return { name, medianMs, minMs, peakMb: Math.max(...peaks) };
  });
  const resources = samples.get(one)?.[0]?.resources ?? 0;
  const targets = evaluate(samples, stacks.length);
  const comparisons = await comparePreview(options.preview === true);
  const report: Report = {
    node: process.versions.node,
    rounds,
    resources,
    rows,
    targets,
    comparisons,
  };
  console.log(options.json ? JSON.stringify(report, null, 2) : render(report));
}

main(process.argv).catch((error: unknown) => {
  console.error(error instanceof Error && !process.env.PE_DEBUG ? error.message : error);
  process.exitCode = 1;
});
