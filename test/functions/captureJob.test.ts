import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../config/stackFiles";
import {
  awaitStart,
  awaitStop,
  captureSettings,
  recordSettings,
  startJob,
  stopJob,
} from "../../functions/database/captureJob";
import { report } from "../../functions/database/report";
import { upkeep } from "../../functions/database/upkeep";
import { newJob } from "./fakeCaptureJob";
import { FakeServer, type Failure, type ServerState } from "./fakeServer";
import { assertOrder, desired, inRole, labels, run, toolsOf, writer } from "./given";

const [stop, stopped] = ["stop the capture job", "wait until the capture job stands"];
const change = "set how capture reads the log";
const [start, started] = ["start the capture job", "wait until the capture job runs"];
const touches = [stop, change, start, "make the capture job"];

/** The writer's database when all is well, and after `spoil`. */
async function given(spoil: (state: ServerState) => void = () => undefined) {
  const state = await inRole(writer);
  spoil(state);
  return state;
}

async function look(state: ServerState, failure?: Failure) {
  const server = new FakeServer(state, failure);
  const answer = await upkeep(desired(writer), toolsOf(server));
  assert.equal(server.open, 0, "a session stays open");
  return { server, runs: answer.capture?.runs, capture: answer.capture, answer };
}

/** What a look that could not set the job right has done and said all the same. */
async function assertFailed(state: ServerState, wanted: RegExp) {
  state.tables.push({ schema: "dbo", table: "New", keyed: true, captured: false });
  state.tables.push({ schema: "dbo", table: "Keyless", keyed: false, captured: false });
  const { answer } = await look(state);
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  assert.throws(() => report(desired(writer), answer, 0, write), wanted);
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const figures = Object.assign({}, ...told) as Record<string, unknown>;
  assert.equal(figures.CaptureRuns, 0, "the alarm has its figure");
  assert.equal(figures.LogUsed, state.log.used);
  assert.equal(figures.TablesNotCopied, 1, "tables are judged");
  assert.deepEqual(answer.captured, ["dbo.New"]);
}

