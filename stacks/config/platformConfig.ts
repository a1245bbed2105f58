import { allConfig } from "@pulumi/pulumi/runtime/config";
import { RunError } from "@pulumi/pulumi/errors";
import { getStack } from "@pulumi/pulumi/metadata";
import { type Problem, problemText } from "../../config/problems";
import { readConfig } from "./reader";
import { checkRules } from "./rules";
import { platformSchema, type PlatformValues } from "./schema";
import { roomToGrow } from "../storageGrowth";

/** Who reaches the web load balancer: the internet, or only a private network. */
export type Exposure = "public" | "private";

/** One tier of Windows servers behind its load balancer. */
export interface TierConfig {
  /** EC2 instance type, x86: Windows does not run on Graviton. Default m6i.large. */
  instanceType: string;
  /** Servers per active zone, 1 to 20. Default 1 to 3. */
  instancesPerAz: { min: number; max: number };
  /** GiB, 30 to 16384. Default 80. */
  rootVolumeGiB: number;
  windows: {
    /** Windows Server. Default 2022; 2008 and 2012 only with an own `amiId`. */
    version: "2016" | "2019" | "2022" | "2025" | "2008" | "2012";
    /** Pins Amazon's image to one release, `YYYY.MM.DD`. Absent: the newest. */
    amiRelease?: string;
    /** An own image; excludes `amiRelease`. */
    amiId?: string;
  };
  /** The site, as a zip in S3. Absent: the sample site. */
  artifact?: { bucket: string; key: string; sha256: string };
  /** Minutes a client stays on one server; 0 is off. Default: web 60, app 0. */
  stickySessionMinutes: number;
}

/** RDS for SQL Server, licence included. */
export interface DatabaseConfig {
  /** The application's database; never renamed. Default platform. */
  name: string;
  /** `readOnly` freezes the writer before a planned move. Default readWrite. */
  appAccess: "readWrite" | "readOnly";
  edition: "enterprise" | "standard" | "web";
  /** As RDS spells it, e.g. 16.00.4236.2.v1 (SQL Server 2022 CU23). */
  engineVersion: string;
  /** RDS class, x86, e.g. db.r6i.xlarge. */
  instanceClass: string;
  /** GiB of gp3 at creation, 20 to 16384. */
  storageGiB: number;
  /** GiB up to which RDS grows the storage by itself; equal to `storageGiB` turns that off. */
  maxStorageGiB: number;
  /** gp3 operations per second, 3000 to 16000. */
  iops: number;
  /** Days, 1 to 35. */
  backupRetentionDays: number;
  /** Daily, UTC, e.g. 05:00-06:00. */
  backupWindow: string;
  /** Weekly, UTC, e.g. sun:07:00-sun:09:00. */
  maintenanceWindow: string;
  deletionProtection: boolean;
  performanceInsights: boolean;
  /** Enhanced Monitoring; 0 is off. */
  monitoringIntervalSeconds: 0 | 1 | 5 | 10 | 15 | 30 | 60;
  /** False: changes of class, standby and version wait for the maintenance window. */
  applyImmediately: boolean;
}

/** Who alone writes what, when both regions write. Keys are exactly the two regions. */
export type OwnershipConfig =
  /** Patterns as in `ReplicationConfig.tables`; no table matches those of both. */
  | { tables: Record<string, string[]> }
  /** Every replicated table has the column; a region writes only rows with its value. */
  | { tenantColumn: string; values: Record<string, string> };

/** What joins the databases of two regions; without effect at `regionCount` 1. */
export interface ReplicationConfig {
  /** Default oneWay: the writer's changes go to the other region. */
  mode: "none" | "oneWay" | "twoWay";
  /** The region that takes writes; with twoWay, the one that is loaded from. Default: home. */
  writer: string;
  /** `schema.table` with % for any text and _ for any one character. Default all, `%.%`. */
  tables: string[];
  /** Patterns of tables that are left out of `tables` or `ownership.tables`. Default none. */
  exclude: string[];
  /** With twoWay always, else never. */
  ownership?: OwnershipConfig;
  /** DMS class, x86. Default dms.c5.large. */
  instanceClass: string;
  /** GiB of the DMS instance, 5 to 6144. Default 100. */
  storageGiB: number;
  /** Of DMS, 3.5 or later. Default 3.6.1. */
  engineVersion: string;
  /** dms-vpc-role and dms-cloudwatch-logs-role: made by the home stack, or there already. */
  serviceRoles: "create" | "exist";
  /** Minutes the copy may fall behind before the alarm, 1 to 1440. Default 15. */
  alarmAfterMinutes: number;
  /** `untouched`: an `up` leaves the other region, out of reach, as it is. Default managed. */
  peerRegion: "managed" | "untouched";
  /** Days the writer's backups are also kept in the other region, 0 (off) to 35. Default 7. */
  backupRetentionDays: number;
}

export interface RotationConfig {
  /** Days between rotations of database logins, 1 to 365. Default 30. */
  secretDays: number;
  /** Days between rotations of KMS keys, 90 to 2560. Default 365. */
  keyDays: number;
}

/** What the owner demands of the installation; an absent key demands nothing. */
export interface ObjectivesConfig {
  /** Percent of a month in which writes are answered, modelled. */
  availability?: number;
  /** Minutes until requests are answered again. */
  rtoMinutes?: number;
  /** Minutes of newest changes that may be lost. */
  rpoMinutes?: number;
  /** USD per month for all regions. */
  monthlyBudgetUsd?: number;
  /** The largest disruption that the two times hold for. Default region. */
  disruption: "instance" | "zone" | "region";
}

