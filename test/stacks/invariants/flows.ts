import type { PlannedResource, StackPlan } from "../../../insight/plan/plan";
import type { PlatformConfig } from "../../../stacks/config/platformConfig";
import { cidrPlan } from "../../../stacks/cidrPlan";
import { allOf, copies, input, label, peerOf, receives, text, type Check } from "./case";

/** Invariant 2: the flows that the rules allow are the request path and calls to AWS, no more. */
export const flowsAreTheRequestPath: Check = ({ plan, config }) => {
  const { flows, problems } = readFlows(plan);
  const wanted = [...expectedFlows(config), ...expectedCrossings(config, plan)];
  const missing = wanted.filter((flow) => !flows.has(flow)).map((flow) => `missing: ${flow}`);
  const extra = [...flows].filter((flow) => !wanted.includes(flow)).map((flow) => `extra: ${flow}`);
  return [...problems, ...missing, ...extra, ...inlineRules(plan)];
};

/** Written down from docs/architecture.md, not from the code under test. */
function expectedFlows(config: PlatformConfig): string[] {
  const isPublic = config.exposure === "public";
  const nat = isPublic && config.network.natGateways !== "none";
  const servers = ["web-servers", "app-servers"];
  return [
    ...config.network.clientCidrs.map((cidr) => `${cidr} > web-load-balancer 443`),
    ...config.network.clientCidrs
      .filter(() => isPublic)
      .map((cidr) => `${cidr} > web-load-balancer 80`),
    "web-load-balancer > web-servers 443",
    "web-servers > app-load-balancer 443",
    "app-load-balancer > app-servers 443",
    "app-servers > database 1433",
    ...servers.map((role) => `${role} > s3 443`),
    // Secrets Manager's endpoint is always there, and its private name leads nowhere else.
    ...servers.map((role) => `${role} > endpoints 443`),
    ...servers.filter(() => nat).map((role) => `${role} > 0.0.0.0/0 443`),
    ...["database 1433", "endpoints 443"].map((end) => `database-functions > ${end}`),
    ...(receives(config)
      ? ["database 1433", "endpoints 443"].map((end) => `replication > ${end}`)
      : []),
  ];
}

/** Between the regions: only isolated subnets, only to SQL Server. */
function expectedCrossings(config: PlatformConfig, plan: StackPlan): string[] {
  const peer = peerOf(plan);
  if (!peer || !copies(config)) return [];
  const there = peer.isolated.map(({ cidr }) => cidr);
  const here = cidrPlan(config.network.cidrBlock).map(({ isolatedCidr }) => isolatedCidr);
  const joins = config.region !== config.regions[0];
  return [
    ...(receives(config)
      ? there.flatMap((cidr) => [`replication > ${cidr} 1433`, `database-functions > ${cidr} 1433`])
      : []),
    ...(joins ? there.map((cidr) => `${cidr} > database 1433`) : []),
    ...(joins ? here.map((cidr) => `${cidr} > ${peer.databaseGroupId} 1433`) : []),
  ];
}

function readFlows(plan: StackPlan): { flows: Set<string>; problems: string[] } {
  const problems: string[] = [];
  const groups = new Map(
    allOf(plan, "SecurityGroup").map(({ id, name }) => [
      id,
      name.replace(/^(groups|network)-/, ""),
    ]),
  );
  const s3 = allOf(plan, "VpcEndpoint").find(({ name }) => name.endsWith("-s3"));
  const end = (id: string): string => {
    if (s3 && id === s3.outputs.prefixListId) return "s3";
    return groups.get(id) ?? id;
  };
  const read = (rule: PlannedResource): [string, string] => {
    const port = text(rule, "ipProtocol") === "tcp" ? input(rule, "fromPort") : "any";
    if (input(rule, "fromPort") !== input(rule, "toPort")) problems.push(`${label(rule)}: a range`);
    const peers = ["referencedSecurityGroupId", "cidrIpv4", "prefixListId"].map((key) =>
      text(rule, key),
    );
    return [`${end(peers.find((peer) => peer !== "") ?? "?")}`, String(port)];
  };
  const incoming = allOf(plan, "SecurityGroupIngressRule").map((rule) => {
    const [peer, port] = read(rule);
    return `${peer} > ${end(text(rule, "securityGroupId"))} ${port}`;
  });
  const outgoing = allOf(plan, "SecurityGroupEgressRule").map((rule) => {
    const [peer, port] = read(rule);
    return `${end(text(rule, "securityGroupId"))} > ${peer} ${port}`;
  });
  // Between two of our own groups both ends must agree; a rule at one end only opens nothing.
  const names = [...groups.values()];
  const both = (flow: string): boolean => {
    const [from, , to] = flow.split(" ");
    return names.includes(from ?? "") && names.includes(to ?? "");
  };
  for (const flow of incoming.filter(both)) {
    if (!outgoing.includes(flow)) problems.push(`only the receiver allows ${flow}`);
  }
  for (const flow of outgoing.filter(both)) {
    if (!incoming.includes(flow)) problems.push(`only the sender allows ${flow}`);
  }
  return { flows: new Set([...incoming, ...outgoing]), problems };
}

