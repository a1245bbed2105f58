import type { ResourceCounts } from "../../catalogue/resourceCounts";
import { gib, hoursPerMonth, formatCount } from "./quantities";
import type { CostComponent } from "./types";
import type { Usage } from "./usageSchema";

/** Ways in and out of the network, and the private ways to AWS's services. */
export function networkCosts({ network, region }: ResourceCounts, usage: Usage): CostComponent[] {
  if (!network) return [];
  const base = { region, component: "Network" };
  const { natGateways: gateways, natAddresses, endpointZones, zones } = network;
  const { natGiB, natOutGiB, endpointGiB } = usage.network;
  const lines: CostComponent[] = [];
  if (gateways > 0) {
    lines.push(
      {
        ...base,
        what: "NAT gateways",
        priceKey: "nat:hour",
        quantity: gateways * hoursPerMonth,
        how: `${gateways} × ${hoursPerMonth} h`,
      },
      {
        ...base,
        what: "data through NAT gateways",
        priceKey: "nat:gb",
        quantity: natGiB,
        how: `${formatCount(natGiB)} GiB`,
      },
      {
        ...base,
        what: "servers' data out to the internet",
        priceKey: "transfer:internet",
        quantity: natOutGiB,
        how: `${formatCount(natOutGiB)} GiB`,
      },
      {
        ...base,
        what: "public addresses of NAT gateways",
        priceKey: "ipv4:hour",
        quantity: natAddresses * hoursPerMonth,
        how: `${natAddresses} × ${hoursPerMonth} h`,
      },
    );
  }
  if (gateways === 1 && zones > 1) {
    const elsewhere = 1 - 1 / zones;
    lines.push({
      ...base,
      what: "servers' data to the NAT gateway in another zone",
      priceKey: "transfer:inter-az",
      quantity: natGiB * elsewhere,
      how: `${formatCount(natGiB)} GiB, ${formatCount(100 * elsewhere)} % of it to another zone`,
    });
  }
  if (endpointZones > 0) {
    lines.push(
      {
        ...base,
        what: "interface endpoints",
        priceKey: "endpoint:hour",
        quantity: endpointZones * hoursPerMonth,
        how: `${formatCount(endpointZones / Math.max(1, zones))} services × ${zones} zone${zones === 1 ? "" : "s"} × ${hoursPerMonth} h`,
      },
      {
        ...base,
        what: "data through interface endpoints",
        priceKey: "endpoint:gb",
        quantity: endpointGiB,
        how: `${formatCount(endpointGiB)} GiB`,
      },
    );
  }
  return [...lines, ...privateWay(network.gateway, base, usage)];
}

/**
 * A private installation's clients. A transit gateway bills what it gets from either side; Direct
 * Connect only what leaves AWS. Ports and the transit gateway itself are not the stack's.
 */
function privateWay(
  gateway: "transit" | "direct" | undefined,
  base: Pick<CostComponent, "region" | "component">,
  { traffic }: Usage,
): CostComponent[] {
  const { requestsPerMonth: requests, requestKiB, responseKiB } = traffic;
  const inWordsOf = (kib: number): string =>
    `${formatCount(requests)} requests × ${formatCount(kib)} KiB`;
  if (gateway === "direct") {
    return [
      {
        ...base,
        what: "answers to clients through Direct Connect",
        priceKey: "dx:gb",
        quantity: gib(requests, responseKiB),
        how: inWordsOf(responseKiB),
      },
    ];
  }
  if (gateway === undefined) return [];
  return [
    {
      ...base,
      what: "attachment to the transit gateway",
      priceKey: "tgw:hour",
      quantity: hoursPerMonth,
      how: `${hoursPerMonth} h`,
    },
    {
      ...base,
      what: "clients' data through the transit gateway",
      priceKey: "tgw:gb",
      quantity: gib(requests, requestKiB + responseKiB),
      how: inWordsOf(requestKiB + responseKiB),
    },
  ];
}
