import * as capture from "../../functions/database/capture";
import * as follow from "../../functions/database/follow";
import { findSequences, moveOn } from "../../functions/database/sequences";
import { noteNotCopied, readNotCopied } from "../../functions/database/notCopied";
import type { NotCopied } from "../../functions/database/request";
import {
  LoginRefused,
  type Connect,
  type Row,
  type Session,
  type Statement,
} from "../../functions/database/session";
import * as sql from "../../functions/database/statements";
import {
  captureJobEffects,
  newJob,
  settle,
  type CaptureJob,
  type CaptureSettings,
} from "./fakeCaptureJob";
import {
  lookAtDatabase,
  lookAtTables,
  type Column,
  type Table,
} from "../../functions/database/tables";
import { lookAtColumns } from "../../functions/database/tend";

export interface FakeTable {
  schema: string;
  table: string;
  keyed: boolean;
  captured: boolean;
  /** Beside the key `id`. */
  columns?: Column[];
  /** What else there is to know of it. */
  facts?: Partial<Table>;
  /** Why the server refuses to capture it, or to let go of it. */
  problem?: string;
}

/** A column that nobody minds, unless changed. */
export const column = (name: string, change: Partial<Column> = {}): Column => ({
  name,
  type: "int",
  length: 4,
  nullable: false,
  computed: false,
  sparse: false,
  columnSet: false,
  generated: 0,
  ...change,
});

/** What a SQL Server of RDS holds, as far as the function changes it. */
export interface ServerState {
  databases: string[];
  /** Passwords by login. */
  logins: Record<string, string>;
  disabled: string[];
  /** Login of each session that others have open. */
  sessions: string[];
  seesLog: string[];
  users: string[];
  linked: string[];
  /** Members by role of the database. */
  roles: Record<string, string[]>;
  /** May a login run procedures? */
  execute: Record<string, "granted" | "denied">;
  objects: string[];
  capturing: boolean;
  tables: FakeTable[];
  job?: CaptureJob;
  /** What a standby would make the job of. */
  recorded?: CaptureSettings;
  /** Requests that the Agent is to refuse for a reason of its own. */
  refusals: number;
  log: { used: number; waits: string };
  foreignKeys: string[];
  triggers: string[];
  setAside: string[];
  identities: string[];
  reseeded: string[];
  /** Where each sequence stands, and the largest value that its column holds. */
  sequences: Record<string, { current: number; used: number; problem?: string }>;
  beats: Record<string, number>;
  notCopied: NotCopied[];
  /** Settings of the database, as sys.databases has them. */
  settings: Row;
}

export const emptyServer = (): ServerState => ({
  databases: [],
  logins: { platform_admin: "master" },
  disabled: [],
  sessions: [],
  seesLog: [],
  users: [],
  linked: [],
  roles: {},
  execute: {},
  objects: [],
  capturing: false,
  tables: [],
  refusals: 0,
  log: { used: 1_000_000, waits: "NOTHING" },
  foreignKeys: [],
  triggers: [],
  setAside: [],
  identities: [],
  reseeded: [],
  sequences: {},
  beats: {},
  notCopied: [],
  settings: {
    is_accelerated_database_recovery_on: false,
    delayed_durability: 0,
    recovery_model: 1,
  },
});

/** When the connection is lost: before a statement had an effect, or after. */
export interface Failure {
  /** Number of the statement, from 0, over all sessions. */
  at: number;
  when: "before" | "after";
}

export type Effect = (
  state: ServerState,
  parameters: Record<string, string | number>,
  database: string,
) => Row[];

const add = (list: string[], item: string): void => {
  if (!list.includes(item)) list.push(item);
};
const member = (state: ServerState, role: string, login: string, isMember: boolean): void => {
  const others = (state.roles[role] ?? []).filter((name) => name !== login);
  state.roles[role] = isMember ? [...others, login].sort() : others;
};
const nothing: Row[] = [];
const ownCaptured = ["heartbeat", "awsdms_loopback_prevention"];
const text = (value: string | number | undefined): string => String(value);

