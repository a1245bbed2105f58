/** A month of the bill, as AWS's calculator has it. */
export const hoursPerMonth = 730;

/** Days of such a month. */
export const daysPerMonth = hoursPerMonth / 24;

/** Metrics that are billed for each server. */
export const metricsPerServer = {
  /** Amazon EC2 User Guide, "Monitoring": seven every minute; status checks are free. */
  detailed: 7,
  /** Counters in app/windows/agent.ps1. */
  agent: 6,
} as const;

/** GiB of so many messages of so many KiB. AWS's GB of data transfer are GiB. */
export function gib(messages: number, kib: number): number {
  return (messages * kib) / 1_048_576;
}

/** GiB that a log group holds once its oldest entries expire. */
export function kept(gibPerMonth: number, days: number, storedShare: number): number {
  return gibPerMonth * (days / daysPerMonth) * storedShare;
}

// The trade-off asks for the same few numbers thousands of times.
const known = new Map<number, string>();
const mostKnown = 10_000;

/** A number for readers, to three digits that count: `5,000,000`, `305`, `0.27`. */
export function formatCount(value: number): string {
  const found = known.get(value);
  if (found !== undefined) return found;
  const text = written(value);
  if (known.size < mostKnown) known.set(value, text);
  return text;
}

function written(value: number): string {
  if (!Number.isInteger(value) && Math.abs(value) < 100)
    return String(Number(value.toPrecision(3)));
  return Math.round(value).toLocaleString("en-US");
}
