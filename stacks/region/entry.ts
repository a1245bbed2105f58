import type { Input } from "@pulumi/pulumi";
import { EntryAlarms } from "../../components/entry/entryAlarms";
import type { GlobalDns } from "../../components/entry/globalDns";
import { RegionalEntry } from "../../components/entry/regionalEntry";
import { healthMetricsRegion } from "../serviceLevel";
import type { RegionContext } from "./context";
import { inPeerRegion } from "./peerRegion";
import type { RegionalTiers } from "./tiers";

/** The region's names, and who hears when they lead nowhere. */
export function createEntry(
  region: RegionContext,
  { web, app }: RegionalTiers,
  dns: GlobalDns,
  topicArn: Input<string>,
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
