import type { Output } from "@pulumi/pulumi";
import type { PlatformConfig } from "../config/platformConfig";
import { contractVersion, type RegionContract } from "../contract";
import type { ReplicationPlan } from "../replicationPlan";
import type { ServiceLevel } from "../serviceLevel";
import type { RegionalPlatform } from "./platform";

type Pending<T> = T extends object
  ? { [K in keyof T]: Pending<T[K]> | Output<T[K]> }
  : T | Output<T>;

/** A stack's outputs: for people, and as `contract` for the other region's stack. */
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
  /** What the database is: it takes writes, is a copy, or both (twoWay). */
  databaseRole: "writer" | "replica" | "writer and replica";
  vpcId: Output<string>;
  contract: Pending<RegionContract>;
}

/** The outputs of one region's stack. */
export function platformOutputs(
  config: PlatformConfig,
  level: ServiceLevel,
  replication: ReplicationPlan,
  term: number,
  platform: RegionalPlatform,
): PlatformOutputs {
  const { region, dns, functions, link } = platform;
  const { network, database } = region;
  return {
    region: config.region,
    zones: config.network.availabilityZones.slice(0, level.zones.length),
    url: `https://${config.domain}`,
    regionalUrl: `https://${config.region}.${config.domain}`,
    hostedZoneId: dns.hostedZoneId,
    ...(dns.nameServers ? { nameServers: dns.nameServers } : {}),
    loadBalancer: platform.tiers.web.loadBalancer.dnsName,
    databaseEndpoint: database.address,
    databaseRole: databaseRole(replication),
    vpcId: network.vpcId,
    contract: {
      version: contractVersion,
      installation: config.domain,
      region: config.region,
      home: level.isHomeRegion,
      azCount: config.azCount,
      suffix: region.suffix,
      hostedZoneId: dns.hostedZoneId,
      vpcId: network.vpcId,
      cidrBlock: config.network.cidrBlock,
      protected: config.protect,
      isolated: network
        .subnets("isolated")
        .map(({ letter, cidr, routeTableId }) => ({ letter, cidr, routeTableId })),
      databaseGroupId: region.groups.ids.database,
      databaseKeyArn: region.keys.databaseKeyArn,
      database: {
        host: database.address,
        port: database.port,
        identifier: database.identifier,
        arn: database.arn,
        resourceId: database.resourceId,
        masterSecretArn: database.masterSecretArn,
      },
      writer: config.replication.writer,
      term,
      ...(replication.follows ? { follows: replication.follows.region } : {}),
      ...(platform.backups && replication.otherRegion
        ? { backupsOf: replication.otherRegion }
        : {}),
      function: {
        name: functions.function.functionName,
        codeHash: functions.function.codeHash,
      },
      rotationFunctionArn: functions.rotation.arn,
      ...(link.crossing ? { sourceSecretReplicaArn: link.crossing.ownSource.replicaArn } : {}),
    } as Pending<RegionContract>,
  };
}

function databaseRole({ captures, follows }: ReplicationPlan): PlatformOutputs["databaseRole"] {
  if (!follows) return "writer";
  return captures ? "writer and replica" : "replica";
}
