import { duration } from "../output/format";
import { checkObjectives, type ObjectiveResult } from "../figures/objectives";
import type { StackEdit } from "./fileEdits";
import { familyOf, rankOf, settingText } from "./setting";
import {
  bestFor,
  meets,
  meetsTarget,
  percentOf,
  targetKeys,
  valueFor,
  type TargetKey,
  type Targets,
} from "./targets";
import { dollars, percentText } from "./texts";
import { keepsDatabase, type ExplainedTradeOff } from "./tradeOff";
import type { Evaluated } from "./types";
import type { DisruptionKind, Recovery } from "../availability/types";

/** A setting to take, and how. */
export interface Choice {
  of: Evaluated;
  /** Empty: it is the present one. */
  edits: StackEdit[];
  /** Objectives of the stack that it misses, because an option asked for less. */
  missed: ObjectiveResult[];
  /** What to know before editing, one sentence each. */
  cautions: string[];
}

export interface Answer {
  /** The cheapest setting that meets all targets; absent: none does. */
  cheapest?: Choice;
  /** The cheapest that does so with the present database, where `cheapest` changes that. */
  keepingDatabase?: Choice;
  /** Why no setting meets them, one sentence per target that is in the way. */
  unreachable: string[];
  /** Why nothing is said, neither of the cheapest nor of the unreachable: see {@link unjudged}. */
  unknown?: string;
}

/** Why no verdict can be given, and what to do; undefined where every setting could be judged. */
export function unjudged({
  stack,
  current,
  evaluated,
  unknown,
}: ExplainedTradeOff): string | undefined {
  const [first, ...others] = unknown;
  if (!first) return undefined;
  const count = unknown.reduce((sum, { settings }) => sum + settings, 0);
  const more = others.length > 0 ? ` ${others.length} more reasons stand above.` : "";
  // What is kept is as now: where the present setting itself is unknown, that is of no help.
  const way =
    current && !first.reason.includes("--keep")
      ? " Or leave such settings out of the question with --keep, for example --keep database,regions."
      : "";
  return `${stack}: ${count} of ${evaluated.length + count} settings could not be judged, so that none is called the cheapest. ${first.reason}${more}${way}`;
}

/** The cheapest setting that meets every target; of equal cost, the one that is down less. */
export function cheapest(of: ExplainedTradeOff, targets: Targets): Answer {
  const unknown = unjudged(of);
  if (unknown !== undefined) return { unreachable: [], unknown };
  // `evaluated` has the cheapest first, and of these the least downtime.
  const fitting = of.evaluated.filter((one) => meets(one, targets));
  const [best] = fitting;
  if (!best) return { unreachable: reasons(of, targets) };
  const sameDatabase = fitting.find(({ setting }) => keepsDatabase(setting, of.present));
  return {
    cheapest: choice(of, best),
    ...(sameDatabase && sameDatabase !== best ? { keepingDatabase: choice(of, sameDatabase) } : {}),
    unreachable: [],
  };
}

function choice(trade: ExplainedTradeOff, of: Evaluated): Choice {
  const total = { known: true, usd: of.usd } as const;
  const missed = checkObjectives(trade.objectives, trade.figuresOf(of).level, total).filter(
    ({ status }) => status === "missed",
  );
  return { of, edits: trade.editsOf(of), missed, cautions: cautions(trade, of) };
}

/** What the figures do not show of a change. */
function cautions({ present }: ExplainedTradeOff, { setting, current }: Evaluated): string[] {
  if (current) return [];
  const found: string[] = [];
  if (setting.edition !== present.edition) {
    found.push(
      `The edition of a database cannot be changed: ${setting.edition} means a new one, and moving the data there.`,
    );
  }
  if (setting.instanceClass !== present.instanceClass) {
    const smaller =
      familyOf(setting.instanceClass) !== familyOf(present.instanceClass) ||
      rankOf(setting.instanceClass) < rankOf(present.instanceClass);
    if (smaller) {
      found.push(
        `Whether ${setting.instanceClass} carries what ${present.instanceClass} does is not modelled: compare its CPU and memory with what the database uses.`,
      );
    }
  }
  if (setting.regionCount < present.regionCount) {
    found.push(
      "One region instead of two deletes what the second region holds, and takes protect and database.deletionProtection off there first: docs/runbooks/regions.md.",
    );
  }
  if (setting.natGateways === "none" && present.natGateways !== "none") {
    found.push("Without NAT gateways, servers reach AWS's services only, not the internet.");
  }
  return found;
}

