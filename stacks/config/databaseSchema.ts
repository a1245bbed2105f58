import { z } from "zod";
import { dailyWindow, weeklyWindow, windowMinutes } from "./formats";
import { databaseClassHint, isDatabaseClass } from "./instanceTypes";
import { key } from "../../config/keys";
import { largestGiB } from "../storageGrowth";

// CreateDBInstance: both windows must last 30 minutes or more.
const shortestWindow = 30;

function isBackupWindow(value: string): boolean {
  const range = dailyWindow(value);
  return range !== undefined && windowMinutes(range) >= shortestWindow;
}

function isMaintenanceWindow(value: string): boolean {
  const range = weeklyWindow(value);
  return range !== undefined && windowMinutes(range) >= shortestWindow;
}

function windowHint(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const range = dailyWindow(value) ?? weeklyWindow(value);
  if (range && windowMinutes(range) < shortestWindow) {
    return `it lasts ${windowMinutes(range)} minutes`;
  }
  return /[A-Z]/.test(value) ? "write days in lower case" : undefined;
}

// SQL Server's own and RDS's; a name is compared without regard to case.
const systemDatabases = ["master", "model", "msdb", "tempdb", "rdsadmin"];

const isSystemDatabase = (value: string): boolean => systemDatabases.includes(value.toLowerCase());

/** RDS for SQL Server; the sources of the limits stand beside the rules that need them. */
export const databaseSchema = z.strictObject({
  name: key(
    z
      .string()
      .regex(/^[A-Za-z_]([A-Za-z0-9_ -]{0,126}[A-Za-z0-9_-])?$/)
      .refine((value) => !isSystemDatabase(value))
      .default("platform"),
    {
      description:
        "The application's database, made if it is not there; an edit on a running stack is refused.",
      allowed:
        "1 to 128 letters, digits, underscores, hyphens and inner spaces, a letter or underscore first, no system database",
      example: "platform",
      hint: (value) =>
        typeof value === "string" && isSystemDatabase(value)
          ? "that one is the server's own"
          : undefined,
    },
  ),
  appAccess: key(z.enum(["readWrite", "readOnly"]).default("readWrite"), {
    description:
      "What the application may do with the data; readOnly freezes the writer before a planned move of the writer.",
    allowed: "readWrite or readOnly",
    example: "readWrite",
  }),
  edition: key(z.enum(["enterprise", "standard", "web"]).default("standard"), {
    description:
      "SQL Server edition, licence included. Replication between two regions needs standard or enterprise.",
    allowed: "enterprise, standard or web",
    example: "standard",
    hint: (value) =>
      value === "express" ? "Express has neither a standby nor enough memory" : undefined,
  }),
  engineVersion: key(
    z
      .string()
      .regex(/^(14|15|16)\.00\.\d{4}\.\d{1,2}\.v\d{1,2}$/)
      .default("16.00.4236.2.v1"),
    {
      description:
        "RDS engine version: 16 is SQL Server 2022, 15 is 2019, 14 is 2017. `aws rds describe-db-engine-versions --engine sqlserver-se` lists them.",
      allowed: "a version as RDS spells it, 14|15|16.00.NNNN.N.vN",
      example: "16.00.4236.2.v1",
      hint: (value) => {
        if (typeof value !== "string" && typeof value !== "number") return undefined;
        if (/^20\d\d$/.test(String(value))) return "name the build, not the year";
        const other = /^\d\d\.00\.\d{4}\./.test(String(value));
        return other ? "this program runs SQL Server 2017, 2019 and 2022" : undefined;
      },
    },
  ),
  instanceClass: key(z.string().refine(isDatabaseClass).default("db.r6i.large"), {
    description:
      "RDS instance class. Standard starts at large (t3 at xlarge), enterprise at xlarge.",
    allowed: "an x86 RDS class of the t, m, r, x or z families, such as db.m6i.large",
    example: "db.r6i.xlarge",
    hint: databaseClassHint,
  }),
  storageGiB: key(z.int().min(20).max(largestGiB).default(200), {
    description: "Storage at creation (gp3, encrypted), in GiB.",
    allowed: "a whole number from 20 to 16384",
    example: "200",
  }),
  maxStorageGiB: key(z.int().min(20).max(largestGiB).optional(), {
    description:
      "RDS grows the storage by itself up to this many GiB; the same as storageGiB turns that off.",
    allowed: "storageGiB, or at least 10 % more, up to 16384",
    example: "1000",
    defaultText: "twice storageGiB, at most 16384 and twice iops",
  }),
  iops: key(z.int().min(3000).max(16_000).default(3000), {
    description: "gp3 operations per second; 3000 are included in the price.",
    allowed: "a whole number from 3000 to 16000, at least half of what the storage may grow to",
    example: "3000",
  }),
  backupRetentionDays: key(z.int().min(1).max(35).default(14), {
    description: "Days for which any second can be restored.",
    allowed: "a whole number from 1 to 35 (a standby needs backups, so never 0)",
    example: "14",
  }),
  backupWindow: key(z.string().refine(isBackupWindow).default("05:00-06:00"), {
    description: "Daily time of the snapshot, UTC.",
    allowed: "hh:mm-hh:mm in UTC, 30 minutes or more",
    example: '"05:00-06:00"',
    hint: windowHint,
  }),
  maintenanceWindow: key(z.string().refine(isMaintenanceWindow).default("sun:07:00-sun:09:00"), {
    description: "Weekly time of changes that restart the database, UTC.",
    allowed: "ddd:hh:mm-ddd:hh:mm in UTC, 30 minutes or more, clear of backupWindow",
    example: '"sun:07:00-sun:09:00"',
    hint: windowHint,
  }),
  deletionProtection: key(z.boolean().default(true), {
    description: "AWS refuses to delete the database. To turn it off, turn `protect` off too.",
    allowed: "true or false",
    example: "true",
  }),
  performanceInsights: key(z.boolean().default(true), {
    description: "Query-level load, kept for 7 days without charge.",
    allowed: "true or false",
    example: "true",
  }),
  monitoringIntervalSeconds: key(z.literal([0, 1, 5, 10, 15, 30, 60]).default(60), {
    description: "Seconds between Enhanced Monitoring samples; 0 is off.",
    allowed: "0 (off), 1, 5, 10, 15, 30 or 60",
    example: "60",
  }),
  applyImmediately: key(z.boolean().default(false), {
    description:
      "False lets changes of class, standby and version wait for maintenanceWindow; true restarts at once.",
    allowed: "true or false",
    example: "false",
  }),
});
