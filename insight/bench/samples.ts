import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../config/stackFiles";

/** One run of a case. */
export interface Sample {
  /** Wall-clock time as its user waits for it. */
  ms: number;
  /** Of that, the program's Node process; undefined where there is none. */
  program?: { ms: number; cpuMs: number; peakMb: number };
}

export interface Case {
  name: string;
  run: () => Sample | Promise<Sample>;
}

/** Samples by case, in the order of the rounds. */
export type Samples = Map<string, Sample[]>;

const log = join(projectRoot, ".local", "bench", "probe.jsonl");

/** Makes every Node process below leave what it took. */
export const probed = {
  NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, "probe.cjs"))}`,
  PE_BENCH_LOG: log,
};

/** Times one run, and finds the program among the Node processes that ended meanwhile. */
export async function sample(script: RegExp, run: () => unknown): Promise<Sample> {
  rmSync(log, { force: true });
  const started = performance.now();
  await run();
  const ms = performance.now() - started;
  const ended = (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []).map(
    (line) => JSON.parse(line) as NonNullable<Sample["program"]> & { script: string },
  );
  const program = ended.find((entry) => script.test(entry.script));
  return { ms, ...(program ? { program } : {}) };
}

/**
 * Each round runs every case once: on a shared machine whole rounds are slow, ratios within a round
 * are not. A first round warms the caches and doesn't count.
 */
export async function measure(
  cases: Case[],
  rounds: number,
  progress: (text: string) => void,
): Promise<Samples> {
  const samples: Samples = new Map(cases.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, run } of cases) {
      progress(`round ${round} of ${rounds}: ${name}`);
      const found = await run();
      if (round > 0) samples.get(name)?.push(found);
    }
  }
  return samples;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

/** The median of the ratios within each round. */
export function ratio(samples: Samples, above: string, below: string): number {
  const [a = [], b = []] = [samples.get(above), samples.get(below)];
  return median(a.map(({ ms }, round) => ms / (b[round]?.ms ?? Number.NaN)));
}
