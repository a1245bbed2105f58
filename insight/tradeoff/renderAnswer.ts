import pc from "picocolors";
import { duration } from "../output/format";
import { hanging, terminalWidth } from "../output/text";
import { scopeText, type Answer, type Choice } from "./cheapest";
import { costText, pageWidth, pathText, recoveryText, type RenderOptions } from "./render";
import { settingText } from "./setting";
import { meetsTarget, targetKeys, type Targets } from "./targets";
import { dollars } from "./texts";
import { keepsDatabase, type ExplainedTradeOff } from "./tradeOff";
import type { Evaluated } from "./types";

/** The answer to targets: what to edit, or why nothing does. */
export function renderAnswer(
  of: ExplainedTradeOff,
  targets: Targets,
  answer: Answer,
  options: RenderOptions = {},
): string {
  const width = options.width ?? terminalWidth() ?? pageWidth;
  const asked = hanging(`${pc.bold("Targets")}  `, targetsText(targets), width);
  if (answer.unknown !== undefined)
    return [asked, ...missedNow(of.current, targets, width)].join("\n");
  const { cheapest, keepingDatabase, unreachable } = answer;
  if (!cheapest) {
    const lines = unreachable.map((line) => hanging(`${pc.red("✖")} `, line, width));
    return [asked, ...lines].join("\n");
  }
  const now = of.current;
  const lines = [
    asked,
    ...missedNow(now, targets, width),
    "",
    ...choiceLines("Cheapest", cheapest, now, width),
  ];
  if (keepingDatabase) {
    lines.push(
      "",
      ...choiceLines("Cheapest with the database as it is", keepingDatabase, now, width),
    );
  } else if (!keepsDatabase(cheapest.of.setting, of.present)) {
    lines.push("", hanging("", "No setting with the database as it is meets them.", width));
  }
  return lines.join("\n");
}

function targetsText(targets: Targets): string {
  const { availability, rtoMinutes, rpoMinutes, monthlyBudgetUsd } = targets;
  const timed = rtoMinutes !== undefined || rpoMinutes !== undefined;
  return [
    ...(availability === undefined ? [] : [`writes ${availability} % (modelled)`]),
    ...(rtoMinutes === undefined ? [] : [`RTO ${duration(rtoMinutes)}`]),
    ...(rpoMinutes === undefined ? [] : [`RPO ${duration(rpoMinutes)}`]),
    ...(timed ? [`these ${scopeText(targets)}`] : []),
    ...(monthlyBudgetUsd === undefined ? [] : [`budget ${dollars(monthlyBudgetUsd)} a month`]),
  ].join(", ");
}

function missedNow(now: Evaluated | undefined, targets: Targets, width: number): string[] {
  if (!now) return [];
  const names = {
    availability: "availability",
    rtoMinutes: "RTO",
    rpoMinutes: "RPO",
    monthlyBudgetUsd: "budget",
  };
  const missed = targetKeys.filter((key) => !meetsTarget(now, key, targets));
  const text =
    missed.length === 0
      ? "The present setting meets them."
      : `The present setting misses ${missed.map((key) => names[key]).join(", ")}.`;
  return [hanging("", text, width)];
}

function choiceLines(
  title: string,
  { of, edits, missed, cautions }: Choice,
  now: Evaluated | undefined,
  width: number,
): string[] {
  const against = now && now !== of ? `, ${changeInCost(of.usd - now.usd)}` : "";
  const lines = [
    ...missed.map(({ text }) => hanging(`${pc.red("✖")} `, `Misses an objective: ${text}.`, width)),
    hanging(`${pc.bold(title)}  `, `${settingText(of.setting)}: ${costText(of)}${against}`, width),
    hanging("  ", `Writes ${pathText(of.modelledMinutes, of.slaCompositeMinutes)}`, width, "    "),
    hanging("  ", `RTO and RPO ${recoveryText(of)}`, width, "    "),
  ];
  if (edits.length === 0) lines.push("  That is the present setting: nothing to edit.");
  for (const { diff, refusal } of edits) {
    lines.push("", ...diff.trimEnd().split("\n"));
    if (refusal !== undefined) lines.push(hanging(`${pc.red("✖")} `, refusal, width));
  }
  if (cautions.length > 0) lines.push("");
  return [...lines, ...cautions.map((text) => hanging(`${pc.yellow("!")} `, text, width))];
}

function changeInCost(usd: number): string {
  if (usd === 0) return "the same as now";
  return usd > 0 ? `${dollars(usd)} more than now` : `${dollars(-usd)} less than now`;
}
