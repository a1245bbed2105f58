import {
  allowedFlows,
  type Flow,
  type PeerSubnet,
  type FlowEndpoint,
} from "../../stacks/allowedFlows";
import { serviceLevel } from "../../stacks/serviceLevel";
import { regionFinder } from "../plan/crossRegion";
import { shortType } from "../plan/inventory";
import type { PlannedResource, StackPlan } from "../plan/plan";
import { valueAt as at, type Json } from "../../catalogue/json";
import { isActive, type StackReport } from "../figures/report";

/** One step of a request, from one end to the next. */
export interface Hop {
  from: string;
  to: string;
  port: number;
  /** How it is protected on the wire, e.g. `HTTPS, TLS 1.2 or 1.3`. */
  encryption: string;
  encrypted: boolean;
  /** The resource and input that make it so, or why nothing does. */
  proof: string;
}

/** A way through one region, from its first step to its last. */
export interface StackPath {
  stack: string;
  region: string;
  /** What a client's request takes. */
  request: Hop[];
  /** What the other region's changes take; empty where this region follows none. */
  replication: Hop[];
}

/** One flow that the network lets through, in words. */
export interface FlowRow {
  stack: string;
  region: string;
  from: string;
  to: string;
  port: number;
  reason: string;
}

/** The path of a request through a stack's region, read from what the plan creates. */
export function stackPath(report: StackReport): StackPath {
  const { stack, config, plan } = report;
  const { region } = config;
  if (!isActive(report)) return { stack, region, request: [], replication: [] };
  const flows = stackFlows(report);
  const clients = flows.filter(({ to, from }) => to === "web-load-balancer" && isAddress(from));
  const request = [
    lookup(report),
    ...(["web-load-balancer", "app-load-balancer"] as const).flatMap((balancer) => [
      ...(balancer === "web-load-balancer"
        ? clientHops(report, clients)
        : hopsOf(flows, "web-servers", balancer).map((flow) => listenerHop(plan, flow))),
      ...hopsOf(flows, balancer, balancer.replace("-load-balancer", "-servers")).map((flow) =>
        targetHop(plan, flow),
      ),
    ]),
    ...hopsOf(flows, "app-servers", "database").map((flow) => databaseHop(report, flow)),
  ];
  return { stack, region, request, replication: replicationHops(report, flows) };
}

/** Every flow a stack's network lets through, that of the other region into it included. */
export function flowRows(report: StackReport): FlowRow[] {
  const { stack, config, plan } = report;
  if (!isActive(report)) return [];
  const own = stackFlows(report).map(({ from, to, port, reason }) => ({
    ...{ stack, region: config.region, port, reason },
    from: endpointText(from),
    to: endpointText(to),
  }));
  const regionOf = regionFinder(plan);
  // RegionPeering opens each database to the other region; one stack owns both rules.
  const peering = plan.resources
    .filter(({ component, type }) => component && isIngress(type) && isPeering(component.type))
    .map((rule) => ({
      ...{ stack, region: regionOf(rule), port: Number(rule.inputs.fromPort) },
      from: text(rule.inputs.cidrIpv4),
      to: "Database",
      reason: text(rule.inputs.description),
    }));
  return [...own, ...peering];
}

const isIngress = (type: string): boolean => type.endsWith(":SecurityGroupIngressRule");
const isPeering = (type: string): boolean => shortType(type) === "RegionPeering";

/** The flows as the program makes them; the other region's subnets are those that the plan names. */
function stackFlows({ config, plan, replication }: StackReport): Flow[] {
  return allowedFlows(config, serviceLevel(config), replication, peerSubnets(plan));
}

function peerSubnets(plan: StackPlan): PeerSubnet[] {
  return plan.resources.flatMap(({ component, type, inputs }) => {
    const [, letter] = /^replication-to-peer-(.)$/.exec(component?.name ?? "") ?? [];
    if (letter === undefined || !type.endsWith(":SecurityGroupEgressRule")) return [];
    return [{ letter, cidr: text(inputs.cidrIpv4) }];
  });
}

function hopsOf(flows: Flow[], from: string, to: string): Flow[] {
  return flows.filter((flow) => flow.from === from && flow.to === to);
}

function lookup({ config, plan }: StackReport): Hop {
  const policy = plan.resources.find(
    ({ type, inputs }) => shortType(type) === "Record" && inputs.name === config.domain,
  );
  const check = policy?.inputs.healthCheckId === undefined ? "" : ", watched by a health check";
  const how = policy?.inputs.latencyRoutingPolicies === undefined ? "" : "by latency";
  const zone = config.exposure === "private" ? "a private hosted zone" : "a public hosted zone";
  return {
    from: "Client",
    to: `Route 53, ${config.domain}`,
    port: 53,
    encryption: "DNS, in the clear",
    encrypted: false,
    proof: `${policy ? `Record ${policy.name} in ${zone}` : zone}${how && `, answered ${how}`}${check}`,
  };
}

function clientHops(report: StackReport, flows: Flow[]): Hop[] {
  const ports = [...new Set(flows.map(({ port }) => port))].sort((a, b) => b - a);
  return ports.map((port) => {
    const all = flows.filter((flow) => flow.port === port).map(({ from }) => endpointText(from));
    const [first] = flows;
    const hop = listenerHop(report.plan, { ...(first as Flow), port });
    return { ...hop, from: `${wayIn(report)} ${all.join(", ")}` };
  });
}

function wayIn({ config }: StackReport): string {
  const gateway = config.network.privateGateway;
  if (config.exposure === "public") return "Clients from";
  if (!gateway) return "Private clients from";
  return `${"transitGatewayId" in gateway ? "Through the transit gateway" : "Through Direct Connect"} from`;
}

