import type { Against } from "../figures/against";
import type { InstallationFigures } from "../figures/figures";
import type { Figure, PathFigures, ServiceLevelFigures } from "../availability/types";
import { componentSums } from "../cost/sums";
import type { LineItem, StackCost, MonthlySum } from "../cost/types";
import type { AgainstJson, InstallationJson } from "./planSchema";

type StackCostJson = InstallationJson["stacks"][number];
type LineJson = NonNullable<StackCostJson["lines"]>[number];
type LevelJson = NonNullable<InstallationJson["level"]>;

/** An entry of `installations`; `detailed`: with every line of the bill. */
export function figuresJson(figures: InstallationFigures, detailed: boolean): InstallationJson {
  const { domain, total, uncertaintyUsd, stacks, level, objectives } = figures;
  return {
    domain,
    ...totalJson(total),
    uncertaintyUsd,
    stacks: stacks.map((cost) => costJson(cost, detailed)),
    level: level ? levelJson(level) : null,
    objectives: objectives.map(({ key, target, value, status, text }) => ({
      key,
      target,
      value,
      status,
      text,
    })),
  };
}

function costJson(cost: StackCost, detailed: boolean): StackCostJson {
  const byComponent: Record<string, number | null> = {};
  for (const [component, sum] of componentSums([cost])) byComponent[component] = sumJson(sum);
  return {
    stack: cost.stack,
    region: cost.region,
    ...totalJson(cost.total),
    uncertaintyUsd: cost.uncertaintyUsd,
    estimatedUsd: cost.estimatedUsd,
    windowsLicenceUsd: sumJson(cost.windowsLicence),
    sqlServerLicenceUsd: sumJson(cost.sqlServerLicence),
    usageFile: cost.usageFile ?? null,
    missing: cost.missing.map(({ priceKey, region, message }) => ({ priceKey, region, message })),
    byComponent,
    ...(detailed && { lines: cost.lines.map(lineJson) }),
  };
}

function totalJson(total: MonthlySum): { totalUsd: number | null; atLeastUsd?: number } {
  return {
    totalUsd: sumJson(total),
    ...(total.known ? {} : { atLeastUsd: total.atLeastUsd }),
  };
}

function sumJson(sum: MonthlySum): number | null {
  return sum.known ? sum.usd : null;
}

function lineJson(line: LineItem): LineJson {
  const { component, region, what, how, quantity, unit, unitUsd, factor, usd, priceKey } = line;
  const { source, date, confidence } = line.price;
  return {
    component,
    region,
    what,
    how,
    quantity,
    unit,
    unitUsd,
    factor,
    modifier: line.modifier ?? null,
    usd,
    licence: line.licence ?? null,
    priceKey,
    price: { source, date: date ?? null, confidence },
    doubt: line.doubt ? { ...line.doubt } : null,
  };
}

function levelJson({ read, write, recovery, ...rest }: ServiceLevelFigures): LevelJson {
  const { strategy, singlePoints, cap, notes } = rest;
  return {
    read: pathJson(read),
    write: pathJson(write),
    recovery: recovery.map((entry) => ({ ...entry })),
    strategy: { ...strategy },
    singlePoints: singlePoints.map((point) => ({ ...point })),
    cap: { ...cap },
    notes,
  };
}

function pathJson({ modelled, slaComposite }: PathFigures): LevelJson["read"] {
  return { modelled: figureJson(modelled), slaComposite: figureJson(slaComposite) };
}

function figureJson({
  availability,
  minutesPerMonth,
  minutesPerYear,
  parts,
}: Figure): LevelJson["read"]["modelled"] {
  return {
    availability,
    minutesPerMonth,
    minutesPerYear,
    parts: parts.map((part) => ({ ...part })),
  };
}

export function againstJson(against: Against): AgainstJson {
  const { ref, commit, edits, notes, added, removed, before, after, problems } = against;
  return {
    ref,
    commit,
    edits: edits.map((edit) => ({
      stack: edit.stack,
      key: edit.key,
      before: edit.before ?? null,
      after: edit.after ?? null,
    })),
    notes: notes.map((note) => ({ ...note })),
    added,
    removed,
    before: before.map((figures) => figuresJson(figures, false)),
    after: after.map((figures) => figuresJson(figures, false)),
    problems,
  };
}