/** Every statement of the function by its text, and what SQL Server would do. */
const effects = new Map<string, Effect>();
const on = ({ text: key }: Statement, effect: (...args: Parameters<Effect>) => unknown) =>
  effects.set(key, (...args) => {
    const rows = effect(...args);
    return Array.isArray(rows) ? (rows as Row[]) : nothing;
  });

on(sql.createDatabase(""), (state, { database }) => add(state.databases, text(database)));
on(sql.findDatabase(""), (state, { database }) =>
  state.databases.filter((name) => name === database).map((name) => ({ name })),
);
on(sql.findUser(""), (state, { login }) =>
  state.users.filter((name) => name === login).map((name) => ({ name })),
);
on(sql.findLogin(""), (state, { login }) =>
  text(login) in state.logins
    ? [{ name: login, disabled: state.disabled.includes(text(login)) ? 1 : 0 }]
    : nothing,
);
on(sql.disableLogin(""), (state, { login }) => {
  if (text(login) in state.logins) add(state.disabled, text(login));
});
on(sql.enableLogin(""), (state, { login }) => {
  if (!(text(login) in state.logins)) throw new Error("There is no such login.");
  state.disabled = state.disabled.filter((name) => name !== login);
});
on(sql.endSessions(""), (state, { login }) => {
  state.sessions = state.sessions.filter((name) => name !== login);
});
on(sql.createDisabledLogin("", ""), (state, { login, password }) => {
  if (text(login) in state.logins) return;
  state.logins[text(login)] = text(password);
  add(state.disabled, text(login));
});
on(sql.createLogin("", ""), (state, { login, password }) => {
  state.logins[text(login)] ??= text(password);
});
on(sql.setPassword("", ""), (state, { login, password }) => {
  state.logins[text(login)] = text(password);
});
on(sql.grantReplication(""), (state, { login }) => add(state.seesLog, text(login)));
on(sql.createUser(""), (state, { login }) => add(state.users, text(login)));
on(sql.linkUser(""), (state, { login }) => add(state.linked, text(login)));
on(sql.makeOwner(""), (state, { login }) => member(state, "db_owner", text(login), true));
on(sql.disown(""), (state, { login }) => member(state, "db_owner", text(login), false));
on(sql.findWriter(""), (state, { login }) => [
  { writes: state.roles.db_datawriter?.includes(text(login)) ? 1 : 0 },
]);
on(sql.allowWrites(""), (state, { login }) => {
  for (const role of ["db_datareader", "db_datawriter"]) member(state, role, text(login), true);
  member(state, "db_denydatawriter", text(login), false);
  state.execute[text(login)] = "granted";
});
on(sql.refuseWrites(""), (state, { login }) => {
  for (const role of ["db_datareader", "db_denydatawriter"]) member(state, role, text(login), true);
  member(state, "db_datawriter", text(login), false);
  state.execute[text(login)] = "denied";
});
on(capture.createHeartbeat, (state) => {
  if (state.objects.includes("platform.heartbeat")) return;
  add(state.objects, "platform.heartbeat");
  state.tables.push({ schema: "platform", table: "heartbeat", keyed: true, captured: false });
});
on(follow.createSetAside, (state) => add(state.objects, "platform.set_aside"));
on(capture.beat(""), (state, { region }) => {
  state.beats[text(region)] = 1000;
});
on(capture.readHeartbeat(""), (state, { region }) => {
  const beat = state.beats[text(region)];
  return beat === undefined ? nothing : [{ beat, now: 5000 }];
});
on(capture.enableCapture(""), (state) => {
  state.capturing = true;
});
on(capture.disableCapture(""), (state) => {
  state.capturing = false;
  for (const table of state.tables) table.captured = false;
  delete state.job;
});
const selection = { tables: [], excluded: [] };
/** Names that no selection has, as the statement says it. */
const never = [...lookAtTables(selection).text.matchAll(/t\.name NOT LIKE N'([^']+)'/g)];
const matching = (table: FakeTable, patterns: string | number | undefined): boolean => {
  const list = JSON.parse(text(patterns)) as { schema: string; table: string }[];
  return (
    table.schema !== "platform" &&
    !never.some(([, pattern]) => like(table.table, pattern!)) &&
    list.some((p) => like(table.schema, p.schema) && like(table.table, p.table))
  );
};
const chosen = (state: ServerState, { patterns, excluded }: Record<string, string | number>) =>
  state.tables.filter((table) => matching(table, patterns) && !matching(table, excluded));
