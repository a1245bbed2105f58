import { having, recording, using, type Tools } from "./prepare";
import type { DatabaseAnswer, DesiredDatabase } from "./request";
import * as sql from "./statements";

/**
 * Ends the application's writes, and changes nothing else: what a snapshot then takes is all that
 * this region will have written. A database or a user that is not there yet has nothing to end.
 */
export async function freeze(desired: DesiredDatabase, tools: Tools): Promise<DatabaseAnswer> {
  const { host, port, database } = desired;
  const master = await tools.readSecret(desired.masterSecretArn);
  const names = await Promise.all(
    having("application", desired.logins).map(async ({ secretArn }) => {
      const { username } = await tools.readSecret(secretArn);
      return username;
    }),
  );
  const answer: DatabaseAnswer = { steps: [], captured: [], notCopied: [] };
  const open = (where: string) => tools.connect({ host, port, database: where, ...master });

  const exists = await using(recording(await open("master"), answer), (server) =>
    server.run(sql.findDatabase(database)),
  );
  if (exists.length === 0) return answer;
  await using(recording(await open(database), answer), async (session) => {
    for (const username of names) {
      const known = await session.run(sql.findUser(username));
      if (known.length === 0) continue;
      await session.run(sql.refuseWrites(username));
      await session.run(sql.endSessions(username));
    }
  });
  return answer;
}
