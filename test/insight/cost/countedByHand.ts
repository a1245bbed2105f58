import type { PlatformConfig } from "../../../stacks/config/platformConfig";
import { replicationPlan, type ReplicationPlan } from "../../../stacks/replicationPlan";
import { healthMetricsRegion, serviceLevel, type ServiceLevel } from "../../../stacks/serviceLevel";
import {
  add,
  nothing,
  type ResourceCounts,
  type NetworkCounts,
  type TierCounts,
} from "../../../catalogue/resourceCounts";
import { costComponentsOf } from "../../../insight/cost/costComponents";
import type { CostComponent } from "../../../insight/cost/types";
import type { Usage } from "../../../insight/cost/usageSchema";

// The bill a second time, from the config alone and by nothing that the catalogue counts, so that a
// mistake there shows. Counts of the program, which no config decides, stand here as numbers.
const fixed = {
  /** Network: interface endpoints with and without `network.interfaceEndpoints`. */
  endpoints: { all: 8, least: 1 },
  /** Alarms: five for each tier, three for the database and its function, rotation, flow logs. */
  alarms: 15,
  /** RegionalEntry: each tier without a server. */
  entryAlarms: 2,
  /** Made by Auto Scaling for each target-tracking policy. */
  scalingAlarms: 2,
  /** ReplicationAlarms. */
  copyAlarms: 6,
  /** The copy's age, and how far its heartbeat is behind. */
  copyMetrics: 2,
  /** DatabaseUpkeep: tables that are not copied, and whether it goes on at all. */
  upkeepMetrics: 1,
  upkeepAlarms: 2,
  /** CaptureAlarms. */
  captureAlarms: 2,
  /** Whether capture runs, how full the log is, and what that waits for. */
  captureMetrics: 3,
  keys: 3,
  databaseFunctionMiB: 512,
  /** A run a minute, for 730 h. */
  upkeepRuns: 43_800,
  layoutZones: 3,
};

/** The lines of a stack's bill. Empty for a region that `regionCount` leaves out. */
export function costComponentsByHand(config: PlatformConfig, usage: Usage): CostComponent[] {
  return costComponentsOf(countedByHand(config), usage);
}

function countedByHand(config: PlatformConfig): ResourceCounts {
  const { region } = config;
  const level = serviceLevel(config);
  const counts = nothing(region);
  if (!level.active) return counts;
  const replication = replicationPlan(config, level);
  counts.tiers = [tier("web", config, level), tier("app", config, level)];
  counts.network = network(config, level);
  addDatabase(counts, config, level, replication);
  addNames(counts, config, level);
  addSecrets(counts, replication);
  addCopy(counts, config, level, replication);
  for (const component of ["WebTier", "AppTier"]) {
    add(counts.alarms, component, region, fixed.scalingAlarms);
  }
  add(counts.alarms, "Alarms", region, fixed.alarms);
  add(counts.keys, "EncryptionKeys", region, fixed.keys);
  counts.keysRotate = true;
  const days = config.logRetentionDays;
  counts.logDays = {
    WebTier: days,
    AppTier: days,
    SqlServerCluster: days,
    DatabaseFunction: days,
    Network: days,
  };
  counts.archiveDays = days;
  counts.artifacts = true;
  counts.mail = config.alarmEmail !== undefined;
  return counts;
}

function tier(role: "web" | "app", config: PlatformConfig, level: ServiceLevel): TierCounts {
  const { instanceType, instancesPerAz, rootVolumeGiB } = config[role];
  return {
    tier: role,
    instanceType,
    zones: level.zones.length,
    minPerZone: instancesPerAz.min,
    maxPerZone: instancesPerAz.max,
    diskGiB: rootVolumeGiB,
    detailedMonitoring: true,
    balancerZones: level.loadBalancerZones.length,
    publicBalancer: role === "web" && config.exposure === "public",
  };
}

