import type { GroupRole } from "../components/securityGroups";
import type { PlatformConfig } from "./config";
import type { ServiceLevel } from "./serviceLevel";

/** An end of a flow in the platform's own words; regionalPlatform.ts gives it its AWS identity. */
export type Station = GroupRole | "endpoints" | "s3" | "internet" | { clients: string };

/** One TCP flow that is let through. */
export interface Flow {
  /** Logical name: never renamed, an alias otherwise. */
  name: string;
  from: Station;
  to: Station;
  port: number;
  reason: string;
}

/**
 * Every flow the network lets through: the request path, and the servers' calls to AWS. Nothing
 * else is possible, so this list is the network's security policy.
 */
export function requestPath(config: PlatformConfig, level: ServiceLevel): Flow[] {
  return [
    ...clientFlows(config),
    flow("web-load-balancer", "web-servers", 443, "Requests to web servers"),
    flow("web-servers", "app-load-balancer", 443, "Web servers call the internal API"),
    flow("app-load-balancer", "app-servers", 443, "Requests to app servers"),
    flow("app-servers", "database", 1433, "Only app servers talk to SQL Server"),
    ...(["web-servers", "app-servers"] as const).flatMap((servers) =>
      awsFlows(servers, config, level),
    ),
  ];
}

function clientFlows(config: PlatformConfig): Flow[] {
  const ports = config.exposure === "public" ? [443, 80] : [443];
  return config.network.clientCidrs.flatMap((clients) =>
    ports.map((port) => ({
      name: `clients-${clients}-${port}`,
      from: { clients },
      to: "web-load-balancer" as const,
      port,
      reason: port === 80 ? "Browsers, sent on to 443" : "Clients",
    })),
  );
}

/** Endpoints keep AWS calls off the internet; NAT is for what has no endpoint, such as Windows Update. */
function awsFlows(
  servers: "web-servers" | "app-servers",
  config: PlatformConfig,
  level: ServiceLevel,
): Flow[] {
  const flows = [flow(servers, "s3", 443, "Sites and agents from S3")];
  if (config.network.interfaceEndpoints) {
    flows.push(flow(servers, "endpoints", 443, "AWS APIs"));
  }
  if (level.natGateways !== "none") {
    flows.push(flow(servers, "internet", 443, "Updates through the NAT gateway"));
  }
  return flows;
}

function flow(from: GroupRole, to: Exclude<Station, object>, port: number, reason: string): Flow {
  return { name: `${from}-to-${to}`, from, to, port, reason };
}