/** A private installation's way out of the VPC. */
export type PrivateGatewayConfig =
  { transitGatewayId: string } | { directConnectGatewayId: string; amazonSideAsn: number };

export interface NetworkConfig {
  /** A /16 of RFC 1918 that no other region of the installation uses. */
  cidrBlock: string;
  /** Three zone names of the region, pinned: their order names subnets for good. */
  availabilityZones: [string, string, string];
  /** Absent: by service level (one per zone at three zones, else one; none when private). */
  natGateways?: "none" | "single" | "onePerAz";
  /** Private endpoints of the AWS services that servers call. Default true. */
  interfaceEndpoints: boolean;
  /** Who may connect to the web load balancer. Public default: everybody; private: required. */
  clientCidrs: string[];
  privateGateway?: PrivateGatewayConfig;
}

/** A stack's whole configuration, checked and with every default filled in. */
export interface PlatformConfig {
  /** The stack's region, from `aws:region`. */
  region: string;
  /** Zones in use: 1 is the cheapest, 3 the most available. Default 3. */
  azCount: 1 | 2 | 3;
  /** Regions in use: the first this many of `regions`. Default 1. */
  regionCount: 1 | 2;
  /** In order; the first is the home region. Default us-east-1, us-west-2. */
  regions: string[];
  /** Name of the other region's stack; there whenever two regions replicate. */
  peerStack?: string;
  exposure: Exposure;
  /** The platform's DNS name. */
  domain: string;
  /** `create`, or the id of an existing hosted zone. */
  hostedZone: string;
  network: NetworkConfig;
  web: TierConfig;
  app: TierConfig;
  database: DatabaseConfig;
  replication: ReplicationConfig;
  rotation: RotationConfig;
  objectives: ObjectivesConfig;
  /** An own certificate in ACM. Absent: ACM issues one, validated by DNS. */
  certificateArn?: string;
  /** Days; a value CloudWatch Logs allows. */
  logRetentionDays: number;
  alarmEmail?: string;
  /** Keys whose edit of a running stack is let through, see editRules.ts. Default none. */
  acceptEdits: string[];
  /** Pulumi's `protect` option on everything that holds data. Default true. */
  protect: boolean;
}

/** Everything wrong with a stack's config; `message` is the whole text for its owner. */
export class ConfigError extends Error {
  override name = "ConfigError";

  constructor(
    stack: string,
    /** One per mistake, in the order of the keys' declaration, cross-key ones last. */
    readonly problems: Problem[],
  ) {
    super(problemText(stack, problems));
  }
}

/**
 * Checks a stack's config and fills in the defaults. All rules run on whatever is readable, so one
 * run names every mistake.
 * @param raw as the engine hands it over: `pe-platform:azCount` to `3`, lists and objects as JSON
 *   text, other namespaces (`aws:region`) beside them. An empty text counts as not set where
 *   Pulumi.yaml has it for a default; else, as null, it is an error.
 * @param stack its name, for the message and the check of `peerStack`.
 * @throws ConfigError with one problem per mistake; no value of a secret is in it.
 */
export function parseConfig(raw: Record<string, string>, stack: string): PlatformConfig {
  const { values, region, problems } = readConfig(raw);
  const failed = problems.map(({ key }) => key);
  const broken = checkRules({ ...values, region, stack }, failed);
  if (problems.length > 0 || broken.length > 0 || region === undefined) {
    throw new ConfigError(stack, [...problems, ...broken]);
  }
  return toConfig(platformSchema.parse(values), region);
}

/**
 * The running program's config.
 * @throws RunError with {@link ConfigError}'s text, which the engine prints without a stack trace.
 */
export function loadConfig(): PlatformConfig {
  try {
    return parseConfig(allConfig(), getStack());
  } catch (error) {
    if (error instanceof ConfigError) throw new RunError(error.message);
    throw error;
  }
}

function toConfig(values: PlatformValues, region: string): PlatformConfig {
  const { clientCidrs, privateGateway, ...network } = values.network;
  const { storageGiB, iops, maxStorageGiB = roomToGrow(storageGiB, iops) } = values.database;
  const { writer, ownership, ...replication } = values.replication;
  return {
    ...values,
    region,
    database: { ...values.database, maxStorageGiB },
    replication: {
      ...replication,
      writer: writer ?? values.regions[0] ?? region,
      ...(ownership && { ownership: toOwnership(ownership) }),
    },
    network: {
      ...network,
      clientCidrs: clientCidrs ?? ["0.0.0.0/0"],
      ...(privateGateway && { privateGateway: toGateway(privateGateway) }),
    },
  };
}

// For this and the next function: the rules have made sure that exactly one shape is there.
function toOwnership(
  ownership: NonNullable<PlatformValues["replication"]["ownership"]>,
): OwnershipConfig {
  const { tables, tenantColumn, values } = ownership;
  if (tables !== undefined) return { tables };
  return { tenantColumn: tenantColumn ?? "", values: values ?? {} };
}

function toGateway(gateway: NonNullable<PlatformValues["network"]["privateGateway"]>) {
  const { transitGatewayId, directConnectGatewayId, amazonSideAsn } = gateway;
  if (transitGatewayId !== undefined) return { transitGatewayId };
  return {
    directConnectGatewayId: directConnectGatewayId ?? "",
    amazonSideAsn: amazonSideAsn ?? 0,
  };
}
