/** What a region's database is to be; the program sends it, and so does the schedule. */
export interface DesiredDatabase {
  /** Host name of SQL Server. */
  host: string;
  port: number;
  /** The application's database; made if it is not there. */
  database: string;
  /** Secret of the master user, kept by RDS: `username`, `password`. */
  masterSecretArn: string;
  logins: DesiredLogin[];
  /** Absent: only `logins` are looked after, the rest is left as it is. */
  role?: DatabaseRole;
}

export interface DesiredLogin {
  /** Secret with `username` and `password`. */
  secretArn: string;
  /** `application` follows the role; `migration` owns the schema; `replication` serves DMS. */
  purpose: "application" | "migration" | "replication";
}

/** What the region's database does for its installation. */
export interface DatabaseRole {
  /** AWS region: the key of this region's row in the heartbeat table. */
  region: string;
  /** The application may change data here. */
  writable: boolean;
  /** Changes are captured for another region, of the tables that match. */
  capture?: { tables: TablePattern[]; multiAz: boolean };
  /** Changes come from another region: keys and triggers stand aside, and the copy's age is told. */
  follows?: { region: string; source: DatabaseAddress; tables: TablePattern[] };
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

/** `prepare`: everything, at a deployment. `upkeep`: what has to happen every minute. */
export type DatabaseRequest = { task: "prepare" | "upkeep"; desired: DesiredDatabase };

/** What a run did. */
export interface DatabaseAnswer {
  /** Labels of the steps, in order. */
  steps: string[];
  /** Tables that capture follows from now on, "schema.table". */
  captured: string[];
}

const purposes = ["application", "migration", "replication"];

/**
 * A request as it arrives, checked: the caller is the program or the schedule, but a half-written
 * payload must fail before the first statement.
 * @throws Error naming the field.
 */
export function readRequest(event: unknown): DatabaseRequest {
  const { task, desired } = record(event, "the event");
  if (task !== "prepare" && task !== "upkeep") {
    throw new Error(`task is ${JSON.stringify(task)}: prepare and upkeep are known.`);
  }
  const wanted = record(desired, "desired");
  for (const key of ["host", "database", "masterSecretArn"]) text(wanted[key], `desired.${key}`);
  if (!Number.isInteger(wanted.port)) throw new Error("desired.port is no whole number.");
  if (!Array.isArray(wanted.logins)) throw new Error("desired.logins is no list.");
  wanted.logins.forEach((login, index) => {
    const { secretArn, purpose } = record(login, `desired.logins[${index}]`);
    text(secretArn, `desired.logins[${index}].secretArn`);
    if (!purposes.includes(String(purpose))) {
      throw new Error(`desired.logins[${index}].purpose: ${purposes.join(", ")} are known.`);
    }
  });
  if (wanted.role !== undefined) text(record(wanted.role, "desired.role").region, "role.region");
  return event as DatabaseRequest;
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw new Error(`${what} is no object.`);
}

function text(value: unknown, what: string): void {
  if (typeof value !== "string" || value === "") throw new Error(`${what} is no text.`);
}
