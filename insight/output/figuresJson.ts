import type { Against } from "../figures/against";
import type { InstallationFigures } from "../figures/figures";
import type { Figure, PathFigures, ServiceLevelFigures } from "../availability/types";
import { componentSums } from "../cost/sums";
import type { LineItem, StackCost, MonthlySum } from "../cost/types";
import type { Json, JsonObject } from "../../catalogue/json";

/**
 * The entry `installations[]` of `npm start -s -- --json`:
 *
 * - `domain`, `totalUsd`, `doubtUsd` (USD per month of 730 h; ±, by doubtful prices). A sum that lacks
 *   a price is null, here and in all that follows; `atLeastUsd`, with `totalUsd` null alone, is the sum
 *   of what has one
 * - `stacks[]`: `stack`, `region`, `totalUsd`, `doubtUsd`, `doubtfulUsd`, `windowsLicenceUsd`,
 *   `sqlServerLicenceUsd`, `usageFile` (null: defaults), `missing[]` {`priceKey`, `region`,
 *   `message`}, `byComponent` {name: USD or null}; and, when one stack was asked for, `lines[]`: `component`,
 *   `region`, `what`, `how`, `quantity`, `unit`, `unitUsd`, `factor`, `modifier`, `usd`, `licence`,
 *   `priceKey`, `price` {`source`, `date`, `confidence`}, `doubt`
 * - `level` (null: no region in use): `read` and `write`, each `modelled` and `contractual`:
 *   `availability` (0 to 1), `minutesPerMonth`, `minutesPerYear`, `parts[]` {`what`,
 *   `minutesPerMonth`, `source`}; `recovery[]`, `strategy`, `singlePoints[]`, `cap`, `notes[]`
 * - `objectives[]`: `key`, `target`, `value` (null: no bound, or unknown),
 *   `status` (`met`, `missed`, `unknown`), `text`
 */
export function figuresJson(figures: InstallationFigures, detailed: boolean): JsonObject {
  const { domain, total, doubtUsd, stacks, level, objectives } = figures;
  return {
    domain,
    ...totalJson(total),
    doubtUsd,
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

function costJson(cost: StackCost, detailed: boolean): JsonObject {
  const byComponent: Record<string, number | null> = {};
  for (const [component, sum] of componentSums([cost])) byComponent[component] = sumJson(sum);
  return {
    stack: cost.stack,
    region: cost.region,
    ...totalJson(cost.total),
    doubtUsd: cost.doubtUsd,
    doubtfulUsd: cost.doubtfulUsd,
    windowsLicenceUsd: sumJson(cost.windowsLicence),
    sqlServerLicenceUsd: sumJson(cost.sqlServerLicence),
    usageFile: cost.usageFile ?? null,
    missing: cost.missing.map(({ priceKey, region, message }) => ({ priceKey, region, message })),
    byComponent,
    ...(detailed && { lines: cost.lines.map(lineJson) }),
  };
}

function totalJson(total: MonthlySum): JsonObject {
  return {
    totalUsd: sumJson(total),
    ...(total.known ? {} : { atLeastUsd: total.atLeastUsd }),
  };
}

function sumJson(sum: MonthlySum): number | null {
  return sum.known ? sum.usd : null;
}

function lineJson(line: LineItem): Json {
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

function levelJson({ read, write, recovery, ...rest }: ServiceLevelFigures): JsonObject {
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

function pathJson({ modelled, contractual }: PathFigures): JsonObject {
  return { modelled: figureJson(modelled), contractual: figureJson(contractual) };
}

function figureJson({ availability, minutesPerMonth, minutesPerYear, parts }: Figure): JsonObject {
  return {
    availability,
    minutesPerMonth,
    minutesPerYear,
    parts: parts.map((part) => ({ ...part })),
  };
}

/**
 * The entry `against` of `npm start -s -- --against <commit> --json`: `ref`, `commit`; `edits[]`
 * {`stack`, `key`, `before`, `after`} (null: not set); `notes[]` {`stack`, `key`, `message`,
 * `refused`} on what a running stack makes of the edits; `added[]`, `removed[]` stacks; `before[]` and
 * `after[]` as {@link figuresJson}; `problems[]` sentences on stacks that the commit has wrong
 */
export function againstJson(against: Against): JsonObject {
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
