import { dailyWindow, weeklyWindow, windowsMeet } from "./formats";
import { readInstanceType, sizeRank } from "./instanceTypes";
import type { Problem } from "../../config/problems";
import type { Draft, Rule } from "./rule";
import {
  gibPerOperation,
  largestGiB,
  leastGrown,
  leastIops,
  operationsPerGib,
} from "../storageGrowth";

type Edition = "enterprise" | "standard" | "web";

/**
 * Smallest and largest size per edition. Source: RDS User Guide, "DB instance class support for
 * Microsoft SQL Server" (2023 text: enterprise from xlarge; standard from large, t3 from xlarge,
 * m6i and r6i to 8xlarge; web from t3.small) and, for web's 4xlarge, "DB instance class support
 * for RDS Custom for SQL Server". Families that no text names have no upper limit here.
 */
function sizeLimits(edition: Edition, family: string): { from: string; to?: string } {
  if (edition === "enterprise") return { from: "xlarge" };
  if (edition === "web") {
    const listed = ["m5", "m6i", "r5", "r5b", "r6i"].includes(family);
    return listed ? { from: "large", to: "4xlarge" } : { from: "small" };
  }
  if (family.startsWith("t")) return { from: "xlarge" };
  return ["m6i", "r6i"].includes(family) ? { from: "large", to: "8xlarge" } : { from: "large" };
}

const smallerEdition = { enterprise: "standard", standard: "web", web: "standard" };
const largerEdition = { enterprise: "standard", standard: "enterprise", web: "standard" };

function checkClass({ database }: Draft): Problem | undefined {
  const { edition, instanceClass } = database ?? {};
  const type = instanceClass ? readInstanceType(instanceClass.slice(3)) : undefined;
  if (!edition || !type) return undefined;
  const { from, to } = sizeLimits(edition, type.family);
  const small = sizeRank(type.size) < sizeRank(from);
  const large = to !== undefined && sizeRank(type.size) > sizeRank(to);
  if (!small && !large) return undefined;
  const limit = small ? `starts at db.${type.family}.${from}` : `ends at db.${type.family}.${to}`;
  const way = small ? "Use that or a larger size" : "Use that or a smaller size";
  const other = small ? smallerEdition[edition] : largerEdition[edition];
  return {
    key: "database.instanceClass",
    message: `RDS does not offer ${instanceClass} with the ${edition} edition, which ${limit} in this family. ${way}, or set database.edition to ${other}.`,
  };
}

function checkIops({ database }: Draft): Problem | undefined {
  const { storageGiB, maxStorageGiB, iops } = database ?? {};
  if (!storageGiB || !iops) return undefined;
  const most = storageGiB * operationsPerGib;
  if (iops > most) {
    return {
      key: "database.iops",
      message: `${iops} is too much for storageGiB ${storageGiB}: gp3 gives 500 operations per second for every GiB. Use at most ${most}, or a storageGiB of at least ${Math.ceil(iops / operationsPerGib)}.`,
    };
  }
  // Without a maximum the program chooses one, which must be growth where RDS can grow at all.
  const grown = leastGrown(storageGiB);
  const maximum = maxStorageGiB ?? Math.min(grown, largestGiB);
  const reach = maximum < grown ? storageGiB : maximum;
  if (iops >= leastIops(reach)) return undefined;
  const largest = iops * gibPerOperation;
  const tooMuch = storageGiB > largest;
  const size = tooMuch ? `storageGiB ${storageGiB}` : `storage that grows to ${reach} GiB`;
  const less =
    largest < grown
      ? `maxStorageGiB ${storageGiB} to turn growth off`
      : `a maxStorageGiB of at most ${largest}`;
  return {
    key: "database.iops",
    message: `${iops} is too little for ${size}: gp3 needs one operation per second for every 2 GiB. Use at least ${leastIops(reach)}${tooMuch ? "" : `, or ${less}`}.`,
  };
}

/** Limits that RDS for SQL Server puts on combinations. */
export const databaseRules: Rule[] = [
  { about: "RDS offers `database.instanceClass` with `database.edition`.", check: checkClass },
  {
    about: "`database.maxStorageGiB` equals `storageGiB` (off), or is at least 10 % more.",
    check({ database }) {
      const { storageGiB, maxStorageGiB } = database ?? {};
      if (!storageGiB || !maxStorageGiB) return undefined;
      const least = leastGrown(storageGiB);
      if (maxStorageGiB === storageGiB || maxStorageGiB >= least) return undefined;
      if (maxStorageGiB < storageGiB) {
        return {
          key: "database.maxStorageGiB",
          message: `${maxStorageGiB} is less than storageGiB ${storageGiB}: use ${storageGiB} to turn growth off, at least ${least} to allow it, or leave it out.`,
        };
      }
      return {
        key: "database.maxStorageGiB",
        message:
          least > largestGiB
            ? `${maxStorageGiB} does not allow growth: storageGiB ${storageGiB} is within 10 % of the largest, ${largestGiB}. Use ${storageGiB} to turn growth off, or leave it out.`
            : `${maxStorageGiB} is too close to storageGiB ${storageGiB}: RDS grows storage by 10 % or more. Use at least ${least}, or ${storageGiB} to turn growth off.`,
      };
    },
  },
  {
    about:
      "`database.iops` is at least half of the GiB that the storage may grow to, and at most 500 times `storageGiB`.",
    check: checkIops,
  },
  {
    // CreateDBInstance: the two windows must not conflict.
    about: "`database.maintenanceWindow` stays clear of the daily `backupWindow`.",
    check({ database }) {
      const backup = dailyWindow(database?.backupWindow ?? "");
      const maintenance = weeklyWindow(database?.maintenanceWindow ?? "");
      if (!backup || !maintenance || !windowsMeet(backup, maintenance)) return undefined;
      return {
        key: "database.maintenanceWindow",
        message: `${database?.maintenanceWindow} meets the daily backupWindow ${database?.backupWindow}, which RDS refuses: move one of them.`,
      };
    },
  },
  {
    about: "`database.deletionProtection` is on while `protect` is.",
    check({ protect, database }) {
      if (protect !== true || database?.deletionProtection !== false) return undefined;
      return {
        key: "database.deletionProtection",
        message:
          "false leaves the database open to deletion by any AWS call while protect is true: set it to true, or set protect to false as well before taking the stack down.",
      };
    },
  },
];
