import assert from "node:assert/strict";
import { pollingSeconds } from "../../functions/database/capture";
import { prepare, type Tools } from "../../functions/database/prepare";
import type { DatabaseRole, DesiredDatabase } from "../../functions/database/request";
import { upkeep } from "../../functions/database/upkeep";
import { emptyServer, FakeServer, type Failure, type ServerState } from "./fakeServer";

const east = "us-east-1";
const west = "us-west-2";
const all = [{ schema: "%", table: "%" }];
const capture = { tables: all, multiAz: true };
const source = { host: "source", port: 1433, secretArn: "replication" };
const writer: DatabaseRole = { region: east, writable: true, capture };
const replica: DatabaseRole = {
  region: east,
  writable: false,
  follows: { region: west, source, tables: all },
};

const desired = (role?: DatabaseRole): DesiredDatabase => ({
  host: "here",
  port: 1433,
  database: "platform",
  masterSecretArn: "master",
  logins: [
    { secretArn: "app", purpose: "application" },
    { secretArn: "migration", purpose: "migration" },
    { secretArn: "replication", purpose: "replication" },
  ],
  ...(role ? { role } : {}),
});

const passwords: Record<string, string> = {
  platform_admin: "master",
  platform_app: "app password",
  platform_migration: "migration password",
  platform_replication: "replication password",
};

const toolsOf = ({ connect }: FakeServer): Tools => ({
  connect,
  readSecret: async (arn) => {
    const username = arn === "master" ? "platform_admin" : `platform_${arn}`;
    return { username, password: passwords[username]! };
  },
});

/** A database in use: tables, keys, triggers, identities. */
function inUse(): ServerState {
  return {
    ...emptyServer(),
    databases: ["platform"],
    tables: ["Funds", "Deals", "Investors"].map((table, index) => ({
      schema: "dbo",
      table,
      keyed: index > 0,
      captured: false,
    })),
    foreignKeys: ["FK_Deals_Funds", "FK_Investors_Funds"],
    triggers: ["TR_Audit"],
    identities: ["[dbo].[Deals]", "[dbo].[Funds]"],
  };
}

async function run(state: ServerState, role: DatabaseRole | undefined, failure?: Failure) {
  const server = new FakeServer(state, failure);
  const answer = await prepare(desired(role), toolsOf(server));
  assert.equal(server.open, 0, "a session stays open");
  return { server, answer };
}

const labels = ({ statements }: FakeServer) => statements.map(({ statement }) => statement.label);

