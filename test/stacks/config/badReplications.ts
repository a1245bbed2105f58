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

const excluded = (list: unknown[], rest: Values = {}): Record<string, string> =>
  replication({ exclude: list, ...rest });

const keyCases: BadConfig[] = [
  ["an unknown mode", replication({ mode: "both" }), ["replication.mode"]],
  ["a misspelt writer", replication({ writer: "us-est-1" }), ["replication.writer"]],
  ["a table without its schema", tables("fund"), ["replication.tables[0]"]],
  ["a table with its database", tables("%.%", "platform.fund.deals"), ["replication.tables[1]"]],
  ["a table without a name", tables("fund."), ["replication.tables[0]"]],
  ["a shell's wildcard", tables("fund.*"), ["replication.tables[0]"]],
  ["a quoted table", tables("[fund].[deals]"), ["replication.tables[0]"]],
  ["a statement for a table", tables("fund.x; DROP TABLE y"), ["replication.tables[0]"]],
  ["a table with a line break", tables("fund.de\nals"), ["replication.tables[0]"]],
  ["a table's name of 129 characters", tables(`f.${"a".repeat(129)}`), ["replication.tables[0]"]],
  ["a number for a table", tables(1), ["replication.tables[0]"]],
  ["no tables", tables(), ["replication.tables"]],
  ["the same table twice", tables("fund.Deals", "Fund.deals"), ["replication.tables"]],
  [
    "51 tables",
    tables(...Array.from({ length: 51 }, (_, index) => `f.t${index}`)),
    ["replication.tables"],
  ],
  [
    "a Graviton DMS class",
    replication({ instanceClass: "dms.r6g.large" }),
    ["replication.instanceClass"],
  ],
  [
    "a database class for DMS",
    replication({ instanceClass: "db.r6i.large" }),
    ["replication.instanceClass"],
  ],
  [
    "a DMS class too small",
    replication({ instanceClass: "dms.t3.micro" }),
    ["replication.instanceClass"],
  ],
  [
    "a DMS class of a size that its family lacks",
    replication({ instanceClass: "dms.r6i.9xlarge" }),
    ["replication.instanceClass"],
  ],
  [
    "a DMS class of an old family",
    replication({ instanceClass: "dms.c4.large" }),
    ["replication.instanceClass"],
  ],
  ["too little storage for DMS", replication({ storageGiB: 4 }), ["replication.storageGiB"]],
  ["an old DMS", replication({ engineVersion: "3.4.7" }), ["replication.engineVersion"]],
  ["half a version of DMS", replication({ engineVersion: "3.6" }), ["replication.engineVersion"]],
  ["service roles as a switch", replication({ serviceRoles: true }), ["replication.serviceRoles"]],
  ["an alarm at once", replication({ alarmAfterMinutes: 0 }), ["replication.alarmAfterMinutes"]],
  ["an unknown peerRegion", replication({ peerRegion: "lost" }), ["replication.peerRegion"]],
  [
    "backups kept for longer than RDS keeps them",
    replication({ backupRetentionDays: 36 }),
    ["replication.backupRetentionDays"],
  ],
  ["logins that never rotate", rotation({ secretDays: 0 }), ["rotation.secretDays"]],
  ["keys that rotate too often for KMS", rotation({ keyDays: 89 }), ["rotation.keyDays"]],
  [
    "an availability as a share",
    east({ objectives: { availability: 0.999 } }),
    ["objectives.availability"],
  ],
  [
    "objectives that cannot be",
    east({
      objectives: { rtoMinutes: -1, rpoMinutes: -1, monthlyBudgetUsd: 0, disruption: "planet" },
    }),
    [
      "objectives.rtoMinutes",
      "objectives.rpoMinutes",
      "objectives.monthlyBudgetUsd",
      "objectives.disruption",
    ],
  ],
  [
    "the period of rotation in the wrong place",
    database({ secretDays: 30 }),
    ["database.secretDays"],
  ],
  ["a database's name in RDS's spelling", database({ dbName: "platform" }), ["database.dbName"]],
  ["a system database", database({ name: "Master" }), ["database.name"]],
  [
    "a database's name that ends its quotes",
    database({ name: "a]; DROP DATABASE b" }),
    ["database.name"],
  ],
  ["a database's name with a last space", database({ name: "platform " }), ["database.name"]],
  ["an unknown appAccess", database({ appAccess: "none" }), ["database.appAccess"]],
];

