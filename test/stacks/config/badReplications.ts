import { type BadConfig, database, east, west, type Values } from "./configCases";

const two = { regionCount: 2, peerStack: "prod-west" };
const replication = (change: Values, rest: Values = two): Record<string, string> =>
  east({ ...rest, replication: change });
const rotation = (change: Values): Record<string, string> => east({ rotation: change });
const tables = (...list: unknown[]): Record<string, string> => replication({ tables: list });
/** A tenant's column is in tables of named schemas. */
const ownSchemas = (ownership: Values | undefined): Values =>
  typeof ownership === "object" && "tenantColumn" in ownership && !ownership.tables
    ? { tables: ["dbo.%"] }
    : {};
const owned = (ownership: Values | undefined, rest: Values = {}): Record<string, string> =>
  replication({ mode: "twoWay", ownership, ...ownSchemas(ownership), ...rest });
const ownedTables = (byRegion: Values): Record<string, string> => owned({ tables: byRegion });
const ownedValues = (values: Values): Record<string, string> =>
  owned({ tenantColumn: "OwnerRegion", values });

const tableRule =
  "1 to 50 different schema.table patterns (% is any text, _ any one character; each part up to 128 characters, no quotes, brackets or semicolons)";
const excludeUse = `use ${tableRule.replace("1 to 50", "0 to 25")}, for example \`exclude: ["dbo.AuditHistory", "staging.%"]\``;
const excluded = (list: unknown[], rest: Values = {}): Record<string, string> =>
  replication({ exclude: list, ...rest });
const tablesUse = `use ${tableRule}, for example \`tables: ["fund.%", "dbo.Investor%"]\``;
const ownedUse = `use for each of the two regions, ${tableRule}, for example \`tables: { us-east-1: ["fund.%"], us-west-2: ["deal.%"] }\``;
const classUse =
  "use a DMS class of t3 (medium, large), c5, c6i, r5 or r6i (large to 24xlarge), for example `instanceClass: dms.c5.large`";
const versionUse =
  "use a version as DMS spells it, 3.N.N, from 3.5.0, for example `engineVersion: 3.6.1`";
const columnUse =
  "use a column's name: up to 128 characters without dots, wildcards, quotes, brackets or semicolons, for example `tenantColumn: OwnerRegion`";
const valuesUse =
  "use for each of the two regions, a text of its own: up to 128 characters without quotes, brackets or semicolons, for example `values: { us-east-1: east, us-west-2: west }`";
const nameUse =
  "use 1 to 128 letters, digits, underscores, hyphens and inner spaces, a letter or underscore first, no system database, for example `name: platform`";
const meet =
  "can match the same table (% is any text, _ any one character; capitals do not count), and only one region may write it: narrow one of them.";

