import { closest, distance } from "fastest-levenshtein";
import type { ObjectivesConfig } from "../../stacks/config/platformConfig";
import { roundedMinutes } from "./frontier";
import { keepable, keptBy } from "./setting";
import type { Evaluated, Setting } from "./types";
import { UserError } from "../../config/mistake";

export const disruptions = ["instance", "zone", "region"] as const;

/**
 * What a setting must meet, in the form of a stack's `objectives`: availability of writes, modelled,
 * in percent; USD of the installation. Each is met by equality too.
 */
export type Targets = ObjectivesConfig;

export type TargetKey = Exclude<keyof Targets, "disruption">;

/** In the order in which they are told. */
export const targetKeys = [
  "availability",
  "rtoMinutes",
  "rpoMinutes",
  "monthlyBudgetUsd",
] as const satisfies readonly TargetKey[];

/** Options as a command line hands them over. */
export interface TargetOptions {
  availability?: unknown;
  rto?: unknown;
  rpo?: unknown;
  budget?: unknown;
  disruption?: unknown;
}

/**
 * Reads `--availability 99.95 --rto 15m --rpo 90s --budget 9000 --disruption zone`.
 * @param objectives what holds without an option.
 * @throws UserError that names every bad value.
 */
export function parseTargets(
  options: TargetOptions,
  objectives: Targets = { disruption: "region" },
): Targets {
  const problems: string[] = [];
  const read = <T>(value: unknown, how: (text: string) => T | string): T | undefined => {
    if (value === undefined) return undefined;
    const result = how(asText(value));
    if (typeof result !== "string") return result;
    problems.push(result);
    return undefined;
  };
  const availability = read(options.availability, readPercent);
  const rtoMinutes = read(options.rto, (text) => readDuration("rto", text));
  const rpoMinutes = read(options.rpo, (text) => readDuration("rpo", text));
  const monthlyBudgetUsd = read(options.budget, readBudget);
  const disruption = read(options.disruption, readDisruption)?.kind ?? objectives.disruption;
  const timed = [options.rto, options.rpo, objectives.rtoMinutes, objectives.rpoMinutes];
  if (options.disruption !== undefined && timed.every((one) => one === undefined)) {
    problems.push("--disruption says for what --rto and --rpo hold: set one of these as well.");
  }
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  return {
    ...objectives,
    ...(availability === undefined ? {} : { availability }),
    ...(rtoMinutes === undefined ? {} : { rtoMinutes }),
    ...(rpoMinutes === undefined ? {} : { rpoMinutes }),
    ...(monthlyBudgetUsd === undefined ? {} : { monthlyBudgetUsd }),
    disruption,
  };
}

/** An option that is given twice comes as a list, one without a value as true. */
function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join(" and ");
  return value === true ? "" : String(value).trim();
}

const found = (text: string): string => (text === "" ? "has no value" : `is "${text}"`);

function readPercent(text: string): number | string {
  const percent = /^\d+(\.\d+)?\s*%?$/.test(text) ? Number.parseFloat(text) : NaN;
  if (percent > 0 && percent <= 100) {
    if (percent > 1) return percent;
    return `--availability is "${text}", which is at most 1 %: write percent, for example 99.95.`;
  }
  return `--availability ${found(text)}: write percent of time above 1 and up to 100, for example 99.95.`;
}

const minutesPer = { s: 1 / 60, m: 1, h: 60 };

function readDuration(name: string, text: string): number | string {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([smh])$/.exec(text) ?? [];
  if (amount !== undefined) return Number(amount) * minutesPer[unit as keyof typeof minutesPer];
  if (/^0+(\.0+)?$/.test(text)) return 0;
  const hint = /^\d+(\.\d+)?$/.test(text)
    ? `a unit is missing: ${text}m is minutes, ${text}h hours`
    : "write a time with its unit, s, m or h, for example 90s, 15m or 4h";
  return `--${name} ${found(text)}: ${hint}.`;
}

