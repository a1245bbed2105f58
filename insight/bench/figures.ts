/** One way of doing things, measured once. */
export interface Sample {
  /** Wall-clock time of the whole process, in milliseconds. */
  ms: number;
  /** Highest resident memory in MB; 0 where it isn't measured. */
  peakMb: number;
  resources: number;
}

/** Samples by what was measured, one per round and in the order of the rounds. */
export type Samples = Map<string, Sample[]>;

/** One line of the table of times. */
export interface Row {
  name: string;
  medianMs: number;
  minMs: number;
  /** 0 where it isn't measured. */
  peakMb: number;
}

/** A figure and what it may be at most. */
export interface Target {
  name: string;
  value: number;
  unit: "×" | "MB";
  limit: number;
  met: boolean;
}

/** What one part of the benchmark found. */
export interface Findings {
  rows: Row[];
  targets: Target[];
  /** What else to know, e.g. why something was not measured. */
  notes: string[];
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

export function row(name: string, samples: Sample[] = []): Row {
  const times = samples.map(({ ms }) => ms);
  const peakMb = Math.max(...samples.map((sample) => sample.peakMb));
  return { name, medianMs: median(times), minMs: Math.min(...times), peakMb };
}

/**
 * Ratios are taken within a round, where both sides met the same load, and the median of them
 * counts: on a shared machine whole rounds are slow, single ratios are not.
 */
export function ratio(samples: Samples, above: string, below: string): number {
  const [a = [], b = []] = [samples.get(above), samples.get(below)];
  return median(a.map((sample, round) => sample.ms / (b[round]?.ms ?? Number.NaN)));
}

export function target(name: string, value: number, unit: Target["unit"], limit: number): Target {
  return { name, value, unit, limit, met: value <= limit };
}