const columnsOf = ({ columns = [] }: FakeTable): Column[] => [column("id"), ...columns];
const names = (tables: FakeTable[]): Row[] =>
  tables.map(({ schema, table }) => ({ schema, table }));

on(capture.findOwn, (state) =>
  names(
    state.tables.filter(
      ({ schema, table, captured }) =>
        !captured && schema === "platform" && ownCaptured.includes(table),
    ),
  ),
);
on(capture.findLeftOut(selection), (state, { excluded }) =>
  names(state.tables.filter((table) => table.captured && matching(table, excluded))),
);
on(lookAtTables(selection), (state, parameters) =>
  chosen(state, parameters).map((table) => ({
    temporal: 0,
    memoryOptimized: 0,
    columnstore: 0,
    ...table.facts,
    schema: table.schema,
    table: table.table,
    captured: table.captured ? 1 : 0,
    columns: JSON.stringify(columnsOf(table)),
    // FOR JSON of no row is null.
    keys: table.facts?.keys
      ? JSON.stringify(table.facts.keys)
      : table.keyed
        ? JSON.stringify([{ primary: true, columns: [{ name: "id" }] }])
        : null,
  })),
);
on(lookAtColumns(selection), (state, parameters) =>
  chosen(state, parameters).map((table) => ({
    schema: table.schema,
    table: table.table,
    columns: JSON.stringify(columnsOf(table).flatMap((it) => (it.computed ? [] : [it.name]))),
  })),
);
on(lookAtDatabase, ({ settings }) => [settings]);
const enable: Effect = (state, { schema, table }) => {
  if (!state.capturing) return [{ problem: "Change data capture is not enabled." }];
  const found = state.tables.find((it) => it.schema === schema && it.table === table);
  if (!found || found.captured) throw new Error(`${schema}.${table} cannot be captured.`);
  if (found.problem) return [{ problem: found.problem }];
  found.captured = true;
  // The first one brings the job, with SQL Server's own settings; it is not there at once.
  state.job ??= newJob();
  return nothing;
};
const nobody = { schema: "", table: "", keyed: true };
on(capture.captureTable(nobody), enable);
on(capture.releaseTable(nobody), (state, { schema, table }) => {
  const found = state.tables.find((it) => it.schema === schema && it.table === table);
  if (!found?.captured) throw new Error(`${schema}.${table} is not captured.`);
  if (found.problem) return [{ problem: found.problem }];
  found.captured = false;
  return nothing;
});
on(noteNotCopied([]), (state, { found }) => {
  const now = new Map<string, NotCopied>();
  for (const { name, reason } of JSON.parse(text(found)) as NotCopied[]) {
    const same = (entry: NotCopied): boolean => entry.name.toLowerCase() === name.toLowerCase();
    const since = state.notCopied.find(same)?.since ?? "2026-11-27T08:00:00Z";
    const other = now.get(name.toLowerCase());
    const reasons = other ? [other.reason, reason].sort().join("; ") : reason;
    now.set(name.toLowerCase(), { name: other?.name ?? name, reason: reasons, since });
  }
  state.notCopied = [...now.values()];
  return state.notCopied.map((entry) => ({ ...entry }));
});
on(readNotCopied, ({ notCopied }) => notCopied.map((entry) => ({ ...entry })));
captureJobEffects(on);
on(follow.findObstacles(selection), ({ foreignKeys, triggers }) => [
  ...foreignKeys.map((name, index) => ({ id: index, kind: "foreign key", name })),
  ...triggers.map((name, index) => ({ id: index, kind: "trigger", name })),
]);
on(follow.setForeignKeyAside(0, ""), (state, { name }) => {
  if (!state.foreignKeys.includes(text(name))) return;
  state.foreignKeys = state.foreignKeys.filter((it) => it !== name);
  state.setAside.push(`foreign key ${name}`);
});
on(follow.setTriggerAside(0, ""), (state, { name }) => {
  if (!state.triggers.includes(text(name))) return;
  state.triggers = state.triggers.filter((it) => it !== name);
  state.setAside.push(`trigger ${name}`);
});
on(follow.findSetAside, ({ setAside }) =>
  setAside.map((what, index) => ({ id: index, what })).reverse(),
);
on(follow.bringBack(0, ""), (state, { id }) => {
  const what = state.setAside[Number(id)];
  if (what === undefined) return;
  state.setAside = state.setAside.filter((it) => it !== what);
  const list = what.startsWith("trigger ") ? "triggers" : "foreignKeys";
  state[list] = [...state[list], what.replace(/^(trigger|foreign key) /, "")].sort();
});
on(follow.findIdentities, ({ identities }) => identities.map((name) => ({ name })));
on(follow.reseed(""), (state, { table }) => add(state.reseeded, text(table)));

