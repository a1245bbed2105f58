import * as capture from "./capture";
import { keepCaptureJob, recordSettings } from "./captureJob";
import * as follow from "./follow";
import { note } from "./notCopied";
import type {
  DatabaseAnswer,
  DatabaseRole,
  DesiredDatabase,
  DesiredLogin,
  LoginPurpose,
} from "./request";
import {
  LoginRefused,
  sameLogin,
  type Connect,
  type Credentials,
  type ReadSecret,
  type Session,
} from "./session";
import { advanceSequences } from "./sequences";
import * as sql from "./statements";
import { selectionOf, type Selection } from "./tables";
import { captureTables, judgeCopy, refusalText } from "./tend";

/** What a run works with; tests bring their own. */
export interface Tools {
  connect: Connect;
  readSecret: ReadSecret;
}

type Login = DesiredLogin & Credentials;

/**
 * Brings a database to what is desired. Every step looks first and changes only what differs, so a
 * run that failed anywhere is simply run again; and the order is such that a half-done run never
 * leaves two writers, neither two regions nor an application and DMS in one database: whoever loses
 * the right to write loses it before anything else changes, and whoever gets it gets it when all that
 * its writes need is done.
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
  demandOwnNames(master, logins);
  const answer: DatabaseAnswer = { steps: [], captured: [], notCopied: [] };
  const open = (where: string) => tools.connect({ host, port, database: where, ...master });

  await using(recording(await open("master"), answer), async (server) => {
    if (role && !role.follows) await fence(server, having("replicationTarget", logins));
    await server.run(sql.createDatabase(database));
    for (const login of logins) await prepareLogin(server, login, desired, tools);
  });
  await using(recording(await open(database), answer), async (session) => {
    for (const { username, purpose } of logins) {
      await session.run(sql.createUser(username));
      await session.run(sql.linkUser(username));
      if (purpose === "migration" || purpose === "replicationSource") {
        await session.run(sql.makeOwner(username));
      }
    }
    if (role) Object.assign(answer, await takeRole(session, role, desired, logins, tools));
  });
  return answer;
}

/** Fencing one login, or ending its sessions, must not meet another's, least of all the master's. */
function demandOwnNames(master: Credentials, logins: Login[]): void {
  logins.forEach((login, at) => {
    if (![master, ...logins.slice(0, at)].some((other) => sameLogin(login, other))) return;
    throw new Error(`The secret ${login.secretArn} names a login that another one names already.`);
  });
}

export const having = <Login extends DesiredLogin>(
  purpose: LoginPurpose,
  logins: Login[],
): Login[] => logins.filter((login) => login.purpose === purpose);

/**
 * Shuts DMS out of a database that follows nobody: a task may still run, or be started by mistake,
 * while the application writes here.
 */
async function fence(server: Session, targets: Login[]): Promise<void> {
  for (const { username } of targets) {
    await server.run(sql.disableLogin(username));
    await server.run(sql.endSessions(username));
  }
}

async function prepareLogin(
  server: Session,
  login: Login,
  desired: DesiredDatabase,
  tools: Tools,
): Promise<void> {
  const { username, password, purpose } = login;
  const [known] = await server.run(sql.findLogin(username));
  if (!known) {
    const create = purpose === "replicationTarget" ? sql.createDisabledLogin : sql.createLogin;
    await server.run(create(username, password));
  } else if (known.disabled !== 1) {
    // The server refuses a disabled one whatever its password, which then says nothing about that.
    await keepPassword(server, login, desired, tools);
  }
  if (purpose === "replicationSource") await server.run(sql.grantReplication(username));
}

/** Sets the password only after it was refused: a rotation may be about to set the next one. */
async function keepPassword(
  session: Session,
  { username, password }: Login,
  { host, port }: DesiredDatabase,
  { connect }: Tools,
): Promise<void> {
  if (await logsIn(connect, { host, port, database: "master", username, password })) return;
  // A rotation or a restore has left another password than the secret's.
  await session.run(sql.setPassword(username, password));
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
  desired: DesiredDatabase,
  logins: Login[],
  tools: Tools,
): Promise<Pick<DatabaseAnswer, "captured" | "notCopied">> {
  const application = having("application", logins);
  const targets = having("replicationTarget", logins);
  if (!role.follows) {
    // In the database as well: a standby or a restore might not know that the login is disabled.
    for (const { username } of targets) await session.run(sql.disown(username));
  }
  if (!role.writable) {
    for (const { username } of application) {
      await session.run(sql.refuseWrites(username));
      // A statement that runs, a procedure and an open transaction keep what they were granted.
      await session.run(sql.endSessions(username));
    }
  }
  await session.run(capture.createHeartbeat);
  await session.run(follow.createSetAside);
  if (!role.capture) await session.run(capture.disableCapture(desired.database));
  const aside = tablesAside(role);
  if (aside) await setAside(session, aside);
  else await bringBack(session);
  const { captured, refused } = role.capture
    ? await capturing(session, role, role.capture, desired.database)
    : { captured: [], refused: [] };
  const refusedCopy = role.follows
    ? await judgeCopy(session, selectionOf(role.follows.tables, role))
    : [];
  const notCopied = await note(session, [...refused, ...refusedCopy]);
  if (refusedCopy.length > 0) throw new Error(refusalText(refusedCopy));
  if (role.follows) {
    for (const login of targets) {
      await session.run(sql.makeOwner(login.username));
      await session.run(sql.enableLogin(login.username));
      await keepPassword(session, login, desired, tools);
    }
  }
  const failed: string[] = [];
  if (role.writable) {
    // With two writers each keeps to its own ranges, which a reseed would leave.
    if (!role.follows) failed.push(...(await reseed(session)));
    for (const { username } of application) await session.run(sql.allowWrites(username));
  }
  if (role.capture) {
    // Last: an Agent that does not stop or start a job fails this run, and keeps nobody from writing.
    await keepCapture(session, role.capture.multiAz).catch(({ message }: Error) => {
      failed.push(message);
    });
  }
  if (failed.length > 0) throw new Error(failed.join("\n"));
  return { captured, notCopied };
}

/**
 * The tables whose keys and triggers stand aside; undefined where all have to be in place.
 *
 * Where the application writes beside DMS they stay, and what stood aside comes back: without them
 * its own writes would be unchecked. DMS applies changes in the order of their commits, so parents
 * come before children. A trigger fires for DMS's rows too, though what it did for the original is
 * on its way as well: one that writes must end early `IF ORIGINAL_LOGIN() =` DMS's login. The first
 * load knows no such order; it wants a role that is not writable yet.
 */
export function tablesAside(role: DatabaseRole): Selection | undefined {
  const { writable, follows } = role;
  return writable || !follows ? undefined : selectionOf(follows.tables, role);
}

async function capturing(
  session: Session,
  role: DatabaseRole,
  { tables }: NonNullable<DatabaseRole["capture"]>,
  database: string,
): ReturnType<typeof captureTables> {
  await session.run(capture.enableCapture(database));
  const found = await captureTables(session, selectionOf(tables, role));
  await session.run(capture.beat(role.region));
  return found;
}

async function keepCapture(session: Session, multiAz: boolean): Promise<void> {
  if (multiAz) await session.run(recordSettings);
  await keepCaptureJob(session);
}

/** Also what has to happen every minute, for tables that a migration adds. */
export async function setAside(session: Session, tables: Selection): Promise<void> {
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

async function reseed(session: Session): Promise<string[]> {
  for (const { name } of await session.run(follow.findIdentities)) {
    await session.run(follow.reseed(String(name)));
  }
  return advanceSequences(session);
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
