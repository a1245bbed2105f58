import { createHash } from "node:crypto";
import { isActive, databaseRole, type StackReport } from "../../figures/report";
import { PlanReader, regionFacts, type RegionFacts } from "./facts";
import { linkParts } from "./linkModel";
import { edge, range, type Parts, type ReadRegion } from "./parts";
import { regionParts } from "./regionModel";
import type { Topology, TopologyEdge, TopologyNode, TopologyRegion, TopologyZone } from "./types";

/**
 * The graph of one installation, found in the plans of its stacks.
 *
 * @param reports all stacks of one installation, in any order.
 * @throws Error if there is none, if they are of several installations, or if two are of one region.
 */
export function topology(reports: StackReport[]): Topology {
  const [first] = reports;
  if (!first) throw new Error("There is no stack to draw.");
  const { domain, regions: order } = first.config;
  check(reports);
  const names = [...new Set([...order, ...reports.map(({ config }) => config.region)])];
  const known = names.flatMap((name): (ReadRegion | TopologyRegion)[] => {
    const report = reports.find(({ config }) => config.region === name);
    if (report) return [isActive(report) ? readRegion(report, reports) : unusedRegion(report)];
    const used = order.slice(0, first.config.regionCount).includes(name);
    return used
      ? [{ ...absent(name), state: "unread", note: "in use, its stack was not read" }]
      : [];
  });
  const read = known.filter((item): item is ReadRegion => "facts" in item);
  const parts = [clientParts(domain, read), ...read.map(regionParts), linkParts(read)];
  const nodes = parts.flatMap((part) => part.nodes);
  const regions = known.map((item) => ("facts" in item ? item.region : item));
  return {
    domain,
    regions,
    nodes,
    edges: parts.flatMap((part) => part.edges),
    title: `Architecture of ${domain}`,
    description: description(domain, regions, nodes, read),
  };
}

/** Part of an id that differs for different pictures and stays for the same. */
export function fingerprint(graph: Topology): string {
  return createHash("sha256").update(JSON.stringify(graph)).digest("hex").slice(0, 8);
}

function check(reports: StackReport[]): void {
  const domains = [...new Set(reports.map(({ config }) => config.domain))];
  if (domains.length > 1) {
    throw new Error(
      `One picture shows one installation; these stacks are of ${domains.join(" and ")}.`,
    );
  }
  const regions = reports.map(({ config }) => config.region);
  const twice = regions.find((region, index) => regions.indexOf(region) !== index);
  if (twice !== undefined) {
    const stacks = reports.filter(({ config }) => config.region === twice);
    const list = stacks.map(({ stack }) => stack).join(" and ");
    throw new Error(`${list} are both of ${twice}; an installation has one stack per region.`);
  }
}

function readRegion(report: StackReport, reports: StackReport[]): ReadRegion {
  const { config, plan, stack } = report;
  const others = reports.filter((other) => other !== report).map((other) => other.plan);
  const read = new PlanReader([plan, ...others], config.region);
  const facts = regionFacts(read);
  const role = databaseRole(report);
  const home = config.regions[0] === config.region;
  const notes = [
    ...(config.regions.length > 1 && home ? ["home"] : []),
    ...(config.regionCount > 1 && role !== undefined ? [role] : []),
  ];
  const region: TopologyRegion = {
    name: config.region,
    stack,
    state: "active",
    note: [`stack ${stack}`, ...notes].join(" · "),
    vpcCidr: facts.vpcCidr,
    zones: zones(facts),
    subnets: facts.subnets,
  };
  return { region, report, facts, read };
}

/** Of all zones that subnets lie in, those without servers are idle. */
function zones({ subnets, webFleet, appFleet }: RegionFacts): TopologyZone[] {
  const used = new Set([...(webFleet?.zones ?? []), ...(appFleet?.zones ?? [])]);
  const names = [...new Set(subnets.map(({ zone }) => zone))];
  return names.map((name) => ({ name, idle: !used.has(name) }));
}

function absent(name: string): Pick<TopologyRegion, "name" | "zones" | "subnets"> {
  return { name, zones: [], subnets: [] };
}

function unusedRegion({ stack, config }: StackReport): TopologyRegion {
  const note = `stack ${stack} · not in use: regionCount is ${config.regionCount}`;
  return { ...absent(config.region), stack, state: "unused", note };
}

