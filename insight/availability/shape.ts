import type { PlatformConfig, TierConfig } from "../../stacks/config/platformConfig";
import { replicationPlan } from "../../stacks/replicationPlan";
import { serviceLevel } from "../../stacks/serviceLevel";
import type { InstallationShape, RegionShape, TierShape } from "./types";

/** What the availability model needs of a stack's usage assumptions. */
export interface ShapeUsage {
  servers: Record<"web" | "app", { needed: number }>;
  /** This region's weight among clients. */
  clients: { share: number };
}

export interface ShapeStack {
  config: PlatformConfig;
  usage: ShapeUsage;
}

/**
 * How components/entry/regionalEntry.ts has Route 53 look at a region: a fast HTTPS check, or an alarm that
 * needs two minutes without a healthy web server.
 */
export const healthChecks: Record<"https" | "alarm", RegionShape["healthCheck"]> = {
  https: { kind: "https", intervalSeconds: 10, failures: 3 },
  alarm: { kind: "alarm", intervalSeconds: 60, failures: 2 },
};

/**
 * What decides availability, from the stacks of one installation. Regions in use are those that the
 * home stack's config names (without it: the first stack's); one without a stack of its own is taken
 * to be like the first stack in use.
 * @throws Error where no given stack's region is in use.
 */
export function installationShape(stacks: ShapeStack[]): InstallationShape {
  const active = stacks.filter(({ config }) => serviceLevel(config).active);
  const lead = active.find(({ config }) => serviceLevel(config).isHomeRegion) ?? active[0];
  if (!lead) throw new Error("No stack of the installation has its region in use.");
  const { regions, regionCount, exposure } = lead.config;
  const used = regions
    .slice(0, regionCount)
    .map((region) => active.find(({ config }) => config.region === region) ?? mirror(lead, region));
  return {
    regions: used.map(regionShape),
    exposure,
    replication: replicationShape(used, lead.config),
    shares: shares(used),
  };
}

function mirror({ config, usage }: ShapeStack, region: string): ShapeStack {
  return { config: { ...config, region }, usage };
}

function regionShape({ config, usage }: ShapeStack): RegionShape {
  const level = serviceLevel(config);
  return {
    region: config.region,
    zones: level.zones.length,
    web: tier(config.web, usage.servers.web.needed),
    app: tier(config.app, usage.servers.app.needed),
    database: {
      multiAz: level.multiAz,
      backupRetentionDays: config.database.backupRetentionDays,
    },
    natGateways: level.natGateways,
    startsNeedNat: !config.network.interfaceEndpoints,
    healthCheck: healthChecks[level.healthCheck],
  };
}

function tier({ instancesPerAz: { min, max } }: TierConfig, needed: number): TierShape {
  return { minPerZone: min, maxPerZone: max, needed };
}

function replicationShape(
  used: ShapeStack[],
  { replication: { mode, writer } }: PlatformConfig,
): InstallationShape["replication"] {
  const first = used[0]?.config.region ?? writer;
  const takesWrites = used.some(({ config }) => config.region === writer) ? writer : first;
  // Like the DMS task, the copy of backups belongs to the region that follows the writer.
  const follower = used.find(
    ({ config }) =>
      config.region !== takesWrites &&
      replicationPlan(config, serviceLevel(config)).follows !== undefined,
  );
  return {
    mode: used.length < 2 ? "none" : mode,
    writer: takesWrites,
    backupCopyDays: follower?.config.replication.backupRetentionDays ?? 0,
  };
}

function shares(used: ShapeStack[]): number[] {
  const weights = used.map(({ usage }) => Math.max(0, usage.clients.share));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total > 0 ? weight / total : 1 / used.length));
}
