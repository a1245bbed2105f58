import type { GlobalDns } from "../../components/entry/globalDns";
import { Alarms } from "../../components/servers/alarms";
import type { AppTier } from "../../components/servers/appTier";
import type { WebTier } from "../../components/servers/webTier";
import type { RegionContext } from "./context";
import type { DatabaseFunctions } from "./functions";
import type { RegionalTiers } from "./tiers";

/** What alarms watch, beside the region itself. */
export interface WatchedParts {
  tiers: RegionalTiers;
  dns: GlobalDns;
  functions: DatabaseFunctions;
}

/** Who is told when a part of the region fails. */
export function createAlarms(
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
