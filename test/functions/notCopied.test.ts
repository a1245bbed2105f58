import assert from "node:assert/strict";
import { metricNamespace } from "../../functions/database/metrics";
import { notCopiedLine } from "../../functions/database/notCopied";
import { prepare, type Tools } from "../../functions/database/prepare";
import type { DatabaseRole } from "../../functions/database/request";
import { upkeep } from "../../functions/database/upkeep";
import { everyStatement } from "./everyStatement";
import { column, FakeServer, type FakeTable, type ServerState } from "./fakeServer";
import {
  app,
  desired,
  inRole,
  inUse,
  labels,
  passwords,
  replica,
  run,
  target,
  toolsOf,
  twoWay,
  west,
  writer,
} from "./given";

const since = "2026-11-27T08:00:00Z";
const keyless = (table = "Documents"): FakeTable => ({
  schema: "dbo",
  table,
  keyed: false,
  captured: false,
});
const notNull: FakeTable = {
  ...keyless(),
  keyed: true,
  columns: [column("Body", { type: "nvarchar", length: -1 })],
};
const withTable = (state: ServerState, ...tables: FakeTable[]): ServerState => ({
  ...state,
  tables: [...state.tables, ...tables],
});
const named = (found: { name: string }[]): string[] => found.map(({ name }) => name);
const excluding = (role: DatabaseRole, table: string): DatabaseRole => ({
  ...role,
  excluded: [{ schema: "dbo", table }],
});
const captures = (state: ServerState): string[] =>
  state.tables.filter(({ captured }) => captured).map(({ table }) => table);
const tend = (state: ServerState, role: DatabaseRole = writer) =>
  upkeep(desired(role), toolsOf(new FakeServer(state)));

