import { databaseRole } from "../../figures/report";
import { encrypted, type BalancerFacts, type FleetFacts, type RegionFacts } from "./facts";
import { edge, range, type Parts, type ReadRegion } from "./parts";
import type { TopologyEdge, TopologyNode } from "./types";

/** Everything inside one region, and what talks to what there. */
export function regionParts(item: ReadRegion): Parts {
  const { region, facts } = item;
  const inside = { region: region.name };
  const id = (name: string): string => `${region.name}/${name}`;
  const nodes = [
    ...gatewayNodes(facts),
    ...natNodes(facts, region.name),
    ...balancerNodes("web", facts.web),
    ...fleetNodes("web", facts.webFleet, item),
    ...balancerNodes("app", facts.app),
    ...fleetNodes("app", facts.appFleet, item),
    ...databaseNodes(item),
    ...endpointNodes(facts, region.name),
    ...serviceNodes(facts),
  ].map((node) => ({
    ...node,
    ...inside,
    id: id(node.id),
    ...(node.parent === undefined ? {} : { parent: id(node.parent) }),
  }));
  return { nodes, edges: edges(item, id) };
}

function gatewayNodes({ gateway, web }: RegionFacts): TopologyNode[] {
  if (!gateway) return [];
  const forms = {
    internetGateway: [
      "Internet gateway",
      web?.redirects === undefined ? "" : "80 redirects to 443",
    ],
    transitGateway: ["Transit gateway", gateway.id ?? ""],
    directConnect: ["Direct Connect", "private gateway"],
    privateGateway: ["Private gateway", ""],
  };
  const [title = "", line = ""] = forms[gateway.kind];
  return [
    {
      id: "gateway",
      kind: gateway.kind,
      title,
      lines: line === "" ? [] : [line],
      detail: `${title}${gateway.id === undefined ? "" : ` ${gateway.id}`}: the way into the VPC`,
    },
  ];
}

function natNodes({ nats }: RegionFacts, region: string): TopologyNode[] {
  return nats.map(({ zone, serves }) => {
    const letters = serves.map((name) => name.replace(region, ""));
    return {
      id: `nat/${zone}`,
      kind: "nat",
      zones: [zone],
      subnet: "public",
      title: "NAT",
      lines: [`out for ${letters.join(", ")}`],
      detail: `NAT gateway in ${zone}, the way out for servers in ${serves.join(", ")}`,
    };
  });
}

function balancerNodes(tier: "web" | "app", facts?: BalancerFacts): TopologyNode[] {
  if (!facts) return [];
  const title = tier === "web" ? "Web load balancer" : "App load balancer";
  const reach = facts.internal ? "internal" : "public";
  return [
    {
      id: `${tier}-balancer`,
      kind: "balancer",
      zones: facts.zones,
      subnet: facts.subnet,
      title,
      lines: [`ALB, ${reach}, in ${facts.zones.length} zones`],
      detail: `${title}: application load balancer, ${reach}, takes ${facts.listens}, in ${facts.zones.join(", ")}`,
    },
  ];
}

function fleetNodes(
  tier: "web" | "app",
  facts: FleetFacts | undefined,
  { report }: ReadRegion,
): TopologyNode[] {
  if (!facts) return [];
  const title = tier === "web" ? "Web servers" : "App servers";
  const { version } = report.config[tier].windows;
  const scaling = `Auto Scaling ${range(facts, "–")}`;
  const zones = facts.zones.length;
  const perZone = { min: Math.floor(facts.min / zones), max: Math.floor(facts.max / zones) };
  const fleet: TopologyNode = {
    id: `${tier}-fleet`,
    kind: "fleet",
    zones: facts.zones,
    subnet: "private",
    title,
    lines: [],
    longTitles: [`${title} · ${scaling} · Windows ${version}`, `${title} · ${scaling}`],
    detail: `${title}: auto-scaling group of ${range(facts)} ${facts.instanceType}, Windows Server ${version}`,
  };
  const servers = facts.zones.map((zone): TopologyNode => ({
    id: `${tier}-servers/${zone}`,
    kind: "servers",
    parent: fleet.id,
    zones: [zone],
    subnet: "private",
    title: facts.instanceType,
    lines: [`${range(perZone, "–")} ${perZone.max === 1 ? "server" : "servers"}`],
    detail: `${range(perZone)} ${facts.instanceType} in ${zone}`,
    servers: perZone,
  }));
  return [fleet, ...servers];
}

