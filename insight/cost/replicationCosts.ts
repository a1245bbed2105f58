import type { CopyCounts, ResourceCounts } from "../../catalogue/resourceCounts";
import { hoursPerMonth, formatCount } from "./quantities";
import { linesOf, type CostComponent } from "./types";
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
  const line = linesOf(component, region);
  const deployment = multiAz ? "multi" : "single";
  // AWS DMS Pricing: 50 GB with T classes, 100 GB with the others.
  const included = instanceClass.startsWith("dms.t") ? 50 : 100;
  return [
    line(
      `DMS instance${multiAz ? " and its standby" : ""}, ${instanceClass}`,
      `dms:${instanceClass}:${deployment}`,
      hoursPerMonth,
      `${hoursPerMonth} h`,
    ),
    line(
      "DMS storage over what is included",
      `dms:storage:${deployment}`,
      Math.max(0, storageGiB - included),
      `${formatCount(storageGiB)} GiB, ${included} included`,
    ),
  ];
}

/** Changes, and the loads of all data: out of the region that they come from, and on to RDS. */
function transfer(
  { region, database }: ResourceCounts,
  copy: CopyCounts,
  usage: Usage,
): CostComponent[] {
  const line = linesOf(component, region);
  const { changedGiB, filledShare, fullLoadsPerMonth } = usage.database;
  const data = (database?.storageGiB ?? 0) * filledShare;
  const loaded = copy.fullLoad ? data * fullLoadsPerMonth : 0;
  const moved = changedGiB + loaded;
  const how = `${formatCount(changedGiB)} GiB changed${loaded > 0 ? `, ${formatCount(loaded)} GiB loaded anew` : ""}`;
  return [
    linesOf(component, copy.from)(
      `changes from ${copy.from} to ${region}`,
      "transfer:inter-region",
      moved,
      how,
    ),
    line(
      "changes from DMS to the database in another zone",
      "transfer:inter-az",
      (moved * 2) / 3,
      `${how}, two thirds of it to another zone`,
    ),
  ];
}

/** DMS makes its own log group, which keeps everything: a year of it counts. */
function logs(region: string, { logs: { replicationGiB, storedShare } }: Usage): CostComponent[] {
  const line = linesOf(component, region);
  return [
    line("logs of DMS", "logs:ingestion", replicationGiB, `${formatCount(replicationGiB)} GiB`),
    line(
      "logs of DMS, kept",
      "logs:storage",
      replicationGiB * 12 * storedShare,
      `${formatCount(replicationGiB)} GiB × 12 months × ${formatCount(storedShare)}, as they never expire`,
    ),
  ];
}