const owned = { schema: "dbo", tableSchema: "dbo", table: "Deals", column: "Number" };
on(findSequences, ({ sequences }) =>
  Object.keys(sequences).map((sequence) => ({ ...owned, sequence })),
);
on(moveOn({ ...owned, sequence: "" }), ({ sequences }, { sequence }) => {
  const found = sequences[text(sequence)];
  if (found?.problem) throw new Error(found.problem);
  if (found && found.used >= found.current) found.current = found.used + 1;
});
/** The text of every statement that is played. */
export const knownTexts = (): string[] => [...effects.keys()];

/** SQL Server's LIKE, of which the tests use `%` and `[_]` only. */
function like(value: string, pattern: string): boolean {
  const parts = pattern
    .replaceAll("[_]", "_")
    .split("%")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(value);
}

/** A driver that applies statements to `state` and records them in order. */
export class FakeServer {
  readonly statements: { database: string; statement: Statement }[] = [];
  open = 0;

  constructor(
    readonly state: ServerState = emptyServer(),
    private readonly failure?: Failure,
    /** Looks at the state after each effect. */
    private readonly watch: (state: ServerState) => void = () => undefined,
  ) {}

  readonly connect: Connect = async ({ database, username, password }): Promise<Session> => {
    const refused = this.state.disabled.includes(username);
    if (refused || this.state.logins[username] !== password) {
      throw new LoginRefused("Login failed.");
    }
    if (database !== "master" && !this.state.databases.includes(database)) {
      throw new Error(`There is no database ${database}.`);
    }
    this.open += 1;
    // Since what was asked in a former session, time has passed.
    if (this.state.job) settle(this.state.job);
    return {
      run: async (statement) => this.run(statement, database),
      close: async () => {
        this.open -= 1;
      },
    };
  };

  private run(statement: Statement, database: string): Row[] {
    const effect = effects.get(statement.text);
    if (!effect) throw new Error(`The fake server does not know: ${statement.label}`);
    const number = this.statements.length;
    this.statements.push({ database, statement });
    if (this.failure && number > this.failure.at) throw new Error("Broken.");
    if (this.failure?.at === number && this.failure.when === "before") throw new Error("Broken.");
    const rows = effect(this.state, statement.parameters ?? {}, database);
    this.watch(this.state);
    if (this.failure?.at === number) throw new Error("Broken.");
    return rows;
  }
}