function databaseNodes({ report, facts }: ReadRegion): TopologyNode[] {
  const { database } = facts;
  if (!database) return [];
  const role = databaseRole(report) ?? "writer";
  const [first, second] = facts.subnets
    .filter(({ kind, zone }) => kind === "isolated" && database.zones.includes(zone))
    .map(({ zone }) => zone);
  const { edition, instanceClass, storageGiB } = database;
  const copied = report.config.regionCount > 1;
  const short = role === "writer and replica" ? "writes and follows" : role;
  const part = copied ? [short] : [];
  const alone = database.multiAz ? [] : ["no standby"];
  const own: TopologyNode = {
    id: "database",
    kind: "database",
    zones: first === undefined ? [] : [first],
    subnet: "isolated",
    title: "SQL Server",
    lines: [...part, edition, instanceClass, `${storageGiB} GiB gp3`, ...alone],
    detail:
      `RDS for SQL Server ${edition}, ${role}, ${instanceClass}, ${storageGiB} GiB, ` +
      `${database.multiAz ? "with a standby" : "no standby"}; RDS chooses the zone`,
  };
  if (!database.multiAz || second === undefined) return [own];
  const standby: TopologyNode = {
    ...own,
    id: "standby",
    kind: "standby",
    zones: [second],
    title: "Standby",
    lines: ["synchronous", instanceClass, "not readable"],
    detail: "Standby of the database in another zone: synchronous, takes over by itself",
  };
  return [own, standby];
}

function endpointNodes({ endpoints }: RegionFacts, region: string): TopologyNode[] {
  const { services, zones, gateways } = endpoints;
  if (services.length + gateways.length === 0) return [];
  const letters = zones.map((zone) => zone.replace(region, "")).join(", ");
  const lines = [...services, ...gateways.map((service) => `${service} (gateway)`)];
  return [
    {
      id: "endpoints",
      kind: "endpoints",
      zones,
      subnet: "private",
      title: "Endpoints",
      lines: [
        "443 TLS",
        ...lines,
        ...(zones.length > 0 ? [`in ${zones.length === 1 ? "zone" : "zones"} ${letters}`] : []),
      ],
      detail:
        `Private endpoints in ${zones.join(", ")}: ${services.join(", ")}` +
        `${gateways.length > 0 ? `; gateway endpoints: ${gateways.join(", ")}` : ""}`,
    },
  ];
}

function serviceNodes(facts: RegionFacts): TopologyNode[] {
  const { keys, secrets, logDays, alarms, database } = facts;
  const node = (
    kind: TopologyNode["kind"],
    title: string,
    lines: string[],
    detail: string,
  ): TopologyNode => ({ id: kind, kind, title, lines, detail });
  return [
    node(
      "keys",
      "Keys",
      [`${keys} KMS keys`, `${secrets} secrets`],
      `${keys} customer-managed keys and ${secrets} secrets, rotated`,
    ),
    node(
      "logs",
      "Logs",
      ["S3, CloudWatch", ...(logDays === undefined ? [] : [`${logDays} days`])],
      "Access logs in S3, server and database logs in CloudWatch",
    ),
    node(
      "alarms",
      "Alarms",
      [`${alarms.count} alarms`, alarms.email ? "by e-mail" : "to a topic"],
      `${alarms.count} CloudWatch alarms`,
    ),
    ...(database
      ? [
          node(
            "backups",
            "Backups",
            ["automated", `${database.backupDays} days`],
            `Automated backups of the database, kept ${database.backupDays} days`,
          ),
        ]
      : []),
  ];
}

function edges({ facts }: ReadRegion, id: (name: string) => string): TopologyEdge[] {
  const { web, app, webFleet, appFleet, database, gateway, endpoints, nats } = facts;
  const all: TopologyEdge[] = [];
  if (gateway && web) {
    all.push(edge("request", id("gateway"), id("web-balancer"), web.listens, "Requests"));
  }
  if (gateway?.kind === "internetGateway") {
    for (const { zone } of nats) {
      all.push(edge("egress", id(`nat/${zone}`), id("gateway"), "", "Updates, 443 TLS"));
    }
  }
  const tier = (name: "web" | "app", from?: BalancerFacts, to?: FleetFacts): void => {
    for (const zone of to && from ? to.zones : []) {
      const server = id(`${name}-servers/${zone}`);
      const label = from?.forwards ?? "";
      all.push(edge("request", id(`${name}-balancer`), server, label, `Requests to ${zone}`));
    }
  };
  tier("web", web, webFleet);
  for (const zone of app ? (webFleet?.zones ?? []) : []) {
    const label = app?.listens ?? "";
    const from = id(`web-servers/${zone}`);
    all.push(edge("request", from, id("app-balancer"), label, "Calls of the internal API"));
  }
  tier("app", app, appFleet);
  if (database) {
    const label = encrypted(database.port, database.tls);
    for (const zone of appFleet?.zones ?? []) {
      all.push(edge("request", id(`app-servers/${zone}`), id("database"), label, "Queries"));
    }
    if (database.multiAz) {
      all.push(edge("standby", id("database"), id("standby"), "", "Synchronous copy"));
    }
  }
  if (endpoints.services.length + endpoints.gateways.length > 0) {
    for (const [name, fleet] of [
      ["web-fleet", webFleet] as const,
      ["app-fleet", appFleet] as const,
    ]) {
      if (fleet) all.push(edge("api", id(name), id("endpoints"), "", "Calls of AWS APIs, 443 TLS"));
    }
  }
  return all;
}