function clientParts(domain: string, read: ReadRegion[]): Parts {
  const [first] = read;
  if (!first) return { nodes: [], edges: [] };
  const { clientCidrs } = first.report.config.network;
  const everybody = clientCidrs.includes("0.0.0.0/0");
  const more = clientCidrs.length > 1 ? ` and ${clientCidrs.length - 1} more` : "";
  const from = everybody ? "from anywhere" : `${clientCidrs[0] ?? ""}${more}`;
  const isPrivate = first.report.config.exposure === "private";
  const clients: TopologyNode = {
    id: "clients",
    kind: "clients",
    title: "Clients",
    lines: [isPrivate ? "in the private network" : "over the internet", from],
    detail: `Clients from ${everybody ? "anywhere" : clientCidrs.join(", ")}`,
  };
  const dns = dnsNode(domain, read);
  return {
    nodes: [clients, dns],
    edges: [
      edge("lookup", "clients", "dns", "DNS", `Clients look ${domain} up`),
      ...read.flatMap((item) => entryEdges(item)),
    ],
  };
}

function dnsNode(domain: string, read: ReadRegion[]): TopologyNode {
  const routed = read.some(({ facts }) => facts.latencyRouted);
  const routing =
    read.length > 1 && routed ? "closest healthy region" : routed ? "latency-routed" : "one region";
  const check = read[0]?.facts.healthCheck;
  const kind =
    check?.type === "HTTPS"
      ? `health: HTTPS ${check.path ?? ""}`
      : check && "health: CloudWatch alarm";
  const zone = read.some(({ facts }) => facts.privateZone) ? "private hosted zone" : "hosted zone";
  return {
    id: "dns",
    kind: "dns",
    title: "Route 53",
    lines: [domain, routing, ...(kind === undefined ? [] : [kind])],
    detail: `Route 53, ${zone}: ${domain} leads to the ${routing}${check ? `, ${kind ?? ""}` : ""}`,
  };
}

function entryEdges({ region: { name }, facts }: ReadRegion): TopologyEdge[] {
  const { gateway, web, healthCheck } = facts;
  if (!gateway) return [];
  const redirected = web?.redirects === undefined ? "" : `; ${web.redirects} redirects to it`;
  const label = web?.listens ?? "";
  return [
    edge("request", "clients", `${name}/gateway`, label, `Requests, ${label}${redirected}`),
    ...(healthCheck?.type === "HTTPS"
      ? [
          edge(
            "health",
            "dns",
            `${name}/gateway`,
            "health check",
            `Route 53 asks ${healthCheck.path ?? ""} every ${healthCheck.seconds ?? 30} seconds`,
          ),
        ]
      : []),
  ];
}

function description(
  domain: string,
  regions: TopologyRegion[],
  nodes: TopologyNode[],
  read: ReadRegion[],
): string {
  const sentences = read.map(({ region, facts, report }) => {
    const active = region.zones.filter(({ idle }) => !idle).length;
    const { web, webFleet, appFleet, database, gateway } = facts;
    const way = gateway?.kind === "internetGateway" ? "from the internet" : "privately";
    return (
      `${region.name} runs in ${active} ${active === 1 ? "zone" : "zones"}, reached ${way}: ` +
      `web load balancer (${web?.listens ?? ""}), ${servers(webFleet)} web servers, ` +
      `app load balancer, ${servers(appFleet)} app servers, SQL Server ` +
      `${database?.edition ?? ""}${database?.multiAz ? " with a standby" : " without a standby"}` +
      `${report.config.regionCount > 1 ? ` (${databaseRole(report) ?? ""})` : ""}.`
    );
  });
  const copies = nodes.filter(({ kind }) => kind === "replication").map(({ detail }) => detail);
  const others = regions
    .filter(({ state }) => state !== "active")
    .map(({ name, state }) =>
      state === "unused" ? `${name} is not in use.` : `${name} is in use but not shown.`,
    );
  const start = `Clients of ${domain} are led by Route 53.`;
  const ends = copies.map((copy) => `${copy}.`);
  return [...(read.length > 0 ? [start] : []), ...sentences, ...ends, ...others].join(" ");
}

function servers(fleet: { min: number; max: number } | undefined): string {
  return fleet ? range(fleet) : "no";
}
