import { AllowedFlow, type FlowEnd } from "../../components/base/allowedFlow";
import { SecurityGroups } from "../../components/base/securityGroups";
import { Network, type NetworkZone } from "../../components/network/network";
import { cidrPlan } from "../cidrPlan";
import type { PlatformConfig } from "../config/platformConfig";
import { allowedFlows, type FlowEndpoint } from "../allowedFlows";
import type { Foundation, RegionNetwork, RegionStart } from "./context";

/** The VPC, its security groups, and the flows between them that are let through. */
export function createNetwork(
  { config, level, replication, peer, child }: RegionStart,
  { keys }: Foundation,
): RegionNetwork {
  const { privateGateway, cidrBlock } = config.network;
  const network = new Network(
    "network",
    {
      region: config.region,
      cidrBlock,
      zones: networkZones(config),
      activeZones: level.zones,
      natGateways: level.natGateways,
      interfaceEndpoints: config.network.interfaceEndpoints,
      ...(privateGateway ? { privateGateway } : {}),
      logKeyArn: keys.logsKeyArn,
      logRetentionDays: config.logRetentionDays,
    },
    child,
  );
  const groups = new SecurityGroups("groups", { vpcId: network.vpcId }, child);
  const end = (endpoint: FlowEndpoint): FlowEnd => {
    if (typeof endpoint === "object") return { cidr: endpoint.addresses };
    if (endpoint === "internet") return { cidr: "0.0.0.0/0" };
    if (endpoint === "s3") return { prefixListId: network.s3PrefixListId };
    if (endpoint !== "endpoints") return { groupId: groups.ids[endpoint] };
    return { groupId: network.endpointSecurityGroupId };
  };
  const flows = allowedFlows(config, level, replication, peer?.isolated ?? []).map(
    ({ name, from, to, port, reason }) =>
      new AllowedFlow(name, { from: end(from), to: end(to), port, reason }, child),
  );
  return { network, groups, flows };
}

/** The three zones of the layout with their names in AWS. */
function networkZones({ network }: PlatformConfig): NetworkZone[] {
  const [a, b, c] = network.availabilityZones;
  const names = { a, b, c };
  return cidrPlan(network.cidrBlock).map((zone) => ({
    ...zone,
    availabilityZone: names[zone.letter],
  }));
}
