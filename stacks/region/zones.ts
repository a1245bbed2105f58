import type { NetworkZone } from "../../components/network/network";
import { cidrPlan } from "../cidrPlan";
import type { PlatformConfig } from "../config/platformConfig";

/** The three zones of the layout with their names in AWS. */
export function networkZones({ network }: PlatformConfig): NetworkZone[] {
  return cidrPlan(network.cidrBlock).map((zone, index) => ({
    ...zone,
    availabilityZone: network.availabilityZones[index] ?? "",
  }));
}
