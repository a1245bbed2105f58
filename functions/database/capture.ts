import { createHash } from "node:crypto";
import type { Statement } from "./session";
import { when } from "./statements";
import { leftOut, parametersOf, type Selection } from "./tables";

/** A table as the catalogue names it. */
export interface CatalogTable {
  schema: string;
  table: string;
}

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
 * Those of `platform` that are not captured yet: our heartbeat, and where two regions write, DMS
 * marks what it writes in a table of its own, by which the other region's DMS knows what not to send
 * back.
 */
export const findOwn: Statement = {
  label: "look for tables of ours to capture",
  text: `SELECT s.name AS [schema], t.name AS [table]
FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id
WHERE t.is_tracked_by_cdc = 0
  AND s.name = N'platform' AND t.name IN (N'heartbeat', N'awsdms_loopback_prevention')
ORDER BY t.name;`,
};

/**
 * To begin or end capture locks a table against everything: behind a long transaction the application
 * would queue up after us. So this gives up soon, and a later look tries again.
 */
export const lockTimeout = "SET LOCK_TIMEOUT 10000;";

/** Answers with the `problem` where the server refuses. */
const tell = (text: string): string => `BEGIN TRY
${text}
END TRY
BEGIN CATCH
  IF @@TRANCOUNT > 0 ROLLBACK;
  SELECT ERROR_MESSAGE() AS problem;
END CATCH;`;

/**
 * Net changes need a primary key. A partition that is switched in or out is no change that DMS sees,
 * so the server is to refuse it (sys.sp_cdc_enable_table, @allow_partition_switch).
 */
export const captureTable = ({
  schema,
  table,
  keyed,
}: CatalogTable & { keyed: boolean }): Statement => ({
  label: `capture ${schema}.${table}`,
  text: tell(`${lockTimeout}
DECLARE @switch bit = CASE WHEN EXISTS (SELECT 1 FROM sys.partitions
  WHERE object_id = OBJECT_ID(QUOTENAME(@schema) + N'.' + QUOTENAME(@table))
    AND partition_number > 1) THEN 0 ELSE 1 END;
EXEC sys.sp_cdc_enable_table @source_schema = @schema, @source_name = @table,
  @role_name = NULL, @capture_instance = @instance, @supports_net_changes = @keyed,
  @allow_partition_switch = @switch;`),
  parameters: { schema, table, instance: captureInstance(schema, table), keyed: keyed ? 1 : 0 },
});

/** Captured tables that are left out by name: what is captured cannot be truncated, for one. */
export const findLeftOut = (selection: Selection): Statement => ({
  label: "look for captured tables that are left out",
  text: `SELECT s.name AS [schema], t.name AS [table]
FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id
WHERE t.is_tracked_by_cdc = 1 AND ${leftOut}
ORDER BY s.name, t.name;`,
  parameters: parametersOf(selection),
});

export const releaseTable = ({ schema, table }: CatalogTable): Statement => ({
  label: `capture ${schema}.${table} no more`,
  text: tell(`${lockTimeout}
EXEC sys.sp_cdc_disable_table @source_schema = @schema, @source_name = @table,
  @capture_instance = N'all';`),
  parameters: { schema, table },
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
