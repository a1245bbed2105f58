import type { DatabaseCounts, ResourceCounts } from "../../catalogue/resourceCounts";
import { daysPerMonth, hoursPerMonth, formatCount } from "./quantities";
import type { CostComponent } from "./types";
import type { Usage } from "./usageSchema";

const component = "SqlServerCluster";

/** Included with every gp3 volume of SQL Server (Amazon RDS User Guide, "DB instance storage"). */
const includedIops = 3000;

const editionNames = { web: "Web", standard: "Standard", enterprise: "Enterprise" };

/** SQL Server: server, licences, storage and backups. */
export function databaseCosts(counts: ResourceCounts, usage: Usage): CostComponent[] {
  const { database, region } = counts;
  if (!database) return [];
  return [
    ...instance(database, region),
    ...storage(database, region),
    ...backups(counts, database, usage),
  ];
}

/**
 * RDS has one price for server, Windows, SQL Server and service. Shown apart: a server with Windows
 * at EC2's price, two with a standby, and the rest.
 */
function instance(database: DatabaseCounts, region: string): CostComponent[] {
  const { instanceClass, edition, multiAz } = database;
  const base = { region, component, purchase: "database" } as const;
  const whole = `rds:${instanceClass}:${edition}:${multiAz ? "multi" : "single"}`;
  const server = `ec2:${instanceClass.replace(/^db\./, "")}:windows`;
  const times = multiAz ? 2 : 1;
  const standby = multiAz ? " and its standby" : "";
  return [
    {
      ...base,
      what: `database server${standby} with Windows, ${instanceClass}`,
      priceKey: server,
      quantity: times * hoursPerMonth,
      how: `${times === 2 ? "2 × " : ""}${hoursPerMonth} h, at EC2's price`,
      partOf: whole,
    },
    {
      ...base,
      what: `SQL Server ${editionNames[edition]} licence and RDS service, ${instanceClass}`,
      priceKey: whole,
      quantity: hoursPerMonth,
      how: `${hoursPerMonth} h${multiAz ? " with a standby" : ""}, RDS's price less the server's`,
      minus: {
        priceKey: server,
        times,
        whole: `database server${standby} with Windows and SQL Server ${editionNames[edition]}, ${instanceClass}`,
      },
      licence: "SQL Server",
    },
  ];
}

function storage({ storageGiB, iops, multiAz }: DatabaseCounts, region: string): CostComponent[] {
  const deployment = multiAz ? "multi" : "single";
  const lines: CostComponent[] = [
    {
      region,
      component,
      what: "database storage, gp3",
      priceKey: `rds:gp3:${deployment}`,
      quantity: storageGiB,
      how: `${formatCount(storageGiB)} GiB${multiAz ? ", the standby's included in the price" : ""}`,
    },
  ];
  if (iops > includedIops) {
    lines.push({
      region,
      component,
      what: "database operations per second",
      priceKey: `rds:gp3-iops:${deployment}`,
      quantity: iops - includedIops,
      how: `${formatCount(iops)}, of which ${formatCount(includedIops)} are included`,
    });
  }
  return lines;
}

/**
 * RDS keeps a region's backups for nothing up to the size of its databases (Amazon RDS Pricing): a
 * full copy of the data, and what changed in the days that backups reach back, once as snapshots
 * and once as logs.
 */
function backups(counts: ResourceCounts, database: DatabaseCounts, usage: Usage): CostComponent[] {
  const { region, guardSnapshots, backupCopy } = counts;
  const { storageGiB, backupDays } = database;
  const { filledShare, changedGiB } = usage.database;
  const data = storageGiB * filledShare;
  const sizeFor = (days: number): number => data + (2 * changedGiB * days) / daysPerMonth;
  const own = sizeFor(backupDays);
  const beyond = Math.max(0, own - storageGiB);
  const snapshots = guardSnapshots * data;
  const priceKey = "rds:backup";
  const lines: CostComponent[] = [
    {
      region,
      component,
      what: "backups over the free size",
      priceKey,
      quantity: beyond,
      how: `${formatCount(own)} GiB of ${backupDays} days, ${formatCount(storageGiB)} GiB free`,
    },
  ];
  if (guardSnapshots > 0) {
    lines.push({
      region,
      component: "CopyGuard",
      what: "snapshot from before this region became a copy",
      priceKey,
      quantity: Math.max(0, own + snapshots - storageGiB) - beyond,
      how: `${formatCount(snapshots)} GiB, what is left of the free size taken off`,
    });
  }
  if (backupCopy) {
    const { from, days } = backupCopy;
    const size = sizeFor(days);
    lines.push(
      {
        region,
        component: "ReplicatedBackups",
        what: `backups of ${from}`,
        priceKey,
        quantity: size,
        how: `${formatCount(size)} GiB of ${days} days, as large as this region's own database`,
      },
      {
        region: from,
        component: "ReplicatedBackups",
        what: `backups from ${from} to ${region}`,
        priceKey: "transfer:inter-region",
        quantity: 2 * changedGiB,
        how: `${formatCount(changedGiB)} GiB changed, as snapshots and as logs`,
      },
    );
  }
  return lines;
}
