import type { Row } from "./session";
import { nameOf, type Column, type Key, type Table } from "./tables";

/** A database is read as the writer, and written as the copy; each has limits of its own. */
export type Side = "writer" | "copy";

/** A table, or all of a database, that would not be copied whole. */
export interface Refusal {
  /** `schema.table`. */
  name: string;
  reason: string;
}

interface Limit<Facts> {
  /** Its row in docs/replication.md, which says where DMS sets it. */
  what: string;
  /** @default both */
  side?: Side;
  /** @returns what is wrong with it, or nothing. */
  find(facts: Facts): string | false | undefined;
}

/** Of "Source data types for SQL Server"; the rest is unknown to DMS. Spatial ones: see the limits. */
const knownTypes = new Set(
  `bigint bit decimal int money numeric smallint smallmoney tinyint real float datetime datetime2
  smalldatetime date time datetimeoffset char varchar nchar nvarchar binary varbinary timestamp
  uniqueidentifier hierarchyid xml text ntext image geometry geography`.split(/\s+/),
);
const spatialTypes = ["geometry", "geography"];

/** What DMS calls a LOB. */
const isLarge = ({ type, length }: Column): boolean =>
  ["text", "ntext", "image", "xml"].includes(type) ||
  (length === -1 && ["varchar", "nvarchar", "varbinary"].includes(type));

/** In an order of its own: the catalogue has none, and a reason must not change by itself. */
const listed = (columns: Column[]): string =>
  columns
    .map(({ name }) => name)
    .sort()
    .join(", ");

/** A computed column is not copied: the copy computes its own. */
export const stored = ({ columns }: Table): Column[] => columns.filter(({ computed }) => !computed);

/** DMS finds a row again by a key that is stored and always filled. */
function isUsable(key: Key, table: Table): boolean {
  const columns = stored(table).filter(({ nullable }) => !nullable);
  return key.columns.every(({ name }) => columns.some((column) => column.name === name));
}

/** Text about the columns of which `is` holds; nothing where there are none. */
const where =
  (is: (column: Column) => boolean, text: (names: string) => string) =>
  (table: Table): string | false => {
    const found = stored(table).filter(is);
    return found.length > 0 && text(listed(found));
  };

/**
 * What DMS cannot copy of a table, or not prove. The one list: what is captured, what a copy takes
 * in and docs/replication.md go by it.
 */
export const tableLimits: Limit<Table>[] = [
  {
    what: "no primary key, nor a unique one without nulls",
    find: (table) =>
      !table.keys.some((key) => isUsable(key, table)) &&
      "has no primary key, nor a unique one without nulls, by which a row is found again and compared",
  },
  {
    what: "large columns without a primary key",
    find: (table) =>
      !table.keys.some((key) => key.primary && isUsable(key, table)) &&
      where(
        isLarge,
        (names) => `has large columns (${names}) and no primary key: DMS drops them`,
      )(table),
  },
  {
    what: "large columns that the copy does not let be null",
    side: "copy",
    find: where(
      (column) => isLarge(column) && !column.nullable,
      (names) => `has large columns (${names}) that may not be null: DMS fills them in afterwards`,
    ),
  },
  {
    what: "columns of the copy that only the server writes (rowversion, generated always)",
    side: "copy",
    find: where(
      ({ type, generated }) => type === "timestamp" || generated !== 0,
      (names) => `has columns (${names}) that the server lets nobody write`,
    ),
  },
  {
    what: "system-versioned tables and their history",
    find: ({ temporal }) => temporal !== 0 && "is system-versioned, or the history of such a table",
  },
  {
    what: "memory-optimised tables",
    find: ({ memoryOptimized }) => memoryOptimized && "is memory-optimised",
  },
  {
    what: "columnstore indexes",
    find: ({ columnstore }) => columnstore && "has a columnstore index",
  },
  {
    what: "sparse columns",
    find: where(
      ({ sparse, columnSet }) => sparse || columnSet,
      (names) => `has sparse columns (${names})`,
    ),
  },
  {
    what: "spatial columns (geometry, geography)",
    find: where(
      ({ type }) => spatialTypes.includes(type),
      (names) => `has spatial columns (${names}), whose reference system DMS replaces`,
    ),
  },
  {
    what: "columns of a type that DMS does not know (sql_variant, CLR types, json, vector)",
    find: where(
      ({ type }) => !knownTypes.has(type),
      (names) => `has columns of types that DMS does not know (${names})`,
    ),
  },
  {
    what: "columns encrypted by the client (Always Encrypted)",
    find: where(
      ({ encryption }) => encryption !== undefined,
      (names) => `has columns that the client encrypts (${names})`,
    ),
  },
  {
    what: "a schema or table whose name has a quote, semicolon, backslash, control character or --",
    // eslint-disable-next-line no-control-regex -- these are what DMS does not take
    find: (table) => /["';\\\u0000-\u001f]|--/.test(nameOf(table)) && "has a name DMS cannot take",
  },
  {
    what: "more than 1,000 columns",
    find: ({ columns }) => columns.length > 1000 && "has more than 1,000 columns",
  },
];

/** What DMS cannot follow of a database. A version that lacks a setting has it off. */
export const databaseLimits: Limit<Row>[] = [
  {
    what: "accelerated database recovery",
    side: "writer",
    find: ({ is_accelerated_database_recovery_on: on }) =>
      isOn(on) && "the database has accelerated recovery on",
  },
  {
    what: "delayed durability, allowed or forced",
    side: "writer",
    find: ({ delayed_durability: durability }) =>
      Number(durability ?? 0) !== 0 && "the database allows delayed durability",
  },
  {
    what: "the recovery model simple",
    side: "writer",
    find: ({ recovery_model: model }) =>
      model === 3 && "the database's recovery model is simple, which keeps no log to read",
  },
];

const isOn = (value: unknown): boolean => value === true || value === 1;

/** A name for what concerns every table. */
export const everyTable = "every table";

/** Which of the tables are not copied whole, and why; a table may have several reasons. */
export function judge(tables: Table[], database: Row, side: Side): Refusal[] {
  const here = <Facts>(limits: Limit<Facts>[], facts: Facts): string =>
    limits
      .filter((limit) => limit.side === undefined || limit.side === side)
      .flatMap((limit) => limit.find(facts) || [])
      .join("; ");
  return [
    { name: everyTable, reason: here(databaseLimits, database) },
    ...tables.map((table) => ({ name: nameOf(table), reason: here(tableLimits, table) })),
  ].filter(({ reason }) => reason !== "");
}
