/** What of a stack is paid for, counted by the resources of its plan, without prices or usage. */
export interface ResourceCounts {
  /** The stack's region. */
  region: string;
  tiers: TierCounts[];
  network?: NetworkCounts;
  database?: DatabaseCounts;
  entry?: EntryCounts;
  /** Hosted zones by component. */
  zones: Count[];
  /** CloudWatch alarms by component. */
  alarms: Count[];
  /** Metrics that the program itself makes, by component. */
  metrics: Count[];
  /** Secrets by component and region, copies included. */
  secrets: Count[];
  /** KMS keys by component and region. */
  keys: Count[];
  /** Keys are rotated. */
  keysRotate: boolean;
  /** Days that each component's log group keeps its entries. */
  logDays: Partial<Record<LogComponent, number>>;
  databaseFunction?: { memoryMiB: number; runsPerMonth: number };
  /** The region's copy of the other one's database. */
  copy?: CopyCounts;
  /** The other region's backups, kept in this one. */
  backupCopy?: { from: string; days: number };
  /** A snapshot that a region keeps since it became a copy. */
  guardSnapshots: number;
  /** Access logs of the balancers are kept for so many days. */
  archiveDays?: number;
  /** Site packages in S3. */
  artifacts: boolean;
  /** Alarms go out by mail. */
  mail: boolean;
  /** Resources of types that nobody has said what they cost. */
  unknown: Count[];
}

/** The components that write to log groups month by month. */
export const logComponents = [
  "WebTier",
  "AppTier",
  "SqlServerCluster",
  "DatabaseFunction",
  "Network",
] as const;

export type LogComponent = (typeof logComponents)[number];

/** So many of one thing. */
export interface Count {
  component: string;
  region: string;
  count: number;
}

export interface TierCounts {
  tier: "web" | "app";
  instanceType: string;
  /** Zones that run servers. */
  zones: number;
  minPerZone: number;
  maxPerZone: number;
  /** GiB of each server's disk. */
  diskGiB: number;
  /** Metrics every minute, paid for by the metric. */
  detailedMonitoring: boolean;
  /** Zones of the load balancer. */
  balancerZones: number;
  /** The load balancer has public addresses. */
  publicBalancer: boolean;
}

export interface NetworkCounts {
  natGateways: number;
  /** Public addresses of the NAT gateways. */
  natAddresses: number;
  /** Zones that run servers. */
  zones: number;
  /** Interface endpoints, each counted once per zone. */
  endpointZones: number;
  gateway?: "transit" | "direct";
}

export interface DatabaseCounts {
  instanceClass: string;
  edition: "web" | "standard" | "enterprise";
  multiAz: boolean;
  storageGiB: number;
  iops: number;
  backupDays: number;
  /** Seconds between samples of Enhanced Monitoring; 0 is off. */
  monitoringSeconds: number;
}

export interface EntryCounts {
  /** Options of the health check that are paid for: HTTPS, short interval. */
  options: number;
  /** Names that are asked from the internet. */
  publicNames: boolean;
}

export interface CopyCounts {
  /** Region that the changes come from. */
  from: string;
  instanceClass: string;
  storageGiB: number;
  multiAz: boolean;
  /** Begins with a copy of all data. */
  fullLoad: boolean;
}

/** A region of which nothing is paid for. */
export function nothing(region: string): ResourceCounts {
  return {
    region,
    tiers: [],
    zones: [],
    alarms: [],
    metrics: [],
    secrets: [],
    keys: [],
    keysRotate: false,
    logDays: {},
    guardSnapshots: 0,
    artifacts: false,
    mail: false,
    unknown: [],
  };
}

/** Adds to the count of a component and region. */
export function add(counts: Count[], component: string, region: string, count = 1): void {
  const found = counts.find((item) => item.component === component && item.region === region);
  if (found) found.count += count;
  else counts.push({ component, region, count });
}

/** Counts in an order of their own: plans list resources in the order of their registration. */
export function inOrder(counts: Count[]): Count[] {
  return counts.sort((a, b) => compare(a.component, b.component) || compare(a.region, b.region));
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

// Each part begins empty, with the first resource that counts towards it.

export function tierOf(component: string, into: ResourceCounts): TierCounts {
  const tier = component === "WebTier" ? "web" : "app";
  const found = into.tiers.find((item) => item.tier === tier);
  if (found) return found;
  const made: TierCounts = {
    tier,
    instanceType: "",
    zones: 0,
    minPerZone: 0,
    maxPerZone: 0,
    diskGiB: 0,
    detailedMonitoring: false,
    balancerZones: 0,
    publicBalancer: false,
  };
  into.tiers.push(made);
  return made;
}

export function networkOf(into: ResourceCounts) {
  return (into.network ??= { natGateways: 0, natAddresses: 0, zones: 0, endpointZones: 0 });
}

export function entryOf(into: ResourceCounts) {
  return (into.entry ??= { options: 0, publicNames: false });
}

export function functionOf(into: ResourceCounts) {
  return (into.databaseFunction ??= { memoryMiB: 0, runsPerMonth: 0 });
}

export function copyOf(into: ResourceCounts) {
  return (into.copy ??= {
    from: "",
    instanceClass: "",
    storageGiB: 0,
    multiAz: false,
    fullLoad: false,
  });
}
