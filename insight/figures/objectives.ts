import type { ObjectivesConfig } from "../../stacks/config/platformConfig";
import type { DisruptionKind, ServiceLevelFigures } from "../availability/types";
import { atLeast } from "../cost/sums";
import type { MonthlySum } from "../cost/types";
import { duration, percent, sumText, usd } from "../output/format";

/** One of the installation's objectives, and what the config reaches. */
export interface ObjectiveResult {
  key: "availability" | "rtoMinutes" | "rpoMinutes" | "monthlyBudgetUsd";
  /** As configured: percent, minutes or USD. */
  target: number;
  /** In the target's unit; null where it is unbounded, or where it is unknown. */
  value: number | null;
  /** `unknown`: it cannot be judged, for want of a price or because no region is in use. */
  status: "met" | "missed" | "unknown";
  /** One sentence without its full stop. */
  text: string;
}

/** In rising order: an objective for one holds for those before it, too. */
const disruptions: Exclude<DisruptionKind, "corruption">[] = ["instance", "zone", "region"];

/** The worst time and loss over disruptions up to `scope`; null where one is unbounded. */
export function worstRecovery(
  level: ServiceLevelFigures,
  scope: ObjectivesConfig["disruption"],
): { rtoMinutes: number | null; rpoMinutes: number | null } {
  const counted = disruptions.slice(0, disruptions.indexOf(scope) + 1) as DisruptionKind[];
  const found = level.recovery.filter(({ disruption }) => counted.includes(disruption));
  return {
    rtoMinutes: worst(
      found.flatMap(({ readRtoMinutes, writeRtoMinutes }) => [readRtoMinutes, writeRtoMinutes]),
    ),
    rpoMinutes: worst(found.map(({ rpoMinutes }) => rpoMinutes)),
  };
}

function worst(values: (number | null)[]): number | null {
  return values.reduce<number | null>(
    (most, value) => (most === null || value === null ? null : Math.max(most, value)),
    0,
  );
}

/**
 * Compares what is demanded with what the config reaches; an absent objective has no result.
 * @param level or why there is none.
 */
export function checkObjectives(
  objectives: ObjectivesConfig,
  level: ServiceLevelFigures | string,
  total: MonthlySum,
): ObjectiveResult[] {
  const { availability, rtoMinutes, rpoMinutes, monthlyBudgetUsd, disruption } = objectives;
  const recovery = typeof level === "string" ? undefined : worstRecovery(level, disruption);
  const reason = typeof level === "string" ? `unknown, ${level}` : "";
  const results: ObjectiveResult[] = [];
  if (availability !== undefined) {
    const share = typeof level === "string" ? undefined : level.write.modelled.availability;
    results.push({
      key: "availability",
      target: availability,
      value: share === undefined ? null : share * 100,
      status: share === undefined ? "unknown" : judged(share * 100 >= availability),
      text: `availability of writes, modelled: ${share === undefined ? reason : percent(share)} (at least ${availability} %)`,
    });
  }
  const times = [
    ["rtoMinutes", "recovery", rtoMinutes, recovery?.rtoMinutes],
    ["rpoMinutes", "lost changes", rpoMinutes, recovery?.rpoMinutes],
  ] as const;
  for (const [key, name, target, value] of times) {
    if (target === undefined) continue;
    results.push({
      key,
      target,
      value: value ?? null,
      status: value === undefined ? "unknown" : judged(value !== null && value <= target),
      text: `${name} after the loss of ${article(disruption)}: ${value === undefined ? reason : duration(value)} (at most ${duration(target)})`,
    });
  }
  if (monthlyBudgetUsd !== undefined) {
    results.push({
      key: "monthlyBudgetUsd",
      target: monthlyBudgetUsd,
      value: total.known ? total.usd : null,
      status: budgetStatus(total, monthlyBudgetUsd),
      text: `cost: ${sumText(total)} (at most ${usd(monthlyBudgetUsd)})`,
    });
  }
  return results;
}

function judged(met: boolean): ObjectiveResult["status"] {
  return met ? "met" : "missed";
}

/** What has a price may be too much already; else a missing one decides. */
function budgetStatus(total: MonthlySum, budgetUsd: number): ObjectiveResult["status"] {
  if (atLeast(total) > budgetUsd) return "missed";
  return total.known ? "met" : "unknown";
}

function article(disruption: ObjectivesConfig["disruption"]): string {
  return disruption === "instance" ? "an instance" : `a ${disruption}`;
}
