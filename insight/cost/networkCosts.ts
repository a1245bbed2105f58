import type { ResourceCounts } from "../../catalogue/resourceCounts";
import { gib, hoursPerMonth, formatCount } from "./quantities";
import { linesOf, type CostComponent } from "./types";
import type { Usage } from "./usageSchema";

/** Ways in and out of the network, and the private ways to AWS's services. */
export function networkCosts({ network, region }: ResourceCounts, usage: Usage): CostComponent[] {
  if (!network) return [];
  const line = linesOf("Network", region);
  const { natGateways: gateways, natAddresses, endpointZones, zones } = network;
  const { natGiB, natOutGiB, endpointGiB } = usage.network;
  const lines: CostComponent[] = [];
  if (gateways > 0) {
    lines.push(
      line(
        "NAT gateways",
        "nat:hour",
        gateways * hoursPerMonth,
        `${gateways} × ${hoursPerMonth} h`,
      ),
      line("data through NAT gateways", "nat:gb", natGiB, `${formatCount(natGiB)} GiB`),
      line(
        "servers' data out to the internet",
        "transfer:internet",
        natOutGiB,
        `${formatCount(natOutGiB)} GiB`,
      ),
      line(
        "public addresses of NAT gateways",
        "ipv4:hour",
        natAddresses * hoursPerMonth,
        `${natAddresses} × ${hoursPerMonth} h`,
      ),
    );
  }
  if (gateways === 1 && zones > 1) {
    const elsewhere = 1 - 1 / zones;
    lines.push(
      line(
        "servers' data to the NAT gateway in another zone",
        "transfer:inter-az",
        natGiB * elsewhere,
        `${formatCount(natGiB)} GiB, ${formatCount(100 * elsewhere)} % of it to another zone`,
      ),
    );
  }
  if (endpointZones > 0) {
    lines.push(
      line(
        "interface endpoints",
        "endpoint:hour",
        endpointZones * hoursPerMonth,
        `${formatCount(endpointZones / Math.max(1, zones))} services × ${zones} zone${zones === 1 ? "" : "s"} × ${hoursPerMonth} h`,
      ),
      line(
        "data through interface endpoints",
        "endpoint:gb",
        endpointGiB,
        `${formatCount(endpointGiB)} GiB`,
      ),
    );
  }
  return [...lines, ...privateWay(network.gateway, line, usage)];
}

/**
 * A private installation's clients. A transit gateway bills what it gets from either side; Direct
 * Connect only what leaves AWS. Ports and the transit gateway itself are not the stack's.
 */
function privateWay(
  gateway: "transit" | "direct" | undefined,
  line: ReturnType<typeof linesOf>,
  { traffic }: Usage,
): CostComponent[] {
  const { requestsPerMonth: requests, requestKiB, responseKiB } = traffic;
  const dataOf = (kib: number): string =>
    `${formatCount(requests)} requests × ${formatCount(kib)} KiB`;
  if (gateway === "direct") {
    return [
      line(
        "answers to clients through Direct Connect",
        "dx:gb",
        gib(requests, responseKiB),
        dataOf(responseKiB),
      ),
    ];
  }
  if (gateway === undefined) return [];
  return [
    line("attachment to the transit gateway", "tgw:hour", hoursPerMonth, `${hoursPerMonth} h`),
    line(
      "clients' data through the transit gateway",
      "tgw:gb",
      gib(requests, requestKiB + responseKiB),
      dataOf(requestKiB + responseKiB),
    ),
  ];
}
