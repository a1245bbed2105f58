import { parseConfig, type PlatformConfig } from "../../stacks/config/platformConfig";
import { readInstanceType } from "../../stacks/config/instanceTypes";
import { serviceLevel } from "../../stacks/serviceLevel";
import type { PriceBook } from "../cost/priced";
import { changedRaw, changesFor, settingOf, type Change } from "./edits";
import type { SourceInstallation, SourceStack } from "./installation";
import { familyOf, rankOf } from "./setting";
import type { Setting } from "./types";
import { ConfigError } from "../../config/problems";

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

/** How many settings were left out, by reason. */
export type Reasons = Map<string, number>;

export interface Space {
  candidates: Candidate[];
  /** What the config's own rules refuse. */
  invalid: Reasons;
  /** What nobody can judge: no file says what the second region costs. */
  unknown: Reasons;
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
 * price where the home region's stack takes its prices, and other families, the most alike first,
 * while fewer than {@link enough} settings are valid. What is valid is for the config's own rules to
 * say: each setting is the files' edit, read as the program reads it. The present config is one of
 * the candidates also where it is none of these settings, unless its second region's file is missing.
 *
 * @param keep leaves out settings that it says no to; the class's family alone is then enough.
 */
export function spaceOf(
  installation: SourceInstallation,
  book: PriceBook,
  keep?: (setting: Setting) => boolean,
): Space {
  const { noSecond } = installation;
  const home = homeStack(installation);
  const present = settingOf(home.config);
  const most = Math.max(mostServers, present.minPerAz);
  const invalid: Reasons = new Map();
  const unknown: Reasons = new Map();
  const candidates: Candidate[] = [];
  const families: string[] = [];
  const configs = reader(installation);
  for (const { family, classes } of classFamilies(book, present.instanceClass, home)) {
    if (candidates.length >= (keep ? 1 : enough)) break;
    families.push(family);
    for (const setting of allSettings(classes, most)) {
      if (keep?.(setting) === false) continue;
      const found = candidate(installation, setting, configs);
      if (typeof found === "string") count(invalid, found);
      else if (setting.regionCount === 2 && noSecond !== undefined) {
        count(unknown, `regionCount: ${noSecond}`);
      } else candidates.push(found);
    }
  }
  const unreadable = present.regionCount === 2 && noSecond !== undefined;
  const known = unreadable || candidates.some(({ current }) => current);
  return {
    candidates: known ? candidates : [asItIs(installation, present), ...candidates],
    invalid,
    unknown,
    families,
  };
}

/** Adds one setting to its reason. */
export function count(reasons: Reasons, reason: string): void {
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
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
): Candidate | string {
  const { stacks } = installation;
  const configs: PlatformConfig[] = [];
  let current = true;
  for (const source of stacks) {
    const changes = changesFor(source.config, setting);
    const config = configsOf(source, changes);
    if (typeof config === "string") return config;
    if (changes.length > 0) current = false;
    configs.push(config);
  }
  return { setting, configs, current };
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
function classFamilies(book: PriceBook, configured: string, home: SourceStack): Family[] {
  const families = new Map<string, Set<string>>([[familyOf(configured), new Set([configured])]]);
  for (const { key } of book.rows(home.config.region)) {
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