const keyCases: BadConfig[] = [
  [
    "an unknown mode",
    replication({ mode: "both" }),
    [
      'replication.mode: "both" is not allowed: use none, oneWay or twoWay, for example `mode: oneWay`.',
    ],
  ],
  [
    "a misspelt writer",
    replication({ writer: "us-est-1" }),
    [
      'replication.writer: "us-est-1" is not allowed: use one of the regions in use, for example `writer: us-east-1` (did you mean us-east-1?).',
    ],
  ],
  [
    "a table without its schema",
    tables("fund"),
    [`replication.tables[0]: "fund" is not allowed: ${tablesUse} (name the schema, too).`],
  ],
  [
    "a table with its database",
    tables("%.%", "platform.fund.deals"),
    [
      `replication.tables[1]: "platform.fund.deals" is not allowed: ${tablesUse} (leave the database out).`,
    ],
  ],
  [
    "a table without a name",
    tables("fund."),
    [`replication.tables[0]: "fund." is not allowed: ${tablesUse}.`],
  ],
  [
    "a shell's wildcard",
    tables("fund.*"),
    [`replication.tables[0]: "fund.*" is not allowed: ${tablesUse} (the wildcard is %).`],
  ],
  [
    "a quoted table",
    tables("[fund].[deals]"),
    [
      `replication.tables[0]: "[fund].[deals]" is not allowed: ${tablesUse} (leave quotes and brackets out).`,
    ],
  ],
  [
    "a statement for a table",
    tables("fund.x; DROP TABLE y"),
    [`replication.tables[0]: "fund.x; DROP TABLE y" is not allowed: ${tablesUse}.`],
  ],
  [
    "a table with a line break",
    tables("fund.de\nals"),
    [`replication.tables[0]: "fund.de\\nals" is not allowed: ${tablesUse}.`],
  ],
  [
    "a table's name of 129 characters",
    tables(`f.${"a".repeat(129)}`),
    [`replication.tables[0]: "f.${"a".repeat(77)}… is not allowed: ${tablesUse}.`],
  ],
  ["a number for a table", tables(1), [`replication.tables[0]: 1 is not allowed: ${tablesUse}.`]],
  ["no tables", tables(), [`replication.tables: [] is not allowed: ${tablesUse}.`]],
  [
    "the same table twice",
    tables("fund.Deals", "Fund.deals"),
    [
      `replication.tables: ["fund.Deals","Fund.deals"] is not allowed: ${tablesUse} (one is there twice; SQL Server does not tell capitals from small letters).`,
    ],
  ],
  [
    "51 tables",
    tables(...Array.from({ length: 51 }, (_, index) => `f.t${index}`)),
    [
      `replication.tables: ["f.t0","f.t1","f.t2","f.t3","f.t4","f.t5","f.t6","f.t7","f.t8","f.t9","f.t10","… is not allowed: ${tablesUse} (it has 51).`,
    ],
  ],
  [
    "a Graviton DMS class",
    replication({ instanceClass: "dms.r6g.large" }),
    [
      `replication.instanceClass: "dms.r6g.large" is not allowed: ${classUse} (r6g is Graviton (Arm), DMS runs on x86 only).`,
    ],
  ],
  [
    "a database class for DMS",
    replication({ instanceClass: "db.r6i.large" }),
    [
      `replication.instanceClass: "db.r6i.large" is not allowed: ${classUse} (DMS calls it dms.r6i.large).`,
    ],
  ],
  [
    "a DMS class too small",
    replication({ instanceClass: "dms.t3.micro" }),
    [
      `replication.instanceClass: "dms.t3.micro" is not allowed: ${classUse} (smaller ones have too little memory to follow a database).`,
    ],
  ],
  [
    "a DMS class of a size that its family lacks",
    replication({ instanceClass: "dms.r6i.9xlarge" }),
    [
      `replication.instanceClass: "dms.r6i.9xlarge" is not allowed: ${classUse} (r6i has large, xlarge, 2xlarge, 4xlarge, 8xlarge, 12xlarge, 16xlarge, 24xlarge).`,
    ],
  ],
  [
    "a DMS class of an old family",
    replication({ instanceClass: "dms.c4.large" }),
    [`replication.instanceClass: "dms.c4.large" is not allowed: ${classUse}.`],
  ],
  [
    "too little storage for DMS",
    replication({ storageGiB: 4 }),
    [
      "replication.storageGiB: 4 is not allowed: use a whole number from 5 to 6144, for example `storageGiB: 100`.",
    ],
  ],
  [
    "an old DMS",
    replication({ engineVersion: "3.4.7" }),
    [`replication.engineVersion: "3.4.7" is not allowed: ${versionUse} (older than 3.5).`],
  ],
  [
    "half a version of DMS",
    replication({ engineVersion: "3.6" }),
    [`replication.engineVersion: "3.6" is not allowed: ${versionUse}.`],
  ],
  [
    "service roles as a switch",
    replication({ serviceRoles: true }),
    [
      "replication.serviceRoles: true is not allowed: use create or exist, for example `serviceRoles: create`.",
    ],
  ],
  [
    "an alarm at once",
    replication({ alarmAfterMinutes: 0 }),
    [
      "replication.alarmAfterMinutes: 0 is not allowed: use a whole number from 1 to 1440 (a day), for example `alarmAfterMinutes: 15`.",
    ],
  ],
  [
    "an unknown peerRegion",
    replication({ peerRegion: "lost" }),
    [
      'replication.peerRegion: "lost" is not allowed: use managed or untouched, for example `peerRegion: managed`.',
    ],
  ],
  [
    "backups kept for longer than RDS keeps them",
    replication({ backupRetentionDays: 36 }),
    [
      "replication.backupRetentionDays: 36 is not allowed: use a whole number from 0 (off) to 35, for example `backupRetentionDays: 7`.",
    ],
  ],
  [
    "logins that never rotate",
    rotation({ secretDays: 0 }),
    [
      "rotation.secretDays: 0 is not allowed: use a whole number from 1 to 365, for example `secretDays: 30`.",
    ],
  ],
  [
    "keys that rotate too often for KMS",
    rotation({ keyDays: 89 }),
    [
      "rotation.keyDays: 89 is not allowed: use a whole number from 90 to 2560, for example `keyDays: 365`.",
    ],
  ],
  [
    "an availability as a share",
    east({ objectives: { availability: 0.999 } }),
    [
      "objectives.availability: 0.999 is not allowed: use a percentage from 50 to 99.9999, for example `availability: 99.9` (write it in percent: 99.9, not 0.999).",
    ],
  ],
  [
    "objectives that cannot be",
    east({
      objectives: { rtoMinutes: -1, rpoMinutes: -1, monthlyBudgetUsd: 0, disruption: "planet" },
    }),
    [
      "objectives.rtoMinutes: -1 is not allowed: use minutes from 0.5 to 43200 (30 days), for example `rtoMinutes: 60`.",
      "objectives.rpoMinutes: -1 is not allowed: use minutes from 0 to 43200 (30 days), for example `rpoMinutes: 5`.",
      "objectives.monthlyBudgetUsd: 0 is not allowed: use USD from 1 to 10000000, for example `monthlyBudgetUsd: 9000`.",
      'objectives.disruption: "planet" is not allowed: use instance, zone or region, for example `disruption: zone`.',
    ],
  ],
  [
    "the period of rotation in the wrong place",
    database({ secretDays: 30 }),
    ["database.secretDays: unknown key. It belongs in rotation: write rotation.secretDays."],
  ],
  [
    "a database's name in RDS's spelling",
    database({ dbName: "platform" }),
    [
      "database.dbName: unknown key. The database is named by database.name: write it there, and remove this key.",
    ],
  ],
  [
    "a system database",
    database({ name: "Master" }),
    [`database.name: "Master" is not allowed: ${nameUse} (that one is the server's own).`],
  ],
  [
    "a database's name that ends its quotes",
    database({ name: "a]; DROP DATABASE b" }),
    [`database.name: "a]; DROP DATABASE b" is not allowed: ${nameUse}.`],
  ],
  [
    "a database's name with a last space",
    database({ name: "platform " }),
    [`database.name: "platform " is not allowed: ${nameUse}.`],
  ],
  [
    "an unknown appAccess",
    database({ appAccess: "none" }),
    [
      'database.appAccess: "none" is not allowed: use readWrite or readOnly, for example `appAccess: readWrite`.',
    ],
  ],
];

