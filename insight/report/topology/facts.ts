import { regionFinder } from "../../plan/crossRegion";
import { isCreated } from "../../plan/inventory";
import { type PlannedResource, type StackPlan } from "../../plan/plan";
import { valueAt as at, reveal, type Json } from "../../../catalogue/json";
import { subnetKinds, type SubnetKind, type TopologySubnet } from "./types";

/** One load balancer of a plan. */
export interface BalancerFacts {
  zones: string[];
  subnet: SubnetKind;
  internal: boolean;
  /** Port and encryption of what it takes, e.g. `443 TLS`. */
  listens: string;
  /** A plain port that only sends browsers on, e.g. 80. */
  redirects?: number;
  /** Port and encryption towards its servers. */
  forwards: string;
}

export interface FleetFacts {
  zones: string[];
  instanceType: string;
  /** Of all zones. */
  min: number;
  max: number;
}

export interface DatabaseFacts {
  edition: string;
  instanceClass: string;
  storageGiB: number;
  multiAz: boolean;
  port: number;
  tls: boolean;
  backupDays: number;
  /** The zones it may be placed in; RDS chooses. */
  zones: string[];
}

export interface GatewayFacts {
  kind: "internetGateway" | "transitGateway" | "directConnect" | "privateGateway";
  /** The id that the config names, if any. */
  id?: string;
}

/** What one stack's plan says about its region. */
export interface RegionFacts {
  vpcCidr: string;
  subnets: TopologySubnet[];
  gateway?: GatewayFacts;
  nats: { zone: string; serves: string[] }[];
  web?: BalancerFacts;
  app?: BalancerFacts;
  webFleet?: FleetFacts;
  appFleet?: FleetFacts;
  database?: DatabaseFacts;
  /** Services behind interface endpoints, and their zones; S3's gateway endpoint apart. */
  endpoints: { services: string[]; zones: string[]; gateways: string[] };
  healthCheck?: { type: string; path?: string; seconds?: number };
  latencyRouted: boolean;
  privateZone: boolean;
  keys: number;
  secrets: number;
  logDays?: number;
  alarms: { count: number; email: boolean };
}

/** The resources of one region, by type, whichever stack owns them. */
export class PlanReader {
  private readonly resources: PlannedResource[];

  /** @param plans the region's own first. */
  constructor(plans: StackPlan[], region: string) {
    this.resources = plans.flatMap((plan) => {
      const regionOf = regionFinder(plan);
      return plan.resources.filter((item) => isCreated(item) && regionOf(item) === region);
    });
  }

  /** Of a type by its last part, e.g. `Subnet`. */
  all(type: string, name?: string): PlannedResource[] {
    return this.resources.filter(
      (item) => item.type.endsWith(`:${type}`) && (name === undefined || item.name === name),
    );
  }

  first(type: string, name?: string): PlannedResource | undefined {
    return this.all(type, name)[0];
  }
}

/** What a region consists of, read from the resources that the plans have there. */
export function regionFacts(read: PlanReader): RegionFacts {
  const subnets = new Map(read.all("Subnet").map((subnet) => [subnet.id, subnetOf(subnet)]));
  const places = (ids: Json | undefined): TopologySubnet[] =>
    texts(ids).flatMap((id) => subnets.get(id) ?? []);
  const zonesOf = (ids: Json | undefined): string[] => unique(places(ids).map(({ zone }) => zone));
  const rds = read.first("Instance");
  const records = read.all("Record");
  return {
    vpcCidr: text(read.first("Vpc")?.inputs.cidrBlock) ?? "",
    subnets: [...subnets.values()].sort(bySubnet),
    gateway: gateway(read),
    nats: natGateways(read, subnets),
    web: balancer(read, "web", places),
    app: balancer(read, "app", places),
    webFleet: fleet(read, "web", zonesOf),
    appFleet: fleet(read, "app", zonesOf),
    database: rds && database(read, rds, zonesOf),
    endpoints: endpoints(read, zonesOf),
    healthCheck: healthCheck(read),
    latencyRouted: records.some(({ inputs }) => inputs.latencyRoutingPolicies !== undefined),
    privateZone: read.first("Zone", "dns")?.inputs.vpcs !== undefined,
    keys: read.all("Key").length,
    secrets: read.all("Secret").length,
    logDays: number(read.first("LogGroup")?.inputs.retentionInDays),
    alarms: {
      count: read.all("MetricAlarm").length,
      email: read.all("TopicSubscription").some(({ inputs }) => inputs.protocol === "email"),
    },
  };
}

function subnetOf({ inputs }: PlannedResource): TopologySubnet {
  const tagged = text(at(inputs, ["tags", "SubnetType"]))?.toLowerCase();
  const kind = subnetKinds.find((known) => known === tagged);
  return {
    kind: kind ?? (inputs.mapPublicIpOnLaunch === true ? "public" : "private"),
    zone: text(inputs.availabilityZone) ?? "",
    cidr: text(inputs.cidrBlock) ?? "",
  };
}

function bySubnet(a: TopologySubnet, b: TopologySubnet): number {
  const key = ({ kind, zone }: TopologySubnet): string => `${subnetKinds.indexOf(kind)}${zone}`;
  return key(a) < key(b) ? -1 : 1;
}

/** The way in: the gateway that a route leads to. An internet gateway without one isn't in use. */
function gateway(read: PlanReader): GatewayFacts | undefined {
  const attachment = read.first("VpcAttachment");
  if (attachment) return { kind: "transitGateway", id: text(attachment.inputs.transitGatewayId) };
  const association = read.first("GatewayAssociation");
  if (association) return { kind: "directConnect", id: text(association.inputs.dxGatewayId) };
  if (read.first("VpnGateway")) return { kind: "privateGateway" };
  const gateways = new Set(read.all("InternetGateway").map(({ id }) => id));
  const routed = read.all("Route").some(({ inputs }) => gateways.has(text(inputs.gatewayId) ?? ""));
  return routed ? { kind: "internetGateway" } : undefined;
}

