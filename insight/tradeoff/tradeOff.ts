import { readInputs } from "../availability/inputs";
import { PriceBook } from "../cost/priced";
import { readPrices } from "../cost/priceTable";
import { readUsage } from "../cost/usage";
import { projectRoot } from "../../config/stackFiles";
import type { ObjectivesConfig, PlatformConfig } from "../../stacks/config/platformConfig";
import type { InstallationProblem } from "../../stacks/installation";
import { serviceLevel } from "../../stacks/serviceLevel";
import { settingOf } from "./edits";
import { evaluated, figuresFrom, type Figures } from "./evaluate";
import { editsFor, type StackEdit } from "./fileEdits";
import { dominated, frontier } from "./frontier";
import { readInstallation } from "./installation";
import { plannedCounts } from "./plannedCounts";
import { byPreference, settingText } from "./setting";
import { count, homeStack, spaceOf, type Candidate, type Reasons } from "./space";
import type { Evaluated, Frontier, LeftOut, Setting, TradeOff } from "./types";

export interface TradeOffOptions {
  /** Decisions that stay as they are. @default none */
  keep?: (keyof Setting)[];
  /** Day against which the prices' age counts. @default now */
  today?: Date;
  /** Hears how many settings of all have been evaluated. */
  onProgress?: (done: number, all: number) => void;
}

/** A trade-off that can explain itself. Its functions are no part of its JSON form. */
export interface ExplainedTradeOff extends TradeOff {
  domain: string;
  /** The folder that holds the stack files. */
  root: string;
  /** The present config as a setting, also where it could not be evaluated. */
  present: Setting;
  /** What the installation must reach: those of its first stack, as for the plan. */
  objectives: ObjectivesConfig;
  /** Families of RDS classes among the settings, the present one first. */
  families: string[];
  problems: InstallationProblem[];
  /** Costs by stack and the service level, whole. */
  figuresOf(of: Evaluated): Figures;
  /** What to change in the stacks' files; empty for the present setting. */
  editsOf(of: Evaluated): StackEdit[];
}

/**
 * Evaluates every valid setting around a stack's installation, offline, from a few plans.
 * @throws UserError for an unknown stack, or a damaged price, usage or inputs file;
 *   ConfigError where the stack's own config is wrong.
 */
export async function tradeOff(
  stack: string,
  root = projectRoot,
  { keep = [], today = new Date(), onProgress }: TradeOffOptions = {},
): Promise<ExplainedTradeOff> {
  const started = performance.now();
  const installation = readInstallation(stack, root);
  const prices = readPrices(root);
  const usages = installation.stacks.map(({ stack }) => readUsage(stack, root));
  const [first] = usages;
  const book = new PriceBook(prices, today, first?.usage.pricesOf, first?.file);
  const inputs = readInputs(root);
  const home = homeStack(installation).config;
  const present = settingOf(home);
  const kept = keep.length > 0 ? keeper(home, keep) : undefined;
  const { candidates, invalid, unknown, families } = spaceOf(installation, book, kept);
  const countsOf = await plannedCounts(installation, candidates);
  const figures = figuresFrom(installation, usages, prices, today, countsOf, inputs);
  const candidateOf = new Map<Evaluated, Candidate>();
  for (const [index, candidate] of candidates.entries()) {
    const row = evaluated(candidate, figures(candidate.configs));
    if (typeof row === "string") count(unknown, row);
    else candidateOf.set(row, candidate);
    onProgress?.(index + 1, candidates.length);
  }
  const all = inOrder([...candidateOf.keys()], present);
  const current = all.find((of) => of.current);
  const sameDatabase = all.filter(({ setting }) => keepsDatabase(setting, present));
  const known = (of: Evaluated): Candidate => {
    const candidate = candidateOf.get(of);
    if (!candidate) throw new Error(`${settingText(of.setting)} is of another trade-off.`);
    return candidate;
  };
  return {
    stack: installation.stack,
    domain: installation.domain,
    root: installation.root,
    present,
    objectives: home.objectives,
    families,
    evaluated: all,
    invalid: byCount(invalid),
    unknown: byCount(unknown),
    ...frontiers(all),
    keepingDatabase: frontiers(sameDatabase),
    dominated: dominated(all),
    ...(current ? { current } : {}),
    problems: installation.problems,
    milliseconds: elapsed(started),
    figuresOf: (of) => figures(known(of).configs),
    editsOf: (of) => (known(of).current ? [] : editsFor(installation, of.setting)),
  };
}

/** NAT gateways stay as the config has them: without the key, they follow the zones. */
function keeper(home: PlatformConfig, keep: (keyof Setting)[]): (setting: Setting) => boolean {
  const present = settingOf(home);
  return (setting) =>
    keep.every((key) => {
      if (key !== "natGateways") return setting[key] === present[key];
      const { natGateways } = serviceLevel({ ...home, azCount: setting.azCount });
      return setting.natGateways === natGateways;
    });
}

/** True where a setting leaves the database's edition and class as they are. */
export function keepsDatabase(setting: Setting, present: Setting): boolean {
  return setting.edition === present.edition && setting.instanceClass === present.instanceClass;
}

function frontiers(all: Evaluated[]): { modelled: Frontier; slaComposite: Frontier } {
  return {
    modelled: frontier(all, (of) => of.modelledMinutes),
    slaComposite: frontier(all, (of) => of.slaCompositeMinutes),
  };
}

/** The cheapest first; between equals, the one that a reader would rather take. */
function inOrder(all: Evaluated[], present: Setting): Evaluated[] {
  const preference = byPreference(present);
  return all.toSorted(
    (one, other) =>
      one.usd - other.usd ||
      one.modelledMinutes - other.modelledMinutes ||
      one.slaCompositeMinutes - other.slaCompositeMinutes ||
      preference(one, other),
  );
}

function byCount(reasons: Reasons): LeftOut[] {
  return [...reasons]
    .map(([reason, settings]) => ({ reason, settings }))
    .toSorted(
      (one, other) => other.settings - one.settings || one.reason.localeCompare(other.reason),
    );
}

function elapsed(started: number): number {
  return Math.round(performance.now() - started);
}
