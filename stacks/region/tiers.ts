import type { GlobalDns } from "../../components/entry/globalDns";
import { AppTier } from "../../components/servers/appTier";
import type { FleetArgs } from "../../components/servers/loadBalancedFleet";
import { WebTier } from "../../components/servers/webTier";
import type { RegionContext } from "./context";
import type { RegionalLogins } from "./logins";

export interface RegionalTiers {
  web: WebTier;
  app: AppTier;
}

/** The servers: they wait for no database, only for the ways and rights that they boot with. */
export function createTiers(
  context: RegionContext,
  logins: RegionalLogins,
  dns: GlobalDns,
): RegionalTiers {
  const { config, level, accountId, suffix, keys, groups, flows, logs, network, child } = context;
  const { region, protect } = config;
  const tier = (role: "web" | "app"): FleetArgs => ({
    region,
    accountId,
    suffix,
    vpcId: network.vpcId,
    loadBalancerSubnetIds: network.subnetIds(
      role === "web" && config.exposure === "public" ? "public" : "private",
      level.loadBalancerZones,
    ),
    serverSubnetIds: network.subnetIds("private", level.zones),
    loadBalancerGroupId: groups.ids[`${role}-load-balancer`],
    serverGroupId: groups.ids[`${role}-servers`],
    certificateArn: dns.certificateArn,
    instanceType: config[role].instanceType,
    capacity: {
      min: config[role].instancesPerAz.min * level.zones.length,
      max: config[role].instancesPerAz.max * level.zones.length,
    },
    rootVolumeGiB: config[role].rootVolumeGiB,
    windows: config[role].windows,
    artifact: config[role].artifact ?? context.store.artifact(role),
    machineKeySecretArn: context.machineKeySecretArn,
    stickySessionMinutes: config[role].stickySessionMinutes,
    accessLogBucket: logs.bucketName,
    accessLogGuards: logs.guards,
    serversKeyArn: keys.serversKeyArn,
    logsKeyArn: keys.logsKeyArn,
    logRetentionDays: config.logRetentionDays,
    protect,
    installationTags: context.installationTags,
    waitFor: [network, ...flows],
    autoScaling: context.autoScaling,
  });
  const app = new AppTier(
    "app",
    {
      ...tier("app"),
      databaseSecretArn: logins.app.secretArn,
      databaseZones: Object.fromEntries(
        network.subnets("isolated").map(({ cidr, availabilityZone }) => [cidr, availabilityZone]),
      ),
    },
    child,
  );
  const web = new WebTier(
    "web",
    {
      ...tier("web"),
      internetFacing: config.exposure === "public",
      appEndpoint: `https://app.${region}.${config.domain}`,
    },
    child,
  );
  return { web, app };
}