/** Per target that no setting reaches; where each is reached by one, per target in the way. */
function reasons(trade: ExplainedTradeOff, targets: Targets): string[] {
  const { evaluated } = trade;
  if (evaluated.length === 0) {
    return ["No setting is allowed by the config's rules: see above what was left out, and why."];
  }
  const asked = targetKeys.filter((key) => targets[key] !== undefined);
  const alone = asked.filter((key) => !evaluated.some((one) => meetsTarget(one, key, targets)));
  if (alone.length > 0) return alone.map((key) => whyNot(trade, evaluated, key, targets));
  return [
    "Each target is met by some setting, but no setting meets all of them:",
    ...asked.flatMap((key) => {
      const others = evaluated.filter((one) =>
        asked.every((other) => other === key || meetsTarget(one, other, targets)),
      );
      return others.length > 0
        ? [`With the other targets met, ${lowerFirst(whyNot(trade, others, key, targets))}`]
        : [];
    }),
  ];
}

/** What the best of some settings has instead, and the largest reason for it. */
function whyNot(
  trade: ExplainedTradeOff,
  among: Evaluated[],
  key: TargetKey,
  targets: Targets,
): string {
  const best = bestFor(among, key, targets);
  const target = targets[key] ?? 0;
  if (!best) return "No setting is left.";
  const which = `${settingText(best.setting)}; ${dollars(best.usd)} a month`;
  switch (key) {
    case "availability":
      return `No setting reaches ${target} % of writes; the best is ${percentText(percentOf(best.modelledMinutes))} (${which}), because ${largestPart(trade, best)}.`;
    case "monthlyBudgetUsd":
      return `No setting costs ${dollars(target)} a month or less; the cheapest costs ${dollars(best.usd)} (${settingText(best.setting)}), because ${largestCost(trade, best)}.`;
    case "rtoMinutes":
    case "rpoMinutes":
      return lateness(trade, best, key, targets, which);
  }
}

function lateness(
  trade: ExplainedTradeOff,
  best: Evaluated,
  key: "rtoMinutes" | "rpoMinutes",
  targets: Targets,
  which: string,
): string {
  const name = key === "rtoMinutes" ? "RTO" : "RPO";
  const lead = `No setting has an ${name} of ${duration(targets[key] ?? 0)} or less ${scopeText(targets)}`;
  const value = valueFor(best, key, targets);
  const { recovery } = trade.figuresOf(best).level;
  const rows = recovery.filter(({ disruption }) => kindsOf(targets).includes(disruption));
  const limiting = rows.reduce<Recovery | undefined>(
    (worst, row) => (!worst || lasts(row, key) > lasts(worst, key) ? row : worst),
    undefined,
  );
  const why = limiting
    ? `, because of the loss of ${article(limiting.disruption)}: ${lowerFirst(limiting.how)}`
    : ".";
  return value === null
    ? `${lead}: none has a bound${ended(why)}`
    : `${lead}; the best is ${duration(value)} (${which})${ended(why)}`;
}

function lasts(row: Recovery, key: "rtoMinutes" | "rpoMinutes"): number {
  const endless = (minutes: number | null): number => minutes ?? Infinity;
  if (key === "rpoMinutes") return endless(row.rpoMinutes);
  return Math.max(endless(row.readRtoMinutes), endless(row.writeRtoMinutes));
}

function kindsOf({ disruption }: Targets): DisruptionKind[] {
  if (disruption === "instance") return ["instance"];
  return disruption === "zone" ? ["instance", "zone"] : ["instance", "zone", "region"];
}

/** `for the loss of an instance, a zone or a region`. */
export function scopeText(targets: Targets): string {
  const all = kindsOf(targets).map(article);
  const last = all.at(-1) ?? "";
  return `for the loss of ${all.length < 2 ? last : `${all.slice(0, -1).join(", ")} or ${last}`}`;
}

function article(kind: DisruptionKind): string {
  if (kind === "corruption") return "data by corruption";
  return kind === "instance" ? "an instance" : `a ${kind}`;
}

function largestPart(trade: ExplainedTradeOff, of: Evaluated): string {
  const { minutesPerMonth, parts } = trade.figuresOf(of).level.write.modelled;
  const [first] = parts.toSorted((one, other) => other.minutesPerMonth - one.minutesPerMonth);
  if (!first) return "nothing is known of its parts";
  return `the largest part of its ${minutesText(minutesPerMonth)} minutes a month is ${first.what} (${minutesText(first.minutesPerMonth)})`;
}

function minutesText(minutes: number): string {
  return minutes >= 100 ? minutes.toFixed(0) : minutes.toFixed(2);
}

function largestCost(trade: ExplainedTradeOff, of: Evaluated): string {
  const sums = new Map<string, number>();
  for (const { lines } of trade.figuresOf(of).costs) {
    for (const { component, usd } of lines) sums.set(component, (sums.get(component) ?? 0) + usd);
  }
  const [first] = [...sums].toSorted(([, one], [, other]) => other - one);
  return first ? `${first[0]} alone costs ${dollars(first[1])}` : "that is what is left";
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function ended(text: string): string {
  return text.endsWith(".") ? text : `${text}.`;
}
