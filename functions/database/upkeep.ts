import { beat, readHeartbeat } from "./capture";
import { keepCaptureJob, readLogUse, type CaptureState } from "./captureJob";
import type { Refusal } from "./limits";
import { note } from "./notCopied";
import { recording, setAside, tablesAside, using, type Tools } from "./prepare";
import type { DatabaseAnswer, DatabaseRole, DesiredDatabase } from "./request";
import { sameLogin, type Credentials, type Row, type Session } from "./session";
import { findWriter } from "./statements";
import { selectionOf, type Selection } from "./tables";
import { captureTables, judgeCopy, readColumns } from "./tend";

/** How well a copy follows; absent where it could not be told. */
export interface CopyState {
  /** Seconds since the last change of the writer that is here: what a fail-over now would lose. */
  copyAgeSeconds?: number;
  /** Seconds by which the writer's heartbeat is ahead of the copy's. */
  behindSeconds?: number;
}

/** What a run did, and what it measured. */
export interface UpkeepAnswer extends DatabaseAnswer {
  capture?: CaptureState;
  copy?: CopyState;
  /** Why the capture job could not be set right. The rest has been done all the same. */
  problem?: Error;
}

/**
 * What has to happen every minute: the writer's heartbeat advances, tables that a migration has
 * added are judged and captured, and the capture job runs; a replica's keys and triggers stand
 * aside, and a copy's age is told.
 *
 * The heartbeat shows whether changes arrive: a task can run without an error and bring nothing.
 * It does not show whether the capture job runs, since DMS reads the log without it; then the
 * writer's log grows while everything arrives. So the job is looked at by itself.
 */
export async function upkeep(desired: DesiredDatabase, tools: Tools): Promise<UpkeepAnswer> {
  const { host, port, database, role } = desired;
  const answer: UpkeepAnswer = { steps: [], captured: [], notCopied: [] };
  if (!role?.capture && !role?.follows) return answer;
  const master = await tools.readSecret(desired.masterSecretArn);
  const session = recording(await tools.connect({ host, port, database, ...master }), answer);
  await using(session, async () => {
    const refused: Refusal[] = [];
    let known = true;
    if (role.capture) {
      await session.run(beat(role.region));
      // First: a table that cannot be captured is no reason to let the log grow.
      const runs = await keepCaptureJob(session).catch((error: Error) => {
        answer.problem = error;
        return false;
      });
      answer.capture = { runs, ...(await readLogUse(session)) };
      const found = await captureTables(session, selectionOf(role.capture.tables, role));
      answer.captured = found.captured;
      refused.push(...found.refused);
    }
    if (role.follows) {
      const aside = tablesAside(role);
      if (aside && !(await writes(session, desired, tools))) await setAside(session, aside);
      const [copy] = await session.run(readHeartbeat(role.follows.region));
      const selection = selectionOf(role.follows.tables, role);
      const source = await askSource(role.follows, selection, { database, master }, tools);
      answer.copy = compare(copy, source.beat);
      refused.push(...(await judgeCopy(session, selection, source.columns)));
      known = source.columns !== undefined;
    }
    answer.notCopied = await note(session, refused, known);
  });
  return answer;
}

/**
 * True where the application may write all the same: the database has become the writer, and the
 * schedule still sends what it was. Its keys and triggers would stay away.
 */
async function writes(
  session: Session,
  { logins }: DesiredDatabase,
  { readSecret }: Tools,
): Promise<boolean> {
  for (const { secretArn } of logins.filter(({ purpose }) => purpose === "application")) {
    const { username } = await readSecret(secretArn);
    const [found] = await session.run(findWriter(username));
    if (found?.writes === 1) return true;
  }
  return false;
}

interface Here {
  database: string;
  master: Credentials;
}

function compare(copy: Row | undefined, sourceBeat: number | undefined): CopyState {
  if (!copy) return {};
  const copyAgeSeconds = (Number(copy.now) - Number(copy.beat)) / 1000;
  if (sourceBeat === undefined) return { copyAgeSeconds };
  return { copyAgeSeconds, behindSeconds: Math.max(0, (sourceBeat - Number(copy.beat)) / 1000) };
}

/** What the writer's database says. */
interface Source {
  beat?: number;
  /** Stored columns of each selected table. */
  columns?: Row[];
}

/** As much as the writer's region answers: the copy's age alone still tells enough. */
async function askSource(
  { region, source }: NonNullable<DatabaseRole["follows"]>,
  selection: Selection,
  { database, master }: Here,
  { connect, readSecret }: Tools,
): Promise<Source> {
  let session: Session | undefined;
  const found: Source = {};
  try {
    const { host, port, secretArn } = source;
    const credentials = await readSecret(secretArn);
    // Another spelling of the master secret's ARN would take the master's login to that host.
    if (sameLogin(credentials, master)) return found;
    session = await connect({ host, port, database, ...credentials });
    const [row] = await session.run(readHeartbeat(region));
    if (row) found.beat = Number(row.beat);
    found.columns = await readColumns(session, selection);
    return found;
  } catch {
    return found;
  } finally {
    await session?.close();
  }
}