/** Into a load balancer: its listener says how. */
function listenerHop(plan: StackPlan, { from, to, port }: Flow): Hop {
  const tier = tierOf(to);
  const listener = plan.resources.find(
    ({ type, name, inputs }) =>
      shortType(type) === "Listener" && name.startsWith(tier) && inputs.port === port,
  );
  const ends = { from: endpointText(from), to: endpointText(to), port };
  if (!listener) return { ...ends, ...unknown };
  const { protocol, sslPolicy } = listener.inputs;
  if (protocol !== "HTTPS") {
    const redirect = at(listener.inputs, ["defaultActions[]", "redirect", "port"]);
    return {
      ...ends,
      encryption:
        redirect === undefined
          ? `${text(protocol)}, in the clear`
          : `${text(protocol)}, answered with a redirect to ${text(redirect)} only`,
      encrypted: false,
      proof: `Listener ${listener.name}: ${redirect === undefined ? "no TLS" : "redirect, no content"}`,
    };
  }
  return {
    ...ends,
    encryption: `HTTPS, ${tlsVersions(text(sslPolicy))}`,
    encrypted: true,
    proof: `Listener ${listener.name}: sslPolicy ${text(sslPolicy)}`,
  };
}

/** From a load balancer to its servers: the target group says how. */
function targetHop(plan: StackPlan, { from, to, port }: Flow): Hop {
  const group = find(plan, "TargetGroup", tierOf(from));
  const ends = { from: endpointText(from), to: endpointText(to), port };
  if (!group) return { ...ends, ...unknown };
  const encrypted = group.inputs.protocol === "HTTPS";
  return {
    ...ends,
    encryption: encrypted ? "HTTPS, TLS" : `${text(group.inputs.protocol)}, in the clear`,
    encrypted,
    // "Target groups for your Application Load Balancers", ELB user guide.
    proof: `Target group ${group.name}: protocol ${text(group.inputs.protocol)}; balancers do not check the servers' certificates`,
  };
}

function databaseHop({ plan, replication }: StackReport, { from, to, port }: Flow): Hop {
  const group = plan.resources.find(({ type }) => type === "aws:rds/parameterGroup:ParameterGroup");
  const parameters = Array.isArray(group?.inputs.parameters) ? group.inputs.parameters : [];
  const forced = parameters.some(
    (item) => at(item, ["name"]) === "rds.force_ssl" && at(item, ["value"]) === "1",
  );
  return {
    ...{ from: endpointText(from), port },
    to: endpointText(to) + (replication.writable ? "" : ", which is read only"),
    encryption: forced ? "SQL Server protocol (TDS) in TLS" : "SQL Server protocol, TLS not forced",
    encrypted: forced,
    proof: group
      ? `Parameter group ${group.name}: rds.force_ssl ${forced ? "1" : "is not set"}`
      : "no parameter group in the plan",
  };
}

/** DMS reads from one database and writes to the other; its endpoints say how. */
function replicationHops({ config, plan, replication }: StackReport, flows: Flow[]): Hop[] {
  if (!replication.follows) return [];
  const hop = (kind: "source" | "target", port: number): Hop => {
    const endpoint = plan.resources.find(
      ({ type, inputs }) => type === "aws:dms/endpoint:Endpoint" && inputs.endpointType === kind,
    );
    const region = kind === "source" ? (replication.follows?.region ?? "") : config.region;
    const mode = text(endpoint?.inputs.sslMode);
    const encrypted = endpoint !== undefined && mode !== "none" && mode !== "";
    return {
      from: kind === "source" ? `Database in ${region}` : "DMS",
      to: kind === "source" ? `DMS in ${config.region}, over VPC peering` : `Database in ${region}`,
      port,
      encryption: encrypted ? "SQL Server protocol (TDS) in TLS" : "not known to be encrypted",
      encrypted,
      proof: endpoint ? `DMS endpoint ${endpoint.name}: sslMode ${mode}` : "not in the plan yet",
    };
  };
  const port = flows.find(({ from }) => from === "replication")?.port ?? 1433;
  return [hop("source", port), hop("target", port)];
}

const unknown = { encryption: "unknown", encrypted: false, proof: "not in the plan" };

function find(plan: StackPlan, type: string, name: string): PlannedResource | undefined {
  return plan.resources.find((item) => shortType(item.type) === type && item.name === name);
}

const tierOf = (endpoint: FlowEndpoint): string =>
  typeof endpoint === "string" ? (endpoint.split("-")[0] ?? "") : "";

const isAddress = (endpoint: FlowEndpoint): boolean => typeof endpoint === "object";

const names: Record<string, string> = {
  "web-load-balancer": "Web load balancer",
  "web-servers": "Web servers",
  "app-load-balancer": "App load balancer",
  "app-servers": "App servers",
  database: "Database",
  "database-functions": "Database functions",
  replication: "Replication (DMS)",
  endpoints: "AWS APIs (interface endpoints)",
  s3: "S3 (gateway endpoint)",
  internet: "Internet",
};

export function endpointText(endpoint: FlowEndpoint): string {
  if (typeof endpoint === "object") {
    return endpoint.addresses === "0.0.0.0/0" ? "anywhere (0.0.0.0/0)" : endpoint.addresses;
  }
  return names[endpoint] ?? endpoint;
}

/** Load balancer policies carry their versions in their names. */
export function tlsVersions(policy: string): string {
  if (/TLS13-1-3/.test(policy)) return "TLS 1.3";
  if (/TLS13-1-2/.test(policy)) return "TLS 1.2 or 1.3";
  if (/TLS-1-2/.test(policy)) return "TLS 1.2";
  return policy === "" ? "TLS" : `TLS by ${policy}`;
}

function text(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
