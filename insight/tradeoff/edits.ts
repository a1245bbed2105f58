import { stringify } from "yaml";
import type { PlatformConfig } from "../../stacks/config";
import { serviceLevel } from "../../stacks/serviceLevel";
import { bareKey, type SourceInstallation, type SourceStack } from "./installation";
import type { Setting } from "./types";

/** One value of a stack's config that a setting changes. */
export interface Change {
  /** Key without namespace, then the keys inside it: `["database", "edition"]`. */
  path: string[];
  from: string | number | undefined;
  to: string | number;
}

/** What to change in one stack's file. */
export interface StackEdit {
  stack: string;
  /** e.g. `Pulumi.prod-east.yaml`. */
  file: string;
  /** Empty: the file stays as it is. */
  changes: Change[];
  /** The changed keys alone, as they stand below `config:` in the file. */
  yaml: string;
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

/** What to change in each stack's file of the installation; stacks that stay are left out. */
export function editsFor(installation: SourceInstallation, setting: Setting): StackEdit[] {
  return installation.stacks
    .map((source) => ({ source, changes: changesFor(source.config, setting) }))
    .filter(({ changes }) => changes.length > 0)
    .map(({ source, changes }) => ({
      stack: source.stack,
      file: source.file,
      changes,
      yaml: changesYaml(source, installation.project, changes),
    }));
}

function changesYaml(source: SourceStack, project: string, changes: Change[]): string {
  const spelled = (key: string): string => source.ownKeys[key] ?? `${project}:${key}`;
  const parts = changes.reduce<Record<string, unknown>>((all, { path, to }) => {
    const [key = "", ...inner] = path;
    const whole = source.ownKeys[key] === undefined ? source.raw[`${project}:${key}`] : undefined;
    const value =
      inner.length === 0 ? to : withValue(asObject(all[spelled(key)] ?? whole), inner, to);
    return { ...all, [spelled(key)]: value };
  }, {});
  return stringify(parts);
}

/** One change in words: `database.edition: standard → web`. */
export function changeText({ path, from, to }: Change, project: string): string {
  const key = bareKey(path.join("."), project);
  return from === undefined ? `${key}: ${to}` : `${key}: ${from} → ${to}`;
}

function withValue(
  object: Record<string, unknown>,
  path: string[],
  value: string | number,
): Record<string, unknown> {
  const [key = "", ...inner] = path;
  return {
    ...object,
    [key]: inner.length === 0 ? value : withValue(asObject(object[key]), inner, value),
  };
}

/** Files may hold an object as JSON text; "" is not set. */
function asObject(value: unknown): Record<string, unknown> {
  const read: unknown = typeof value === "string" && value !== "" ? JSON.parse(value) : value;
  const isObject = typeof read === "object" && read !== null && !Array.isArray(read);
  return isObject ? (read as Record<string, unknown>) : {};
}
