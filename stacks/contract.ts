import { StackReference, getOrganization, getProject, type Output } from "@pulumi/pulumi";
import type { PlatformConfig } from "./config";
import type { RegionalPlatform } from "./regionalPlatform";
import type { ServiceLevel } from "./serviceLevel";

/** What a region's stack offers: to people, and by `hostedZoneId` to the other region's stack. */
export interface PlatformOutputs {
  region: string;
  zones: string[];
  /** What clients use. */
  url: string;
  /** Always this region. */
  regionalUrl: string;
  hostedZoneId: Output<string>;
  /** What the parent domain must delegate to; only where this stack created the zone. */
  nameServers?: Output<string[]>;
  loadBalancer: Output<string>;
  databaseEndpoint: Output<string>;
  vpcId: Output<string>;
}

/** The outputs of one region's stack. */
export function platformOutputs(
  config: PlatformConfig,
  level: ServiceLevel,
  platform: RegionalPlatform,
): PlatformOutputs {
  const { nameServers } = platform.dns;
  return {
    region: config.region,
    zones: config.network.availabilityZones.slice(0, level.zones.length),
    url: `https://${config.domain}`,
    regionalUrl: `https://${config.region}.${config.domain}`,
    hostedZoneId: platform.dns.hostedZoneId,
    ...(nameServers ? { nameServers } : {}),
    loadBalancer: platform.web.loadBalancer.dnsName,
    databaseEndpoint: platform.database.address,
    vpcId: platform.network.vpcId,
  };
}

/**
 * The zone that the home stack created, read by the stacks of the other regions. Undefined where
 * no other stack has to be read: at home, and with a zone that existed before.
 */
export function homeZoneId(
  config: PlatformConfig,
  level: ServiceLevel,
): Output<string> | undefined {
  if (level.home || config.hostedZone !== "create" || !config.peerStack) return undefined;
  const home = new StackReference(`${getOrganization()}/${getProject()}/${config.peerStack}`);
  return home.requireOutput("hostedZoneId") as Output<string>;
}
