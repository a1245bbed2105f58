import { beat, polls, readHeartbeat, readJobs, setPolling } from "./capture";
import { captureTables, recording, setAside, using, type Tools } from "./prepare";
import type { DatabaseAnswer, DatabaseRole, DesiredDatabase } from "./request";
import type { Row, Session } from "./session";

/** How well a copy follows; absent where it could not be told. */
export interface CopyState {
  /** Seconds since the last change of the writer that is here: what a fail-over now would lose. */
  copyAgeSeconds?: number;
  /** Seconds by which the writer's heartbeat is ahead of the copy's. */
  behindSeconds?: number;
}

/**
 * What has to happen every minute: the writer's heartbeat advances and tables that a migration has
 * added are captured; a replica's keys and triggers stand aside, and the copy's age is told.
 *
 * The heartbeat proves the whole way. A task can run without an error and bring nothing, when
 * capture has stopped at the source; then the copy's heartbeat stays behind the writer's.
 */
export async function upkeep(
  desired: DesiredDatabase,
  tools: Tools,
): Promise<DatabaseAnswer & { copy?: CopyState }> {
  const { host, port, database, role } = desired;
  const answer: DatabaseAnswer & { copy?: CopyState } = { steps: [], captured: [] };
  if (!role?.capture && !role?.follows) return answer;
  const master = await tools.readSecret(desired.masterSecretArn);
  const session = recording(await tools.connect({ host, port, database, ...master }), answer);
  await using(session, async () => {
    if (role.capture) {
      await session.run(beat(role.region));
      answer.captured = await captureTables(session, role.capture.tables);
      if (!polls(await session.run(readJobs))) await session.run(setPolling);
    }
    if (role.follows) {
      await setAside(session, role.follows.tables);
      const [copy] = await session.run(readHeartbeat(role.follows.region));
      answer.copy = await compare(copy, role.follows, database, tools);
    }
  });
  return answer;
}

async function compare(
  copy: Row | undefined,
  follows: NonNullable<DatabaseRole["follows"]>,
  database: string,
  tools: Tools,
): Promise<CopyState> {
  if (!copy) return {};
  const copyAgeSeconds = (Number(copy.now) - Number(copy.beat)) / 1000;
  const source = await beatAt(follows, database, tools);
  if (source === undefined) return { copyAgeSeconds };
  return { copyAgeSeconds, behindSeconds: Math.max(0, (source - Number(copy.beat)) / 1000) };
}

/** Undefined when the writer's region does not answer: the copy's age still tells enough. */
async function beatAt(
  { region, source }: NonNullable<DatabaseRole["follows"]>,
  database: string,
  { connect, readSecret }: Tools,
): Promise<number | undefined> {
  let session: Session | undefined;
  try {
    const { host, port, secretArn } = source;
    session = await connect({ host, port, database, ...(await readSecret(secretArn)) });
    const [row] = await session.run(readHeartbeat(region));
    return row ? Number(row.beat) : undefined;
  } catch {
    return undefined;
  } finally {
    await session?.close();
  }
}
