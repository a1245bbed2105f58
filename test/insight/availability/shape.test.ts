import assert from "node:assert/strict";
import { healthChecks, installationShape } from "../../../insight/availability/shape";
import { planStack } from "../../../insight/plan/offlinePlan";
import { readStack } from "../../../config/stackFiles";
import { allOf, only } from "../../support/record";
import { stack, usage } from "./support";

function network(name: string, changes: object): string {
  const own = JSON.parse(readStack(name).raw["pe-platform:network"] ?? "{}") as object;
  return JSON.stringify({ ...own, ...changes });
}

function replication(changes: object): string {
  const own = JSON.parse(readStack("prod-east").raw["pe-platform:replication"] ?? "{}") as object;
  return JSON.stringify({ ...own, ...changes });
}

describe("installation shape", () => {
  const prodRegion = {
    zones: 3,
    web: { minPerZone: 1, maxPerZone: 4, needed: 1 },
    app: { minPerZone: 1, maxPerZone: 4, needed: 1 },
    database: { multiAz: true, backupRetentionDays: 35 },
    natGateways: "onePerAz",
    startsNeedNat: false,
    healthCheck: healthChecks.https,
  };

  it("prod: two regions of three zones, one writer, backups copied", () => {
    assert.deepEqual(installationShape([stack("prod-east"), stack("prod-west")]), {
      regions: [
        { region: "us-east-1", ...prodRegion },
        { region: "us-west-2", ...prodRegion },
      ],
      exposure: "public",
      replication: { mode: "oneWay", writer: "us-east-1", backupCopyDays: 7 },
      shares: [0.5, 0.5],
    });
  });

  it("cost-saver: one zone of one region, no standby", () => {
    assert.deepEqual(installationShape([stack("cost-saver")]), {
      regions: [
        {
          ...prodRegion,
          region: "us-east-1",
          zones: 1,
          web: { minPerZone: 1, maxPerZone: 2, needed: 1 },
          app: { minPerZone: 1, maxPerZone: 2, needed: 1 },
          database: { multiAz: false, backupRetentionDays: 7 },
          natGateways: "single",
        },
      ],
      exposure: "public",
      replication: { mode: "none", writer: "us-east-1", backupCopyDays: 0 },
      shares: [1],
    });
  });

  it("the home region comes first whatever the stacks' order", () => {
    const shape = installationShape([stack("prod-west"), stack("prod-east")]);
    assert.deepEqual(
      shape.regions.map(({ region }) => region),
      ["us-east-1", "us-west-2"],
    );
  });

  it("with regionCount 1 the second stack does not count, and nothing is replicated", () => {
    const one = { regionCount: "1" };
    const shape = installationShape([stack("prod-east", one), stack("prod-west", one)]);
    assert.equal(shape.regions.length, 1);
    assert.deepEqual(shape.replication, { mode: "none", writer: "us-east-1", backupCopyDays: 0 });
    assert.deepEqual(shape.shares, [1]);
  });

  it("a second region without a stack of its own is like the first", () => {
    assert.deepEqual(
      installationShape([stack("prod-east")]),
      installationShape([stack("prod-east"), stack("prod-west")]),
    );
    assert.deepEqual(
      installationShape([stack("prod-west")]),
      installationShape([stack("prod-east"), stack("prod-west")]),
    );
  });

  it("no region in use is refused", () => {
    assert.throws(
      () => installationShape([stack("prod-west", { regionCount: "1" })]),
      /No stack of the installation has its region in use/,
    );
  });

  it("clients are shared by their weights, evenly where all are 0", () => {
    const shares = (east: number, west: number): number[] =>
      installationShape([
        stack("prod-east", {}, usage(1, east)),
        stack("prod-west", {}, usage(1, west)),
      ]).shares;
    assert.deepEqual(shares(3, 1), [0.75, 0.25]);
    assert.deepEqual(shares(0, 0), [0.5, 0.5]);
    assert.deepEqual(shares(1, 0), [1, 0]);
  });

  it("servers that carry the load come from each stack's usage", () => {
    const shape = installationShape([
      stack("prod-east", {}, usage(5)),
      stack("prod-west", {}, usage(2)),
    ]);
    assert.deepEqual(
      shape.regions.map(({ web, app }) => [web.needed, app.needed]),
      [
        [5, 5],
        [2, 2],
      ],
    );
  });

  it("follows the writer, and copies no backups without replication", () => {
    const moved = { replication: replication({ writer: "us-west-2" }) };
    assert.deepEqual(
      installationShape([stack("prod-east", moved), stack("prod-west", moved)]).replication,
      { mode: "oneWay", writer: "us-west-2", backupCopyDays: 7 },
    );
    const none = { replication: replication({ mode: "none" }) };
    assert.deepEqual(
      installationShape([stack("prod-east", none), stack("prod-west", none)]).replication,
      { mode: "none", writer: "us-east-1", backupCopyDays: 0 },
    );
  });

  it("backups are copied as long as the following region's stack says", () => {
    const two = { replication: replication({ backupRetentionDays: 2 }) };
    const shape = installationShape([stack("prod-east"), stack("prod-west", two)]);
    assert.equal(shape.replication.backupCopyDays, 2);
  });

  it("a region closed to the internet is judged by an alarm", () => {
    const closed = { network: network("cost-saver", { clientCidrs: ["203.0.113.0/24"] }) };
    const [region] = installationShape([stack("cost-saver", closed)]).regions;
    assert.deepEqual(region?.healthCheck, healthChecks.alarm);
  });

  it("servers without interface endpoints start through NAT", () => {
    const open = { network: network("cost-saver", { interfaceEndpoints: false }) };
    const [region] = installationShape([stack("cost-saver", open)]).regions;
    assert.equal(region?.startsNeedNat, true);
  });

  it("health checks are as the regional entry sets them", async function () {
    this.timeout(60_000);
    const { https, alarm } = healthChecks;
    const { raw } = readStack("cost-saver");
    const open = only(await planStack({ stack: "cost-saver", raw }), "HealthCheck").inputs;
    assert.equal(open.requestInterval, https.intervalSeconds);
    assert.equal(open.failureThreshold, https.failures);
    const closed = network("cost-saver", { clientCidrs: ["203.0.113.0/24"] });
    const plan = await planStack({
      stack: "cost-saver",
      raw: { ...raw, "pe-platform:network": closed },
    });
    const { inputs } = only(plan, "MetricAlarm", "entry-healthy-servers");
    assert.equal(inputs.period, alarm.intervalSeconds);
    assert.equal(inputs.evaluationPeriods, alarm.failures);
  });

  it("the database may be in any of three zones, also where servers are in one", async function () {
    this.timeout(60_000);
    const plan = await planStack("cost-saver");
    const group = allOf(plan, "rds/subnetGroup:SubnetGroup")[0];
    assert.equal((group?.inputs.subnetIds as unknown[]).length, 3);
    const instance = allOf(plan, "rds/instance:Instance")[0];
    assert.ok(instance && !("availabilityZone" in instance.inputs));
  });
});
