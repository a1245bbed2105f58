/**
 * Where the region's database is. The function has it from its environment, not from a request:
 * whoever may invoke it, as the other region's stack does, cannot send the master's credentials to
 * another server.
 */
export interface DatabaseConnection {
  /** Host name of SQL Server. */
  host: string;
  port: number;
  /** The application's database; made if it is not there. */
  database: string;
  /** Secret of the master user, kept by RDS: `username`, `password`. */
  masterSecretArn: string;
}

/**
 * `prepare`: everything, at a deployment. `freeze`: the application stops writing, before a snapshot
 * of what it wrote. `upkeep`: what has to happen every minute.
 */
export type DatabaseTask = "prepare" | "freeze" | "upkeep";

export interface DatabaseRequest {
  task: DatabaseTask;
  logins: DesiredLogin[];
  /** Absent: only `logins` are looked after, the rest is left as it is. */
  role?: DatabaseRole;
}

/** What a region's database is to be. */
export type DesiredDatabase = DatabaseConnection & Pick<DatabaseRequest, "logins" | "role">;

/**
 * - `application` follows the role.
 * - `migration` owns the schema.
 * - `replicationSource`: the other region's DMS reads this database with it.
 * - `replicationTarget`: this region's DMS writes with it. It can log in only where the role follows.
 */
export type LoginPurpose = "application" | "migration" | "replicationSource" | "replicationTarget";

export interface DesiredLogin {
  /** Secret with `username` and `password`. */
  secretArn: string;
  purpose: LoginPurpose;
}

/** What the region's database does for its installation. */
export interface DatabaseRole {
  /** AWS region: the key of this region's row in the heartbeat table. */
  region: string;
  /** The application may change data here. False beside `capture`: a writer that is to move. */
  writable: boolean;
  /** Changes are captured for another region, of the tables that match. */
  capture?: { tables: TablePattern[]; multiAz: boolean };
  /**
   * Changes come from another region, and the copy's age is told. Unless the application writes here
   * as well (two-way), keys and triggers stand aside.
   */
  follows?: { region: string; source: DatabaseAddress; tables: TablePattern[] };
  /** Tables that are neither captured nor copied, although they match. */
  excluded: TablePattern[];
}

/** Where the writer is, as the replica's region reaches it. */
export interface DatabaseAddress {
  host: string;
  port: number;
  /** Secret in the replica's own region. */
  secretArn: string;
}

/** SQL Server `LIKE` patterns, as DMS table mappings use them. */
export interface TablePattern {
  schema: string;
  table: string;
}

/** What a run did. */
export interface DatabaseAnswer {
  /** Labels of the steps, in order. */
  steps: string[];
  /** Tables that capture follows from now on, "schema.table". */
  captured: string[];
  /** Tables that match and are not copied whole. */
  notCopied: NotCopied[];
}

/** A table that matches and is not copied, or not whole. */
export interface NotCopied {
  /** "schema.table". */
  name: string;
  reason: string;
  /** When it was first seen, UTC, ISO 8601. */
  since: string;
}

const tasks: readonly DatabaseTask[] = ["prepare", "freeze", "upkeep"];
const purposes: readonly LoginPurpose[] = [
  "application",
  "migration",
  "replicationSource",
  "replicationTarget",
];

/** The environment variable that holds a {@link DatabaseConnection} as JSON. */
export const connectionVariable = "DATABASE";

/** @throws Error naming the field, never quoting the value. */
export function readConnection(value: string | undefined): DatabaseConnection {
  if (!value) throw new Error(`The environment variable ${connectionVariable} is not set.`);
  const found = object(parsed(value), connectionVariable);
  return {
    host: text(found.host, `${connectionVariable}.host`),
    port: whole(found.port, `${connectionVariable}.port`),
    database: text(found.database, `${connectionVariable}.database`),
    masterSecretArn: text(found.masterSecretArn, `${connectionVariable}.masterSecretArn`),
  };
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new Error(`The environment variable ${connectionVariable} is no JSON.`);
  }
}

/**
 * A request as it arrives, checked: the caller is the program or the schedule, but a half-written
 * payload must fail before the first statement. What it says beyond a request is left out.
 * @throws Error naming the field.
 */
export function readRequest(event: unknown): DatabaseRequest {
  const { task, logins, role } = object(event, "the event");
  const wanted = tasks.find((known) => known === task);
  if (!wanted) {
    throw new Error(`task is ${JSON.stringify(task)}: ${tasks.join(", ")} are known.`);
  }
  return {
    task: wanted,
    logins: list(logins, "logins").map((login, at) => readLogin(login, `logins[${at}]`)),
    ...(role === undefined ? {} : { role: readRole(object(role, "role")) }),
  };
}

/**
 * What the environment and the request say together.
 * @throws Error when the request gives the master's secret as another login's.
 */
export function desiredDatabase(
  connection: DatabaseConnection,
  { logins, role }: DatabaseRequest,
): DesiredDatabase {
  const secrets = [...logins.map(({ secretArn }) => secretArn), role?.follows?.source.secretArn];
  if (secrets.includes(connection.masterSecretArn)) {
    throw new Error("The request names the master's secret, which is the function's alone.");
  }
  return { ...connection, logins, ...(role ? { role } : {}) };
}

function readLogin(value: unknown, what: string): DesiredLogin {
  const { secretArn, purpose } = object(value, what);
  const known = purposes.find((it) => it === purpose);
  if (!known) throw new Error(`${what}.purpose: ${purposes.join(", ")} are known.`);
  return { secretArn: text(secretArn, `${what}.secretArn`), purpose: known };
}

function readRole(found: Record<string, unknown>): DatabaseRole {
  const { region, writable, capture, follows, excluded } = found;
  return {
    region: text(region, "role.region"),
    writable: truth(writable, "role.writable"),
    ...(capture === undefined ? {} : { capture: readCapture(object(capture, "role.capture")) }),
    ...(follows === undefined ? {} : { follows: readFollows(object(follows, "role.follows")) }),
    // A schedule that is older than the key names none.
    excluded: excluded === undefined ? [] : readTables(excluded, "role.excluded"),
  };
}

const readCapture = ({
  tables,
  multiAz,
}: Record<string, unknown>): NonNullable<DatabaseRole["capture"]> => ({
  tables: readTables(tables, "role.capture.tables"),
  multiAz: truth(multiAz, "role.capture.multiAz"),
});

function readFollows(found: Record<string, unknown>): NonNullable<DatabaseRole["follows"]> {
  const { host, port, secretArn } = object(found.source, "role.follows.source");
  return {
    region: text(found.region, "role.follows.region"),
    source: {
      host: text(host, "role.follows.source.host"),
      port: whole(port, "role.follows.source.port"),
      secretArn: text(secretArn, "role.follows.source.secretArn"),
    },
    tables: readTables(found.tables, "role.follows.tables"),
  };
}

const readTables = (value: unknown, what: string): TablePattern[] =>
  list(value, what).map((pattern, at) => {
    const { schema, table } = object(pattern, `${what}[${at}]`);
    return {
      schema: text(schema, `${what}[${at}].schema`),
      table: text(table, `${what}[${at}].table`),
    };
  });

function object(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw new Error(`${what} is no object.`);
}

function list(value: unknown, what: string): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new Error(`${what} is no list.`);
}

function text(value: unknown, what: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new Error(`${what} is no text.`);
}

function whole(value: unknown, what: string): number {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw new Error(`${what} is no whole number.`);
}

function truth(value: unknown, what: string): boolean {
  if (typeof value === "boolean") return value;
  throw new Error(`${what} is neither true nor false.`);
}