function readBudget(text: string): number | string {
  const plain = text.replace(/^\$/, "");
  const valid = /^\d+(\.\d+)?$/.test(plain) || /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain);
  const usd = valid ? Number(plain.replaceAll(",", "")) : NaN;
  if (usd > 0) return usd;
  return `--budget ${found(text)}: write US dollars a month for the whole installation, more than 0, for example 9000.`;
}

function readDisruption(text: string): { kind: Targets["disruption"] } | string {
  const kind = disruptions.find((one) => one === text);
  if (kind) return { kind };
  const near = text === "" ? "" : meant(text, disruptions);
  return `--disruption ${found(text)}: use instance, zone or region.${near}`;
}

/**
 * Reads `--keep database,nat`: decisions that stay as they are.
 * @throws UserError for an unknown word.
 */
export function parseKeep(value: unknown): (keyof Setting)[] {
  if (value === undefined) return [];
  const words = asText(value)
    .split(/\s+and\s+|[,\s]+/)
    .filter((word) => word !== "");
  const unknown = words.filter((word) => keptBy(word) === undefined);
  if (words.length === 0 || unknown.length > 0) {
    const what = words.length === 0 ? "has no value" : `does not know ${unknown.join(", ")}`;
    const near = unknown[0] === undefined ? "" : meant(unknown[0], keepable);
    throw new UserError(`--keep ${what}: use ${keepable.join(", ")}, joined by commas.${near}`);
  }
  return [...new Set(words.flatMap((word) => keptBy(word) ?? []))];
}

function meant(word: string, words: readonly string[]): string {
  const near = closest(word, words);
  return distance(word, near) <= 2 ? ` Did you mean ${near}?` : "";
}

/** A setting's value for a target; null: unbounded. Availability in percent. */
export function valueFor(of: Evaluated, key: TargetKey, targets: Targets): number | null {
  switch (key) {
    case "availability":
      return percentOf(of.modelledMinutes);
    case "monthlyBudgetUsd":
      return of.usd;
    case "rtoMinutes":
      return byDisruption(targets, of.instanceRtoMinutes, of.zoneRtoMinutes, of.rtoMinutes);
    case "rpoMinutes":
      return byDisruption(targets, of.instanceRpoMinutes, of.zoneRpoMinutes, of.rpoMinutes);
  }
}

/** Without the figure for instances alone, the one for zones, which covers them, counts. */
function byDisruption(
  { disruption }: Targets,
  instance: number | null | undefined,
  zone: number | null,
  region: number | null,
): number | null {
  if (disruption === "region") return region;
  return disruption === "instance" && instance !== undefined ? instance : zone;
}

const minutesPerMonth = 43_800;

export function percentOf(minutes: number): number {
  return 100 * (1 - minutes / minutesPerMonth);
}

/** True where a setting meets one target, or has none to meet. */
export function meetsTarget(of: Evaluated, key: TargetKey, targets: Targets): boolean {
  const target = targets[key];
  if (target === undefined) return true;
  const value = valueFor(of, key, targets);
  if (value === null) return false;
  // Percent comes from minutes with six decimals; less than that is arithmetic, not availability.
  return key === "availability" ? value >= target - 1e-9 : value <= target;
}

/** True where a setting meets every target. */
export function meets(of: Evaluated, targets: Targets): boolean {
  return targetKeys.every((key) => meetsTarget(of, key, targets));
}

/** The best for one target, of equals the cheapest; minutes are rounded as on the frontier. */
export function bestFor(all: Evaluated[], key: TargetKey, targets: Targets): Evaluated | undefined {
  const score = (of: Evaluated): number => {
    if (key === "availability") return roundedMinutes(of.modelledMinutes);
    return valueFor(of, key, targets) ?? Infinity;
  };
  return all.reduce<Evaluated | undefined>((best, one) => {
    if (best === undefined) return one;
    const [mine, theirs] = [score(one), score(best)];
    return mine < theirs || (mine === theirs && one.usd < best.usd) ? one : best;
  }, undefined);
}
