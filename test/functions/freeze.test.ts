import assert from "node:assert/strict";
import { freeze } from "../../functions/database/freeze";
import { emptyServer, FakeServer, type ServerState } from "./fakeServer";
import { app, desired, inRole, inUse, labels, toolsOf, writer } from "./given";

describe("freezing a database before a snapshot", () => {
  async function run(state: ServerState) {
    const server = new FakeServer(state);
    await freeze(desired(), toolsOf(server));
    assert.equal(server.open, 0, "a session stays open");
    return server;
  }

  it("ends the application's writes and its sessions, and changes nothing else", async () => {
    const state = await inRole(writer);
    const before = structuredClone(state);
    await run(state);
    assert.deepEqual(state.roles.db_datawriter, []);
    assert.deepEqual(state.roles.db_denydatawriter, [app]);
    assert.deepEqual(state.sessions, []);
    const { roles, execute, sessions, ...others } = state;
    const { roles: formerRoles, execute: e, sessions: s, ...formerOthers } = before;
    assert.ok(roles && execute && sessions && formerRoles && e && s);
    assert.deepEqual(others, formerOthers);
    assert.deepEqual(roles.db_owner, formerRoles.db_owner);
  });

  it("finds nothing to do where there is no database or no user yet", async () => {
    assert.deepEqual(labels(await run(emptyServer())), ["look for database platform"]);
    const server = await run(inUse());
    assert.ok(labels(server).every((label) => label.startsWith("look for")));
  });

  it("may fail at every statement and be run again", async () => {
    const count = labels(await run(await inRole(writer))).length;
    for (let at = 0; at < count; at += 1) {
      for (const when of ["before", "after"] as const) {
        const state = await inRole(writer);
        const server = new FakeServer(state, { at, when });
        await assert.rejects(freeze(desired(), toolsOf(server)));
        assert.equal(server.open, 0, "a session stays open");
        await run(state);
        assert.deepEqual(state.roles.db_denydatawriter, [app]);
        assert.deepEqual(state.sessions, []);
      }
    }
  });
});