function inlineRules(plan: StackPlan): string[] {
  const groups = [...allOf(plan, "SecurityGroup"), ...allOf(plan, "DefaultSecurityGroup")];
  const open = groups.filter((group) =>
    ["ingress", "egress"].some(
      (key) => ((input(group, key) as unknown[] | undefined) ?? []).length,
    ),
  );
  const legacy = allOf(plan, "SecurityGroupRule");
  return [...open, ...legacy].map((item) => `${label(item)} has rules of its own`);
}

const routeTargets = ["gatewayId", "natGatewayId", "transitGatewayId"];

/**
 * Invariant 3: nothing leads from this region's servers to another region. The one way between
 * regions joins isolated subnets, and belongs to the stack that is not home.
 */
export const noWayToAnotherRegion: Check = ({ plan, config }) => {
  const joins = copies(config) && config.region !== config.regions[0];
  const crossing = plan.resources.filter(
    ({ type, custom }) =>
      custom && /peering/i.test(type) && !(joins && type.startsWith("aws:ec2/")),
  );
  const given = config.network.privateGateway;
  const transit = given && "transitGatewayId" in given ? given.transitGatewayId : undefined;
  const peered = allOf(plan, "Route").filter(
    (route) => joins && text(route, "vpcPeeringConnectionId") !== "",
  );
  const routes = allOf(plan, "Route").filter((route) => {
    if (peered.includes(route)) return false;
    const destination = text(route, "destinationCidrBlock");
    const target = routeTargets.find((key) => text(route, key) !== "");
    if (destination !== "0.0.0.0/0" || target === undefined) return true;
    return target === "transitGatewayId" && text(route, target) !== transit;
  });
  const isolated = allOf(plan, "Route").filter(({ path }) => path.includes("-isolated-"));
  return [
    ...crossing.map((item) => `${label(item)} joins regions`),
    ...routes.map((item) => `${label(item)} leads elsewhere`),
    ...isolated.map((item) => `${label(item)} leads out of an isolated subnet`),
    ...strayRoutes(plan, config, peered),
  ];
};

/** Routes of the peering that do not lead from an isolated subnet to one of the other region. */
function strayRoutes(plan: StackPlan, config: PlatformConfig, peered: PlannedResource[]): string[] {
  const peer = peerOf(plan);
  const own = {
    tables: allOf(plan, "RouteTable")
      .filter(({ name }) => name.includes("-isolated-"))
      .map(({ id }) => id),
    cidrs: cidrPlan(config.network.cidrBlock).map(({ isolatedCidr }) => isolatedCidr),
  };
  const other = {
    tables: peer?.isolated.map(({ routeTableId }) => routeTableId) ?? [],
    cidrs: peer?.isolated.map(({ cidr }) => cidr) ?? [],
  };
  const leads = (route: PlannedResource, from: typeof own, to: typeof own): boolean =>
    from.tables.includes(text(route, "routeTableId")) &&
    to.cidrs.includes(text(route, "destinationCidrBlock"));
  const stray = peered.filter((route) => !leads(route, own, other) && !leads(route, other, own));
  return stray.map((route) => `${label(route)} joins more than isolated subnets`);
}

/** Invariant 6: nothing but a public load balancer and NAT gateways has a public address. */
export const onlyEntryAndNatArePublic: Check = ({ plan, config }) => {
  const isPublic = config.exposure === "public";
  const subnetKinds = new Map(
    allOf(plan, "Subnet").map((subnet) => [subnet.id, text(subnet, "tags.SubnetType")]),
  );
  const problems: string[] = [];
  const within = (resource: PlannedResource, path: string, kind: string): void => {
    for (const id of (input(resource, path) as string[] | undefined) ?? []) {
      const actual = subnetKinds.get(id) ?? "unknown";
      if (actual !== kind) problems.push(`${label(resource)} is in a ${actual} subnet`);
    }
  };
  for (const subnet of allOf(plan, "Subnet")) {
    const mapped = input(subnet, "mapPublicIpOnLaunch") === true;
    const kind = text(subnet, "tags.SubnetType");
    if (mapped && (kind !== "Public" || !isPublic))
      problems.push(`${label(subnet)} gives addresses`);
  }
  for (const balancer of allOf(plan, "LoadBalancer")) {
    const open = isPublic && balancer.name === "web";
    if (input(balancer, "internal") !== !open) problems.push(`${label(balancer)} is open`);
    within(balancer, "subnets", open ? "Public" : "Private");
  }
  for (const group of allOf(plan, "Group")) within(group, "vpcZoneIdentifiers", "Private");
  for (const group of allOf(plan, "SubnetGroup")) within(group, "subnetIds", "Isolated");
  for (const group of allOf(plan, "ReplicationSubnetGroup")) within(group, "subnetIds", "Isolated");
  for (const made of allOf(plan, "Function")) within(made, "vpcConfig.subnetIds", "Isolated");
  for (const template of allOf(plan, "LaunchTemplate")) {
    if (input(template, "networkInterfaces")) problems.push(`${label(template)} sets interfaces`);
  }
  for (const type of ["rds/instance:Instance", "ReplicationInstance"]) {
    for (const closed of allOf(plan, type)) {
      if (input(closed, "publiclyAccessible") !== false) problems.push(`${label(closed)} is open`);
    }
  }
  if (!isPublic) {
    const exits = [...allOf(plan, "Eip"), ...allOf(plan, "NatGateway")];
    problems.push(...exits.map((item) => `${label(item)} in a private installation`));
  }
  return problems;
};