describe("the database function", () => {
  describe("prepare", () => {
    it("makes database, logins and rights on an empty server, without any table", async () => {
      const state = emptyServer();
      const { answer } = await run(state, writer);
      assert.deepEqual(state.databases, ["platform"]);
      assert.deepEqual(state.logins, passwords);
      assert.deepEqual(state.seesLog, ["platform_replication"]);
      assert.deepEqual(state.roles.db_owner, ["platform_migration", "platform_replication"]);
      assert.deepEqual(state.roles.db_datawriter, ["platform_app"]);
      assert.deepEqual(state.roles.db_denydatawriter, []);
      assert.equal(state.execute.platform_app, "granted");
      assert.deepEqual(answer.captured, ["platform.heartbeat"]);
      assert.deepEqual([state.polling, state.recordedPolling], [pollingSeconds, pollingSeconds]);
      assert.ok(state.beats[east], "the heartbeat has begun");
    });

    it("captures matching tables only", async () => {
      const state = inUse();
      const tables = [{ schema: "dbo", table: "F%" }];
      const { answer } = await run(state, { ...writer, capture: { tables, multiAz: false } });
      assert.deepEqual(answer.captured, ["platform.heartbeat", "dbo.Funds"]);
      assert.equal(state.recordedPolling, 5, "without a standby there is nothing to record");
    });

    it("makes a replica read-only, with keys and triggers aside and nothing captured", async () => {
      const state = inUse();
      await run(state, writer);
      await run(state, replica);
      assert.deepEqual(state.roles.db_datawriter, []);
      assert.deepEqual(state.roles.db_denydatawriter, ["platform_app"]);
      assert.equal(state.execute.platform_app, "denied");
      assert.deepEqual([state.foreignKeys, state.triggers], [[], []]);
      assert.equal(state.capturing, false);
    });

    it("makes a replica the writer: keys back, identities reseeded, captured, then writable", async () => {
      const state = inUse();
      await run(state, replica);
      const { server } = await run(state, writer);
      assert.deepEqual(state.foreignKeys, ["FK_Deals_Funds", "FK_Investors_Funds"]);
      assert.deepEqual(state.triggers, ["TR_Audit"]);
      assert.deepEqual(state.reseeded, ["[dbo].[Deals]", "[dbo].[Funds]"]);
      assert.ok(state.tables.every(({ captured }) => captured));
      assert.equal(labels(server).at(-1), "platform_app reads and writes");
    });

    it("takes rights away before anything else changes", async () => {
      const state = inUse();
      await run(state, writer);
      const { server } = await run(state, replica);
      const order = labels(server);
      assert.ok(
        order.indexOf("platform_app only reads") <
          order.indexOf("look for foreign keys and triggers"),
      );
    });

    it("leaves identities alone where two regions write", async () => {
      const state = inUse();
      await run(state, { ...writer, follows: replica.follows! });
      assert.deepEqual(state.reseeded, []);
      assert.ok(state.capturing);
    });

    it("looks after logins only when no role is sent", async () => {
      const state = inUse();
      await run(state, undefined);
      assert.deepEqual(state.objects, []);
      assert.deepEqual(state.roles.db_owner, ["platform_migration", "platform_replication"]);
      assert.equal(state.execute.platform_app, undefined);
    });

    it("brings a login back to its secret's password, and lets one alone that has it", async () => {
      const state = inUse();
      await run(state, writer);
      state.logins.platform_app = "of another day";
      const { server } = await run(state, writer);
      assert.equal(state.logins.platform_app, passwords.platform_app);
      assert.deepEqual(
        labels(server).filter((label) => label.startsWith("set password")),
        ["set password of platform_app"],
      );
    });

    it("changes nothing the second time", async () => {
      for (const role of [writer, replica]) {
        const state = inUse();
        await run(state, role);
        const once = structuredClone(state);
        await run(state, role);
        assert.deepEqual(state, once);
      }
    });
  });

  describe("a run that fails at any statement, and is run again", () => {
    const cases: [string, () => ServerState, DatabaseRole[]][] = [
      ["from nothing to writer", emptyServer, [writer]],
      ["from use to writer", inUse, [writer]],
      ["from use to replica", inUse, [replica]],
      ["from replica to writer", inUse, [replica, writer]],
      ["from writer to replica", inUse, [writer, replica]],
    ];
    for (const [what, start, roles] of cases) {
      for (const when of ["before", "after"] as const) {
        it(`ends as one that did not: ${what}, ${when} its effect`, async () => {
          const last = roles.at(-1)!;
          const begin = async () => {
            const state = start();
            for (const role of roles.slice(0, -1)) await run(state, role);
            return state;
          };
          const whole = await begin();
          const { server } = await run(whole, last);
          for (let at = 0; at < server.statements.length; at++) {
            const state = await begin();
            const broken = new FakeServer(state, { at, when });
            await assert.rejects(prepare(desired(last), toolsOf(broken)), /Broken/);
            assert.equal(broken.open, 0, "a session stays open");
            const refused = labels(broken).indexOf("platform_app only reads");
            if (refused >= 0 && refused < at) assert.equal(state.execute.platform_app, "denied");
            await run(state, last);
            assert.deepEqual(sorted(state), sorted(whole), `after statement ${at}`);
          }
        });
      }
    }
  });

  describe("upkeep", () => {
    it("advances the writer's heartbeat and captures what a migration added", async () => {
      const state = inUse();
      await run(state, writer);
      state.tables.push({ schema: "dbo", table: "Documents", keyed: true, captured: false });
      const answer = await upkeep(desired(writer), toolsOf(new FakeServer(state)));
      assert.deepEqual(answer.captured, ["dbo.Documents"]);
      assert.equal(answer.copy, undefined);
    });

    it("sets the capture job right after RDS has made it anew", async () => {
      const state = inUse();
      await run(state, writer);
      state.polling = 5;
      await upkeep(desired(writer), toolsOf(new FakeServer(state)));
      assert.equal(state.polling, pollingSeconds);
    });

    /** A replica whose copy shows the writer's beat of 1000, asked at 5000. */
    async function following(sourceBeat: number | undefined) {
      const here = inUse();
      await run(here, replica);
      here.beats[west] = 1000;
      const there = { ...inUse(), logins: { ...passwords }, beats: {} as Record<string, number> };
      if (sourceBeat !== undefined) there.beats[west] = sourceBeat;
      const [copy, origin] = [new FakeServer(here), new FakeServer(there)];
      const connect: Tools["connect"] = (target) =>
        (target.host === "source" ? origin : copy).connect(target);
      return { copy, origin, tools: { ...toolsOf(copy), connect } };
    }

    it("tells how old the copy is, and how far the writer is ahead", async () => {
      const { tools, copy, origin } = await following(4000);
      const answer = await upkeep(desired(replica), tools);
      assert.deepEqual(answer.copy, { copyAgeSeconds: 4, behindSeconds: 3 });
      assert.deepEqual([copy.open, origin.open], [0, 0]);
    });

    it("tells the copy's age also when the writer's region does not answer", async () => {
      const { tools } = await following(undefined);
      const connect: Tools["connect"] = (target) =>
        target.host === "source" ? Promise.reject(new Error("no route")) : tools.connect(target);
      const answer = await upkeep(desired(replica), { ...tools, connect });
      assert.deepEqual(answer.copy, { copyAgeSeconds: 4 });
    });

    it("sets new keys and triggers of a replica aside", async () => {
      const { tools, copy } = await following(4000);
      copy.state.foreignKeys = ["FK_Documents_Deals"];
      await upkeep(desired(replica), tools);
      assert.deepEqual(copy.state.foreignKeys, []);
    });

    it("does nothing where nothing is replicated", async () => {
      const server = new FakeServer(inUse());
      const alone: DatabaseRole = { region: east, writable: true };
      await upkeep(desired(alone), toolsOf(server));
      assert.deepEqual(server.statements, []);
    });
  });
});

/** Lists without an order of their own, sorted. */
function sorted(state: ServerState): ServerState {
  return { ...state, setAside: [...state.setAside].sort(), triggers: [...state.triggers].sort() };
}
