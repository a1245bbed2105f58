import type { PlatformConfig } from "../../stacks/config/platformConfig";
import { configFootprint } from "./configFootprint";
import { footprintBillables } from "./footprintBillables";
import type { Billable } from "./types";
import type { Usage } from "./usageSchema";

/**
 * The same as `planBillables` from the config's decisions alone, thousands of times faster: nothing
 * is planned. Empty for a region that `regionCount` leaves out.
 */
export function configBillables(config: PlatformConfig, usage: Usage): Billable[] {
  return footprintBillables(configFootprint(config), usage);
}
