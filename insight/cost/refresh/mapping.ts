import type { Offer } from "./offer";

/** What a product of AWS's price list is in the price table. */
export interface Match {
  key: string;
  /** The table's unit. */
  unit: string;
  /** Units of the list in one of the table's, e.g. 10,000 requests. */
  per: number;
  /** Where several products match one key, only those of the highest rank count. */
  rank: number;
  note?: string;
}

export interface MappingContext {
  region: string;
  /** Where transfer between regions goes to. */
  otherRegion: string;
  /** Whether a key is to be in the table: see isWanted. */
  wanted: (key: string) => boolean;
}

/** One of AWS's services and how its products are read. */
export interface Service {
  /** `ServiceCode`, as the list's index spells it. */
  code: string;
  /** `all`: one list for all regions, which prices them alike. */
  scope: "region" | "all";
  match: (offer: Offer, context: MappingContext) => Match | undefined;
}

const one = (key: string, unit: string, per = 1): Match => ({ key, unit, per, rank: 0 });

/**
 * A usage type without its region: `USW2-LCUUsage`, `EU-LCUUsage` and `LCUUsage` (us-east-1) are
 * one; KMS writes the region out. `TS-LoadBalancerUsage` is another thing, and stays as it is.
 */
export function plainUsageType(usageType = ""): string {
  return usageType.replace(/^(?:[A-Z]{2,4}\d|EU|[a-z]{2}(?:-[a-z]+)+-\d)-/, "");
}

/** Of the region itself: Local Zones (20 % more) and Wavelength are in the same file. */
function inRegion({ attributes }: Offer, { region }: MappingContext): boolean {
  return attributes.locationtype === "AWS Region" && attributes.regioncode === region;
}

const editions: Record<string, string> = {
  Web: "web",
  Standard: "standard",
  Enterprise: "enterprise",
};

/** By deployment: SQL Server's own spelling before the general one. */
const deployments: Record<string, { name: string; rank: number }> = {
  "Single-AZ": { name: "single", rank: 0 },
  "Multi-AZ": { name: "multi", rank: 0 },
  "Multi-AZ (SQL Server Mirror)": { name: "multi", rank: 2 },
};

function ec2(offer: Offer, context: MappingContext): Match | undefined {
  const { attributes, family } = offer;
  if (!inRegion(offer, context)) return undefined;
  const usage = plainUsageType(attributes.usagetype);
  if (family === "NAT Gateway") {
    if (usage === "NatGateway-Hours") return one("nat:hour", "hour");
    return usage === "NatGateway-Bytes" ? one("nat:gb", "GB") : undefined;
  }
  if (family === "Storage") {
    return usage === "EBS:VolumeUsage.gp3" ? one("ebs:gp3", "GB-month") : undefined;
  }
  const { instancetype = "", operatingsystem = "" } = attributes;
  const system = { Linux: "linux", Windows: "windows" }[operatingsystem];
  const plain =
    family === "Compute Instance" &&
    attributes.tenancy === "Shared" &&
    attributes.capacitystatus === "Used" &&
    attributes.preinstalledsw === "NA" &&
    attributes.licensemodel === "No License required";
  if (!plain || system === undefined) return undefined;
  return one(`ec2:${instancetype}:${system}`, "hour");
}

