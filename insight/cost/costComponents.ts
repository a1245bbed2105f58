import { databaseCosts } from "./databaseCosts";
import type { ResourceCounts } from "../../catalogue/resourceCounts";
import { networkCosts } from "./networkCosts";
import type { StackPlan } from "../plan/plan";
import { countResources } from "./countResources";
import { otherCosts } from "./otherCosts";
import { replicationCosts } from "./replicationCosts";
import { serverCosts } from "./serverCosts";
import type { CostComponent } from "./types";
import type { Usage } from "./usageSchema";

/**
 * What a stack pays for in a month, from its plan's resources: each type has a rule, or a reason for
 * being free (catalogue/). A type without either is a line of its own, which has no price.
 */
export function planCostComponents(plan: StackPlan, usage: Usage): CostComponent[] {
  return costComponentsOf(countResources(plan), usage);
}

/** The lines of a bill, the dearest areas first. What comes to nothing is left out. */
export function costComponentsOf(counts: ResourceCounts, usage: Usage): CostComponent[] {
  const lines = [
    ...serverCosts(counts, usage),
    ...databaseCosts(counts, usage),
    ...replicationCosts(counts, usage),
    ...networkCosts(counts, usage),
    ...otherCosts(counts, usage),
  ];
  return lines.filter(({ quantity }) => quantity > 0);
}
