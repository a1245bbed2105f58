import assert from "node:assert/strict";
import { captureSettings } from "../../functions/database/captureJob";
import { prepare, type Tools } from "../../functions/database/prepare";
import { grantReplication } from "../../functions/database/statements";
import { upkeep } from "../../functions/database/upkeep";
import { built } from "./builtText";
import { emptyServer, FakeServer } from "./fakeServer";
import {
  alone,
  app,
  desired,
  east,
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

describe("the database function", () => {
  describe("prepare", () => {
    it("makes database, logins and rights on an empty server, without any table", async () => {
      const state = emptyServer();
      const { answer } = await run(state, writer);
      assert.deepEqual(state.databases, ["platform"]);
      assert.deepEqual(state.logins, passwords);
      assert.deepEqual(state.disabled, [target]);
      assert.deepEqual(state.seesLog, ["platform_source"]);
      assert.deepEqual(state.roles.db_owner, ["platform_migration", "platform_source"]);
      assert.deepEqual(state.roles.db_datawriter, ["platform_app"]);
      assert.deepEqual(state.roles.db_denydatawriter, []);
      assert.equal(state.execute.platform_app, "granted");
      assert.deepEqual(answer.captured, ["platform.heartbeat"]);
      assert.deepEqual([state.job?.running, state.recorded], [captureSettings, captureSettings]);
      assert.ok(state.beats[east], "the heartbeat has begun");
    });

    it("lets DMS's source login read the log's backups, where RDS has what that takes", () => {
      const [text = ""] = built(grantReplication("dms"), "dms");
      const [, inMsdb = ""] = text.split("USE msdb;");
      assert.match(inMsdb, /IF USER_ID\(N'dms'\) IS NULL\s+CREATE USER \[dms\] FOR LOGIN \[dms\];/);
      for (const procedure of [
        "rds_dms_tlog_download",
        "rds_dms_tlog_read",
        "rds_dms_tlog_list_current_lsn",
        "rds_task_status",
      ]) {
        const guarded = `IF OBJECT_ID(N'msdb.dbo.${procedure}') IS NOT NULL
GRANT EXECUTE ON dbo.${procedure} TO [dms];`;
        assert.ok(inMsdb.includes(guarded), procedure);
      }
    });

    it("captures matching tables only", async () => {
      const state = inUse();
      const tables = [{ schema: "dbo", table: "F%" }];
      const { answer } = await run(state, {
        ...writer,
        capture: { tables, multiAz: false },
      });
      assert.deepEqual(answer.captured, ["platform.heartbeat", "dbo.Funds"]);
      assert.equal(state.recorded, undefined, "without a standby there is nothing to record");
    });

    it("looks after logins only when no role is sent", async () => {
      const state = inUse();
      await run(state, undefined);
      assert.deepEqual(state.objects, []);
      assert.deepEqual(state.roles.db_owner, ["platform_migration", "platform_source"]);
      assert.equal(state.execute.platform_app, undefined);
    });

    it("neither shuts DMS out nor lets it in when no role is sent", async () => {
      for (const role of [writer, replica]) {
        const state = inUse();
        await run(state, role);
        state.sessions.push(target);
        const before = structuredClone(state);
        const { server } = await run(state, undefined);
        assert.deepEqual(state, before);
        const touching = labels(server).filter((it) => /able login|end sessions/.test(it));
        assert.deepEqual(touching, []);
      }
    });

    it("leaves a disabled login's password alone until the login is let in", async () => {
      const state = inUse();
      await run(state, writer);
      state.logins[target] = "of another day";
      const { server } = await run(state, writer);
      assert.ok(!labels(server).includes(`set password of ${target}`));
      const following = await run(state, replica);
      assert.ok(labels(following.server).includes(`set password of ${target}`));
      assert.equal(state.logins[target], passwords[target]);
    });

    it("sets no password of a login that somebody has disabled by hand", async () => {
      const state = inUse();
      await run(state, writer);
      state.disabled.push(app);
      const { server } = await run(state, writer);
      assert.ok(!labels(server).some((label) => label.startsWith("set password")));
      assert.ok(state.disabled.includes(app));
    });

    it("refuses secrets that name one login, or the master's", async () => {
      const cases: Record<string, string>[] = [
        { app: "platform_admin" },
        { target: "PLATFORM_ADMIN" },
        { target: "platform_app" },
      ];
      for (const names of cases) {
        const server = new FakeServer(inUse());
        const { connect, readSecret } = toolsOf(server);
        const mixed: Tools = {
          connect,
          readSecret: async (arn) => ({ ...(await readSecret(arn)), ...renamed(arn, names) }),
        };
        await assert.rejects(prepare(desired(writer), mixed), /names a login that another/);
        assert.deepEqual(server.statements, []);
      }
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
      for (const role of [writer, replica, twoWay]) {
        const state = inUse();
        await run(state, role);
        const once = structuredClone(state);
        await run(state, role);
        assert.deepEqual(state, once);
      }
    });
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

    it("asks no other server with the master's login", async () => {
      const { tools, origin } = await following(4000);
      const readSecret: Tools["readSecret"] = (arn) =>
        tools.readSecret(arn === "source" ? "master" : arn);
      const answer = await upkeep(desired(replica), { ...tools, readSecret });
      assert.deepEqual(answer.copy, { copyAgeSeconds: 4 });
      assert.deepEqual(origin.statements, []);
    });

    it("tells how old a copy is that is written here as well, and leaves its keys", async () => {
      const { tools, copy } = await following(4000);
      await run(copy.state, twoWay);
      const answer = await upkeep(desired(twoWay), tools);
      assert.deepEqual(answer.copy, { copyAgeSeconds: 4, behindSeconds: 3 });
      assert.equal(copy.state.foreignKeys.length, 2);
    });

    it("leaves keys in place when the schedule still takes the new writer for a replica", async () => {
      const { tools, copy } = await following(4000);
      await run(copy.state, writer);
      await upkeep(desired(replica), tools);
      assert.equal(copy.state.foreignKeys.length, 2);
    });

    it("captures the table by which DMS knows its own changes, once DMS has made it", async () => {
      const state = inUse();
      await run(state, twoWay);
      const made = { schema: "platform", keyed: true, captured: false };
      state.tables.push({ ...made, table: "awsdms_loopback_prevention" });
      state.tables.push({ ...made, table: "awsdms_status" });
      const tools = toolsOf(new FakeServer(state));
      const answer = await upkeep(desired(writer), tools);
      assert.deepEqual(answer.captured, ["platform.awsdms_loopback_prevention"]);
    });

    it("sets new keys and triggers of a replica aside", async () => {
      const { tools, copy } = await following(4000);
      copy.state.foreignKeys = ["FK_Documents_Deals"];
      await upkeep(desired(replica), tools);
      assert.deepEqual(copy.state.foreignKeys, []);
    });

    it("does nothing where nothing is replicated", async () => {
      const server = new FakeServer(inUse());
      await upkeep(desired(alone), toolsOf(server));
      assert.deepEqual(server.statements, []);
    });
  });
});

const renamed = (arn: string, names: Record<string, string>): { username?: string } =>
  names[arn] === undefined ? {} : { username: names[arn] };
