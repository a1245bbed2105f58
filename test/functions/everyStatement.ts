import * as capture from "../../functions/database/capture";
import * as job from "../../functions/database/captureJob";
import * as follow from "../../functions/database/follow";
import * as notCopied from "../../functions/database/notCopied";
import * as sequences from "../../functions/database/sequences";
import type { Statement } from "../../functions/database/session";
import * as sql from "../../functions/database/statements";
import * as tables from "../../functions/database/tables";
import * as tend from "../../functions/database/tend";

const at = (value: string) => ({ schema: value, table: value, keyed: true });
const chosen = (value: string) => ({ tables: [at(value)], excluded: [at(value)] });
/** Every builder with something from outside, called with that in each place. */
export const builders: Record<string, (value: string) => Statement> = {
  createDatabase: sql.createDatabase,
  findLogin: sql.findLogin,
  createLogin: (value) => sql.createLogin(value, value),
  createDisabledLogin: (value) => sql.createDisabledLogin(value, value),
  disableLogin: sql.disableLogin,
  enableLogin: sql.enableLogin,
  endSessions: sql.endSessions,
  setPassword: (value) => sql.setPassword(value, value),
  grantReplication: sql.grantReplication,
  createUser: sql.createUser,
  linkUser: sql.linkUser,
  makeOwner: sql.makeOwner,
  disown: sql.disown,
  findWriter: sql.findWriter,
  allowWrites: sql.allowWrites,
  refuseWrites: sql.refuseWrites,
  beat: capture.beat,
  readHeartbeat: capture.readHeartbeat,
  enableCapture: capture.enableCapture,
  disableCapture: capture.disableCapture,
  findLeftOut: (value) => capture.findLeftOut(chosen(value)),
  captureTable: (value) => capture.captureTable(at(value)),
  releaseTable: (value) => capture.releaseTable(at(value)),
  lookAtTables: (value) => tables.lookAtTables(chosen(value)),
  lookAtColumns: (value) => tend.lookAtColumns(chosen(value)),
  noteNotCopied: (value) => notCopied.noteNotCopied([{ name: value, reason: value }]),
  findObstacles: (value) => follow.findObstacles(chosen(value)),
  setForeignKeyAside: (value) => follow.setForeignKeyAside(1, value),
  setTriggerAside: (value) => follow.setTriggerAside(1, value),
  bringBack: (value) => follow.bringBack(1, value),
  reseed: follow.reseed,
  moveOn: (value) =>
    sequences.moveOn({
      schema: value,
      sequence: value,
      tableSchema: value,
      table: value,
      column: value,
    }),
  readRounds: job.readRounds,
  awaitStop: job.awaitStop,
  awaitStart: job.awaitStart,
  findDatabase: sql.findDatabase,
  findUser: sql.findUser,
};

const isStatement = (value: unknown): value is Statement =>
  typeof value === "object" && value !== null && "label" in value && "text" in value;

/** Every statement that the function can send, by its name in the code. */
export const everyStatement: Record<string, Statement> = {
  ...Object.fromEntries(
    Object.entries({
      ...capture,
      ...job,
      ...follow,
      ...notCopied,
      ...sequences,
      ...sql,
      ...tables,
      ...tend,
    }).filter((entry): entry is [string, Statement] => isStatement(entry[1])),
  ),
  ...Object.fromEntries(Object.entries(builders).map(([name, build]) => [name, build("name")])),
};
