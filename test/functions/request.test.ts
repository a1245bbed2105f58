import assert from "node:assert/strict";
import {
  desiredDatabase,
  readConnection,
  readRequest,
  type DatabaseConnection,
} from "../../functions/database/request";
import { alone, desired, frozen, replica, twoWay, writer } from "./given";

const connection: DatabaseConnection = {
  host: "here",
  port: 1433,
  database: "platform",
  masterSecretArn: "master",
};
const { logins } = desired();
const tables = [{ schema: "dbo", table: "F%" }];

describe("what the database function is told", () => {
  it("is which server by its environment, and what for by the request", () => {
    for (const role of [writer, replica, frozen, twoWay, alone, undefined]) {
      const request = { task: "prepare" as const, logins, ...(role ? { role } : {}) };
      const read = readRequest(JSON.parse(JSON.stringify(request)));
      assert.deepEqual(read, request);
      assert.deepEqual(
        desiredDatabase(readConnection(JSON.stringify(connection)), read),
        desired(role),
      );
    }
  });

  it("is another server by no request, in whatever place it names one", () => {
    const other = { host: "evil", port: 1, database: "evil", masterSecretArn: "evil" };
    const read = readRequest({ task: "upkeep", logins, ...other, desired: other });
    assert.deepEqual(desiredDatabase(connection, read), desired());
  });

  it("is never to take the master's login elsewhere", () => {
    const secretArn = connection.masterSecretArn;
    const source = { host: "evil", port: 1433, secretArn };
    const follows = { ...replica.follows!, source };
    const asSource = readRequest({ task: "upkeep", logins, role: { ...replica, follows } });
    const asLogin = readRequest({ task: "prepare", logins: [{ secretArn, purpose: "migration" }] });
    for (const request of [asSource, asLogin]) {
      assert.throws(() => desiredDatabase(connection, request), /names the master's secret/);
    }
  });

  it("is refused by the name of its variable when the environment lacks it or is broken", () => {
    const cases: [string | undefined, RegExp][] = [
      [undefined, /environment variable DATABASE is not set/],
      ["", /environment variable DATABASE is not set/],
      ['{"host": "secret', /environment variable DATABASE is no JSON/],
      ["null", /DATABASE is no object/],
      ["[]", /DATABASE\.host is no text/],
      [JSON.stringify({ ...connection, host: "" }), /DATABASE\.host is no text/],
      [JSON.stringify({ ...connection, port: "1433" }), /DATABASE\.port is no whole number/],
      [JSON.stringify({ ...connection, database: 1 }), /DATABASE\.database is no text/],
      [JSON.stringify({ ...connection, masterSecretArn: null }), /masterSecretArn is no text/],
    ];
    for (const [value, problem] of cases) assert.throws(() => readConnection(value), problem);
  });

  it("is refused by the field that is missing or of another kind", () => {
    const follows = replica.follows!;
    const role = (changed: object) => ({
      task: "prepare",
      logins,
      role: { ...writer, ...changed },
    });
    const cases: [unknown, RegExp][] = [
      [undefined, /the event is no object/],
      [{ task: "drop", logins }, /task is "drop": prepare, freeze, upkeep are known/],
      [{ task: "prepare" }, /logins is no list/],
      [{ task: "prepare", desired: desired() }, /logins is no list/],
      [{ task: "prepare", logins: ["app"] }, /logins\[0\] is no object/],
      [
        { task: "prepare", logins: [{ purpose: "migration" }] },
        /logins\[0\]\.secretArn is no text/,
      ],
      [
        { task: "prepare", logins: [logins[0], { secretArn: "x", purpose: "replication" }] },
        /logins\[1\]\.purpose: application, migration, replicationSource, replicationTarget are/,
      ],
      [{ task: "prepare", logins, role: null }, /role is no object/],
      [role({ region: "" }), /role\.region is no text/],
      [role({ writable: "false" }), /role\.writable is neither true nor false/],
      [role({ writable: undefined }), /role\.writable is neither/],
      [role({ capture: { tables: "%" } }), /role\.capture\.tables is no list/],
      [role({ capture: { tables } }), /role\.capture\.multiAz is neither/],
      [role({ capture: { tables: [{ schema: "dbo" }] } }), /tables\[0\]\.table is no text/],
      [role({ follows: { ...follows, source: undefined } }), /follows\.source is no object/],
      [role({ follows: { ...follows, region: 1 } }), /follows\.region is no text/],
      [role({ follows: { ...follows, tables: {} } }), /follows\.tables is no list/],
      [
        role({ follows: { ...follows, source: { ...follows.source, port: "1" } } }),
        /follows\.source\.port is no whole number/,
      ],
      [
        role({ follows: { ...follows, source: { ...follows.source, host: "" } } }),
        /follows\.source\.host is no text/,
      ],
    ];
    for (const [event, problem] of cases) assert.throws(() => readRequest(event), problem);
  });
});