function rds(offer: Offer, context: MappingContext): Match | undefined {
  const { attributes, family } = offer;
  if (!inRegion(offer, context)) return undefined;
  const usage = plainUsageType(attributes.usagetype);
  const deployment = deployments[attributes.deploymentoption ?? ""];
  const engine = { "SQL Server": 1, Any: 0 }[attributes.databaseengine ?? ""];
  if (engine === undefined) return undefined;
  if (family === "Storage Snapshot") {
    if (usage !== "RDS:ChargedBackupUsage") return undefined;
    return { ...one("rds:backup", "GB-month"), rank: engine };
  }
  if (deployment === undefined) return undefined;
  const rank = deployment.rank + engine;
  if (family === "Database Storage" && attributes.volumetype === "General Purpose-GP3") {
    return { ...one(`rds:gp3:${deployment.name}`, "GB-month"), rank };
  }
  if (family === "Provisioned IOPS" && usage.endsWith("GP3-PIOPS")) {
    return { ...one(`rds:gp3-iops:${deployment.name}`, "IOPS-month"), rank };
  }
  const edition = editions[attributes.databaseedition ?? ""];
  const included =
    family === "Database Instance" &&
    engine === 1 &&
    edition !== undefined &&
    attributes.licensemodel === "License included" &&
    !isUnbundled(attributes);
  if (!included) return undefined;
  return { ...one(`rds:${attributes.instancetype}:${edition}:${deployment.name}`, "hour"), rank };
}

/**
 * From the 7th generation on, RDS bills SQL Server's and Windows' licences per vCPU beside the
 * instance: its line alone is not the price. The attribute says so; the generation is for lists
 * that leave it out.
 */
function isUnbundled({ unbundledlicensing = "", instancetype = "" }: Record<string, string>) {
  const generation = Number(/^db\.[a-z]+(\d+)/.exec(instancetype)?.[1] ?? 0);
  return unbundledlicensing.toUpperCase() === "TRUE" || generation >= 7;
}

function dms(offer: Offer, context: MappingContext): Match | undefined {
  const { attributes } = offer;
  if (!inRegion(offer, context)) return undefined;
  const zones = { Single: "single", Multiple: "multi" }[attributes.availabilityzone ?? ""];
  if (zones === undefined) return undefined;
  if (attributes.instancetype !== undefined) {
    return one(`dms:dms.${attributes.instancetype}:${zones}`, "hour");
  }
  return attributes.storagemedia === "SSD" ? one(`dms:storage:${zones}`, "GB-month") : undefined;
}

function transfer(offer: Offer, context: MappingContext): Match | undefined {
  const { family, attributes } = offer;
  const { region, otherRegion } = context;
  if (family !== "Data Transfer" || attributes.fromregioncode !== region) return undefined;
  if ((attributes.fromlocationtype ?? "AWS Region") !== "AWS Region") return undefined;
  const usage = plainUsageType(attributes.usagetype);
  if (usage === "DataTransfer-Regional-Bytes") return one("transfer:inter-az", "GB");
  if (usage === "DataTransfer-Out-Bytes" && attributes.transfertype === "AWS Outbound") {
    return one("transfer:internet", "GB");
  }
  const outbound =
    attributes.transfertype === "InterRegion Outbound" &&
    attributes.toregioncode === otherRegion &&
    usage.endsWith("AWS-Out-Bytes");
  if (!outbound) return undefined;
  return { ...one("transfer:inter-region", "GB"), note: `to ${otherRegion}` };
}

/** Keys of products that their usage type alone tells apart; with `also`, with another attribute. */
type UsageTypes = Record<string, Match & { also?: Record<string, string> }>;

function byUsageType(usageTypes: UsageTypes, family?: string): Service["match"] {
  return (offer, context) => {
    if (!inRegion(offer, context)) return undefined;
    if (family !== undefined && offer.family !== family) return undefined;
    return findUsage(usageTypes, plainUsageType(offer.attributes.usagetype), offer);
  };
}

function findUsage(usageTypes: UsageTypes, usage: string, { attributes }: Offer) {
  const found = Object.hasOwn(usageTypes, usage) ? usageTypes[usage] : undefined;
  if (found === undefined) return undefined;
  const { also = {}, ...match } = found;
  const fits = Object.entries(also).every(([name, value]) => attributes[name] === value);
  return fits ? match : undefined;
}

const route53: UsageTypes = {
  HostedZone: one("route53:zone", "month"),
  "DNS-Queries": one("route53:queries", "1M queries", 1e6),
  "LBR-Queries": one("route53:latency-queries", "1M queries", 1e6),
  "Health-Check-AWS": one("route53:health-check", "month"),
  "Health-Check-Option-AWS": one("route53:health-check-option", "month"),
};

