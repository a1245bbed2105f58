import type { MissingPrice, MonthlySum, StackCost } from "./types";

/** To the cent, and unknown as soon as nobody knows `missing`. */
export function monthlySum(amounts: readonly number[], missing: MissingPrice[]): MonthlySum {
  const usd = amounts.reduce((total, amount) => total + Math.round(amount * 100), 0) / 100;
  return missing.length === 0 ? { known: true, usd } : { known: false, atLeastUsd: usd, missing };
}

export function addSums(sums: readonly MonthlySum[]): MonthlySum {
  return monthlySum(
    sums.map(atLeast),
    sums.flatMap((sum) => (sum.known ? [] : sum.missing)),
  );
}

/** What it costs at any rate: for a bound, for an order, never for a total. */
export function atLeast(sum: MonthlySum): number {
  return sum.known ? sum.usd : sum.atLeastUsd;
}

/** What each of the overview's components costs, in the order of the lines. */
export function componentSums(costs: readonly StackCost[]): Map<string, MonthlySum> {
  const lines = costs.flatMap((cost) => cost.lines);
  const missing = costs.flatMap((cost) => cost.missing);
  const names = new Set([
    ...lines.map(({ component }) => component),
    ...missing.flatMap(({ components }) => components),
  ]);
  return new Map(
    [...names].map((name) => [
      name,
      monthlySum(
        lines.filter(({ component }) => component === name).map(({ usd }) => usd),
        missing.filter(({ components }) => components.includes(name)),
      ),
    ]),
  );
}
