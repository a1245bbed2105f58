import assert from "node:assert/strict";
import { mock } from "node:test";
import fc from "fast-check";
import { costComponentsByHand } from "./countedByHand";
import { planCostComponents } from "../../../insight/cost/costComponents";
import type { CostComponent } from "../../../insight/cost/types";
import { defaultUsage } from "../../../insight/cost/usage";
import { planStack } from "../../../insight/plan/offlinePlan";
import type { StackPlan } from "../../../insight/plan/plan";
import { listStacks, readStack } from "../../../config/stackFiles";
import { parseConfig } from "../../../stacks/config/platformConfig";
import { serviceLevel } from "../../../stacks/serviceLevel";
import { network, privately, west } from "../../stacks/config/configCases";
import { validRawConfig } from "../../stacks/config/validConfig";
import { runs } from "../../support/runs";
import { withKey } from "./support";

// The bill is read from plans; countedByHand.ts counts the same from the config. Every config here is
// planned, and both ways must give the same lines. A
// failure of the sample prints its seed: PE_SEED=<seed> draws the same configs again.
const seed = Number(process.env.PE_SEED ?? Date.now() % 2 ** 31);
const sampled = runs(25, 8);

type Raw = Record<string, string>;

const set = (raw: Raw, values: Record<string, unknown>): Raw => ({
  ...raw,
  ...Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      `pe-platform:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  ),
});
const file = (stack: string, values: Record<string, unknown> = {}): Raw =>
  set(readStack(stack).raw, values);
const within = (raw: Raw, key: string, change: object): Raw =>
  set(raw, { [key]: { ...(JSON.parse(raw[`pe-platform:${key}`] ?? "{}") as object), ...change } });

const twoWay = {
  mode: "twoWay",
  writer: "us-east-1",
  ownership: { tables: { "us-east-1": ["fund.%"], "us-west-2": ["deal.%"] } },
};
const directConnect = {
  privateGateway: {
    directConnectGatewayId: "5f294f92-bafb-4011-916d-9b0bd8a6f1c2",
    amazonSideAsn: 64_512,
  },
};
const certificateOfWest = `arn:aws:acm:us-west-2:123456789012:certificate/${"a".repeat(36)}`;
const network1 = JSON.parse(privately({})["pe-platform:network"] ?? "{}") as object;
const privateWest = west({
  exposure: "private",
  certificateArn: certificateOfWest,
  network: {
    ...network1,
    cidrBlock: "10.20.0.0/16",
    availabilityZones: ["us-west-2a", "us-west-2b", "us-west-2c"],
  },
});

const cases: Record<string, [stack: string, raw: Raw]> = {
  ...Object.fromEntries(listStacks().map((stack) => [stack, [stack, file(stack)]])),
  "one zone of a home region": ["prod-east", file("prod-east", { azCount: 1 })],
  "two zones of a home region": ["prod-east", file("prod-east", { azCount: 2 })],
  "one zone of a copy": ["prod-west", file("prod-west", { azCount: 1 })],
  "two zones of a copy": ["prod-west", file("prod-west", { azCount: 2 })],
  "two zones, little money": ["cost-saver", file("cost-saver", { azCount: 2 })],
  "one of two regions": ["prod-east", file("prod-east", { regionCount: 1 })],
  "a region that is left out": ["prod-west", file("prod-west", { regionCount: 1 })],
  "a home region that follows": [
    "prod-east",
    file("prod-east", { replication: { writer: "us-west-2" } }),
  ],
  "a writer that is not home": [
    "prod-west",
    file("prod-west", { replication: { writer: "us-west-2" } }),
  ],
  "two ways, home": ["prod-east", file("prod-east", { replication: twoWay })],
  "two ways, away": ["prod-west", file("prod-west", { replication: twoWay })],
  "two regions, nothing copied, home": [
    "prod-east",
    file("prod-east", { replication: { mode: "none" } }),
  ],
  "two regions, nothing copied, away": [
    "prod-west",
    file("prod-west", { replication: { mode: "none" } }),
  ],
  "no copy of the backups": [
    "prod-west",
    file("prod-west", { replication: { writer: "us-east-1", backupRetentionDays: 0 } }),
  ],
  "no NAT gateway": ["one", network({ natGateways: "none" }, { azCount: 2 })],
  "one NAT gateway for three zones": ["one", network({ natGateways: "single" })],
  "a NAT gateway in each zone, of which one is used": [
    "one",
    network({ natGateways: "onePerAz" }, { azCount: 1 }),
  ],
  "no interface endpoints": ["one", network({ interfaceEndpoints: false }, { azCount: 2 })],
  "clients from known addresses": ["one", network({ clientCidrs: ["203.0.113.0/24"] })],
  "an own hosted zone": ["one", network({}, { hostedZone: "Z0123456789ABC" })],
  "private, transit gateway": ["one", privately({})],
  "private, transit gateway, one zone": ["one", privately({}, { azCount: 1 })],
  "private, Direct Connect": ["one", privately(directConnect)],
  "private, no interface endpoints": ["one", privately({ interfaceEndpoints: false })],
  "private, away from home": ["one", privateWest],
  "no monitoring, little storage": [
    "one",
    within(network({}), "database", { monitoringIntervalSeconds: 0, iops: 3000, storageGiB: 20 }),
  ],
  "samples every second": [
    "one",
    within(network({}), "database", { monitoringIntervalSeconds: 1, performanceInsights: false }),
  ],
};

// Everything that only a usage turns on is on: a line that is left out could hide a difference.
const usage = ["functions.failedCallsPerMonth", "database.fullLoadsPerMonth"].reduce(
  (all, key) => withKey(key, 2, all),
  withKey("alarms.mailsPerMonth", 5000, withKey("database.changedGiB", 900, defaultUsage)),
);

async function compare(stack: string, raw: Raw): Promise<CostComponent[]> {
  const config = parseConfig(raw, stack);
  const warn = mock.method(console, "warn", () => undefined);
  let plan: StackPlan;
  try {
    plan = await planStack({ stack, raw });
  } finally {
    warn.mock.restore();
  }
  const fromPlan = planCostComponents(plan, usage);
  assert.deepEqual(costComponentsByHand(config, usage), fromPlan);
  return fromPlan;
}

const quantityOf = (lines: CostComponent[], what: string): number =>
  lines.filter((line) => line.what === what).reduce((sum, { quantity }) => sum + quantity, 0);

describe("what a config costs is what its plan costs", function () {
  this.timeout(120_000);

  for (const [title, [stack, raw]] of Object.entries(cases)) {
    it(title, async () => {
      const lines = await compare(stack, raw);
      const active = serviceLevel(parseConfig(raw, stack)).active;
      assert.equal(lines.length > 40, active, `${lines.length} lines`);
      const names = lines.map(({ region, what, priceKey, component }) =>
        [region, component, what, priceKey].join(),
      );
      assert.equal(new Set(names).size, names.length, "a line is there twice");
      assert.ok(lines.every(({ quantity }) => Number.isFinite(quantity) && quantity > 0));
      assert.ok(lines.every(({ how }) => !/undefined|NaN|Infinity/.test(how)));
    });
  }

  it(`any valid config (seed ${seed})`, async () => {
    const drawn = fc.sample(validRawConfig(), { seed, numRuns: 4 * sampled });
    const active = drawn.filter(({ raw, stack }) => serviceLevel(parseConfig(raw, stack)).active);
    for (const { raw, stack } of active.slice(0, sampled)) {
      await compare(stack, raw).catch((error: unknown) => {
        throw new Error(`${JSON.stringify(raw)}: ${String(error)}`, { cause: error });
      });
    }
  });

  it("counts what the numbers of a config say, and not only the same twice", async () => {
    const [stack, raw] = cases["two zones of a copy"]!;
    const lines = await compare(stack, raw);
    assert.equal(quantityOf(lines, "web servers, m6i.large"), 2 * 730);
    assert.equal(quantityOf(lines, "NAT gateways"), 730);
    assert.equal(quantityOf(lines, "interface endpoints"), 8 * 2 * 730);
    assert.equal(quantityOf(lines, "public addresses of the web load balancer"), 2 * 730);
    assert.equal(quantityOf(lines, "database operations per second"), 3000);
    assert.equal(quantityOf(lines, "disks of app servers, gp3"), 160);
    assert.equal(quantityOf(lines, "alarms"), 2 + 2 + 15 + 2 + 2 + 6);
    assert.equal(quantityOf(lines, "alarms in us-east-1"), 1);
    assert.equal(quantityOf(lines, "secrets"), 5 + 1 + 1);
    assert.equal(quantityOf(lines, "secrets in us-east-1"), 2);
    assert.equal(quantityOf(lines, "KMS keys"), 9);
    assert.equal(quantityOf(lines, "KMS keys in us-east-1"), 3);
  });
});

describe("the types of resources", () => {
  it("that nobody has decided on are a line without a price, never nothing", async () => {
    const plan = await planStack("cost-saver");
    const bucket = plan.resources.find(({ type }) => type === "aws:s3/bucket:Bucket")!;
    const odd = { ...bucket, urn: "odd", type: "aws:redshift/cluster:Cluster" };
    const more = { ...plan, resources: [...plan.resources, odd, { ...odd, urn: "odd 2" }] };
    const added = planCostComponents(more, defaultUsage).slice(
      planCostComponents(plan, defaultUsage).length,
    );
    assert.deepEqual(
      added.map(({ priceKey, quantity, region }) => [priceKey, quantity, region]),
      [["type:aws:redshift/cluster:Cluster", 2, "us-east-1"]],
    );
  });
});
