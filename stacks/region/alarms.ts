import type { ProviderResource } from "@pulumi/pulumi";
import { Alarms } from "../../components/servers/alarms";
import type { AppTier } from "../../components/servers/appTier";
import { EntryAlarms } from "../../components/entry/entryAlarms";
import type { GlobalDns } from "../../components/entry/globalDns";
import { RegionalEntry } from "../../components/entry/regionalEntry";
import type { WebTier } from "../../components/servers/webTier";
import type { RegionBase } from "./base";
import type { RegionalData } from "./data";
import { inPeerRegion } from "./link";
import { healthMetricsRegion } from "../serviceLevel";

/** What alarms watch, beside the region itself. */
export interface WatchedParts {
  web: WebTier;
  app: AppTier;
  dns: GlobalDns;
  data: RegionalData;
}

export function createAlarms(base: RegionBase, { web, app, dns, data }: WatchedParts): Alarms {
  const { config, level, accountId, keys, database, network, child } = base;
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
        functionName: data.function.functionName,
        rotationFunctionName: data.rotation.functionName,
      },
    },
    child,
  );
}

/**
 * The region's names, and who hears when they lead nowhere.
 * @param elsewhere provider of the region of Route 53's metrics, where that is another one.
 */
export function createEntry(
  base: RegionBase,
  { web, app, dns }: WatchedParts,
  { topicArn }: Alarms,
  elsewhere: ProviderResource | undefined,
): void {
  const { config, level, replication, accountId, network, child } = base;
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
  const there = elsewhere ? { ...child, providers: { aws: elsewhere } } : child;
  const inPeer = elsewhere && replication.otherRegion === healthMetricsRegion;
  new EntryAlarms(
    "entry-alarms",
    {
      accountId,
      healthCheckId,
      ...(elsewhere ? {} : { topicArn }),
      ...(config.alarmEmail ? { email: config.alarmEmail } : {}),
      rotationDays: config.rotation.keyDays,
    },
    inPeer ? inPeerRegion(base, elsewhere) : there,
  );
}
