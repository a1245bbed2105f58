/** The three kinds of subnet, from the outside in. */
export const subnetKinds = ["public", "private", "isolated"] as const;
export type SubnetKind = (typeof subnetKinds)[number];

export type NodeKind =
  | "clients"
  | "dns"
  | "internetGateway"
  | "transitGateway"
  | "directConnect"
  | "privateGateway"
  | "nat"
  | "balancer"
  | "fleet"
  | "servers"
  | "database"
  | "standby"
  | "replication"
  | "endpoints"
  | "peering"
  | "keys"
  | "logs"
  | "alarms"
  | "backups"
  | "copiedBackups";

/** One thing in the picture. */
export interface TopologyNode {
  /** Unique in the picture, e.g. `us-east-1/web-servers/us-east-1a`. */
  id: string;
  kind: NodeKind;
  /** Absent for what no region holds: clients, DNS, peering. */
  region?: string;
  /** The zones it runs in, by name; absent for what is regional. */
  zones?: string[];
  subnet?: SubnetKind;
  /** The node that it is drawn inside of: servers in their fleet. */
  parent?: string;
  title: string;
  lines: string[];
  /** Longer forms of the title, the longest first: drawn when there is room. */
  longTitles?: string[];
  /** All that is known, as a sentence: shown on hover and read aloud. */
  detail: string;
  /** Servers of one zone. */
  servers?: { min: number; max: number };
}

export type EdgeKind =
  "request" | "lookup" | "health" | "egress" | "api" | "standby" | "replication" | "backup";

export interface TopologyEdge {
  /** `from→to` with the kind. */
  id: string;
  kind: EdgeKind;
  from: string;
  to: string;
  /** Port and encryption, e.g. `443 TLS`, or what flows; "" for none. */
  label: string;
  detail: string;
}

export interface TopologyZone {
  /** E.g. us-east-1a. */
  name: string;
  /** Laid out, but nothing runs in it. */
  idle: boolean;
}

export interface TopologySubnet {
  kind: SubnetKind;
  zone: string;
  cidr: string;
}

export interface TopologyRegion {
  name: string;
  stack?: string;
  /** `unused`: left out by regionCount. `unread`: in use, but its stack is not among the reports. */
  state: "active" | "unused" | "unread";
  /** E.g. `stack prod-east · home · writer`. */
  note: string;
  vpcCidr?: string;
  zones: TopologyZone[];
  subnets: TopologySubnet[];
}

/** One installation as a graph: what there is and what talks to what, without any geometry. */
export interface Topology {
  domain: string;
  /** In the order of the config: the home region first. */
  regions: TopologyRegion[];
  nodes: TopologyNode[];
  edges: TopologyEdge[];
  title: string;
  /** The picture in one or two sentences. */
  description: string;
}
