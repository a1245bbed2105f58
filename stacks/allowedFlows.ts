import type { GroupRole } from "../components/base/securityGroups";
import type { PlatformConfig } from "./config/platformConfig";
import type { ReplicationPlan } from "./replicationPlan";
import type { ServiceLevel } from "./serviceLevel";

/**
 * An end of a flow in the platform's own words; region/network.ts gives it its AWS identity.
 * `addresses` are outside this VPC: clients, or isolated subnets of the other region.
 */
export type FlowEndpoint = GroupRole | "endpoints" | "s3" | "internet" | { addresses: string };

/** One TCP flow that is let through. */
export interface Flow {
  /** Logical name: never renamed, an alias otherwise. */
  name: string;
  from: FlowEndpoint;
  to: FlowEndpoint;
  port: number;
  reason: string;
}

/** An isolated subnet of the other region. */
export interface PeerSubnet {
  letter: string;
  cidr: string;
}

/**
 * Every flow the network lets through: the request path, the calls to AWS, and what works on the
 * database. Nothing else is possible, so this list is the network's security policy; RegionPeering
 * adds the other region's way to this database.
 *
 * @param peer the isolated subnets of the region that this one's database follows.
 */
export function allowedFlows(
  config: PlatformConfig,
  level: ServiceLevel,
  replication: ReplicationPlan,
  peer: PeerSubnet[],
): Flow[] {
  return [
    ...clientFlows(config),
    flow("web-load-balancer", "web-servers", 443, "Requests to web servers"),
    flow("web-servers", "app-load-balancer", 443, "Web servers call the internal API"),
    flow("app-load-balancer", "app-servers", 443, "Requests to app servers"),
    flow("app-servers", "database", 1433, "Only app servers talk to SQL Server"),
    ...(["web-servers", "app-servers"] as const).flatMap((servers) => awsFlows(servers, level)),
    ...databaseFlows("database-functions", "Database, logins and change capture"),
    ...(replication.follows && peer.length > 0 ? replicationFlows(peer) : []),
  ];
}

function clientFlows(config: PlatformConfig): Flow[] {
  const ports = config.exposure === "public" ? [443, 80] : [443];
  return config.network.clientCidrs.flatMap((clients) =>
    ports.map((port) => ({
      name: `clients-${clients}-${port}`,
      from: { addresses: clients },
      to: "web-load-balancer" as const,
      port,
      reason: port === 80 ? "Browsers, sent on to 443" : "Clients",
    })),
  );
}

/**
 * Endpoints keep AWS calls off the internet; NAT is for what has no endpoint, such as Windows
 * Update. Secrets Manager's endpoint is always there, and its name then leads nowhere else.
 */
function awsFlows(servers: "web-servers" | "app-servers", level: ServiceLevel): Flow[] {
  const flows = [
    flow(servers, "s3", 443, "Sites and agents from S3"),
    flow(servers, "endpoints", 443, "AWS APIs"),
  ];
  if (level.natGateways !== "none") {
    flows.push(flow(servers, "internet", 443, "Updates through the NAT gateway"));
  }
  return flows;
}

function databaseFlows(from: "database-functions" | "replication", reason: string): Flow[] {
  return [
    flow(from, "database", 1433, reason),
    flow(from, "endpoints", 443, "Logins from Secrets Manager"),
  ];
}

function replicationFlows(peer: PeerSubnet[]): Flow[] {
  return [
    ...databaseFlows("replication", "Changes of the other region"),
    ...(["replication", "database-functions"] as const).flatMap((from) =>
      peer.map(({ letter, cidr }) => ({
        name: `${from}-to-peer-${letter}`,
        from,
        to: { addresses: cidr },
        port: 1433,
        reason:
          from === "replication" ? "Reads the other region's changes" : "Compares the heartbeats",
      })),
    ),
  ];
}

function flow(
  from: GroupRole,
  to: Exclude<FlowEndpoint, object>,
  port: number,
  reason: string,
): Flow {
  return { name: `${from}-to-${to}`, from, to, port, reason };
}
