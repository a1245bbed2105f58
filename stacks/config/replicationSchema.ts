import { z } from "zod";
import { regionHint, regions } from "./formats";
import { readInstanceType } from "./instanceTypes";
import { key } from "../../config/keys";
import {
  distinctPatterns,
  everyTable,
  isColumnName,
  isFilterValue,
  isTablePattern,
  longestName,
  tablePatternHint,
} from "./tablePatterns";

const mostPatterns = 50;
// EventBridge passes at most 8192 characters on to the schedule: see configReplicationRules.ts.
const mostExcluded = 25;

/** DMS User Guide, "Choosing the right AWS DMS replication instance": its current x86 families. */
const sizesByFamily: Record<string, string[]> = {
  t3: ["medium", "large"],
  c5: sizes(2, 4, 9, 12, 18, 24),
  c6i: sizes(2, 4, 8, 12, 16, 24),
  r5: sizes(2, 4, 8, 12, 16, 24),
  r6i: sizes(2, 4, 8, 12, 16, 24),
};

function sizes(...multiples: number[]): string[] {
  return ["large", "xlarge", ...multiples.map((multiple) => `${multiple}xlarge`)];
}

function isReplicationClass(value: string): boolean {
  const [prefix, family = "", size = "", ...rest] = value.split(".");
  const known = Object.hasOwn(sizesByFamily, family) ? sizesByFamily[family] : undefined;
  return prefix === "dms" && rest.length === 0 && known?.includes(size) === true;
}

function replicationClassHint(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const named = value.startsWith("dms.");
  const type = readInstanceType(value.replace(/^(dms|db)\./, ""));
  if (!type) return undefined;
  if (type.arm) return `${type.family} is Graviton (Arm), DMS runs on x86 only`;
  if (!named) return `DMS calls it dms.${type.family}.${type.size}`;
  if (type.family === "t3") return "smaller ones have too little memory to follow a database";
  const known = sizesByFamily[type.family];
  return known ? `${type.family} has ${known.join(", ")}` : undefined;
}

const patternList = z.array(z.string().refine(isTablePattern)).refine(distinctPatterns);
const tableList = patternList.min(1).max(mostPatterns);

const patternRule = `different schema.table patterns (% is any text, _ any one character; each part up to ${longestName} characters, no quotes, brackets or semicolons)`;
const tableRule = `1 to ${mostPatterns} ${patternRule}`;

// Exactly one of the two shapes, and exactly the two regions: configReplicationRules.ts.
const ownershipSchema = z.strictObject({
  tables: key(z.record(z.string(), tableList).optional(), {
    description:
      "For twoWay: the tables whose rows each region alone writes. Excludes the other two keys of ownership.",
    allowed: `for each of the two regions, ${tableRule}`,
    example: '{ us-east-1: ["fund.%"], us-west-2: ["deal.%"] }',
    hint: tablePatternHint,
  }),
  tenantColumn: key(z.string().refine(isColumnName).optional(), {
    description:
      "For twoWay: a column that every replicated table has; each region writes only rows with its value. Needs values.",
    allowed: `a column's name: up to ${longestName} characters without dots, wildcards, quotes, brackets or semicolons`,
    example: "OwnerRegion",
  }),
  values: key(z.record(z.string(), z.string().refine(isFilterValue)).optional(), {
    description: "Each region's value of tenantColumn.",
    allowed: `for each of the two regions, a text of its own: up to ${longestName} characters without quotes, brackets or semicolons`,
    example: "{ us-east-1: east, us-west-2: west }",
    hint: (value) =>
      typeof value === "number" || typeof value === "boolean" ? "put it in quotes" : undefined,
  }),
});

/** What joins the databases of two regions. */
export const replicationSchema = z.strictObject({
  mode: key(z.enum(["none", "oneWay", "twoWay"]).default("oneWay"), {
    description:
      "What DMS copies between the two regions; without effect at regionCount 1. none: nothing; oneWay: the writer's changes; twoWay: each region's own rows, and needs ownership.",
    allowed: "none, oneWay or twoWay",
    example: "oneWay",
  }),
  writer: key(z.enum(regions).optional(), {
    description:
      "The region whose database takes writes; editing it is the fail-over (docs/runbooks/failover.md). With twoWay both do, and it only says who is loaded from first.",
    allowed: "one of the regions in use",
    example: "us-east-1",
    hint: regionHint,
    defaultText: "the first of regions",
  }),
  tables: key(tableList.default([everyTable]), {
    description:
      "Tables that are captured and replicated. With ownership.tables, those are, and this key stays out.",
    allowed: tableRule,
    example: '["fund.%", "dbo.Investor%"]',
    hint: tablePatternHint,
  }),
  exclude: key(patternList.max(mostExcluded).default([]), {
    description:
      "Tables that are neither captured nor replicated, although tables or ownership.tables match them: those that DMS cannot copy (docs/replication.md), and those that nobody needs there.",
    allowed: `0 to ${mostExcluded} ${patternRule}`,
    example: '["dbo.AuditHistory", "staging.%"]',
    hint: tablePatternHint,
  }),
  ownership: ownershipSchema.optional(),
  instanceClass: key(z.string().refine(isReplicationClass).default("dms.c5.large"), {
    description: "Class of the DMS instance in each region that receives changes.",
    allowed: "a DMS class of t3 (medium, large), c5, c6i, r5 or r6i (large to 24xlarge)",
    example: "dms.c5.large",
    hint: replicationClassHint,
  }),
  storageGiB: key(z.int().min(5).max(6144).default(100), {
    description: "Storage of the DMS instance, in GiB: logs, and changes that wait for a commit.",
    allowed: "a whole number from 5 to 6144",
    example: "100",
  }),
  engineVersion: key(
    z
      .string()
      .regex(/^3\.\d{1,2}\.\d{1,2}$/)
      .refine((version) => Number(version.split(".")[1]) >= 5)
      .default("3.6.1"),
    {
      description:
        "DMS engine version. `aws dms describe-orderable-replication-instances` lists them.",
      allowed: "a version as DMS spells it, 3.N.N, from 3.5.0",
      example: "3.6.1",
      hint: (value) =>
        typeof value === "string" && /^3\.[0-4]\./.test(value) ? "older than 3.5" : undefined,
    },
  ),
  serviceRoles: key(z.enum(["create", "exist"]).default("create"), {
    description:
      "The account-wide roles dms-vpc-role and dms-cloudwatch-logs-role: the home stack creates them, or they exist already.",
    allowed: "create or exist",
    example: "create",
  }),
  alarmAfterMinutes: key(z.int().min(1).max(1440).default(15), {
    description: "Minutes by which the copy may fall behind before the alarm.",
    allowed: "a whole number from 1 to 1440 (a day)",
    example: "15",
  }),
  peerRegion: key(z.enum(["managed", "untouched"]).default("managed"), {
    description:
      "untouched leaves every resource in the other region as it is: for an `up` while that region cannot be reached.",
    allowed: "managed or untouched",
    example: "managed",
  }),
  backupRetentionDays: key(z.int().min(0).max(35).default(7), {
    description:
      "Days for which the writer's automated backups are also kept in the other region; 0 turns that off.",
    allowed: "a whole number from 0 (off) to 35",
    example: "7",
  }),
});
