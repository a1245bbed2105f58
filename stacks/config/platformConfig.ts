import { allConfig } from "@pulumi/pulumi/runtime/config";
import { RunError } from "@pulumi/pulumi/errors";
import { getStack } from "@pulumi/pulumi/metadata";
import { ConfigError } from "../../config/problems";
import { readConfig } from "./reader";
import { checkRules } from "./rules";
import { configSchema, type PlatformValues } from "./schema";
import { roomToGrow } from "../storageGrowth";

/** Who reaches the web load balancer: the internet, or only a private network. */
export type Exposure = "public" | "private";

/** One tier of Windows servers behind its load balancer. */
export type TierConfig = PlatformValues["web"];

/** RDS for SQL Server, licence included. */
export type DatabaseConfig = PlatformValues["database"] & {
  /** GiB up to which RDS grows the storage by itself; equal to `storageGiB` turns that off. */
  maxStorageGiB: number;
};

/** Who alone writes what, when both regions write. Keys are exactly the two regions. */
export type OwnershipConfig =
  /** Patterns as in `ReplicationConfig.tables`; no table matches those of both. */
  | { tables: Record<string, string[]> }
  /** Every replicated table has the column; a region writes only rows with its value. */
  | { tenantColumn: string; values: Record<string, string> };

/** What joins the databases of two regions; without effect at `regionCount` 1. */
export type ReplicationConfig = Omit<PlatformValues["replication"], "writer" | "ownership"> & {
  /** The region that takes writes; with twoWay, the one that is loaded from. Default: home. */
  writer: string;
  /** With twoWay always, else never. */
  ownership?: OwnershipConfig;
};

/** How often passwords and keys are replaced, in days. */

/** What the owner demands of the installation; an absent key demands nothing. */
export type ObjectivesConfig = PlatformValues["objectives"];

/** A private installation's way out of the VPC. */
export type PrivateGatewayConfig =
  { transitGatewayId: string } | { directConnectGatewayId: string; amazonSideAsn: number };

export type NetworkConfig = Omit<PlatformValues["network"], "clientCidrs" | "privateGateway"> & {
  /** Who may connect to the web load balancer. Public default: everybody; private: required. */
  clientCidrs: string[];
  privateGateway?: PrivateGatewayConfig;
};

/**
 * A stack's whole configuration, checked and with every default filled in: the schema's values (its
 * descriptions, units and defaults stand in docs/config.md), and what only several keys decide.
 */
export type PlatformConfig = Omit<PlatformValues, "network" | "database" | "replication"> & {
  /** The stack's region, from `aws:region`. */
  region: string;
  network: NetworkConfig;
  database: DatabaseConfig;
  replication: ReplicationConfig;
};

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
  return toConfig(configSchema.parse(values), region);
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
