import type { Input } from "@pulumi/pulumi";
import { AppTier } from "../../components/servers/appTier";
import type { ArtifactStore, SiteArtifact } from "../../components/servers/artifactStore";
import type { FleetApis } from "../../components/servers/fleetHooks";
import type { FleetArgs } from "../../components/servers/loadBalancedFleet";
import type { LogArchive } from "../../components/base/logArchive";
import { sitePackage } from "../../components/servers/sitePackage";
import { WebTier } from "../../components/servers/webTier";
import type { PlatformConfig } from "../config/platformConfig";
import { networkZones } from "./zones";
import type { RegionBase } from "./base";

/** What servers start with, beside the region itself. */
export interface TierParts {
  logs: LogArchive;
  store: ArtifactStore;
  machineKeySecretArn: Input<string>;
  certificateArn: Input<string>;
  loginSecretArn: Input<string>;
  installationTags: Record<string, string>;
  autoScaling: FleetApis;
}

/** The servers: they wait for no database, only for the ways and rights that they boot with. */
export function createTiers(base: RegionBase, parts: TierParts): { web: WebTier; app: AppTier } {
  const { config, level, accountId, suffix, keys, groups, flows, network, child } = base;
  const { region, protect } = config;
  const { logs, store } = parts;
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
    certificateArn: parts.certificateArn,
    instanceType: config[role].instanceType,
    capacity: {
      min: config[role].instancesPerAz.min * level.zones.length,
      max: config[role].instancesPerAz.max * level.zones.length,
    },
    rootVolumeGiB: config[role].rootVolumeGiB,
    windows: config[role].windows,
    artifact: siteOf(config, role, store),
    machineKeySecretArn: parts.machineKeySecretArn,
    stickySessionMinutes: config[role].stickySessionMinutes,
    accessLogBucket: logs.bucketName,
    accessLogGuards: logs.guards,
    serversKeyArn: keys.serversKeyArn,
    logsKeyArn: keys.logsKeyArn,
    logRetentionDays: config.logRetentionDays,
    protect,
    installationTags: parts.installationTags,
    waitFor: [network, ...flows],
    autoScaling: parts.autoScaling,
  });
  const app = new AppTier(
    "app",
    {
      ...tier("app"),
      databaseSecretArn: parts.loginSecretArn,
      databaseZones: Object.fromEntries(
        networkZones(config).map((zone) => [zone.isolatedCidr, zone.availabilityZone]),
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

/** The sites of the tiers that have none of their own. */
export function sampleSites(config: PlatformConfig) {
  const roles = (["web", "app"] as const).filter((role) => !config[role].artifact);
  return Object.fromEntries(roles.map((role) => [role, sitePackage(role, config.region)]));
}

function siteOf(config: PlatformConfig, role: "web" | "app", store: ArtifactStore): SiteArtifact {
  return config[role].artifact ?? store.artifact(role);
}
