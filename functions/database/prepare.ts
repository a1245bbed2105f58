import * as capture from "./capture";
import * as follow from "./follow";
import type {
  DatabaseAnswer,
  DatabaseRole,
  DesiredDatabase,
  DesiredLogin,
  TablePattern,
} from "./request";
import {
  LoginRefused,
  type Connect,
  type Credentials,
  type ReadSecret,
  type Session,
} from "./session";
import * as sql from "./statements";

/** What a run works with; tests bring their own. */
export interface Tools {
  connect: Connect;
  readSecret: ReadSecret;
}

type Login = DesiredLogin & Credentials;

/**
 * Brings a database to what is desired. Every step looks first and changes only what differs, so a
 * run that failed anywhere is simply run again; and the order is such that a half-done run never
 * leaves two regions writable: rights go before anything else, and come last.
 */
export async function prepare(desired: DesiredDatabase, tools: Tools): Promise<DatabaseAnswer> {
  const { host, port, database, role } = desired;
  const master = await tools.readSecret(desired.masterSecretArn);
  const logins = await Promise.all(
    desired.logins.map(async (login) => ({
      ...login,
      ...(await tools.readSecret(login.secretArn)),
    })),
  );
  const answer: DatabaseAnswer = { steps: [], captured: [] };
  const open = (where: string) => tools.connect({ host, port, database: where, ...master });

  await using(recording(await open("master"), answer), async (server) => {
    await server.run(sql.createDatabase(database));
    for (const login of logins) await prepareLogin(server, login, desired, tools);
  });
  await using(recording(await open(database), answer), async (session) => {
    for (const login of logins) {
      await session.run(sql.createUser(login.username));
      await session.run(sql.linkUser(login.username));
      if (login.purpose !== "application") await session.run(sql.makeOwner(login.username));
    }
    if (role) answer.captured = await takeRole(session, role, database, logins);
  });
  return answer;
}

async function prepareLogin(
  server: Session,
  { username, password, purpose }: Login,
  { host, port }: DesiredDatabase,
  { connect }: Tools,
): Promise<void> {
  const known = await server.run(sql.findLogin(username));
  if (known.length === 0) {
    await server.run(sql.createLogin(username, password));
  } else if (!(await logsIn(connect, { host, port, database: "master", username, password }))) {
    // A rotation or a restore has left another password than the secret's.
    await server.run(sql.setPassword(username, password));
  }
  if (purpose === "replication") await server.run(sql.grantReplication(username));
}

async function logsIn(connect: Connect, target: Parameters<Connect>[0]): Promise<boolean> {
  try {
    await (await connect(target)).close();
    return true;
  } catch (error) {
    if (error instanceof LoginRefused) return false;
    throw error;
  }
}

async function takeRole(
  session: Session,
  role: DatabaseRole,
  database: string,
  logins: Login[],
): Promise<string[]> {
  const application = logins.filter(({ purpose }) => purpose === "application");
  if (!role.writable) {
    for (const { username } of application) await session.run(sql.refuseWrites(username));
  }
  await session.run(capture.createHeartbeat);
  await session.run(follow.createSetAside);
  if (role.follows) await setAside(session, role.follows.tables);
  else await bringBack(session);
  const captured = role.capture ? await capturing(session, role, role.capture, database) : [];
  if (!role.capture) await session.run(capture.disableCapture(database));
  if (role.writable) {
    // With two writers each keeps to its own ranges, which a reseed would leave.
    if (!role.follows) await reseed(session);
    for (const { username } of application) await session.run(sql.allowWrites(username));
  }
  return captured;
}

/** The job is told anew each time: a run may have ended between its settings and its restart. */
async function capturing(
  session: Session,
  { region }: DatabaseRole,
  { tables, multiAz }: NonNullable<DatabaseRole["capture"]>,
  database: string,
): Promise<string[]> {
  await session.run(capture.enableCapture(database));
  const captured = await captureTables(session, tables);
  if (multiAz) await session.run(capture.recordPolling);
  await session.run(capture.setPolling);
  await session.run(capture.beat(region));
  return captured;
}

/** Also what has to happen every minute, for tables that a migration adds. */
export async function setAside(session: Session, tables: TablePattern[]): Promise<void> {
  for (const { id, kind, name } of await session.run(follow.findObstacles(tables))) {
    const set = kind === "trigger" ? follow.setTriggerAside : follow.setForeignKeyAside;
    await session.run(set(Number(id), String(name)));
  }
}

async function bringBack(session: Session): Promise<void> {
  for (const { id, what } of await session.run(follow.findSetAside)) {
    await session.run(follow.bringBack(Number(id), String(what)));
  }
}

async function reseed(session: Session): Promise<void> {
  for (const { name } of await session.run(follow.findIdentities)) {
    await session.run(follow.reseed(String(name)));
  }
}

/** Captures what matches and is not captured yet. @returns those, "schema.table". */
export async function captureTables(session: Session, tables: TablePattern[]): Promise<string[]> {
  const captured: string[] = [];
  for (const row of await session.run(capture.findUncaptured(tables))) {
    const table = { schema: String(row.schema), table: String(row.table), keyed: row.keyed === 1 };
    await session.run(capture.captureTable(table));
    captured.push(`${table.schema}.${table.table}`);
  }
  return captured;
}

/** Notes in the answer what has been done. */
export function recording(session: Session, { steps }: DatabaseAnswer): Session {
  return {
    run: async (statement) => {
      const rows = await session.run(statement);
      steps.push(statement.label);
      return rows;
    },
    close: () => session.close(),
  };
}

/** Closes the session, however the work ends. */
export async function using<Result>(
  session: Session,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
