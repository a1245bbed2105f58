import type { DatabaseRole, TablePattern } from "./request";
import type { Row, Session, Statement } from "./session";

/** Which tables are copied: those that match a pattern, and none of those that are left out. */
export interface Selection {
  tables: TablePattern[];
  excluded: TablePattern[];
}

/** What is left out goes for both directions. */
export const selectionOf = (tables: TablePattern[], { excluded }: DatabaseRole): Selection => ({
  tables,
  excluded,
});

const matches = (parameter: string): string => `EXISTS (
    SELECT 1 FROM OPENJSON(@${parameter}) WITH ([schema] sysname, [table] sysname) AS p
    WHERE s.name LIKE p.[schema] AND t.name LIKE p.[table])`;

/**
 * Never ours (`platform`), nor CDC's own, nor DMS's: in the source it makes `awsdms_truncation_safeguard`
 * in its login's schema (AWS Knowledge Center, "dms-tlog-full-sql-server-source").
 */
const theApplications = `t.is_ms_shipped = 0 AND s.name NOT IN (N'cdc', N'platform')
  AND t.name NOT LIKE N'awsdms[_]%'`;

/**
 * Of `sys.schemas s` and `sys.tables t`, those of the selection in @patterns and @excluded: the same
 * as a task's mapping, which also goes by the database's collation (DMS User Guide, "Selection rules
 * and actions").
 */
export const selected = `${theApplications}
  AND ${matches("patterns")}
  AND NOT ${matches("excluded")}`;

/** Of the same two, those that are left out by name. */
export const leftOut = `${theApplications}
  AND ${matches("excluded")}`;

export const parametersOf = ({ tables, excluded }: Selection) => ({
  patterns: JSON.stringify(tables),
  excluded: JSON.stringify(excluded),
});

export interface Column {
  name: string;
  /** The built-in type, also of an alias. */
  type: string;
  /** Bytes; -1 is `max`. */
  length: number;
  nullable: boolean;
  computed: boolean;
  sparse: boolean;
  columnSet: boolean;
  /** 0, unless the server alone writes it (`sys.columns.generated_always_type`). */
  generated: number;
  /** Present: encrypted by the client. */
  encryption?: number;
}

/** A primary key or unique index over all rows. */
export interface Key {
  primary: boolean;
  columns: { name: string }[];
}

/** A table as far as DMS's limits ask. */
export interface Table {
  schema: string;
  table: string;
  captured: boolean;
  /** Anything but 0 is system-versioned, or the history of such a table. */
  temporal: number;
  memoryOptimized: boolean;
  columnstore: boolean;
  columns: Column[];
  keys: Key[];
}

export const nameOf = ({ schema, table }: { schema: string; table: string }): string =>
  `${schema}.${table}`;

export const lookAtTables = (selection: Selection): Statement => ({
  label: "look at the tables to copy",
  text: `SELECT s.name AS [schema], t.name AS [table],
  CONVERT(int, t.is_tracked_by_cdc) AS captured,
  CONVERT(int, t.temporal_type) AS temporal,
  CONVERT(int, t.is_memory_optimized) AS memoryOptimized,
  CASE WHEN EXISTS (SELECT 1 FROM sys.indexes AS i
    WHERE i.object_id = t.object_id AND i.type IN (5, 6)) THEN 1 ELSE 0 END AS columnstore,
  (SELECT c.name AS [name],
    CASE c.system_type_id WHEN 240 THEN TYPE_NAME(c.user_type_id)
      ELSE TYPE_NAME(c.system_type_id) END AS [type],
    CONVERT(int, c.max_length) AS [length],
    c.is_nullable AS [nullable],
    c.is_computed AS [computed],
    c.is_sparse AS [sparse],
    c.is_column_set AS [columnSet],
    CONVERT(int, c.generated_always_type) AS [generated],
    c.encryption_type AS [encryption]
    FROM sys.columns AS c WHERE c.object_id = t.object_id FOR JSON PATH) AS [columns],
  (SELECT i.is_primary_key AS [primary],
    (SELECT COL_NAME(k.object_id, k.column_id) AS [name]
      FROM sys.index_columns AS k
      WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND k.is_included_column = 0
      FOR JSON PATH) AS [columns]
    FROM sys.indexes AS i
    WHERE i.object_id = t.object_id AND i.is_unique = 1 AND i.has_filter = 0
      AND i.is_disabled = 0 AND i.is_hypothetical = 0
    FOR JSON PATH) AS [keys]
FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id
WHERE ${selected}
ORDER BY s.name, t.name;`,
  parameters: parametersOf(selection),
});

export async function readTables(session: Session, selection: Selection): Promise<Table[]> {
  const rows = await session.run(lookAtTables(selection));
  return rows.map((row) => ({
    schema: String(row.schema),
    table: String(row.table),
    captured: row.captured === 1,
    temporal: Number(row.temporal),
    memoryOptimized: row.memoryOptimized === 1,
    columnstore: row.columnstore === 1,
    columns: list<Column>(row.columns),
    keys: list<Key>(row.keys),
  }));
}

/** FOR JSON of no row is null. */
const list = <Item>(json: unknown): Item[] =>
  typeof json === "string" ? (JSON.parse(json) as Item[]) : [];

/** Every property of the database: a version knows more of them than another. */
export const lookAtDatabase: Statement = {
  label: "look at the database's settings",
  text: "SELECT * FROM sys.databases WHERE database_id = DB_ID();",
};

export async function readDatabase(session: Session): Promise<Row> {
  const [row = {}] = await session.run(lookAtDatabase);
  return row;
}
