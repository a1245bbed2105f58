import { createHash } from "node:crypto";
import type { TablePattern } from "./request";
import type { Statement } from "./session";
import { when } from "./statements";

/** A table as the catalogue names it. */
export interface CatalogTable {
  schema: string;
  table: string;
}

/**
 * Matches tables of `sys.schemas s` and `sys.tables t` with the patterns in @patterns, a JSON list.
 * Ours (`platform`) and CDC's own never match; nor does what DMS cannot follow.
 */
export const matchesPatterns = `t.is_ms_shipped = 0 AND s.name NOT IN (N'cdc', N'platform')
  AND t.temporal_type = 0 AND t.is_memory_optimized = 0
  AND EXISTS (
    SELECT 1 FROM OPENJSON(@patterns) WITH ([schema] sysname, [table] sysname) AS p
    WHERE s.name LIKE p.[schema] AND t.name LIKE p.[table])`;

export const createHeartbeat: Statement = {
  label: "create the heartbeat table",
  text: `IF SCHEMA_ID(N'platform') IS NULL EXEC (N'CREATE SCHEMA platform AUTHORIZATION dbo');
IF OBJECT_ID(N'platform.heartbeat', N'U') IS NULL
CREATE TABLE platform.heartbeat (
  region varchar(32) NOT NULL CONSTRAINT pk_heartbeat PRIMARY KEY,
  beat datetime2(3) NOT NULL);`,
};

export const beat = (region: string): Statement => ({
  label: "advance the heartbeat",
  text: `UPDATE platform.heartbeat SET beat = SYSUTCDATETIME() WHERE region = @region;
IF @@ROWCOUNT = 0
INSERT INTO platform.heartbeat (region, beat) VALUES (@region, SYSUTCDATETIME());`,
  parameters: { region },
});

/** Milliseconds since 1970 of a region's beat, and of now, by the server's clock. */
export const readHeartbeat = (region: string): Statement => ({
  label: `read the heartbeat of ${region}`,
  text: `SELECT CONVERT(float, DATEDIFF_BIG(millisecond, '1970-01-01', beat)) AS beat,
  CONVERT(float, DATEDIFF_BIG(millisecond, '1970-01-01', SYSUTCDATETIME())) AS now
FROM platform.heartbeat WHERE region = @region;`,
  parameters: { region },
});

const isCaptured =
  "EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND is_cdc_enabled = 1)";

export const enableCapture = (database: string): Statement => ({
  label: "enable change data capture",
  text: when(`NOT ${isCaptured}`, "EXEC msdb.dbo.rds_cdc_enable_db @database;"),
  parameters: { database },
});

export const disableCapture = (database: string): Statement => ({
  label: "disable change data capture",
  text: when(isCaptured, "EXEC msdb.dbo.rds_cdc_disable_db @database;"),
  parameters: { database },
});

/**
 * Matching tables that are not captured yet, and two of `platform`, which come first: our heartbeat,
 * there from the beginning, brings the capture job; and where two regions write, DMS marks what it
 * writes in a table of its own, by which the other region's DMS knows what not to send back.
 */
export const findUncaptured = (patterns: TablePattern[]): Statement => ({
  label: "look for tables to capture",
  text: `SELECT s.name AS [schema], t.name AS [table],
  CONVERT(int, OBJECTPROPERTY(t.object_id, 'TableHasPrimaryKey')) AS keyed
FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id
WHERE t.is_tracked_by_cdc = 0
  AND ((s.name = N'platform' AND t.name IN (N'heartbeat', N'awsdms_loopback_prevention'))
    OR (${matchesPatterns}))
ORDER BY CASE s.name WHEN N'platform' THEN 0 ELSE 1 END, s.name, t.name;`,
  parameters: { patterns: JSON.stringify(patterns) },
});

/** Net changes need a primary key (sys.sp_cdc_enable_table). */
export const captureTable = ({
  schema,
  table,
  keyed,
}: CatalogTable & { keyed: boolean }): Statement => ({
  label: `capture ${schema}.${table}`,
  text: `EXEC sys.sp_cdc_enable_table @source_schema = @schema, @source_name = @table,
  @role_name = NULL, @capture_instance = @instance, @supports_net_changes = @keyed;`,
  parameters: { schema, table, instance: captureInstance(schema, table), keyed: keyed ? 1 : 0 },
});

/** SQL Server's own name, which must not exceed 100 characters and must be unique. */
export function captureInstance(schema: string, table: string): string {
  const usual = `${schema}_${table}`;
  // "a_b"."c" and "a"."b_c" would share it.
  const unique = usual.length <= 100 && !schema.includes("_") && !table.includes("_");
  if (unique) return usual;
  const hash = createHash("sha256").update(`${schema}\n${table}`).digest("hex").slice(0, 16);
  return `${usual.slice(0, 83)}_${hash}`;
}
