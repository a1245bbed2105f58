import type { CopyCounts, ResourceCounts } from "../../catalogue/resourceCounts";
import { hoursPerMonth, formatCount } from "./quantities";
import type { CostComponent } from "./types";
import type { Usage } from "./usageSchema";

const component = "CrossRegionReplication";

/** DMS, in the region of the copy, and the changes on their way to it. */
export function replicationCosts(counts: ResourceCounts, usage: Usage): CostComponent[] {
  const { copy, region } = counts;
  if (!copy) return [];
  return [...instance(copy, region), ...transfer(counts, copy, usage), ...logs(region, usage)];
}

function instance(copy: CopyCounts, region: string): CostComponent[] {
  const { instanceClass, storageGiB, multiAz } = copy;
  const deployment = multiAz ? "multi" : "single";
  // AWS DMS Pricing: 50 GB with T classes, 100 GB with the others.
  const included = instanceClass.startsWith("dms.t") ? 50 : 100;
  return [
    {
      region,
      component,
      what: `DMS instance${multiAz ? " and its standby" : ""}, ${instanceClass}`,
      priceKey: `dms:${instanceClass}:${deployment}`,
      quantity: hoursPerMonth,
      how: `${hoursPerMonth} h`,
    },
    {
      region,
      component,
      what: "DMS storage over what is included",
      priceKey: `dms:storage:${deployment}`,
      quantity: Math.max(0, storageGiB - included),
      how: `${formatCount(storageGiB)} GiB, ${included} included`,
    },
  ];
}

/** Changes, and the loads of all data: out of the region that they come from, and on to RDS. */
function transfer(
  { region, database }: ResourceCounts,
  copy: CopyCounts,
  usage: Usage,
): CostComponent[] {
  const { changedGiB, filledShare, fullLoadsPerMonth } = usage.database;
  const data = (database?.storageGiB ?? 0) * filledShare;
  const loaded = copy.fullLoad ? data * fullLoadsPerMonth : 0;
  const moved = changedGiB + loaded;
  const how = `${formatCount(changedGiB)} GiB changed${loaded > 0 ? `, ${formatCount(loaded)} GiB loaded anew` : ""}`;
  return [
    {
      region: copy.from,
      component,
      what: `changes from ${copy.from} to ${region}`,
      priceKey: "transfer:inter-region",
      quantity: moved,
      how,
    },
    {
      region,
      component,
      what: "changes from DMS to the database in another zone",
      priceKey: "transfer:inter-az",
      quantity: (moved * 2) / 3,
      how: `${how}, two thirds of it to another zone`,
    },
  ];
}

/** DMS makes its own log group, which keeps everything: a year of it counts. */
function logs(region: string, { logs: { replicationGiB, storedShare } }: Usage): CostComponent[] {
  return [
    {
      region,
      component,
      what: "logs of DMS",
      priceKey: "logs:ingestion",
      quantity: replicationGiB,
      how: `${formatCount(replicationGiB)} GiB`,
    },
    {
      region,
      component,
      what: "logs of DMS, kept",
      priceKey: "logs:storage",
      quantity: replicationGiB * 12 * storedShare,
      how: `${formatCount(replicationGiB)} GiB × 12 months × ${formatCount(storedShare)}, as they never expire`,
    },
  ];
}