describe("the capture job", () => {
  it("takes more than a day's transactions in a round", () => {
    const { maxtrans, maxscans, pollinginterval } = captureSettings;
    assert.ok(maxtrans * maxscans >= 1000 * pollinginterval, "1,000 a second");
    assert.ok(pollinginterval < 24 * 3600, "the interval's limit");
  });

  it("runs with all three settings when a database becomes the writer", async () => {
    const state = await given();
    assert.deepEqual(state.job?.running, captureSettings);
    assert.deepEqual(state.recorded, captureSettings, "for a fail-over");
    assert.doesNotMatch(recordSettings.text, /@name|@value/, "RDS's guide names no parameters");
  });

  it("fails in words that the runbook quotes, and the runbook quotes no others", () => {
    const runbook = readFileSync(join(projectRoot, "docs", "runbooks", "capture.md"), "utf8");
    const quoted = [...runbook.matchAll(/\*(Could not [^*]+)\*/g)].map(([, words]) =>
      words!.replace(/\s+/g, " "),
    );
    const requests = [stopJob, startJob].map(({ label }) => `Could not ${label}: …`);
    const outcomes = [awaitStop("job"), awaitStart("job")].map(
      ({ label, text }) => `Could not ${label}: ${/THROW 50000, N'([^']+)'/.exec(text)?.[1]}`,
    );
    assert.deepEqual(quoted, [...requests, ...outcomes]);
  });

  it("is left alone while it runs with its settings", async () => {
    const state = await given();
    const deployed = await run(state, writer);
    const looked = await look(state);
    for (const { server } of [deployed, looked]) {
      assert.deepEqual(
        labels(server).filter((label) => touches.includes(label)),
        [],
      );
    }
    assert.equal(looked.runs, true);
  });

  for (const setting of ["maxtrans", "maxscans", "pollinginterval"] as const) {
    it(`is stopped, set and started where ${setting} differs, in this order`, async () => {
      const state = await given(({ job }) => {
        job!.settings[setting] = 10;
        job!.running![setting] = 10;
      });
      const { server, runs } = await look(state);
      assert.deepEqual(state.job?.running, captureSettings);
      assertOrder(server, [stop, stopped, change, start, started]);
      assert.equal(runs, true, "it ran, only not as it should");
    });
  }

  it("keeps its settings while it does not stop, and says so", async () => {
    const state = await given(({ job }) => {
      job!.settings.maxscans = 10;
      job!.stuck = true;
    });
    await assertFailed(state, /does not stop/);
    assert.equal(state.job?.settings.maxscans, 10, "a later run still sees that it differs");
  });

  it("is started where it stands, and that is told", async () => {
    const state = await given(({ job }) => delete job!.running);
    const first = await look(state);
    assert.deepEqual(state.job?.running, captureSettings);
    assert.deepEqual(
      labels(first.server).filter((label) => touches.includes(label)),
      [start],
    );
    assert.equal(first.runs, false);
    assert.equal((await look(state)).runs, true, "a minute later");
  });

  it("is started by a deployment, too", async () => {
    const state = await given(({ job }) => delete job!.running);
    await run(state, writer);
    assert.deepEqual(state.job?.running, captureSettings);
  });

  it("is started again when it runs and its round is an hour late", async () => {
    const late = captureSettings.pollinginterval + 3600;
    const inTime = await given(({ job }) => (job!.rested = late));
    assert.equal((await look(inTime)).runs, true);
    const state = await given(({ job }) => (job!.rested = late + 1));
    const { server, runs } = await look(state);
    assertOrder(server, [stop, stopped, start, started]);
    assert.deepEqual([runs, state.job?.rested], [false, 0]);
  });

  it("counts as running before its first round since the server's start", async () => {
    const state = await given(({ job }) => (job!.rested = null));
    assert.equal((await look(state)).runs, true);
  });

  it("may be refused a start because the Agent starts it at this moment", async () => {
    const state = await given(({ job }) => delete job!.running);
    const { connect, readSecret } = toolsOf(new FakeServer(state));
    const meanwhile: typeof connect = async (to) => {
      const session = await connect(to);
      state.job!.asked = "start";
      return session;
    };
    const first = await upkeep(desired(writer), { readSecret, connect: meanwhile });
    assert.equal(first.capture?.runs, false);
    assert.equal((await look(state)).runs, true);
    assert.deepEqual(state.job?.running, captureSettings);
  });

  it("that the Agent calls running fails nothing, though its session is not seen", async () => {
    const state = await given(({ job }) => (job!.unseen = true));
    assert.equal((await look(state)).runs, false, "the alarm rings");
    await run(state, writer);
    assert.deepEqual(state.job?.running, captureSettings);
  });

  it("that is refused a start says why, and is started a minute later", async () => {
    const state = await given((it) => {
      delete it.job!.running;
      it.refusals = 1;
    });
    await assertFailed(state, /refused because SQLServerAgent is not running/);
    assert.equal((await look(state)).runs, false);
    assert.deepEqual(state.job?.running, captureSettings);
  });

  it("that stands is set without a complaint of the stop", async () => {
    const state = await given(({ job }) => {
      delete job!.running;
      job!.settings = { pollinginterval: 5, maxtrans: 500, maxscans: 10 };
    });
    assert.equal((await look(state)).runs, false);
    assert.deepEqual(state.job?.running, captureSettings);
  });

  it("is made where it is missing, as for a moment after a fail-over", async () => {
    const state = await given((it) => delete it.job);
    assert.equal((await look(state)).runs, false);
    assert.equal((await look(state)).runs, true);
    assert.deepEqual(state.job?.running, captureSettings);
  });

  it("has its settings after the next look, wherever the former one broke", async () => {
    const spoil = ({ job }: ServerState) => Object.assign(job!, newJob(), { running: undefined });
    const count = (await look(await given(spoil))).server.statements.length;
    for (let at = 0; at < count; at += 1) {
      for (const when of ["before", "after"] as const) {
        const state = await given(spoil);
        await assert.rejects(look(state, { at, when }), /Broken/);
        await look(state);
        await look(state);
        assert.deepEqual(state.job?.running, captureSettings, `${at}, ${when}`);
      }
    }
  });

  it("is started also where a table cannot be captured", async () => {
    const state = await given((it) => {
      delete it.job!.running;
      it.tables.push({ schema: "dbo", table: "New", keyed: true, captured: false });
      it.capturing = false;
    });
    const { answer } = await look(state);
    assert.match(answer.notCopied[0]?.reason ?? "", /is not enabled/);
    assert.deepEqual(state.job?.running, captureSettings);
  });

  it("comes with the log's use, and what it waits for", async () => {
    const state = await given((it) => (it.log = { used: 5e9, waits: "REPLICATION" }));
    const { capture } = await look(state);
    assert.deepEqual(capture, { runs: true, logUsedBytes: 5e9, logWaitsFor: "REPLICATION" });
  });
});
