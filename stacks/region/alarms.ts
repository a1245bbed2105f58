import { EntryAlarms } from "../../components/entry/entryAlarms";
import type { GlobalDns } from "../../components/entry/globalDns";
import { RegionalEntry } from "../../components/entry/regionalEntry";
import { Alarms } from "../../components/servers/alarms";
import type { AppTier } from "../../components/servers/appTier";
import type { WebTier } from "../../components/servers/webTier";
import { healthMetricsRegion } from "../serviceLevel";
import type { RegionContext } from "./context";
import type { DatabaseFunctions } from "./functions";
import { inPeerRegion } from "./peerRegion";
import type { RegionalTiers } from "./tiers";

/** What alarms watch, beside the region itself. */
export interface WatchedParts {
  tiers: RegionalTiers;
  dns: GlobalDns;
  functions: DatabaseFunctions;
}

/** The alarms, and the region's names, whose health they may be told of. */
export function createAlarms(region: RegionContext, watched: WatchedParts): Alarms {
  const alarms = createRegionAlarms(region, watched);
  createEntry(region, watched, alarms);
  return alarms;
}

function createRegionAlarms(
  { config, level, accountId, keys, database, network, child }: RegionContext,
  { tiers: { web, app }, dns, functions }: WatchedParts,
): Alarms {
  const watched = (role: "web" | "app", tier: WebTier | AppTier) => ({
    arnSuffix: tier.loadBalancer.arnSuffix,
    targetGroupArnSuffix: tier.loadBalancer.targetGroupArnSuffix,
    groupName: tier.autoScalingGroupName,
    minServers: config[role].instancesPerAz.min * level.zones.length,
  });
  return new Alarms(
    "alarms",
    {
      accountId,
      logsKeyArn: keys.logsKeyArn,
      ...(config.alarmEmail ? { email: config.alarmEmail } : {}),
      tiers: { web: watched("web", web), app: watched("app", app) },
      certificateArn: dns.certificateArn,
      flowLogGroupName: network.flowLogGroupName,
      database: {
        identifier: database.identifier,
        storageGiB: config.database.storageGiB,
        maxStorageGiB: config.database.maxStorageGiB,
        functionName: functions.function.functionName,
        rotationFunctionName: functions.rotation.functionName,
      },
    },
    child,
  );
}

/** The region's names, and who hears when they lead nowhere. */
function createEntry(
  region: RegionContext,
  { tiers: { web, app }, dns }: WatchedParts,
  { topicArn }: Alarms,
): void {
  const { config, level, replication, accountId, healthProvider, network, child } = region;
  const { healthCheckId } = new RegionalEntry(
    "entry",
    {
      region: config.region,
      domain: config.domain,
      hostedZoneId: dns.hostedZoneId,
      vpcId: network.vpcId,
      web: web.loadBalancer,
      app: app.loadBalancer,
      healthCheck: level.healthCheck,
      topicArn,
    },
    child,
  );
  // Where an alarm is the check, that one tells the topic.
  if (level.healthCheck === "alarm") return;
  const there = healthProvider ? { ...child, providers: { aws: healthProvider } } : child;
  const inPeer = healthProvider && replication.otherRegion === healthMetricsRegion;
  new EntryAlarms(
    "entry-alarms",
    {
      accountId,
      healthCheckId,
      ...(healthProvider ? {} : { topicArn }),
      ...(config.alarmEmail ? { email: config.alarmEmail } : {}),
      rotationDays: config.rotation.keyDays,
    },
    inPeer ? inPeerRegion(region, healthProvider) : there,
  );
}
