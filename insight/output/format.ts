import type { MonthlySum } from "../cost/types";

/** `1,234 USD a month`, or what is known of it: `unknown (at least 1,200 USD a month, …)`. */
export function sumText(sum: MonthlySum): string {
  return sum.known ? monthly(sum.usd) : `unknown (${boundText(sum, monthly)})`;
}

/** `at least 1,200, 3 cost lines without a price`. */
export function boundText(
  { atLeastUsd, missing }: MonthlySum & { known: false },
  amount: (usd: number) => string,
): string {
  const lines = missing.reduce((count, one) => count + one.lines, 0);
  const without = `${plural(lines, "cost line")} without a price`;
  return atLeastUsd > 0 ? `at least ${amount(atLeastUsd)}, ${without}` : without;
}

function monthly(amount: number): string {
  return `${usd(amount)} USD a month`;
}

/** The same where there is no room: `1,234` or `unknown`. */
export function briefSum(sum: MonthlySum, amount = usd): string {
  return sum.known ? amount(sum.usd) : "unknown";
}

/** What a sum rose or fell by: `+120`; `unknown` where either is. */
export function sumChange(before: MonthlySum, after: MonthlySum): string {
  return before.known && after.known ? signedUsd(after.usd - before.usd) : "unknown";
}

/** `1,234` or, below 100, `12.34`: what a reader compares. */
export function usd(amount: number): string {
  const digits = Math.abs(amount) < 100 && !Number.isInteger(amount) ? 2 : 0;
  return amount.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** `+120`, `−35.50` or `±0`: a difference. */
export function signedUsd(amount: number): string {
  if (Math.abs(amount) < 0.005) return "±0";
  return `${amount > 0 ? "+" : "−"}${usd(Math.abs(amount))}`;
}

/** `99.953 %`: as many digits as leading nines, at least two, and never rounded up. */
export function percent(share: number): string {
  if (share >= 1) return "100 %";
  const nines = Math.max(0, Math.floor(-Math.log10(1 - share) + 1e-9));
  const digits = Math.min(8, Math.max(2, nines));
  const factor = 10 ** digits;
  return `${(Math.floor(share * 100 * factor + 1e-6) / factor).toFixed(digits)} %`;
}

/** `90 s`, `12 min`, `3.5 h`, `2 d`; `unbounded` for null. */
export function duration(minutes: number | null): string {
  if (minutes === null) return "unbounded";
  if (minutes === 0) return "0";
  if (minutes < 2) return `${trim(minutes * 60)} s`;
  if (minutes < 120) return `${trim(minutes)} min`;
  if (minutes < 48 * 60) return `${trim(minutes / 60)} h`;
  return `${trim(minutes / 1440)} d`;
}

/** At most one digit, and none from 10 on. */
function trim(value: number): string {
  return value < 10 ? String(Number(value.toFixed(1))) : String(Math.round(value));
}

/** e.g. `1 zone`, `3 zones`. */
export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
