import { databaseBillables } from "./databaseBillables";
import type { Footprint } from "../../catalogue/footprint";
import { networkBillables } from "./networkBillables";
import type { StackPlan } from "../plan/plan";
import { planFootprint } from "./planFootprint";
import { otherBillables } from "./otherBillables";
import { replicationBillables } from "./replicationBillables";
import { serverBillables } from "./serverBillables";
import type { Billable } from "./types";
import type { Usage } from "./usageSchema";

/**
 * What a stack pays for in a month, from its plan's resources: each type has a rule, or a reason for
 * being free (catalogue/). A type without either is a line of its own, which has no price.
 */
export function planBillables(plan: StackPlan, usage: Usage): Billable[] {
  return footprintBillables(planFootprint(plan), usage);
}

/** The lines of a bill, the dearest areas first. What comes to nothing is left out. */
export function footprintBillables(footprint: Footprint, usage: Usage): Billable[] {
  const lines = [
    ...serverBillables(footprint, usage),
    ...databaseBillables(footprint, usage),
    ...replicationBillables(footprint, usage),
    ...networkBillables(footprint, usage),
    ...otherBillables(footprint, usage),
  ];
  return lines.filter(({ quantity }) => quantity > 0);
}
