import type { PlatformConfig } from "../../stacks/config/platformConfig";
import { serviceLevel } from "../../stacks/serviceLevel";
import { bareKey, type SourceStack } from "./installation";
import { asObject, withValue } from "./nested";
import type { Setting } from "./types";

/** One value of a stack's config that a setting changes. */
export interface Change {
  /** Key without namespace, then the keys inside it: `["database", "edition"]`. */
  path: string[];
  from: string | number | undefined;
  to: string | number;
}

/** The setting that a stack's config is: NAT gateways as they take effect, the lower fleet. */
export function settingOf(config: PlatformConfig): Setting {
  const { azCount, regionCount, database, web, app } = config;
  return {
    azCount,
    regionCount,
    edition: database.edition,
    instanceClass: database.instanceClass,
    minPerAz: Math.min(web.instancesPerAz.min, app.instancesPerAz.min),
    natGateways: serviceLevel(config).natGateways,
  };
}

/**
 * What makes a stack's config the setting, as few keys as do. A stack that the setting leaves
 * without use only gets the `regionCount`. `max` of a tier rises where `min` passes it.
 */
export function changesFor(config: PlatformConfig, setting: Setting): Change[] {
  const changes: Change[] = [];
  const set = (path: string[], from: string | number | undefined, to: string | number): void => {
    if (from !== to) changes.push({ path, from, to });
  };
  set(["regionCount"], config.regionCount, setting.regionCount);
  const place = config.regions.indexOf(config.region);
  if (place >= setting.regionCount) return changes;
  set(["azCount"], config.azCount, setting.azCount);
  set(["database", "edition"], config.database.edition, setting.edition);
  set(["database", "instanceClass"], config.database.instanceClass, setting.instanceClass);
  for (const tier of ["web", "app"] as const) {
    const { min, max } = config[tier].instancesPerAz;
    set([tier, "instancesPerAz", "min"], min, setting.minPerAz);
    set([tier, "instancesPerAz", "max"], max, Math.max(max, setting.minPerAz));
  }
  const { natGateways } = serviceLevel({ ...config, azCount: setting.azCount });
  if (natGateways !== setting.natGateways) {
    set(["network", "natGateways"], config.network.natGateways, setting.natGateways);
  }
  return changes;
}

/** The engine's form with the changes, for a trial. */
export function changedRaw(
  raw: Record<string, string>,
  project: string,
  changes: Change[],
): Record<string, string> {
  const changed = { ...raw };
  for (const { path, to } of changes) {
    const [key = "", ...inner] = path;
    const full = `${project}:${key}`;
    changed[full] =
      inner.length === 0
        ? String(to)
        : JSON.stringify(withValue(asObject(changed[full]), inner, to));
  }
  return changed;
}

/**
 * A file's own config with the changes: what `readStack` takes as `edit`. An object that only
 * Pulumi.yaml has is taken over whole, because a stack's object replaces the project's.
 */
export function changedFile(
  own: Record<string, unknown>,
  source: SourceStack,
  project: string,
  changes: Change[],
): Record<string, unknown> {
  const changed = { ...own };
  for (const { path, to } of changes) {
    const [key = "", ...inner] = path;
    const spelled = source.ownKeys[key] ?? `${project}:${key}`;
    const base = changed[spelled] ?? source.raw[`${project}:${key}`];
    changed[spelled] = inner.length === 0 ? to : withValue(asObject(base), inner, to);
  }
  return changed;
}

/** One change in words: `database.edition: standard → web`. */
export function changeText({ path, from, to }: Change, project: string): string {
  const key = bareKey(path.join("."), project);
  return from === undefined ? `${key}: ${to}` : `${key}: ${from} → ${to}`;
}
