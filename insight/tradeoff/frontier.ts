import { editionRank, familyOf, rankOf } from "./setting";
import type { Evaluated, Frontier, Setting } from "./types";

/**
 * Minutes as they are compared: in hundredths, 0.6 s a month. The model is not as exact as that, and
 * without it a thousandth of a second would be worth any money.
 */
export function roundedMinutes(minutes: number): number {
  return Math.round(minutes * 100) / 100;
}

/**
 * The settings that no other one dominates in cost and minutes: none is both no dearer and no longer
 * down, and better in one of the two. Of settings with equal cost and equal minutes the first one
 * stays; the others are neither on the frontier nor dominated by it. Minutes are {@link roundedMinutes}, for
 * the price of a step too.
 *
 * @param all in the order of preference between equals.
 * @param of which downtime counts.
 */
export function frontier(all: Evaluated[], of: (one: Evaluated) => number): Frontier {
  const minutes = (one: Evaluated): number => roundedMinutes(of(one));
  const points: Evaluated[] = [];
  // The sort is stable: equals stay in the order of preference.
  const sorted = all.toSorted((one, other) => one.usd - other.usd || minutes(one) - minutes(other));
  for (const one of sorted) {
    const last = points.at(-1);
    if (last === undefined || minutes(one) < minutes(last)) points.push(one);
  }
  const steps = points.slice(1).flatMap((to, index) => {
    const from = points[index];
    if (!from) return [];
    return { from, to, usdPerMinute: (to.usd - from.usd) / (minutes(from) - minutes(to)) };
  });
  return { points, steps };
}

/** What is measured, all the smaller the better; unbounded counts as endless. */
function measures(of: Evaluated): number[] {
  const endless = (minutes: number | null | undefined): number =>
    minutes === null ? Infinity : (minutes ?? 0);
  return [
    of.usd,
    roundedMinutes(of.modelledMinutes),
    roundedMinutes(of.slaCompositeMinutes),
    roundedMinutes(of.modelledReadMinutes),
    roundedMinutes(of.slaCompositeReadMinutes),
    endless(of.rtoMinutes),
    endless(of.rpoMinutes),
    endless(of.zoneRtoMinutes),
    endless(of.zoneRpoMinutes),
    endless(of.instanceRtoMinutes),
    endless(of.instanceRpoMinutes),
  ];
}

/**
 * True where one setting can take another's place: it offers at least the same of what no figure
 * measures. The edition is the same or above, the class of the same family and not smaller, and the
 * way to the internet stays, in as many zones where it has a second one.
 */
export function canReplace({ setting: one }: Evaluated, { setting: other }: Evaluated): boolean {
  return (
    editionRank(one.edition) >= editionRank(other.edition) &&
    familyOf(one.instanceClass) === familyOf(other.instanceClass) &&
    rankOf(one.instanceClass) >= rankOf(other.instanceClass) &&
    natRedundancy(one) >= natRedundancy(other)
  );
}

/** Zones that have a NAT gateway: none, one, or more than one. */
function natRedundancy({ natGateways, azCount }: Setting): number {
  if (natGateways === "none") return 0;
  return natGateways === "onePerAz" && azCount > 1 ? 2 : 1;
}

/** In what one setting is worse than another that costs more, in words. */
export function worseIn(one: Evaluated, other: Evaluated): string[] {
  const [mine, theirs] = [one.setting, other.setting];
  const names = ["cost", "", "", "", "", "RTO", "RPO", "RTO", "RPO", "RTO", "RPO"];
  const than = measures(other);
  const longer = measures(one).map((value, index) =>
    value > (than[index] ?? Infinity) ? (names[index] ?? "") : "",
  );
  const worse = (minutes: (of: Evaluated) => number): boolean =>
    roundedMinutes(minutes(one)) > roundedMinutes(minutes(other));
  return [
    ...(editionRank(mine.edition) < editionRank(theirs.edition) ? ["the edition"] : []),
    ...(familyOf(mine.instanceClass) !== familyOf(theirs.instanceClass)
      ? ["perhaps the database's class"]
      : []),
    ...(familyOf(mine.instanceClass) === familyOf(theirs.instanceClass) &&
    rankOf(mine.instanceClass) < rankOf(theirs.instanceClass)
      ? ["the size of the database"]
      : []),
    ...(natRedundancy(mine) < natRedundancy(theirs) ? ["NAT redundancy"] : []),
    ...(worse((of) => of.modelledMinutes) ? ["modelled writes"] : []),
    ...(worse((of) => of.slaCompositeMinutes) ? ["writes by SLA"] : []),
    ...(worse((of) => of.modelledReadMinutes) ? ["modelled reads"] : []),
    ...(worse((of) => of.slaCompositeReadMinutes) ? ["reads by SLA"] : []),
    ...new Set(longer.filter((name) => name !== "")),
  ];
}

/**
 * True where one setting dominates another: it is no worse in cost, in both minutes of writes and of
 * reads, in RTO and in RPO, better in one of them, and {@link canReplace} it. So a second region
 * whose writes are no better is not beaten by one region alone, for it is there to recover, and a
 * large database is not beaten by a small one.
 * @internal for tests, which hold the dominated settings against it
 */
export function dominates(
  one: Evaluated,
  other: Evaluated,
  replaces: (one: Evaluated, other: Evaluated) => boolean = canReplace,
): boolean {
  return noWorse(measures(one), measures(other)) && replaces(one, other);
}

/** Nowhere more, and somewhere less. */
function noWorse(one: number[], other: number[]): boolean {
  let less = false;
  for (const [index, value] of one.entries()) {
    const against = other[index] ?? Infinity;
    if (value > against) return false;
    if (value < against) less = true;
  }
  return less;
}

/**
 * Every setting that another one dominates, in the order given, with the cheapest that does. That
 * one is not beaten itself.
 */
export function dominated(
  all: Evaluated[],
  replaces: (one: Evaluated, other: Evaluated) => boolean = canReplace,
): { setting: Evaluated; by: Evaluated }[] {
  const rows = all.map((of) => ({ of, values: measures(of) }));
  // In this order a setting comes after all that dominate it.
  const sorted = rows.toSorted((one, other) => compare(one.values, other.values));
  return rows.flatMap((row) => {
    const by = sorted.find((one) => noWorse(one.values, row.values) && replaces(one.of, row.of));
    return by ? { setting: row.of, by: by.of } : [];
  });
}

function compare(one: number[], other: number[]): number {
  for (const [index, value] of one.entries()) {
    const against = other[index] ?? 0;
    if (value !== against) return value < against ? -1 : 1;
  }
  return 0;
}