function network({ network: own }: PlatformConfig, level: ServiceLevel): NetworkCounts {
  const gateways = {
    none: 0,
    single: 1,
    // awsx makes one in each zone of the layout, whether or not servers run there.
    onePerAz: fixed.layoutZones,
  };
  const natGateways = gateways[level.natGateways];
  const services = own.interfaceEndpoints ? fixed.endpoints.all : fixed.endpoints.least;
  const gateway = own.privateGateway;
  return {
    natGateways,
    natAddresses: natGateways,
    zones: level.zones.length,
    endpointZones: services * level.zones.length,
    ...(gateway && { gateway: "transitGatewayId" in gateway ? "transit" : "direct" }),
  };
}

function addDatabase(
  counts: ResourceCounts,
  { database }: PlatformConfig,
  level: ServiceLevel,
  replication: ReplicationPlan,
): void {
  counts.database = {
    instanceClass: database.instanceClass,
    edition: database.edition,
    multiAz: level.multiAz,
    storageGiB: database.storageGiB,
    iops: database.iops,
    backupDays: database.backupRetentionDays,
    monitoringSeconds: database.monitoringIntervalSeconds,
  };
  if (replication.captures) {
    add(counts.metrics, "CaptureAlarms", counts.region, fixed.captureMetrics);
    add(counts.alarms, "CaptureAlarms", counts.region, fixed.captureAlarms);
  }
  const upkeep = replication.captures !== undefined || replication.follows !== undefined;
  counts.databaseFunction = {
    memoryMiB: fixed.databaseFunctionMiB,
    runsPerMonth: upkeep ? fixed.upkeepRuns : 0,
  };
  if (!upkeep) return;
  add(counts.metrics, "DatabaseUpkeep", counts.region, fixed.upkeepMetrics);
  add(counts.alarms, "DatabaseUpkeep", counts.region, fixed.upkeepAlarms);
}

function addNames(counts: ResourceCounts, config: PlatformConfig, level: ServiceLevel): void {
  const { region } = config;
  const https = level.healthCheck === "https";
  counts.entry = { options: https ? 2 : 0, publicNames: config.exposure === "public" };
  add(counts.zones, "RegionalEntry", region);
  if (level.isHomeRegion && config.hostedZone === "create") add(counts.zones, "GlobalDns", region);
  add(counts.alarms, "RegionalEntry", region, fixed.entryAlarms);
  if (!https) return;
  // Route 53's check is watched where its metric is, through a topic and a key there.
  add(counts.alarms, "EntryAlarms", healthMetricsRegion);
  if (region !== healthMetricsRegion) add(counts.keys, "EntryAlarms", healthMetricsRegion);
}

function addSecrets(counts: ResourceCounts, replication: ReplicationPlan): void {
  const { secrets, region } = counts;
  add(secrets, "SqlServerCluster", region);
  add(secrets, "MachineKey", region);
  // The app's and the migrations' login, and that with which DMS writes.
  add(secrets, "DatabaseLogin", region, replication.peered ? 3 : 2);
  const { ownsPeering, otherRegion } = replication;
  if (!ownsPeering || otherRegion === undefined) return;
  // A login to read each database: the secret beside the database, a copy in the other region.
  add(secrets, "DatabaseLogin", region, 2);
  add(secrets, "DatabaseLogin", otherRegion, 2);
}

function addCopy(
  counts: ResourceCounts,
  config: PlatformConfig,
  level: ServiceLevel,
  { follows, loopbackPrevention }: ReplicationPlan,
): void {
  if (!follows) return;
  const { instanceClass, storageGiB, backupRetentionDays: days } = config.replication;
  const { fullLoad, region: from } = follows;
  counts.copy = { from, instanceClass, storageGiB, multiAz: level.multiAz, fullLoad };
  add(counts.metrics, "ReplicationAlarms", config.region, fixed.copyMetrics);
  add(counts.alarms, "ReplicationAlarms", config.region, fixed.copyAlarms);
  if (days > 0) counts.backupCopy = { from, days };
  if (fullLoad && !loopbackPrevention) counts.guardSnapshots = 1;
}
