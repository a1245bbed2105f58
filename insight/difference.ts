import type { Against } from "./against";
import type { InstallationFigures } from "./figures";
import { duration, percent, signedUsd, usd } from "./format";
import { worstRecovery } from "./objectives";

/** One row of a comparison: what it was and what it is. */
export interface DifferenceRow {
  name: string;
  before: string;
  after: string;
  /** The difference in words; empty when nothing changed. */
  change: string;
}

/** An installation then and now; one side may be missing. */
export interface InstallationDifference {
  domain: string;
  rows: DifferenceRow[];
  /** Components whose cost changed by a cent or more, the largest change first. */
  components: { component: string; beforeUsd: number; afterUsd: number }[];
}

/** Every installation of either side. */
export function differences({ before, after }: Against): InstallationDifference[] {
  const domains = [...new Set([...after, ...before].map(({ domain }) => domain))];
  return domains.map((domain) => {
    const of = (side: InstallationFigures[]) => side.find((figures) => figures.domain === domain);
    return differenceOf(domain, of(before), of(after));
  });
}

function differenceOf(
  domain: string,
  before: InstallationFigures | undefined,
  after: InstallationFigures | undefined,
): InstallationDifference {
  const row = (
    name: string,
    text: (figures: InstallationFigures) => string | undefined,
    change: (was: InstallationFigures, is: InstallationFigures) => string = () => "changed",
  ): DifferenceRow => {
    const [was, is] = [before && text(before), after && text(after)];
    const both = before && after && was !== is ? change(before, after) : "";
    return { name, before: was ?? "–", after: is ?? "–", change: both };
  };
  return {
    domain,
    rows: [
      row(
        "USD a month",
        ({ totalUsd }) => usd(totalUsd),
        (was, is) => signedUsd(is.totalUsd - was.totalUsd),
      ),
      ...pathRows(row),
      ...(["instance", "zone", "region"] as const).map((disruption) =>
        row(`Loss of ${disruption}`, ({ level }) => {
          if (!level) return undefined;
          const { recovery } = level;
          const only = { ...level, recovery: recovery.filter((r) => r.disruption === disruption) };
          const { rtoMinutes, rpoMinutes } = worstRecovery(only, "region");
          return `RTO ${duration(rtoMinutes)}, RPO ${duration(rpoMinutes)}`;
        }),
      ),
      row("Strategy", ({ level }) => level?.strategy.name),
    ],
    components: components(before, after),
  };
}

type Row = (
  name: string,
  text: (figures: InstallationFigures) => string | undefined,
  change?: (was: InstallationFigures, is: InstallationFigures) => string,
) => DifferenceRow;

/** Reads and writes, modelled and by SLA: two columns that are never mixed. */
function pathRows(row: Row): DifferenceRow[] {
  return (["read", "write"] as const).flatMap((path) =>
    (["modelled", "contractual"] as const).map((column) =>
      row(
        `${path === "read" ? "Reads" : "Writes"}, ${column === "modelled" ? "modelled" : "by SLAs"}`,
        ({ level }) => level && percent(level[path][column].availability),
        ({ level: was }, { level: is }) => {
          if (!was || !is) return "changed";
          const minutes = is[path][column].minutesPerMonth - was[path][column].minutesPerMonth;
          return `${minutes > 0 ? "+" : "−"}${duration(Math.abs(minutes))} down a month`;
        },
      ),
    ),
  );
}

function components(
  before: InstallationFigures | undefined,
  after: InstallationFigures | undefined,
): InstallationDifference["components"] {
  const [was, is] = [byComponent(before), byComponent(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((component) => ({
      component,
      beforeUsd: was.get(component) ?? 0,
      afterUsd: is.get(component) ?? 0,
    }))
    .filter(({ beforeUsd, afterUsd }) => Math.abs(afterUsd - beforeUsd) >= 0.005)
    .sort((a, b) => Math.abs(b.afterUsd - b.beforeUsd) - Math.abs(a.afterUsd - a.beforeUsd));
}

function byComponent(figures: InstallationFigures | undefined): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { lines } of figures?.stacks ?? []) {
    for (const { component, usd: cost } of lines) {
      sums.set(component, (sums.get(component) ?? 0) + cost);
    }
  }
  return sums;
}
