import type { PlatformConfig } from "../../stacks/config/platformConfig";
import { serviceLevel } from "../../stacks/serviceLevel";
import { readInputs, type AvailabilityInputs } from "../availability/inputs";
import { serviceLevelFigures } from "../availability/model";
import { installationShape } from "../availability/shape";
import type { ServiceLevelFigures } from "../availability/types";
import { planCostComponents } from "../cost/costComponents";
import { priced } from "../cost/priced";
import { readPrices, type PriceTable } from "../cost/priceTable";
import { addSums, monthlySum } from "../cost/sums";
import type { MissingPrice, StackCost, MonthlySum } from "../cost/types";
import { readUsage, type StackUsage } from "../cost/usage";
import { checkObjectives, type ObjectiveResult } from "./objectives";
import { planStack } from "../plan/offlinePlan";
import type { StackPlan } from "../plan/plan";
import { readableStacks } from "./readableStacks";
import type { StackReport } from "./report";
import { projectRoot } from "../../config/stackFiles";

/** What an installation, one or two stacks with the same domain, buys and costs. */
export interface InstallationFigures {
  domain: string;
  /** Home region first; also stacks that were not planned but belong to it. */
  stacks: StackCost[];
  /** The sum of the stacks. */
  total: MonthlySum;
  /** ± USD per month by estimated prices. */
  uncertaintyUsd: number;
  /** Absent where no region is in use. */
  level?: ServiceLevelFigures;
  /** Objectives that are set: met, missed, or not to be judged. */
  objectives: ObjectiveResult[];
}

/** A stack as far as the figures need it. */
export interface FigureStack {
  stack: string;
  config: PlatformConfig;
  plan: StackPlan;
}

/** What figures stand on besides the stacks. */
export interface FigureSources {
  prices: PriceTable;
  inputs: AvailabilityInputs;
  usageOf: (stack: string) => StackUsage;
  /** Prices older than a year on this day are estimated. */
  today: Date;
}

/** @throws UserError for what is wrong in the price files, usage files or availability inputs. */
export function readSources(today = new Date(), root = projectRoot): FigureSources {
  return {
    prices: readPrices(root),
    inputs: readInputs(root),
    usageOf: (stack) => readUsage(stack, root),
    today,
  };
}

/**
 * The figures of every installation that has a stack among the reports. A second stack that was not
 * planned yet is planned from its file: availability and budget are the installation's.
 * @throws UserError as {@link readSources}, which is the default.
 */
export async function figuresOf(
  reports: StackReport[],
  sources = readSources(),
): Promise<InstallationFigures[]> {
  const domains = new Set(reports.map(({ config }) => config.domain));
  const known = new Set(reports.map(({ stack }) => stack));
  const others = readableStacks((stack) => !known.has(stack)).filter(({ config }) =>
    domains.has(config.domain),
  );
  return installationFigures([...reports, ...(await planned(others))], sources);
}

/** Plans stacks of files that are right. */
export async function planned<T extends { stack: string; raw: Record<string, string> }>(
  stacks: T[],
): Promise<(T & { plan: StackPlan })[]> {
  return Promise.all(
    stacks.map(async (one) => ({
      ...one,
      plan: await planStack({ stack: one.stack, raw: one.raw }),
    })),
  );
}

/** One entry per domain, in the order of the stacks. */
export function installationFigures(
  stacks: FigureStack[],
  sources: FigureSources,
): InstallationFigures[] {
  const domains = [...new Set(stacks.map(({ config }) => config.domain))];
  return domains.map((domain) =>
    figuresOfOne(
      domain,
      stacks.filter(({ config }) => config.domain === domain).toSorted(byRegion),
      sources,
    ),
  );
}

function byRegion(a: FigureStack, b: FigureStack): number {
  return a.config.regions.indexOf(a.config.region) - b.config.regions.indexOf(b.config.region);
}

function figuresOfOne(
  domain: string,
  stacks: FigureStack[],
  sources: FigureSources,
): InstallationFigures {
  const used = stacks.map((entry) => ({ ...entry, ...sources.usageOf(entry.stack) }));
  const costs = used.map(({ stack, config, plan, usage, file }) =>
    priced(
      {
        name: stack,
        region: config.region,
        costComponents: planCostComponents(plan, usage),
        usage,
        ...(file === undefined ? {} : { usageFile: file }),
      },
      sources.prices,
      sources.today,
    ),
  );
  const active = used.some(({ config }) => serviceLevel(config).active);
  const level = active ? serviceLevelFigures(installationShape(used), sources.inputs) : undefined;
  const absent = absentStacks(stacks);
  const total = addSums([
    ...costs.map((cost) => cost.total),
    ...absent.map((stack) => monthlySum([], [absentStack(stack)])),
  ]);
  const [first] = stacks;
  return {
    domain,
    stacks: costs,
    total,
    uncertaintyUsd: cents(costs.reduce((sum, cost) => sum + cost.uncertaintyUsd, 0)),
    ...(level && { level }),
    objectives: first
      ? checkObjectives(
          first.config.objectives,
          absent.length > 0 ? `without ${absent.join(", ")}` : (level ?? "no region is in use"),
          total,
        )
      : [],
  };
}

/** The other region's stacks that could not be read: what they cost and hold, nobody knows. */
function absentStacks(stacks: FigureStack[]): string[] {
  const names = stacks.map(({ stack }) => stack);
  const peers = stacks.flatMap(({ config: { regionCount, peerStack } }) =>
    regionCount === 2 && peerStack !== undefined ? [peerStack] : [],
  );
  return [...new Set(peers)].filter((peer) => !names.includes(peer));
}

function absentStack(stack: string): MissingPrice {
  return {
    ...{ priceKey: "*", region: "*", what: `all of ${stack}`, components: [], lines: 1 },
    message: `Stack ${stack} belongs to it and cannot be read: correct its file.`,
  };
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
