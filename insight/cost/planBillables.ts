import type { PlatformConfig } from "../../stacks/config/platformConfig";
import type { StackPlan } from "../plan/plan";
import { footprintBillables } from "./footprintBillables";
import { planFootprint } from "./planFootprint";
import type { Billable } from "./types";
import type { Usage } from "./usageSchema";

/**
 * What a stack pays for in a month, from its plan's resources: each type has a rule, or a reason for
 * being free (catalogue/). A type without either is a line of its own, which has no price.
 *
 * @param _config not needed: the plan says it all. Here so that both ways are called alike.
 */
export function planBillables(plan: StackPlan, _config: PlatformConfig, usage: Usage): Billable[] {
  return footprintBillables(planFootprint(plan), usage);
}