const tgw = { also: { operation: "TransitGatewayVPC" } };

/** Everything that is read from the list; the largest last, so that a mistake shows early. */
export const services: Service[] = [
  {
    code: "AmazonRoute53",
    scope: "all",
    match: (offer) => findUsage(route53, offer.attributes.usagetype ?? "", offer),
  },
  {
    code: "awskms",
    scope: "region",
    match: byUsageType({
      "KMS-Keys": one("kms:key", "month"),
      "KMS-Requests": one("kms:requests", "10k requests", 1e4),
    }),
  },
  {
    code: "AWSSecretsManager",
    scope: "region",
    match: (offer, context) => {
      if (!inRegion(offer, context)) return undefined;
      if (offer.family === "Secret") return one("secrets:secret", "month");
      return offer.family === "API Request"
        ? one("secrets:requests", "10k requests", 1e4)
        : undefined;
    },
  },
  {
    code: "AmazonCloudWatch",
    scope: "region",
    match: byUsageType({
      "CW:AlarmMonitorUsage": {
        ...one("cloudwatch:alarm", "alarm-metric-month"),
        also: { alarmtype: "Standard" },
      },
      "CW:MetricMonitorUsage": one("cloudwatch:metric", "metric-month"),
      "DataProcessing-Bytes": one("logs:ingestion", "GB"),
      "TimedStorage-ByteHrs": one("logs:storage", "GB-month"),
    }),
  },
  {
    code: "AmazonSNS",
    scope: "region",
    match: byUsageType({
      "DeliveryAttempts-SMTP": one("sns:email", "100k notifications", 1e5),
    }),
  },
  {
    code: "AWSQueueService",
    scope: "region",
    match: (offer, context) =>
      inRegion(offer, context) &&
      offer.family === "API Request" &&
      offer.attributes.queuetype === "Standard"
        ? one("sqs:requests", "1M requests", 1e6)
        : undefined,
  },
  {
    code: "AWSLambda",
    scope: "region",
    match: byUsageType({
      Request: {
        ...one("lambda:requests", "1M requests", 1e6),
        also: { group: "AWS-Lambda-Requests" },
      },
      "Lambda-GB-Second": {
        ...one("lambda:gb-second", "GB-second"),
        also: { group: "AWS-Lambda-Duration" },
      },
      "Lambda-GB-Second-ARM": {
        ...one("lambda:gb-second-arm", "GB-second"),
        also: { group: "AWS-Lambda-Duration-ARM" },
      },
    }),
  },
  {
    code: "AmazonS3",
    scope: "region",
    match: byUsageType({
      "TimedStorage-ByteHrs": one("s3:storage", "GB-month"),
      "Requests-Tier1": one("s3:put", "1k requests", 1e3),
      "Requests-Tier2": one("s3:get", "10k requests", 1e4),
    }),
  },
  {
    code: "AWSELB",
    scope: "region",
    match: byUsageType(
      { LoadBalancerUsage: one("alb:hour", "hour"), LCUUsage: one("alb:lcu", "LCU-hour") },
      "Load Balancer-Application",
    ),
  },
  {
    code: "AmazonVPC",
    scope: "region",
    match: byUsageType({
      "VpcEndpoint-Hours": one("endpoint:hour", "hour"),
      "VpcEndpoint-Bytes": one("endpoint:gb", "GB"),
      "TransitGateway-Hours": { ...one("tgw:hour", "hour"), ...tgw },
      "TransitGateway-Bytes": { ...one("tgw:gb", "GB"), ...tgw },
      "PublicIPv4:InUseAddress": one("ipv4:hour", "hour"),
    }),
  },
  { code: "AWSDataTransfer", scope: "region", match: transfer },
  { code: "AWSDatabaseMigrationSvc", scope: "region", match: dms },
  { code: "AmazonRDS", scope: "region", match: rds },
  { code: "AmazonEC2", scope: "region", match: ec2 },
];