const ruleCases: BadConfig[] = [
  [
    "replication with the web edition",
    east({ ...two, database: { edition: "web" } }),
    ["database.edition"],
  ],
  [
    "a writer that regionCount leaves out",
    replication({ writer: "us-west-2" }, {}),
    ["replication.writer"],
  ],
  ["a table to leave out without its schema", excluded(["History"]), ["replication.exclude[0]"]],
  [
    "26 tables to leave out",
    excluded(Array.from({ length: 26 }, (_, index) => `f.t${index}`)),
    ["replication.exclude"],
  ],
  [
    "leaving out the table that shows whether changes arrive",
    excluded(["dbo.x", "%.heart%"]),
    ["replication.exclude"],
  ],
  [
    "leaving out what is not in",
    excluded(["fund.History", "deal.History"], { tables: ["fund.%"] }),
    ["replication.exclude"],
  ],
  [
    "leaving out what nobody owns",
    owned(
      { tables: { "us-east-1": ["fund.%"], "us-west-2": ["deal.%"] } },
      { exclude: ["deal.History", "dbo.History"] },
    ),
    ["replication.exclude"],
  ],
  ["a writer outside regions", replication({ writer: "eu-west-1" }), ["replication.writer"]],
  ["twoWay without ownership", owned(undefined), ["replication.ownership"]],
  [
    "ownership without twoWay",
    replication({ ownership: { tables: { "us-east-1": ["a.%"], "us-west-2": ["b.%"] } } }),
    ["replication.ownership"],
  ],
  [
    "a tenant's column in the platform's own tables",
    replication({
      mode: "twoWay",
      ownership: { tenantColumn: "Owner", values: { "us-east-1": "e", "us-west-2": "w" } },
    }),
    ["replication.tables"],
  ],
  [
    "more text of patterns than the schedule passes on",
    tables(...Array.from({ length: 16 }, (_, at) => `${"s".repeat(126)}${at % 10}.t${at}`)),
    ["replication.tables"],
  ],
  [
    "both shapes of ownership",
    owned({ tables: { "us-east-1": ["a.%"], "us-west-2": ["b.%"] }, tenantColumn: "Owner" }),
    ["replication.ownership"],
  ],
  ["a tenant's column without values", owned({ tenantColumn: "Owner" }), ["replication.ownership"]],
  ["an empty ownership", owned({}), ["replication.ownership"]],
  ["ownership that is text", owned("fund.%" as unknown as Values), ["replication.ownership"]],
  [
    "tables of one region only",
    ownedTables({ "us-east-1": ["fund.%"] }),
    ["replication.ownership.tables"],
  ],
  [
    "values for a third region",
    ownedValues({ "us-east-1": "a", "us-west-2": "b", "eu-west-1": "c" }),
    ["replication.ownership.values"],
  ],
  [
    "the same tables in both regions",
    ownedTables({ "us-east-1": ["fund.%"], "us-west-2": ["deal.%", "Fund.%"] }),
    ["replication.ownership.tables"],
  ],
  [
    "tables in both regions by their wildcards",
    ownedTables({ "us-east-1": ["a.x", "fund.%_deal"], "us-west-2": ["%d.pe%l"] }),
    ["replication.ownership.tables"],
  ],
  [
    "an owned table without its schema",
    ownedTables({ "us-east-1": ["fund.%"], "us-west-2": ["deal.%", "deal"] }),
    ["replication.ownership.tables.us-west-2[1]"],
  ],
  [
    "a region that owns nothing",
    ownedTables({ "us-east-1": ["fund.%"], "us-west-2": [] }),
    ["replication.ownership.tables.us-west-2"],
  ],
  [
    "a tenant's column in brackets",
    owned({ tenantColumn: "[Owner]", values: { "us-east-1": "a", "us-west-2": "b" } }),
    ["replication.ownership.tenantColumn"],
  ],
  [
    "a tenant's value that ends its quotes",
    ownedValues({ "us-east-1": "east' OR 1=1", "us-west-2": "west" }),
    ["replication.ownership.values.us-east-1"],
  ],
  [
    "a number for a tenant's value",
    ownedValues({ "us-east-1": 1, "us-west-2": "2" }),
    ["replication.ownership.values.us-east-1"],
  ],
  [
    "the same tenant's value in both regions",
    ownedValues({ "us-east-1": "east", "us-west-2": "East" }),
    ["replication.ownership.values"],
  ],
  [
    "a credential for a tenant's value",
    ownedValues({ "us-east-1": "AKIAIOSFODNN7EXAMPLE", "us-west-2": "west" }),
    ["replication.ownership.values"],
  ],
  [
    "tables beside owned tables",
    owned(
      { tables: { "us-east-1": ["fund.%"], "us-west-2": ["deal.%"] } },
      { tables: ["fund.%", "deal.%"] },
    ),
    ["replication.tables"],
  ],
  [
    "an untouched peer of the home stack",
    replication({ peerRegion: "untouched" }),
    ["replication.peerRegion"],
  ],
  [
    "several mistakes of one replication",
    west({ replication: { mode: "twoWay", writer: "eu-west-1" }, database: { edition: "web" } }),
    ["database.edition", "replication.writer", "replication.ownership"],
  ],
];

/** Wrong replication, rotation and objectives, and what the database's name and access have to do with it. */
export const badReplications: BadConfig[] = [...keyCases, ...ruleCases];