function natGateways(read: PlanReader, subnets: Map<string, TopologySubnet>): RegionFacts["nats"] {
  const tables = new Map(
    read
      .all("RouteTableAssociation")
      .map(({ inputs }) => [text(inputs.routeTableId), text(inputs.subnetId)]),
  );
  return read.all("NatGateway").map(({ id, inputs }) => {
    const routes = read.all("Route").filter((route) => route.inputs.natGatewayId === id);
    const served = routes.map((route) => tables.get(text(route.inputs.routeTableId)));
    return {
      zone: subnets.get(text(inputs.subnetId) ?? "")?.zone ?? "",
      serves: unique(served.map((subnet) => subnets.get(subnet ?? "")?.zone ?? "")).sort(),
    };
  });
}

function balancer(
  read: PlanReader,
  name: string,
  places: (ids: Json | undefined) => TopologySubnet[],
): BalancerFacts | undefined {
  const found = read.first("LoadBalancer", name);
  if (!found) return undefined;
  const listeners = read
    .all("Listener")
    .filter(({ inputs }) => inputs.loadBalancerArn === found.id)
    .map(({ inputs }) => inputs);
  const forwarding = listeners.find(({ protocol }) => protocol === "HTTPS") ?? listeners[0];
  const plain = listeners.find((inputs) => at(inputs, ["defaultActions[]", "type"]) === "redirect");
  const group = read.first("TargetGroup", name)?.inputs;
  const subnets = places(found.inputs.subnets);
  return {
    zones: unique(subnets.map(({ zone }) => zone)),
    subnet: subnets[0]?.kind ?? "private",
    internal: found.inputs.internal === true,
    listens: encrypted(forwarding?.port, forwarding?.protocol === "HTTPS"),
    redirects: number(plain?.port),
    forwards: encrypted(group?.port, group?.protocol === "HTTPS"),
  };
}

/** A port and how it is encrypted, e.g. `443 TLS`. */
export function encrypted(port: Json | undefined, tls: boolean): string {
  return `${String(reveal(port) ?? "?")} ${tls ? "TLS" : "not encrypted"}`;
}

function fleet(
  read: PlanReader,
  name: string,
  zonesOf: (ids: Json | undefined) => string[],
): FleetFacts | undefined {
  const group = read.first("Group", name);
  if (!group) return undefined;
  const template = read
    .all("LaunchTemplate")
    .find(({ id }) => id === at(group.inputs, ["launchTemplate", "id"]));
  return {
    zones: zonesOf(group.inputs.vpcZoneIdentifiers),
    instanceType: text(template?.inputs.instanceType) ?? "",
    min: number(group.inputs.minSize) ?? 0,
    max: number(group.inputs.maxSize) ?? 0,
  };
}

const editions: Record<string, string> = {
  "sqlserver-ee": "Enterprise",
  "sqlserver-se": "Standard",
  "sqlserver-web": "Web edition",
};

function database(
  read: PlanReader,
  { inputs }: PlannedResource,
  zonesOf: (ids: Json | undefined) => string[],
): DatabaseFacts {
  const parameters = read.first("ParameterGroup")?.inputs.parameters;
  const list = Array.isArray(parameters) ? parameters : [];
  const engine = text(inputs.engine) ?? "";
  return {
    edition: editions[engine] ?? engine,
    instanceClass: text(inputs.instanceClass) ?? "",
    storageGiB: number(inputs.allocatedStorage) ?? 0,
    multiAz: inputs.multiAz === true,
    port: number(inputs.port) ?? 1433,
    tls: list.some(
      (item) => at(item, ["name"]) === "rds.force_ssl" && text(at(item, ["value"])) === "1",
    ),
    backupDays: number(inputs.backupRetentionPeriod) ?? 0,
    zones: zonesOf(
      read.all("SubnetGroup").find(({ id }) => id === inputs.dbSubnetGroupName)?.inputs.subnetIds,
    ),
  };
}

function endpoints(
  read: PlanReader,
  zonesOf: (ids: Json | undefined) => string[],
): RegionFacts["endpoints"] {
  const all = read.all("VpcEndpoint");
  const service = ({ inputs }: PlannedResource): string =>
    (text(inputs.serviceName) ?? "").split(".").slice(3).join(".");
  const ofKind = (kind: string): PlannedResource[] =>
    all.filter(({ inputs }) => inputs.vpcEndpointType === kind);
  return {
    services: ofKind("Interface").map(service).sort(),
    zones: unique(ofKind("Interface").flatMap(({ inputs }) => zonesOf(inputs.subnetIds))).sort(),
    gateways: ofKind("Gateway").map(service).sort(),
  };
}

function healthCheck(read: PlanReader): RegionFacts["healthCheck"] {
  const found = read.first("HealthCheck")?.inputs;
  return (
    found && {
      type: text(found.type) ?? "",
      path: text(found.resourcePath),
      seconds: number(found.requestInterval),
    }
  );
}

export function text(value: Json | undefined): string | undefined {
  const shown = reveal(value);
  return typeof shown === "string" ? shown : undefined;
}

function texts(value: Json | undefined): string[] {
  const shown = reveal(value);
  return Array.isArray(shown) ? shown.filter((item) => typeof item === "string") : [];
}

export function number(value: Json | undefined): number | undefined {
  const shown = reveal(value);
  return typeof shown === "number" ? shown : undefined;
}

export function unique<T>(items: T[]): T[] {
  return [...new Set(items)];
}