describe("a table that DMS cannot copy whole", () => {
  describe("at the writer", () => {
    it("that the server does not let go of is told, and keeps no other from its turn", async () => {
      const state = withTable(inUse(), { ...keyless("New"), keyed: true });
      await run(state, writer);
      for (const it of state.tables) {
        if (it.table === "New") it.captured = false;
        if (it.table === "Deals") it.problem = "Lock request time out period exceeded.";
      }
      const answer = await tend(state, excluding(writer, "Deals"));
      assert.deepEqual(answer.captured, ["dbo.New"]);
      assert.deepEqual(named(answer.notCopied), ["dbo.Deals"]);
      assert.match(answer.notCopied[0]?.reason ?? "", /still captured: Lock request/);
    });

    it("is captured, let go of and reseeded without a long wait for its lock", () => {
      const { captureTable, releaseTable, reseed } = everyStatement;
      for (const statement of [captureTable, releaseTable, reseed]) {
        assert.match(statement!.text, /^(BEGIN TRY\n)?SET LOCK_TIMEOUT 10000;\n/);
      }
    });

    it("may be ours, behind a lock: all else is done, and the next look captures it", async () => {
      const state = await inRole(writer);
      const heartbeat = state.tables.find(({ table }) => table === "heartbeat")!;
      const spoilt = { captured: false, problem: "Lock request time out period exceeded." };
      Object.assign(heartbeat, spoilt);
      state.tables.push({ ...keyless("New"), keyed: true });
      const { captured, notCopied } = await tend(state);
      assert.deepEqual([captured, named(notCopied)], [["dbo.New"], ["platform.heartbeat"]]);
      assert.match(notCopied[0]?.reason ?? "", /cannot be captured: Lock request/);
      await run(state, writer);
      assert.equal(state.execute[app], "granted", "nor does it keep anybody from writing");
      delete heartbeat.problem;
      const again = await tend(state);
      assert.deepEqual([again.captured, again.notCopied], [["platform.heartbeat"], []]);
    });

    it("is none that DMS makes for itself, in whatever schema", async () => {
      const made = keyless("awsdms_truncation_safeguard");
      const state = withTable(inUse(), made, keyless("awsdmsOurs"));
      const { answer } = await run(state, writer);
      assert.deepEqual(named(answer.notCopied), ["dbo.awsdmsOurs"]);
      made.keyed = true;
      await tend(state);
      assert.ok(!captures(state).includes(made.table));
    });

    it("is not captured, is told with its reason, and keeps nobody from writing", async () => {
      const state = withTable(inUse(), keyless());
      const { answer } = await run(state, writer);
      assert.ok(!captures(state).includes("Documents"));
      assert.deepEqual(named(answer.notCopied), ["dbo.Documents"]);
      assert.match(answer.notCopied[0]?.reason ?? "", /no primary key/);
      assert.equal(state.execute[app], "granted");
    });

    it("is seen within the minute in which a migration brings it, and while it stays", async () => {
      const state = await inRole(writer);
      assert.deepEqual((await tend(state)).notCopied, []);
      state.tables.push(keyless());
      assert.deepEqual(named((await tend(state)).notCopied), ["dbo.Documents"]);
      state.notCopied[0]!.since = since;
      state.tables.push(keyless("Scans"));
      const [first, second] = (await tend(state)).notCopied;
      assert.deepEqual([first?.name, first?.since], ["dbo.Documents", since]);
      assert.equal(second?.name, "dbo.Scans");
    });

    it("is captured, and told no more, once it has a key", async () => {
      const state = withTable(await inRole(writer), keyless());
      await tend(state);
      state.tables.at(-1)!.keyed = true;
      const answer = await tend(state);
      assert.deepEqual([answer.captured, answer.notCopied], [["dbo.Documents"], []]);
    });

    it("is told also when it was captured before, and loses its key", async () => {
      const state = await inRole(writer);
      state.tables.find(({ table }) => table === "Deals")!.keyed = false;
      assert.deepEqual(named((await tend(state)).notCopied), ["dbo.Deals"]);
    });

    it("that the server refuses to capture keeps no other from it", async () => {
      const refused = { ...keyless("Archive"), keyed: true, problem: "No, because." };
      const state = await inRole(writer);
      state.tables.push(refused, { ...keyless("Later"), keyed: true });
      const answer = await tend(state);
      assert.deepEqual(answer.captured, ["dbo.Later"]);
      assert.deepEqual(named(answer.notCopied), ["dbo.Archive"]);
      assert.match(answer.notCopied[0]?.reason ?? "", /cannot be captured: No, because\./);
    });

    it("may be all of them: a setting of the database", async () => {
      const state = await inRole(writer);
      state.settings.is_accelerated_database_recovery_on = true;
      assert.deepEqual(named((await tend(state)).notCopied), ["every table"]);
    });
  });

  describe("that is left out by name", () => {
    it("is neither captured nor told", async () => {
      const state = withTable(inUse(), keyless());
      const { answer } = await run(state, excluding(writer, "Docu%"));
      assert.deepEqual(answer.notCopied, []);
      assert.ok(!captures(state).includes("Documents"));
    });

    it("is captured no more, so that it can be truncated; the others are, and ours", async () => {
      for (const go of [
        (state: ServerState, role: DatabaseRole) => run(state, role),
        (state: ServerState, role: DatabaseRole) => tend(state, role),
      ]) {
        const state = await inRole(writer);
        await go(state, excluding(writer, "Deals"));
        assert.deepEqual(captures(state).sort(), ["Funds", "Investors", "heartbeat"]);
        await go(state, writer);
        assert.ok(captures(state).includes("Deals"));
      }
    });

    it("lets DMS into the copy", async () => {
      const state = withTable(inUse(), keyless());
      await run(state, excluding(replica, "Documents"));
      assert.deepEqual(state.disabled, []);
    });
  });

  describe("at the copy", () => {
    const refusing = (state: ServerState, role: DatabaseRole) =>
      prepare(desired(role), toolsOf(new FakeServer(state)));

    it("keeps DMS out, with every table and reason, and what to do", async () => {
      const state = withTable(inUse(), keyless("Log"), notNull);
      await assert.rejects(refusing(state, replica), (error: Error) => {
        assert.match(error.message, /^- dbo\.Log has no primary key/m);
        assert.match(error.message, /^- dbo\.Documents has large columns \(Body\) that may not/m);
        assert.match(error.message, /name them in replication\.exclude of both stacks/);
        return true;
      });
      assert.deepEqual(state.disabled, [target]);
      assert.deepEqual(named(state.notCopied).sort(), ["dbo.Documents", "dbo.Log"]);
    });

    it("leaves a writer that is to become it without writes: no second one comes of it", async () => {
      const state = withTable(await inRole(writer), notNull);
      await assert.rejects(refusing(state, replica), /may not be null/);
      assert.equal(state.execute[app], "denied");
      assert.deepEqual(state.sessions, []);
      assert.deepEqual(state.disabled, [target]);
    });

    it("leaves a copy that runs as it is", async () => {
      const state = withTable(await inRole(replica), keyless());
      await assert.rejects(refusing(state, replica), /no primary key/);
      assert.deepEqual([state.disabled, state.sessions], [[], [target]]);
    });

    it("does not keep the copy from becoming the writer", async () => {
      const state = withTable(await inRole(replica), keyless(), notNull);
      const { answer } = await run(state, writer);
      assert.equal(state.execute[app], "granted");
      assert.deepEqual(named(answer.notCopied), ["dbo.Documents"]);
    });

    it("keeps two regions from both writing, before they do", async () => {
      const state = withTable(await inRole(replica), notNull);
      await assert.rejects(refusing(state, twoWay), /may not be null/);
      assert.equal(state.execute[app], "denied");
    });
  });

  describe("at a copy that runs", () => {
    async function following(there: FakeTable[]) {
      const here = await inRole(replica);
      here.beats[west] = 1000;
      const origin = { ...inUse(), logins: { ...passwords }, beats: { [west]: 1000 } };
      origin.tables.push(...there);
      const [copy, source] = [new FakeServer(here), new FakeServer(origin)];
      const connect: Tools["connect"] = (at) => (at.host === "source" ? source : copy).connect(at);
      return { here, copy, source, tools: { ...toolsOf(copy), connect } };
    }
    const details = { ...keyless(), keyed: true, columns: [column("Note"), column("Sum")] };

    it("is told within the minute, whichever limit it is", async () => {
      const { here, tools } = await following([]);
      here.tables.push(notNull, keyless("Log"));
      const { notCopied } = await upkeep(desired(replica), tools);
      assert.deepEqual(named(notCopied), ["dbo.Documents", "dbo.Log"]);
    });

    it("is told where a migration has run at the writer only", async () => {
      const { here, tools } = await following([details]);
      const first = await upkeep(desired(replica), tools);
      assert.match(first.notCopied[0]?.reason ?? "", /is not in the copy/);
      here.tables.push({ ...details, columns: [column("sum")] });
      const second = await upkeep(desired(replica), tools);
      assert.equal(second.notCopied[0]?.reason, "lacks columns in the copy (Note)");
    });

    it("is one table, however each side spells it", async () => {
      const { here, tools } = await following([details]);
      here.tables.push({ ...keyless("documents"), columns: [column("Note")] });
      const { notCopied } = await upkeep(desired(replica), tools);
      assert.equal(notCopied.length, 1, "two would break the key of platform.not_copied");
      assert.match(notCopied[0]?.reason ?? "", /no primary key.*; lacks columns .*Sum/);
      // The fake's collation knows no capitals. The server's own decides there.
      assert.match(everyStatement.noteNotCopied!.text, /GROUP BY name COLLATE DATABASE_DEFAULT;/);
    });

    it("is not one that the copy alone has, nor what both compute", async () => {
      const computed = column("Total", { computed: true });
      const { here, tools } = await following([{ ...details, columns: [computed] }]);
      here.tables.push({ ...details, columns: [computed, column("Next", { nullable: true })] });
      here.tables.push({ ...details, table: "Later" });
      assert.deepEqual((await upkeep(desired(replica), tools)).notCopied, []);
    });

    it("stays told while the writer's region does not answer", async () => {
      const { tools, copy, here } = await following([details]);
      await upkeep(desired(replica), tools);
      const connect: Tools["connect"] = (at) =>
        at.host === "source" ? Promise.reject(new Error("no route")) : tools.connect(at);
      for (let minute = 0; minute < 2; minute++) {
        here.tables = here.tables.filter(({ table }) => table !== "Log");
        here.tables.push(keyless("Log"));
        const { notCopied } = await upkeep(desired(replica), { ...tools, connect });
        assert.deepEqual(named(notCopied).sort(), ["dbo.Documents", "dbo.Log"]);
        assert.ok(notCopied.every(({ reason }) => !reason.includes(";")));
      }
      assert.equal(copy.open, 0);
    });

    it("leaves the copy's age told, also when the writer's columns cannot be read", async () => {
      const { tools, source } = await following([]);
      const connect: Tools["connect"] = async (at) => {
        const session = await tools.connect(at);
        if (at.host !== "source") return session;
        return {
          ...session,
          run: (statement) =>
            statement.label.includes("columns")
              ? Promise.reject(new Error("No right."))
              : session.run(statement),
        };
      };
      const answer = await upkeep(desired(replica), { ...tools, connect });
      assert.deepEqual(answer.copy, { copyAgeSeconds: 4, behindSeconds: 0 });
      assert.equal(source.open, 0);
      assert.deepEqual(labels(source), ["read the heartbeat of us-west-2"]);
    });
  });

  it("becomes a metric, and a line that names it and says since when", () => {
    const tables = [{ name: "dbo.Documents", reason: "has no primary key", since }];
    const line = JSON.parse(notCopiedLine("here", tables, 7)) as Record<string, unknown>;
    assert.deepEqual(line, {
      _aws: {
        Timestamp: 7,
        CloudWatchMetrics: [
          {
            Namespace: metricNamespace,
            Dimensions: [["Database"]],
            Metrics: [{ Name: "TablesNotCopied", Unit: "Count" }],
          },
        ],
      },
      Database: "here",
      TablesNotCopied: 1,
      Tables: tables,
    });
  });

  it("keeps that line below what a log takes, however many there are", () => {
    const tables = Array.from({ length: 5000 }, (_, at) => ({
      name: `${"s".repeat(128)}.${"é".repeat(120)}${at}`,
      reason: "x".repeat(5000),
      since,
    }));
    const line = notCopiedLine("here", tables, 7);
    assert.ok(Buffer.byteLength(line) < 256 * 1024 - 26, String(Buffer.byteLength(line)));
    assert.equal((JSON.parse(line) as { TablesNotCopied: number }).TablesNotCopied, 5000);
    assert.equal(notCopiedLine("here", [], 7).includes('"TablesNotCopied":0'), true);
  });
});
