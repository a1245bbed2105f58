import { fleetSize } from "../figures/fleet";
import type { ResourceCounts, TierCounts } from "../../catalogue/resourceCounts";
import { gib, hoursPerMonth, formatCount, metricsPerServer } from "./quantities";
import type { CostComponent } from "./types";
import type { Usage } from "./usageSchema";

const components = { web: "WebTier", app: "AppTier" } as const;

/** Servers, their disks, licences and metrics, the load balancers, and what leaves through them. */
export function serverCosts(counts: ResourceCounts, usage: Usage): CostComponent[] {
  return counts.tiers.flatMap((tier) => [
    ...fleet(tier, counts.region, usage),
    ...balancer(tier, counts.region, usage),
    ...crossZone(tier, counts.region, usage),
  ]);
}

function fleet(tier: TierCounts, region: string, usage: Usage): CostComponent[] {
  const { tier: role, instanceType, zones, minPerZone: min, maxPerZone: max } = tier;
  const { average } = fleetSize(zones, { min, max }, usage.servers[role]);
  const base = { region, component: components[role], hours: role } as const;
  const servers = `${formatCount(average)} server${average === 1 ? "" : "s"}`;
  const hours = average * hoursPerMonth;
  const linux = `ec2:${instanceType}:linux`;
  const windows = `ec2:${instanceType}:windows`;
  // The agent's metrics, each also summed up over the tier.
  const metrics = metricsPerServer.agent * (average + 1);
  const lines: CostComponent[] = [
    {
      ...base,
      what: `${role} servers, ${instanceType}`,
      priceKey: linux,
      quantity: hours,
      how: `${servers} × ${hoursPerMonth} h`,
      partOf: windows,
      purchase: "servers",
    },
    {
      ...base,
      what: `Windows on ${role} servers, ${instanceType}`,
      priceKey: windows,
      quantity: hours,
      how: `${servers} × ${hoursPerMonth} h, price with Windows less without`,
      minus: { priceKey: linux, times: 1, whole: `${role} servers with Windows, ${instanceType}` },
      licence: "Windows",
    },
    {
      ...base,
      what: `disks of ${role} servers, gp3`,
      priceKey: "ebs:gp3",
      quantity: average * tier.diskGiB,
      how: `${servers} × ${tier.diskGiB} GiB`,
    },
    {
      ...base,
      what: `metrics of ${role} servers from their agent`,
      priceKey: "cloudwatch:metric",
      quantity: metrics,
      how: `${servers} × ${metricsPerServer.agent}, and ${metricsPerServer.agent} of the tier`,
    },
  ];
  if (tier.detailedMonitoring) {
    lines.push({
      ...base,
      what: `metrics of ${role} servers every minute`,
      priceKey: "cloudwatch:metric",
      quantity: metricsPerServer.detailed * average,
      how: `${servers} × ${metricsPerServer.detailed} by detailed monitoring`,
    });
  }
  return lines;
}

function balancer(tier: TierCounts, region: string, usage: Usage): CostComponent[] {
  const { tier: role, balancerZones: zones } = tier;
  const base = { region, component: components[role] };
  const units = capacityUnits(role, usage);
  const lines: CostComponent[] = [
    {
      ...base,
      what: `${role} load balancer`,
      priceKey: "alb:hour",
      quantity: hoursPerMonth,
      how: `${hoursPerMonth} h`,
    },
    {
      ...base,
      what: `capacity units of the ${role} load balancer`,
      priceKey: "alb:lcu",
      ...units,
    },
  ];
  if (!tier.publicBalancer) return lines;
  const { requestsPerMonth, responseKiB } = usage.traffic;
  lines.push(
    {
      ...base,
      what: `public addresses of the ${role} load balancer`,
      priceKey: "ipv4:hour",
      quantity: zones * hoursPerMonth,
      how: `one in each of ${zones} zones × ${hoursPerMonth} h`,
    },
    {
      ...base,
      what: "answers to clients through the internet",
      priceKey: "transfer:internet",
      quantity: gib(requestsPerMonth, responseKiB),
      how: `${formatCount(requestsPerMonth)} requests × ${formatCount(responseKiB)} KiB`,
    },
  );
  return lines;
}

/**
 * Capacity units (LCU-hours) of a month: AWS bills the dimension that asks for most (Elastic Load
 * Balancing Pricing). Rules are below the ten that are free. Spread evenly over the month; a load
 * that comes in bursts asks for as much in sum while the same dimension leads.
 */
function capacityUnits(
  role: "web" | "app",
  { traffic }: Usage,
): Pick<CostComponent, "quantity" | "how"> {
  const { requestsPerMonth: requests, connectionSeconds } = traffic;
  const calls = requests * traffic.internalCallsPerRequest;
  const [connections, data] =
    role === "web"
      ? [traffic.newConnectionsPerMonth, gib(requests, traffic.requestKiB + traffic.responseKiB)]
      : [
          traffic.internalConnectionsPerMonth,
          gib(calls, traffic.internalRequestKiB + traffic.internalResponseKiB),
        ];
  const opened = connections / (25 * 3600);
  const open = (connections * connectionSeconds) / (3000 * 3600);
  const quantity = Math.max(opened, open, data);
  if (quantity === data) return { quantity, how: `${formatCount(data)} GiB, 1 an hour per unit` };
  const by = quantity === opened ? "25 new ones a second" : "3,000 open ones at a time";
  return { quantity, how: `${formatCount(connections)} connections, ${by} per unit` };
}

/**
 * What servers ask of another zone. AWS bills the server's side of it; from a load balancer to its
 * servers, and between a database and its standby, it is free.
 */
function crossZone(tier: TierCounts, region: string, usage: Usage): CostComponent[] {
  const { traffic, database } = usage;
  const base = { region, component: components[tier.tier], priceKey: "transfer:inter-az" };
  if (tier.tier === "web") {
    // The name of the app load balancer leads to any of its zones.
    const elsewhere = 1 - 1 / Math.max(1, tier.balancerZones);
    const calls = traffic.requestsPerMonth * traffic.internalCallsPerRequest;
    const data = gib(calls, traffic.internalRequestKiB + traffic.internalResponseKiB);
    return [
      {
        ...base,
        what: "calls of web servers to the app load balancer in another zone",
        quantity: data * elsewhere,
        how: `${formatCount(data)} GiB, ${formatCount(100 * elsewhere)} % of it to another zone`,
      },
    ];
  }
  // RDS chooses one of three zones, whichever of them run servers.
  const data = gib(database.queriesPerMonth, database.queryKiB + database.resultKiB);
  return [
    {
      ...base,
      what: "queries of app servers to the database in another zone",
      quantity: (data * 2) / 3,
      how: `${formatCount(data)} GiB, two thirds of it to another zone`,
    },
  ];
}
