import assert from "node:assert/strict";
import {
  awaitServers,
  rollFleet,
  type FleetApi,
  type FleetState,
  type Refresh,
  type TemplateVersion,
} from "../../components/servers/fleetRoll";

const old: TemplateVersion = { id: "lt-1", version: "1" };
const wanted: TemplateVersion = { id: "lt-1", version: "2" };

/** Auto Scaling, whose refreshes go through these states, one at each look. */
class FakeScaling implements FleetApi {
  group: FleetState = { template: old, minSize: 2, inService: 2, serving: true };
  readonly calls: string[] = [];
  readonly said: string[] = [];
  known: Refresh[] = [];
  script: Partial<Refresh>[] = [{ status: "Successful", percentage: 100 }];
  /** Servers that come into service at each look. */
  coming = 0;
  launchFailure?: string;
  seconds = 0;

  state(): Promise<FleetState> {
    const now = { ...this.group };
    this.group.inService += this.coming;
    this.group.serving ||= this.group.inService > 0;
    return Promise.resolve(now);
  }

  refresh(id?: string): Promise<Refresh | undefined> {
    const found = this.known.find((refresh) => id === undefined || refresh.id === id);
    if (!found) return Promise.resolve(undefined);
    if (active(found)) Object.assign(found, this.script.shift());
    // What Auto Scaling does by itself.
    if (found.status === "Successful" && found.template) this.group.template = found.template;
    return Promise.resolve({ ...found });
  }

  startRefresh(template: TemplateVersion): Promise<string> {
    const id = `refresh-${this.known.length + 1}`;
    this.calls.push(`start ${template.version} while the group has ${this.group.template.version}`);
    this.known.unshift({ id, status: "Pending", template });
    return Promise.resolve(id);
  }

  cancelRefresh(): Promise<void> {
    this.calls.push("cancel");
    this.script = [{ status: "Cancelling" }, { status: "Cancelled" }, { status: "Successful" }];
    return Promise.resolve();
  }

  setTemplate(template: TemplateVersion): Promise<void> {
    this.calls.push(`set ${template.version}`);
    this.group.template = template;
    return Promise.resolve();
  }

  failedLaunch(): Promise<string | undefined> {
    return Promise.resolve(this.launchFailure);
  }

  /** Has a refresh under way from before. */
  began(template: TemplateVersion | undefined, ...script: Partial<Refresh>[]): this {
    this.known = [{ id: "from before", status: "InProgress", template }];
    this.script = script;
    return this;
  }

  get work() {
    return {
      name: "web",
      api: this,
      say: (line: string) => void this.said.push(line),
      sleep: (seconds: number) => {
        this.seconds += seconds;
        assert.ok(this.seconds < 86_400, "it never ends");
        return Promise.resolve();
      },
    };
  }
}

const active = ({ status }: Refresh) =>
  ["Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"].includes(status);
const started = "start 2 while the group has 1";

