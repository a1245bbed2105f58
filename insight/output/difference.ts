import { costName } from "./costNames";
import type { Against } from "../figures/against";
import type { InstallationFigures } from "../figures/figures";
import { atLeast, componentSums } from "../cost/sums";
import type { MonthlySum } from "../cost/types";
import { boundText, briefSum, duration, percent, sumChange, usd } from "./format";
import { worstRecovery } from "../figures/objectives";

/** One row of a comparison: what it was and what it is. */
export interface DifferenceRow {
  name: string;
  before: string;
  after: string;
  /** The difference in words; empty when nothing changed, `unknown` when nobody knows. */
  change: string;
}

/** An installation then and now; one side may be missing. */
export interface InstallationDifference {
  domain: string;
  rows: DifferenceRow[];
  /** Components whose cost changed by a cent or more, or is unknown; the largest change first. */
  components: { component: string; before: MonthlySum; after: MonthlySum }[];
}

/** False only for what is known to be the same. */
export function isChanged({ before, after, change }: DifferenceRow): boolean {
  return before !== after || change !== "";
}

/** A component's cells: name, before, now, difference. */
export function componentCells({
  component,
  before,
  after,
}: InstallationDifference["components"][number]): string[] {
  return [costName(component), briefSum(before), briefSum(after), sumChange(before, after)];
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
    known: (was: InstallationFigures, is: InstallationFigures) => boolean = () => true,
  ): DifferenceRow => {
    const [was, is] = [before && text(before), after && text(after)];
    const both =
      before && after && (was !== is || !known(before, after)) ? change(before, after) : "";
    return { name, before: was ?? "–", after: is ?? "–", change: both };
  };
  return {
    domain,
    rows: [
      row(
        "USD a month",
        ({ total }) => (total.known ? usd(total.usd) : `unknown (${boundText(total, usd)})`),
        (was, is) => sumChange(was.total, is.total),
        (was, is) => was.total.known && is.total.known,
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
    (["modelled", "slaComposite"] as const).map((column) =>
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
  const [was, is] = [componentSums(before?.stacks ?? []), componentSums(after?.stacks ?? [])];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((component) => ({
      component,
      before: was.get(component) ?? nothing,
      after: is.get(component) ?? nothing,
    }))
    .filter((row) => !row.before.known || !row.after.known || size(row) >= 0.005)
    .sort((a, b) => size(b) - size(a));
}

/** A component that one side has not. */
const nothing: MonthlySum = { known: true, usd: 0 };

function size({ before, after }: { before: MonthlySum; after: MonthlySum }): number {
  return Math.abs(atLeast(after) - atLeast(before));
}
