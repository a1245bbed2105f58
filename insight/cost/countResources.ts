import { rowOf } from "../../catalogue";
import { add, nothing, type ResourceCounts } from "../../catalogue/resourceCounts";
import { reveal, type JsonObject } from "../../catalogue/json";
import { regionFinder } from "../plan/crossRegion";
import { isCreated, shortType } from "../plan/inventory";
import type { PlannedResource, StackPlan } from "../plan/plan";

/** What a plan's resources are paid for. Resources of the other region's provider count there. */
export function countResources(plan: StackPlan): ResourceCounts {
  const counts = nothing(plan.region);
  const areas = areaOf(plan);
  const regionOf = regionFinder(plan);
  for (const resource of plan.resources.filter(isCreated)) {
    const place = { component: areas.get(resource.urn) ?? "Stack", region: regionOf(resource) };
    const row = rowOf(resource.type);
    if (!row) add(counts.unknown, resource.type, place.region);
    else if ("counts" in row.bill) {
      row.bill.counts({ ...place, inputs: shown(resource) }, counts);
    }
  }
  finish(counts);
  return counts;
}

/** What is known of one resource by what another one says. */
function finish(counts: ResourceCounts): void {
  const { tiers, network, entry } = counts;
  tiers.sort(({ tier: a }, { tier: b }) => (a === b ? 0 : a === "web" ? -1 : 1));
  if (network) network.zones = Math.max(0, ...tiers.map(({ zones }) => zones));
  if (entry) entry.publicNames = tiers.some(({ publicBalancer }) => publicBalancer);
}

/** The component below the outermost one stands for a resource, as in the inventory. */
function areaOf(plan: StackPlan): Map<string, string> {
  const above = new Map<string, string[]>();
  for (const { urn, type, parent } of plan.resources) {
    const line = above.get(parent ?? "") ?? [];
    above.set(urn, type.startsWith("pe:") ? [...line, shortType(type)] : line);
  }
  return new Map([...above].map(([urn, line]) => [urn, line[1] ?? line[0] ?? "Stack"]));
}

function shown({ inputs }: PlannedResource): JsonObject {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key, reveal(value) ?? null]),
  );
}
