import assert from "node:assert/strict";
import { prepare } from "../../functions/database/prepare";
import type { DatabaseRole } from "../../functions/database/request";
import { emptyServer, FakeServer, type ServerState } from "./fakeServer";
import {
  app,
  assertOrder,
  desired,
  frozen,
  inRole,
  inUse,
  labels,
  replica,
  run,
  target,
  toolsOf,
  twoWay,
  writer,
} from "./given";

const disabled = `disable login ${target}`;
const ended = `end sessions of ${target}`;
const enabled = `enable login ${target}`;
const refused = `${app} only reads`;
const appEnded = `end sessions of ${app}`;
const raised = `${app} reads and writes`;
const capturing = "enable change data capture";

describe("a database that changes its role", () => {
  it("from writer to replica: read-only, keys and triggers aside, nothing captured", async () => {
    const state = await inRole(writer);
    const { server } = await run(state, replica);
    assert.deepEqual(state.roles.db_datawriter, []);
    assert.deepEqual(state.roles.db_denydatawriter, [app]);
    assert.equal(state.execute[app], "denied");
    assert.deepEqual(state.sessions, [], "no transaction of the application is left");
    assert.deepEqual([state.foreignKeys, state.triggers], [[], []]);
    assert.equal(state.capturing, false);
    assert.deepEqual(state.disabled, []);
    assert.ok(state.roles.db_owner?.includes(target));
    assertOrder(server, [
      refused,
      appEnded,
      "disable change data capture",
      "look for foreign keys and triggers",
      "set foreign key FK_Deals_Funds aside",
      `${target} owns the database`,
      enabled,
    ]);
    assert.equal(labels(server).at(-1), enabled);
  });

  it("from replica to writer: DMS out, keys back, captured, reseeded, then writable", async () => {
    const state = await inRole(replica);
    const { server } = await run(state, writer);
    assert.deepEqual(state.disabled, [target]);
    assert.deepEqual(state.sessions, [], "no session of DMS is left");
    assert.ok(!state.roles.db_owner?.includes(target));
    assert.deepEqual(state.foreignKeys, ["FK_Deals_Funds", "FK_Investors_Funds"]);
    assert.deepEqual(state.triggers, ["TR_Audit"]);
    assert.deepEqual(state.reseeded, ["[dbo].[Deals]", "[dbo].[Funds]"]);
    assert.equal(state.sequences.DealNumbers?.current, 8, "past what DMS brought");
    assert.equal(state.sequences.Ahead?.current, 100);
    assert.ok(state.tables.every(({ captured }) => captured));
    assert.deepEqual(labels(server).slice(0, 2), [disabled, ended], "before anything else");
    assertOrder(server, [
      ended,
      "bring trigger TR_Audit back",
      capturing,
      "reseed [dbo].[Deals]",
      "move sequence dbo.DealNumbers on",
      raised,
      "record it for a fail-over to the standby",
      "read the capture job",
    ]);
  });

  it("from replica to writer: the application writes, though the Agent starts no job", async () => {
    const state = await inRole(replica);
    state.refusals = 10;
    await assert.rejects(run(state, writer), /refused because SQLServerAgent is not running/);
    assert.equal(state.execute[app], "granted");
    assert.ok(state.roles.db_datawriter?.includes(app));
    assert.ok(state.tables.every(({ captured }) => captured));
  });

  it("from replica to writer: a sequence that cannot be moved fails nothing else", async () => {
    const state = await inRole(replica);
    state.sequences = {
      Broken: { current: 1, used: 7, problem: "no number" },
      DealNumbers: { current: 1, used: 7 },
    };
    await assert.rejects(run(state, writer), /move sequence dbo\.Broken on: no number/);
    assert.equal(state.sequences.DealNumbers?.current, 8);
    assert.equal(state.execute[app], "granted");
    assert.ok(state.job?.running, "the capture job is set, too");
  });

  it("from writer to one that is to move: nobody writes, and capture goes on", async () => {
    const state = await inRole(writer);
    const { server } = await run(state, frozen);
    assert.equal(state.execute[app], "denied");
    assert.deepEqual(state.sessions, []);
    assert.deepEqual(state.disabled, [target]);
    assert.ok(state.capturing && state.tables.every(({ captured }) => captured));
    assert.equal(state.foreignKeys.length, 2);
    assert.deepEqual(state.reseeded, ["[dbo].[Deals]", "[dbo].[Funds]"], "as it was before");
    assertOrder(server, [ended, refused, appEnded, capturing, "advance the heartbeat"]);
    assert.ok(!labels(server).includes("disable change data capture"));
  });

  it("and back, when the move is called off", async () => {
    const state = await inRole(writer);
    const before = structuredClone(state);
    await run(state, frozen);
    await run(state, writer);
    assert.deepEqual({ ...state, sessions: [app] }, before);
  });

  it("from replica to one of two writers: both write, keys and triggers are back", async () => {
    const state = await inRole(replica);
    const { server } = await run(state, twoWay);
    assert.deepEqual(state.disabled, []);
    assert.deepEqual(state.sessions, [target], "DMS goes on");
    assert.equal(state.execute[app], "granted");
    assert.deepEqual(state.foreignKeys, ["FK_Deals_Funds", "FK_Investors_Funds"]);
    assert.deepEqual(state.triggers, ["TR_Audit"]);
    assert.deepEqual(state.reseeded, [], "each writer keeps to its own ranges");
    assert.equal(state.sequences.DealNumbers?.current, 1);
    assert.ok(state.capturing);
    assertOrder(server, [capturing, enabled, raised]);
  });

  it("from one of two writers to the only one: DMS is out before anything else", async () => {
    const state = await inRole(twoWay);
    const { server } = await run(state, writer);
    assert.deepEqual(labels(server).slice(0, 2), [disabled, ended]);
    assert.deepEqual([state.disabled, state.sessions], [[target], [app]]);
  });

  it("puts no other login out", async () => {
    for (const role of [writer, replica, frozen, twoWay]) {
      const state = await inRole(role);
      const others = ["platform_admin", "platform_migration", "platform_source"];
      state.sessions = [...others];
      await run(state, role);
      assert.deepEqual(state.sessions, others);
      assert.ok(state.disabled.every((login) => login === target));
    }
  });
});

