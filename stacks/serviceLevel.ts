import { zoneLetters, type ZoneLetter } from "./cidrPlan";
import type { PlatformConfig } from "./config/platformConfig";

/**
 * Route 53 tells CloudWatch of its checks in this region alone, wherever the platform is
 * ("Monitoring health checks using CloudWatch", Route 53 Developer Guide).
 */
export const healthMetricsRegion = "us-east-1";

/** What `azCount` and `regionCount` buy: which parts run, and where. */
export interface ServiceLevel {
  /** False when `regionCount` leaves this stack's region out: its desired state is then empty. */
  active: boolean;
  /** The first of `regions`: its stack owns what exists once for the installation. */
  isHomeRegion: boolean;
  /** Zones that run servers, NAT gateways and interface endpoints. */
  zones: ZoneLetter[];
  /** Zones of the load balancers: at least two, an AWS rule (DescribeLoadBalancers, Subnets). */
  loadBalancerZones: ZoneLetter[];
  natGateways: "none" | "single" | "onePerAz";
  /** A standby of the database in a second zone. */
  multiAz: boolean;
  /**
   * How Route 53 sees that the region is healthy. Its checkers come from the internet, so a region
   * closed to it is judged by a CloudWatch alarm instead.
   */
  healthCheck: "https" | "alarm";
}

/** The one place where the two numbers become decisions; components get the plain results. */
export function serviceLevel(config: PlatformConfig): ServiceLevel {
  const zones = zoneLetters.slice(0, config.azCount);
  return {
    active: config.regions.slice(0, config.regionCount).includes(config.region),
    isHomeRegion: config.regions[0] === config.region,
    zones,
    loadBalancerZones: zoneLetters.slice(0, Math.max(2, config.azCount)),
    natGateways: natGateways(config),
    multiAz: config.azCount >= 2,
    healthCheck: isOpen(config.exposure, config.network.clientCidrs) ? "https" : "alarm",
  };
}

/** Whether anybody may connect, and so Route 53's checkers. */
export function isOpen(exposure: PlatformConfig["exposure"], clientCidrs: string[]): boolean {
  return exposure === "public" && clientCidrs.includes("0.0.0.0/0");
}

function natGateways(config: PlatformConfig): ServiceLevel["natGateways"] {
  if (config.exposure === "private") return "none";
  return config.network.natGateways ?? (config.azCount === 3 ? "onePerAz" : "single");
}
