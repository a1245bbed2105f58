import type { PlatformConfig } from "../../../stacks/config/platformConfig";
import { replicationPlan, type ReplicationPlan } from "../../../stacks/replicationPlan";
import { healthMetricsRegion, serviceLevel, type ServiceLevel } from "../../../stacks/serviceLevel";
import {
  add,
  nothing,
  type Footprint,
  type NetworkFootprint,
  type TierFootprint,
} from "../../../catalogue/footprint";
import { footprintBillables } from "../../../insight/cost/footprintBillables";
import type { Billable } from "../../../insight/cost/types";
import type { Usage } from "../../../insight/cost/usageSchema";

// The bill a second time, from the config alone and by nothing that the catalogue counts, so that a
// mistake there shows. Counts of the program, which no config decides, stand here as numbers.
const counts = {
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
export function configBillables(config: PlatformConfig, usage: Usage): Billable[] {
  return footprintBillables(configFootprint(config), usage);
}

function configFootprint(config: PlatformConfig): Footprint {
  const { region } = config;
  const level = serviceLevel(config);
  const footprint = nothing(region);
  if (!level.active) return footprint;
  const replication = replicationPlan(config, level);
  footprint.tiers = [tier("web", config, level), tier("app", config, level)];
  footprint.network = network(config, level);
  addDatabase(footprint, config, level, replication);
  addNames(footprint, config, level);
  addSecrets(footprint, replication);
  addCopy(footprint, config, level, replication);
  for (const component of ["WebTier", "AppTier"]) {
    add(footprint.alarms, component, region, counts.scalingAlarms);
  }
  add(footprint.alarms, "Alarms", region, counts.alarms);
  add(footprint.keys, "EncryptionKeys", region, counts.keys);
  footprint.keysRotate = true;
  const days = config.logRetentionDays;
  footprint.logDays = {
    WebTier: days,
    AppTier: days,
    SqlServerCluster: days,
    DatabaseFunction: days,
    Network: days,
  };
  footprint.archiveDays = days;
  footprint.artifacts = true;
  footprint.mail = config.alarmEmail !== undefined;
  return footprint;
}

function tier(role: "web" | "app", config: PlatformConfig, level: ServiceLevel): TierFootprint {
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

function network({ network: own }: PlatformConfig, level: ServiceLevel): NetworkFootprint {
  const gateways = {
    none: 0,
    single: 1,
    // awsx makes one in each zone of the layout, whether or not servers run there.
    onePerAz: counts.layoutZones,
  };
  const natGateways = gateways[level.natGateways];
  const services = own.interfaceEndpoints ? counts.endpoints.all : counts.endpoints.least;
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
  footprint: Footprint,
  { database }: PlatformConfig,
  level: ServiceLevel,
  replication: ReplicationPlan,
): void {
  footprint.database = {
    instanceClass: database.instanceClass,
    edition: database.edition,
    multiAz: level.multiAz,
    storageGiB: database.storageGiB,
    iops: database.iops,
    backupDays: database.backupRetentionDays,
    monitoringSeconds: database.monitoringIntervalSeconds,
  };
  if (replication.captures) {
    add(footprint.metrics, "CaptureAlarms", footprint.region, counts.captureMetrics);
    add(footprint.alarms, "CaptureAlarms", footprint.region, counts.captureAlarms);
  }
  const upkeep = replication.captures !== undefined || replication.follows !== undefined;
  footprint.databaseFunction = {
    memoryMiB: counts.databaseFunctionMiB,
    runsPerMonth: upkeep ? counts.upkeepRuns : 0,
  };
  if (!upkeep) return;
  add(footprint.metrics, "DatabaseUpkeep", footprint.region, counts.upkeepMetrics);
  add(footprint.alarms, "DatabaseUpkeep", footprint.region, counts.upkeepAlarms);
}

function addNames(footprint: Footprint, config: PlatformConfig, level: ServiceLevel): void {
  const { region } = config;
  const https = level.healthCheck === "https";
  footprint.entry = { options: https ? 2 : 0, publicNames: config.exposure === "public" };
  add(footprint.zones, "RegionalEntry", region);
  if (level.home && config.hostedZone === "create") add(footprint.zones, "GlobalDns", region);
  add(footprint.alarms, "RegionalEntry", region, counts.entryAlarms);
  if (!https) return;
  // Route 53's check is watched where its metric is, through a topic and a key there.
  add(footprint.alarms, "EntryAlarms", healthMetricsRegion);
  if (region !== healthMetricsRegion) add(footprint.keys, "EntryAlarms", healthMetricsRegion);
}

function addSecrets(footprint: Footprint, replication: ReplicationPlan): void {
  const { secrets, region } = footprint;
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
  footprint: Footprint,
  config: PlatformConfig,
  level: ServiceLevel,
  { follows, loopbackPrevention }: ReplicationPlan,
): void {
  if (!follows) return;
  const { instanceClass, storageGiB, backupRetentionDays: days } = config.replication;
  const { fullLoad, region: from } = follows;
  footprint.copy = { from, instanceClass, storageGiB, multiAz: level.multiAz, fullLoad };
  add(footprint.metrics, "ReplicationAlarms", config.region, counts.copyMetrics);
  add(footprint.alarms, "ReplicationAlarms", config.region, counts.copyAlarms);
  if (days > 0) footprint.backupCopy = { from, days };
  if (fullLoad && !loopbackPrevention) footprint.guardSnapshots = 1;
}
