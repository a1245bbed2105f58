import { cac } from "cac";
import Table from "cli-table3";
import pc from "picocolors";
import { exitCodes } from "../../config/exitCodes";
import { compile, runCase, type Case } from "./cases";
import { renderChains, stackChains, type StackChain } from "./chains";
import { ratio, row, target, type Findings, type Row, type Samples, type Target } from "./figures";
import { comparePreview } from "./preview";
import { listStacks } from "../../config/stackFiles";

interface Report extends Findings {
  node: string;
  rounds: number;
  resources: number;
  /** What an `up` does one after another, per stack. */
  chains: StackChain[];
}

const one = "One stack";
const precompiled = "One stack, precompiled to JavaScript";
const three = "All stacks, one process";
const figures = "All stacks with cost and availability, printed";
const tradeoff = "Trade-off of one stack";
const traces = "One stack, with all stack traces (PE_DEBUG)";

/** The cases, in the order in which each round runs them; `first` is the one stack. */
function cases(first: string, stacks: string[]): Case[] {
  return [
    { name: "Node alone", kind: "node", stacks: [] },
    { name: "Pulumi SDK loaded", kind: "sdk", stacks: [] },
    { name: one, kind: "typescript", stacks: [first] },
    { name: precompiled, kind: "javascript", stacks: [first] },
    { name: three, kind: "typescript", stacks },
    { name: figures, kind: "figures", stacks },
    { name: tradeoff, kind: "tradeoff", stacks: [first] },
    { name: traces, kind: "typescript", stacks: [first], env: { PE_DEBUG: "1" } },
  ];
}

function measure(all: Case[], rounds: number, progress: (text: string) => void): Samples {
  const samples: Samples = new Map(all.map(({ name }) => [name, []]));
  for (const entry of all) runCase(entry); // Warm the file cache; not counted.
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}`);
    for (const entry of all) samples.get(entry.name)?.push(runCase(entry));
  }
  return samples;
}

function targetsOf(samples: Samples, stackCount: number): Target[] {
  const peak = Math.max(...(samples.get(one) ?? []).map(({ peakMb }) => peakMb));
  return [
    target("One stack ÷ the same precompiled", ratio(samples, one, precompiled), "×", 1.3),
    target("One stack, peak memory", peak, "MB", 250),
    target(`All ${stackCount} stacks ÷ one`, ratio(samples, three, one), "×", 2.2),
    target("All stacks with cost and availability ÷ one", ratio(samples, figures, one), "×", 2.2),
    target("Trade-off ÷ one", ratio(samples, tradeoff, one), "×", 1.5),
    target("One stack ÷ with all stack traces", ratio(samples, one, traces), "×", 0.9),
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
  return [
    `Node ${report.node}, ${report.rounds} interleaved rounds, ${report.resources} registrations in the one stack`,
    times.toString(),
    targets.toString(),
    ...report.notes,
    renderChains(report.chains),
  ].join("\n");
}

async function main(argv: string[]): Promise<void> {
  const cli = cac("npm run bench --");
  cli
    .command("", "Measure the program's start, memory and planning; nothing is created.")
    .option("--rounds <n>", "Interleaved rounds", { default: 7 })
    .option("--no-preview", "Leave the real `pulumi preview` and `terraform plan` out")
    .option("--json", "Print JSON");
  cli.help();
  const { args, options } = cli.parse(argv, { run: false });
  if (options.help) return;
  const known = ["rounds", "preview", "json", "--"];
  const unknown = Object.keys(options).find((key) => !known.includes(key)) ?? args[0];
  if (unknown !== undefined) {
    throw new RangeError(`npm run bench has no "${unknown}": see npm run bench -- --help.`);
  }
  const rounds = Number(options.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(`--rounds is ${String(options.rounds)}: give a whole number from 1.`);
  }
  const progress = (text: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  };
  compile();
  const stacks = listStacks();
  const first = stacks.find((stack) => stack === "prod-east") ?? stacks[0];
  if (first === undefined)
    throw new RangeError("There is no stack to measure: no Pulumi.<stack>.yaml.");
  const all = cases(first, stacks);
  const samples = measure(all, rounds, progress);
  const real = options.preview
    ? await comparePreview(first, rounds, progress)
    : { rows: [], targets: [], notes: ["Real preview: left out (--no-preview)."] };
  progress("");
  const report: Report = {
    node: process.versions.node,
    rounds,
    resources: samples.get(one)?.[0]?.resources ?? 0,
    rows: [...all.map(({ name }): Row => row(name, samples.get(name))), ...real.rows],
    targets: [...targetsOf(samples, stacks.length), ...real.targets],
    notes: real.notes,
    chains: await stackChains(stacks),
  };
  console.log(options.json ? JSON.stringify(report, null, 2) : render(report));
  if (report.targets.some(({ met }) => !met)) process.exitCode = exitCodes.missed;
}

main(process.argv).catch((error: unknown) => {
  console.error(error instanceof Error && !process.env.PE_DEBUG ? error.message : error);
  process.exitCode = exitCodes.mistake;
});
