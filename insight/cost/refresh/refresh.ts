import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { listStacks, projectName, projectRoot, readStackConfig } from "../../../config/stackFiles";
import { regions as knownRegions } from "../../../stacks/config/formats";
import { collectService, type ListIndex, type Progress, readIndex } from "./bulk";
import type { Collected } from "./collect";
import { type Connection } from "./download";
import { type MappingContext, type Service, services as allServices } from "./mapping";
import { isWanted } from "./wanted";
import { mergeTable, readTable, type TableChange, writeTables } from "./table";
import { UserError } from "../../../config/mistake";

export interface RefreshOptions {
  root?: string;
  /** Regions to refresh; see {@link regionsInUse}. */
  regions: string[];
  connection: Connection;
  /** Writes nothing to the table; what was downloaded stays for the real run. */
  dryRun?: boolean;
  services?: Service[];
}

/** One piece of the work: a service's prices in a region. */
export interface RefreshStep {
  title: string;
  run: (progress: Progress) => Promise<Collected>;
}

export interface Refresh {
  steps: RefreshStep[];
  /** After all steps: checks every region's new table, then writes them. */
  finish(): TableChange[];
}

/** Folder, below the project's root, for what an interrupted refresh leaves. */
export const workFolder = join(".local", "prices");

/** Change it whenever the mapping changes: what an earlier program collected counts no more. */
const mappingVersion = 1;

/** Regions of all stacks, in alphabetical order. */
export function regionsInUse(root = projectRoot): string[] {
  const found = new Set<string>();
  for (const stack of listStacks(root)) {
    const raw = readStackConfig(stack, root);
    const own = raw["aws:region"];
    if (own !== undefined) found.add(own);
    for (const region of listOf(raw[`${projectName(root)}:regions`])) found.add(region);
  }
  return [...found].sort();
}

function listOf(text: string | undefined): string[] {
  try {
    const list = JSON.parse(text ?? "[]") as unknown;
    return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
  } catch {
    return [];
  }
}

/** @throws UserError for regions that do not exist, all at once. */
export function checkRegions(regions: string[]): string[] {
  const unknown = regions.filter((region) => !knownRegions.includes(region));
  if (unknown.length > 0) {
    throw new UserError(`There is no region ${unknown.join(", ")} in AWS's commercial partition.`);
  }
  if (regions.length > 0) return [...new Set(regions)].sort();
  throw new UserError("No stack names a region: say which one with --region us-east-1.");
}

/**
 * Plans a refresh. Nothing is written before `finish`, which needs every step to have succeeded.
 * @throws UserError where an old price file is damaged.
 */
export function planRefresh(options: RefreshOptions): Refresh {
  const { root = projectRoot, regions, connection, services = allServices } = options;
  const tables = regions.map((region) => ({ region, old: readTable(root, region) }));
  const collected = new Map<string, Collected[]>(regions.map((region) => [region, []]));
  let index: Promise<ListIndex> | undefined;
  const steps = tables.flatMap(({ region, old }) => {
    const context = mappingContext(
      region,
      regions,
      old.map(({ key }) => key),
    );
    const asked = digest([mappingVersion, context.otherRegion, old.map(({ key }) => key)]);
    return services.map((service) => ({
      title: `${service.code} in ${region}`,
      run: async (progress: Progress) => {
        index ??= readIndex(connection);
        const list = await (await index).find(service, region);
        const folder = join(root, workFolder);
        const part = await collectService(
          ...[connection, service, list, context, folder, asked, progress],
        );
        collected.get(region)?.push(part);
        return part;
      },
    }));
  });
  const finish = () => {
    const merged = tables.map(({ region, old }) => {
      const parts = collected.get(region) ?? [];
      if (parts.length !== services.length) {
        throw new UserError(`${region} is not complete: nothing is written.`);
      }
      return { region, ...mergeTable(region, old, parts) };
    });
    if (!options.dryRun) {
      writeTables(root, merged);
      rmSync(join(root, workFolder), { recursive: true, force: true });
    }
    return merged.map(({ change }) => change);
  };
  return { steps, finish };
}

function mappingContext(region: string, regions: string[], keys: string[]): MappingContext {
  const have = new Set(keys);
  const partner = region === "us-east-1" ? "us-west-2" : "us-east-1";
  return {
    region,
    otherRegion: regions.find((other) => other !== region) ?? partner,
    wanted: (key) => have.has(key) || isWanted(key),
  };
}

function digest(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}
