import { ConfigError, parseConfig, type PlatformConfig } from "../../stacks/config";
import { readInstanceType } from "../../stacks/configInstanceTypes";
import { serviceLevel } from "../../stacks/serviceLevel";
import type { PriceTable } from "../cost/priceTable";
import { changedRaw, changesFor, settingOf, type Change } from "./edits";
import type { SourceInstallation, SourceStack } from "./installation";
import { familyOf, rankOf } from "./setting";
import type { Setting } from "./types";

/** A setting that the config's rules allow, with the configs that make it. */
export interface Candidate {
  setting: Setting;
  /** In the order of the installation's stacks, the ones out of use included. */
  configs: PlatformConfig[];
  /** The files as they are. */
  current: boolean;
  /** See `Evaluated.differs`. */
  differs?: string;
}

/** What was left out, by reason. */
export type Invalid = Map<string, number>;

export interface Space {
  candidates: Candidate[];
  invalid: Invalid;
  /** Families of RDS classes that were taken, the configured one first. */
  families: string[];
}

/** Settings that make a space worth a search; a family alone often has fewer. */
export const enough = 500;

const zones = [1, 2, 3] as const;
const regionCounts = [1, 2] as const;
const editions = ["web", "standard", "enterprise"] as const;
const gateways = ["none", "single", "onePerAz"] as const;

/** Servers per zone that are tried, at least; more where the config has more. */
const mostServers = 4;

/** Every setting of some classes, valid or not. */
export function allSettings(classes: string[], most: number): Setting[] {
  const servers = Array.from({ length: most }, (_, index) => index + 1);
  return classes.flatMap((instanceClass) =>
    editions.flatMap((edition) =>
      regionCounts.flatMap((regionCount) =>
        zones.flatMap((azCount) =>
          servers.flatMap((minPerAz) =>
            gateways.map((natGateways) => ({
              azCount,
              regionCount,
              edition,
              instanceClass,
              minPerAz,
              natGateways,
            })),
          ),
        ),
      ),
    ),
  );
}

/**
 * The settings around an installation's config: its RDS class's family in all sizes that have a
 * price in the home region, and other families, the most alike first, while fewer than
 * {@link enough} settings are valid. What is valid is for the config's own rules to say: each
 * setting is the files' edit, read as the program reads it. The present config is one of the
 * candidates also where it is none of these settings.
 *
 * @param keep leaves out settings that it says no to; the class's family alone is then enough.
 */
export function spaceOf(
  installation: SourceInstallation,
  prices: PriceTable,
  keep?: (setting: Setting) => boolean,
): Space {
  const home = homeStack(installation);
  const present = settingOf(home.config);
  const most = Math.max(mostServers, present.minPerAz);
  const invalid: Invalid = new Map();
  const candidates: Candidate[] = [];
  const families: string[] = [];
  const configs = reader(installation);
  for (const { family, classes } of classFamilies(prices, present.instanceClass, home)) {
    if (candidates.length >= (keep ? 1 : enough)) break;
    families.push(family);
    for (const setting of allSettings(classes, most)) {
      if (keep?.(setting) === false) continue;
      const found = candidate(installation, setting, configs, prices);
      if (typeof found === "string") invalid.set(found, (invalid.get(found) ?? 0) + 1);
      else candidates.push(found);
    }
  }
  const known = candidates.some(({ current }) => current);
  return {
    candidates: known ? candidates : [asItIs(installation, present), ...candidates],
    invalid,
    families,
  };
}

/** The stack whose config stands for the installation's: the home region's, where there is one. */
export function homeStack({ stacks }: SourceInstallation): SourceStack {
  const [home] = stacks;
  if (!home) throw new Error("An installation without stacks was read.");
  return home;
}

/** The setting's configs, or why it is left out. */
function candidate(
  installation: SourceInstallation,
  setting: Setting,
  configsOf: (source: SourceStack, changes: Change[]) => PlatformConfig | string,
  prices: PriceTable,
): Candidate | string {
  const { stacks, noSecond } = installation;
  const configs: PlatformConfig[] = [];
  let current = true;
  for (const source of stacks) {
    const changes = changesFor(source.config, setting);
    const config = configsOf(source, changes);
    if (typeof config === "string") return config;
    if (changes.length > 0) current = false;
    configs.push(config);
  }
  if (setting.regionCount === 2 && noSecond !== undefined) return `regionCount: ${noSecond}`;
  const unpriced = configs.map((config) => missingClass(config, prices)).find(Boolean);
  return unpriced ?? { setting, configs, current };
}

/** Reads a stack's changed config once per distinct change. */
function reader({ project }: SourceInstallation) {
  const read = new Map<string, PlatformConfig | string>();
  return (source: SourceStack, changes: Change[]): PlatformConfig | string => {
    const key = `${source.stack} ${JSON.stringify(changes)}`;
    const known = read.get(key);
    if (known !== undefined) return known;
    const config = parsed(changedRaw(source.raw, project, changes), source.stack);
    read.set(key, config);
    return config;
  };
}

function parsed(raw: Record<string, string>, stack: string): PlatformConfig | string {
  try {
    return parseConfig(raw, stack);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [first] = error.problems;
    return first ? `${first.key}: ${first.message}` : error.message;
  }
}

/** Most settings without a price lack the database's, which is cheap to see. */
function missingClass(config: PlatformConfig, prices: PriceTable): string | undefined {
  const { active, multiAz } = serviceLevel(config);
  const { edition, instanceClass } = config.database;
  const key = `rds:${instanceClass}:${edition}:${multiAz ? "multi" : "single"}`;
  if (!active || prices.find(key, config.region)) return undefined;
  const standby = multiAz ? "with" : "without";
  return `${instanceClass} with the ${edition} edition, ${standby} a standby, has no price in ${config.region} (${key}): add one to insight/prices/${config.region}.json, or run npm run prices:refresh.`;
}

function asItIs({ stacks }: SourceInstallation, setting: Setting): Candidate {
  const differs = stacks
    .filter(({ config }) => serviceLevel(config).active)
    .flatMap(({ stack, config }) =>
      changesFor(config, setting).map(
        ({ path, from }) => `${path.join(".")} ${from ?? "unset"} in ${stack}`,
      ),
    );
  return {
    setting,
    configs: stacks.map(({ config }) => config),
    current: true,
    ...(differs.length > 0 ? { differs: differs.join(", ") } : {}),
  };
}

interface Family {
  family: string;
  /** From the smallest. */
  classes: string[];
}

/** Priced classes by family: the configured one, then its kind (r, m, t …), then the others. */
function classFamilies(prices: PriceTable, configured: string, home: SourceStack): Family[] {
  const families = new Map<string, Set<string>>([[familyOf(configured), new Set([configured])]]);
  for (const { key } of prices.rows(home.config.region)) {
    const name = /^rds:(db\.[^:]+):/.exec(key)?.[1];
    const type = name === undefined ? undefined : readInstanceType(name.slice(3));
    if (name === undefined || !type) continue;
    families.set(type.family, (families.get(type.family) ?? new Set()).add(name));
  }
  const own = familyOf(configured);
  const distance = (family: string): number => {
    if (family === own) return 0;
    return family[0] === own[0] ? 1 : 2;
  };
  return [...families]
    .map(([family, names]) => ({
      family,
      classes: [...names].toSorted((one, other) => rankOf(one) - rankOf(other)),
    }))
    .toSorted(
      (one, other) =>
        distance(one.family) - distance(other.family) || one.family.localeCompare(other.family),
    );
}