const ruleCases: BadConfig[] = [
  [
    "replication with the web edition",
    east({ ...two, database: { edition: "web" } }),
    [
      "database.edition: web has no change data capture, which replication.mode oneWay between two regions needs: set it to standard or enterprise, or set replication.mode to none or regionCount to 1.",
    ],
  ],
  [
    "a writer that regionCount leaves out",
    replication({ writer: "us-west-2" }, {}),
    [
      "replication.writer: us-west-2 is not in use: with regionCount 1, only us-east-1 is. Raise regionCount, or set it to us-east-1.",
    ],
  ],
  [
    "a table to leave out without its schema",
    excluded(["History"]),
    [`replication.exclude[0]: "History" is not allowed: ${excludeUse} (name the schema, too).`],
  ],
  [
    "26 tables to leave out",
    excluded(Array.from({ length: 26 }, (_, index) => `f.t${index}`)),
    [
      `replication.exclude: ["f.t0","f.t1","f.t2","f.t3","f.t4","f.t5","f.t6","f.t7","f.t8","f.t9","f.t10","… is not allowed: ${excludeUse} (it has 26).`,
    ],
  ],
  [
    "leaving out the table that shows whether changes arrive",
    excluded(["dbo.x", "%.heart%"]),
    [
      "replication.exclude: %.heart% also matches platform.heartbeat, the table that shows whether changes arrive: name the schemas of your tables, for example [staging.%].",
    ],
  ],
  [
    "leaving out what is not in",
    excluded(["fund.History", "deal.History"], { tables: ["fund.%"] }),
    [
      "replication.exclude: deal.History has no effect: nothing of replication.tables matches it. Remove it, or correct it.",
    ],
  ],
  [
    "leaving out what nobody owns",
    owned(
      { tables: { "us-east-1": ["fund.%"], "us-west-2": ["deal.%"] } },
      { exclude: ["deal.History", "dbo.History"] },
    ),
    [
      "replication.exclude: dbo.History has no effect: nothing of replication.ownership.tables matches it. Remove it, or correct it.",
    ],
  ],
  [
    "a writer outside regions",
    replication({ writer: "eu-west-1" }),
    [
      "replication.writer: eu-west-1 is not one of regions (us-east-1, us-west-2): set it to us-east-1 or us-west-2.",
    ],
  ],
  [
    "twoWay without ownership",
    owned(undefined),
    [
      "replication.ownership: is missing: DMS resolves no conflicts, so with mode twoWay two writes to the same row, one in each region, would silently overwrite each other. Say who alone writes what (tables by region, or tenantColumn and its values by region), or set replication.mode to oneWay.",
    ],
  ],
  [
    "ownership without twoWay",
    replication({ ownership: { tables: { "us-east-1": ["a.%"], "us-west-2": ["b.%"] } } }),
    [
      "replication.ownership: is only for replication.mode twoWay, and the mode is oneWay: remove it, or set the mode to twoWay.",
    ],
  ],
  [
    "a tenant's column in the platform's own tables",
    replication({
      mode: "twoWay",
      ownership: { tenantColumn: "Owner", values: { "us-east-1": "e", "us-west-2": "w" } },
    }),
    [
      "replication.tables: %.% also matches platform.heartbeat, the table that shows whether changes arrive, and it has no column Owner: name the schemas of your tables, for example [dbo.%].",
    ],
  ],
  [
    "more text of patterns than the schedule passes on",
    tables(...Array.from({ length: 16 }, (_, at) => `${"s".repeat(126)}${at % 10}.t${at}`)),
    [
      "replication.tables: has 2086 characters in all its patterns, and the schedule that looks after replication takes 2000: use wildcards, for example [fund.%].",
    ],
  ],
  [
    "both shapes of ownership",
    owned({ tables: { "us-east-1": ["a.%"], "us-west-2": ["b.%"] }, tenantColumn: "Owner" }),
    [
      "replication.ownership: has tables and tenantColumn: set either tables alone, or tenantColumn and values together.",
    ],
  ],
  [
    "a tenant's column without values",
    owned({ tenantColumn: "Owner" }),
    [
      "replication.ownership: has tenantColumn: set either tables alone, or tenantColumn and values together.",
    ],
  ],
  [
    "an empty ownership",
    owned({}),
    [
      "replication.ownership: has no key: set either tables alone, or tenantColumn and values together.",
    ],
  ],
  [
    "ownership that is text",
    owned("fund.%" as unknown as Values),
    [
      'replication.ownership: "fund.%" is not allowed: write tables, tenantColumn, values indented below it.',
    ],
  ],
  [
    "tables of one region only",
    ownedTables({ "us-east-1": ["fund.%"] }),
    [
      'replication.ownership.tables: is for ["us-east-1"], and the installation\'s regions are us-east-1, us-west-2: name exactly these.',
    ],
  ],
  [
    "values for a third region",
    ownedValues({ "us-east-1": "a", "us-west-2": "b", "eu-west-1": "c" }),
    [
      'replication.ownership.values: is for ["us-east-1","us-west-2","eu-west-1"], and the installation\'s regions are us-east-1, us-west-2: name exactly these.',
    ],
  ],
  [
    "the same tables in both regions",
    ownedTables({ "us-east-1": ["fund.%"], "us-west-2": ["deal.%", "Fund.%"] }),
    [`replication.ownership.tables: fund.% of us-east-1 and Fund.% of us-west-2 ${meet}`],
  ],
  [
    "tables in both regions by their wildcards",
    ownedTables({ "us-east-1": ["a.x", "fund.%_deal"], "us-west-2": ["%d.pe%l"] }),
    [`replication.ownership.tables: fund.%_deal of us-east-1 and %d.pe%l of us-west-2 ${meet}`],
  ],
  [
    "an owned table without its schema",
    ownedTables({ "us-east-1": ["fund.%"], "us-west-2": ["deal.%", "deal"] }),
    [
      `replication.ownership.tables.us-west-2[1]: "deal" is not allowed: ${ownedUse} (name the schema, too).`,
    ],
  ],
  [
    "a region that owns nothing",
    ownedTables({ "us-east-1": ["fund.%"], "us-west-2": [] }),
    [`replication.ownership.tables.us-west-2: [] is not allowed: ${ownedUse}.`],
  ],
  [
    "a tenant's column in brackets",
    owned({ tenantColumn: "[Owner]", values: { "us-east-1": "a", "us-west-2": "b" } }),
    [`replication.ownership.tenantColumn: "[Owner]" is not allowed: ${columnUse}.`],
  ],
  [
    "a tenant's value that ends its quotes",
    ownedValues({ "us-east-1": "east' OR 1=1", "us-west-2": "west" }),
    [`replication.ownership.values.us-east-1: "east' OR 1=1" is not allowed: ${valuesUse}.`],
  ],
  [
    "a number for a tenant's value",
    ownedValues({ "us-east-1": 1, "us-west-2": "2" }),
    [`replication.ownership.values.us-east-1: 1 is not allowed: ${valuesUse} (put it in quotes).`],
  ],
  [
    "the same tenant's value in both regions",
    ownedValues({ "us-east-1": "east", "us-west-2": "East" }),
    [
      'replication.ownership.values: us-east-1 and us-west-2 have the same value "east" (SQL Server does not tell capitals from small letters), so both would write the same rows: give each its own.',
    ],
  ],
  [
    "a credential for a tenant's value",
    ownedValues({ "us-east-1": "AKIAIOSFODNN7EXAMPLE", "us-west-2": "west" }),
    [
      "replication.ownership.values: holds what looks like a credential (not shown). Remove it, and replace it where it was issued if it was ever committed: no key of this project takes a secret.",
    ],
  ],
  [
    "tables beside owned tables",
    owned(
      { tables: { "us-east-1": ["fund.%"], "us-west-2": ["deal.%"] } },
      { tables: ["fund.%", "deal.%"] },
    ),
    [
      'replication.tables: ["fund.%","deal.%"] has no effect with replication.ownership.tables, which names each region\'s tables: remove it.',
    ],
  ],
  [
    "an untouched peer of the home stack",
    replication({ peerRegion: "untouched" }),
    [
      "replication.peerRegion: untouched has no effect in the home stack, which owns nothing in the other region: remove it here, and set it in the stack of us-west-2 where that is meant.",
    ],
  ],
  [
    "several mistakes of one replication",
    west({ replication: { mode: "twoWay", writer: "eu-west-1" }, database: { edition: "web" } }),
    [
      "database.edition: web has no change data capture, which replication.mode twoWay between two regions needs: set it to standard or enterprise, or set replication.mode to none or regionCount to 1.",
      "replication.writer: eu-west-1 is not one of regions (us-east-1, us-west-2): set it to us-east-1 or us-west-2.",
      "replication.ownership: is missing: DMS resolves no conflicts, so with mode twoWay two writes to the same row, one in each region, would silently overwrite each other. Say who alone writes what (tables by region, or tenantColumn and its values by region), or set replication.mode to oneWay.",
    ],
  ],
];

/** Wrong replication, rotation and objectives, and what the database's name and access have to do with it. */
export const badReplications: BadConfig[] = [...keyCases, ...ruleCases];