describe("a roll of servers", () => {
  it("starts one while the group has the former version, tells progress, waits for its end", async () => {
    const scaling = new FakeScaling();
    scaling.script = [
      { status: "InProgress", percentage: 0 },
      { percentage: 50 },
      { percentage: 50 },
      { status: "Successful" },
    ];
    await rollFleet(scaling.work, wanted);
    assert.deepEqual(scaling.calls, [started]);
    assert.deepEqual(scaling.said, [
      "web: replacing 2 servers by launch template version 2, new ones first.",
      "web: InProgress, 0 % of the servers replaced.",
      "web: InProgress, 50 % of the servers replaced.",
      "web: all servers run version 2.",
    ]);
    assert.deepEqual(scaling.group.template, wanted);
  });

  it("gives a sign of life every five minutes of a roll that stands still", async () => {
    const scaling = new FakeScaling();
    scaling.script = [
      ...Array<Partial<Refresh>>(45).fill({ status: "InProgress" }),
      { status: "Successful" },
    ];
    await rollFleet(scaling.work, wanted);
    assert.equal(scaling.said.filter((line) => line.includes("InProgress")).length, 3);
  });

  const failing: [status: string, words: RegExp][] = [
    ["Failed", /failed and was not rolled back, so old and new servers may run side by side/],
    ["Cancelled", /was cancelled, so old and new servers may run side by side/],
    ["RollbackFailed", /failed, and so did rolling it back: old and new servers may run side/],
    ["RollbackSuccessful", /failed and was rolled back: the servers run the version of before/],
  ];
  for (const [status, words] of failing) {
    it(`fails in a sentence when Auto Scaling ends it as ${status}, and so does the next run`, async () => {
      const scaling = new FakeScaling();
      const end = [{ status: "RollbackInProgress" }, { status, statusReason: "Boot failed." }];
      for (const attempt of [1, 2]) {
        scaling.script = structuredClone(end);
        await assert.rejects(rollFleet(scaling.work, wanted), ({ message }: Error) => {
          assert.match(message, words);
          assert.match(message, /^web: the roll to launch template version 2 .* \(Boot failed\)\./);
          assert.match(message, /Correct the edit, or take it back, and run `pulumi up` again/);
          return true;
        });
        assert.deepEqual(scaling.calls, Array<string>(attempt).fill(started));
        assert.deepEqual(
          scaling.group.template,
          old,
          "nothing makes the next run believe it is done",
        );
      }
    });
  }

  it("that a killed run began is waited for, not begun again", async () => {
    const scaling = new FakeScaling().began(wanted, {}, {}, { status: "Successful" });
    await rollFleet(scaling.work, wanted);
    assert.deepEqual(scaling.calls, []);
    assert.match(scaling.said[0] ?? "", /under way: waiting for it/);
  });

  it("that came through after a killed run is not begun again", async () => {
    const scaling = new FakeScaling();
    scaling.group.template = wanted;
    scaling.known = [{ id: "done", status: "Successful", template: wanted }];
    await rollFleet(scaling.work, wanted);
    assert.deepEqual(scaling.calls, []);
  });

  it("that failed after a killed run is begun again", async () => {
    const scaling = new FakeScaling();
    scaling.known = [{ id: "lost", status: "RollbackSuccessful", template: wanted }];
    await rollFleet(scaling.work, wanted);
    assert.deepEqual(scaling.calls, [started]);
  });

  it("waits for a rollback under way before it tries again", async () => {
    const scaling = new FakeScaling().began(
      wanted,
      { status: "RollbackInProgress" },
      {},
      { status: "RollbackSuccessful" },
      { status: "Successful" },
    );
    await rollFleet(scaling.work, wanted);
    assert.deepEqual(scaling.calls, [started]);
  });

  it("takes the place of one to another version, which is cancelled first, once", async () => {
    const scaling = new FakeScaling().began({ ...old, version: "7" }, {});
    await rollFleet(scaling.work, wanted);
    assert.deepEqual(scaling.calls, ["cancel", started]);
  });

  it("follows a refresh that names no version where the group has it already", async () => {
    const scaling = new FakeScaling().began(undefined, {}, {}, { status: "Successful" });
    scaling.group.template = wanted;
    await rollFleet(scaling.work, wanted);
    assert.deepEqual(scaling.calls, []);
  });

  it("has nothing to roll where nothing is in service: new servers are awaited", async () => {
    const scaling = new FakeScaling();
    Object.assign(scaling.group, { inService: 0, serving: false });
    scaling.coming = 1;
    await rollFleet(scaling.work, wanted);
    assert.deepEqual(scaling.calls, ["set 2"]);
    // Killed while it waits, the next run goes on waiting.
    Object.assign(scaling.group, { inService: 0 });
    scaling.coming = 0;
    await assert.rejects(rollFleet(scaling.work, wanted), /0 of 2 servers are in service/);
    assert.deepEqual(scaling.calls, ["set 2"]);
  });
});

describe("the first servers of a group", () => {
  const fresh = (coming: number) => {
    const scaling = new FakeScaling();
    Object.assign(scaling.group, { inService: 0, serving: false });
    scaling.coming = coming;
    return scaling;
  };

  it("are awaited until so many are in service; more are welcome", async () => {
    const scaling = fresh(3);
    await awaitServers(scaling.work, 2, 40);
    assert.equal(scaling.seconds, 15);
    assert.deepEqual(scaling.said, ["web: 0 of 2 servers are in service."]);
  });

  it("are missed in a sentence after the time they may take", async () => {
    const scaling = fresh(0);
    await assert.rejects(
      awaitServers(scaling.work, 2, 40),
      /^Error: web: 0 of 2 servers are in service\. The load balancer finds none healthy\. That took 40 minutes/,
    );
    assert.equal(scaling.seconds, 40 * 60);
  });

  it("are not awaited once one cannot be launched at all", async () => {
    const scaling = fresh(0);
    scaling.launchFailure = "We have no capacity.";
    await assert.rejects(
      awaitServers(scaling.work, 2, 40),
      /0 of 2 servers are in service\. A launch failed: We have no capacity\./,
    );
  });
});