/** Each start with the role it is brought to. */
const changes: [string, () => Promise<ServerState>, DatabaseRole][] = [
  ["from nothing to writer", async () => emptyServer(), writer],
  ["from nothing to replica", async () => emptyServer(), replica],
  ["from use to writer", async () => inUse(), writer],
  ["from use to replica", async () => inUse(), replica],
  ["from replica to writer", () => inRole(replica), writer],
  ["from writer to replica", () => inRole(writer), replica],
  ["from writer to frozen", () => inRole(writer), frozen],
  ["from frozen to replica", () => inRole(frozen), replica],
  ["from frozen to writer", () => inRole(frozen), writer],
  ["from replica to frozen", () => inRole(replica), frozen],
  ["from use to two-way", async () => inUse(), twoWay],
  ["from replica to two-way", () => inRole(replica), twoWay],
  ["from writer to two-way", () => inRole(writer), twoWay],
  ["from two-way to writer", () => inRole(twoWay), writer],
  ["from two-way to replica", () => inRole(twoWay), replica],
];

describe("a run that fails at any statement, and is run again", () => {
  for (const [what, begin, role] of changes) {
    for (const when of ["before", "after"] as const) {
      it(`ends as one that did not: ${what}, ${when} its effect`, async () => {
        const whole = await begin();
        const { server } = await run(whole, role);
        assert.ok(server.statements.length > 10);
        for (let at = 0; at < server.statements.length; at++) {
          const state = await begin();
          const broken = new FakeServer(state, { at, when });
          await assert.rejects(prepare(desired(role), toolsOf(broken)), /Broken/);
          assert.equal(broken.open, 0, "a session stays open");
          const reached = labels(broken).indexOf(refused);
          if (reached >= 0 && reached < at) assert.equal(state.execute[app], "denied");
          await run(state, role);
          assert.deepEqual(sorted(state), sorted(whole), `after statement ${at}`);
        }
      });
    }
  }
});

describe("the application and DMS", () => {
  // Two writers are wanted in some roles: one that starts there has both until DMS is out.
  const oneWay = changes.filter(([what]) => !what.includes("two-way"));
  for (const [what, begin, role] of oneWay) {
    it(`never can write at the same time, wherever a run breaks: ${what}`, async () => {
      const { server } = await run(await begin(), role);
      let looks = 0;
      const watch = (state: ServerState) => {
        looks += 1;
        assert.ok(!(appWrites(state) && targetWrites(state)), "two writers");
      };
      for (let at = 0; at <= server.statements.length; at++) {
        for (const when of ["before", "after"] as const) {
          const state = await begin();
          watch(state);
          await run(state, role, { at, when }, watch).catch((error: unknown) => {
            assert.match(String(error), /Broken/);
          });
          await run(state, role, undefined, watch);
        }
      }
      assert.ok(looks > server.statements.length);
    });
  }

  it("are seen when they do", async () => {
    const state = await inRole(twoWay);
    assert.ok(appWrites(state) && targetWrites(state));
  });

  for (const role of [writer, frozen]) {
    it(`part before anything else where two regions wrote: ${role.writable}`, async () => {
      const state = await inRole(twoWay);
      const { server } = await run(state, role);
      assert.deepEqual(labels(server).slice(0, 2), [disabled, ended]);
      assert.ok(!targetWrites(state));
    });
  }
});

/** A session goes on with the rights it has used, until it ends. */
const appWrites = ({ sessions, execute, roles }: ServerState): boolean =>
  sessions.includes(app) || execute[app] === "granted" || (roles.db_datawriter ?? []).includes(app);

const targetWrites = ({ sessions, logins, disabled: out }: ServerState): boolean =>
  sessions.includes(target) || (target in logins && !out.includes(target));

/** Lists without an order of their own, sorted. */
function sorted(state: ServerState): ServerState {
  return { ...state, setAside: [...state.setAside].sort(), triggers: [...state.triggers].sort() };
}
