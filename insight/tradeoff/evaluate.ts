import type { AvailabilityInputs } from "../availability/inputs";
import { serviceLevelFigures } from "../availability/model";
import { installationShape } from "../availability/shape";
import type { InstallationShape, ServiceLevelFigures } from "../availability/types";
import { addSums } from "../cost/sums";
import { costComponentsOf } from "../cost/costComponents";
import { priced } from "../cost/priced";
import type { PriceTable } from "../cost/priceTable";
import type { StackCost } from "../cost/types";
import type { StackUsage } from "../cost/usage";
import { worstRecovery } from "../figures/objectives";
import type { PlatformConfig } from "../../stacks/config/platformConfig";
import type { SourceInstallation } from "./installation";
import type { CountsOf } from "./plannedCounts";
import type { Candidate } from "./space";
import type { Evaluated } from "./types";

/** What a setting costs and gives; objects may be shared between settings, so never changed. */
export interface Figures {
  costs: StackCost[];
  level: ServiceLevelFigures;
}

/** Gives the figures of an installation's configs, in the order of its stacks. */
export type FiguresOf = (configs: PlatformConfig[]) => Figures;

/**
 * Figures without a plan of each setting: cost by what a few plans count, level by the installation's
 * shape. What repeats from setting to setting is worked out once.
 * @param usages in the order of the stacks.
 * @param today against which the prices' age counts.
 */
export function figuresFrom(
  { stacks }: SourceInstallation,
  usages: StackUsage[],
  prices: PriceTable,
  today: Date,
  countsOf: CountsOf,
  inputs: AvailabilityInputs,
): FiguresOf {
  const costOf = cached((index: number, config: PlatformConfig): StackCost => {
    const { usage, file } = usages[index] ?? missing(index);
    const { stack } = stacks[index] ?? missing(index);
    const costComponents = costComponentsOf(countsOf(index, config), usage);
    return priced(
      {
        name: stack,
        region: config.region,
        costComponents,
        usage,
        ...(file === undefined ? {} : { usageFile: file }),
      },
      prices,
      today,
    );
  });
  const levels = new Map<string, ServiceLevelFigures>();
  const levelOf = (shape: InstallationShape): ServiceLevelFigures => {
    const key = JSON.stringify(shape);
    const known = levels.get(key) ?? serviceLevelFigures(shape, inputs);
    levels.set(key, known);
    return known;
  };
  return (configs) => ({
    costs: configs.map((config, index) => costOf(index, config)),
    level: levelOf(
      installationShape(
        configs.map((config, index) => ({
          config,
          usage: (usages[index] ?? missing(index)).usage,
        })),
      ),
    ),
  });
}

function missing(index: number): never {
  throw new Error(`The installation has no stack ${index}.`);
}

/**
 * Only a stack out of use repeats from setting to setting (configs are read once per distinct change,
 * so the same one is the same object). To keep the lines of all others would cost memory and time.
 */
function cached(of: (index: number, config: PlatformConfig) => StackCost) {
  const known = new WeakMap<PlatformConfig, StackCost>();
  return (index: number, config: PlatformConfig): StackCost => {
    const cost = known.get(config) ?? of(index, config);
    if (cost.lines.length === 0) known.set(config, cost);
    return cost;
  };
}

/**
 * A candidate with its figures in one row.
 * @returns the sentence of the first price that is missing, where one is.
 */
export function evaluated(
  { setting, current, differs }: Candidate,
  { costs, level }: Figures,
): Evaluated | string {
  const total = addSums(costs.map((cost) => cost.total));
  if (!total.known) return total.missing[0]?.message ?? "";
  const { read, write } = level;
  const all = worstRecovery(level, "region");
  const zone = worstRecovery(level, "zone");
  const instance = worstRecovery(level, "instance");
  return {
    setting,
    usd: total.usd,
    uncertaintyUsd: cents(costs.map(({ uncertaintyUsd }) => uncertaintyUsd)),
    modelledMinutes: steady(write.modelled.minutesPerMonth),
    slaCompositeMinutes: steady(write.slaComposite.minutesPerMonth),
    modelledReadMinutes: steady(read.modelled.minutesPerMonth),
    slaCompositeReadMinutes: steady(read.slaComposite.minutesPerMonth),
    rtoMinutes: all.rtoMinutes,
    rpoMinutes: all.rpoMinutes,
    zoneRtoMinutes: zone.rtoMinutes,
    zoneRpoMinutes: zone.rpoMinutes,
    instanceRtoMinutes: instance.rtoMinutes,
    instanceRpoMinutes: instance.rpoMinutes,
    current,
    ...(differs === undefined ? {} : { differs }),
  };
}

function cents(amounts: number[]): number {
  return Math.round(amounts.reduce((sum, usd) => sum + usd, 0) * 100) / 100;
}

/** Without the noise of adding in another order, which would make a step of no minutes. */
function steady(minutes: number): number {
  return Math.round(minutes * 1e6) / 1e6;
}
