import assert from "node:assert/strict";
import { Group } from "@pulumi/aws/autoscaling/group";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { Key } from "@pulumi/aws/kms/key";
import { Provider } from "@pulumi/aws/provider";
import { Instance } from "@pulumi/aws/rds/instance";
import { Vpc } from "@pulumi/awsx/ec2/vpc";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId";
import { renderChains } from "../../../insight/bench/chains";
import { criticalPath, dependencyGraph, type Step } from "../../../insight/bench/criticalPath";
import { planStack } from "../../../insight/plan/offlinePlan";
import type { StackPlan } from "../../../insight/plan/plan";
import { listStacks } from "../../../config/stackFiles";
import { only, record } from "../../support/record";

class Part extends ComponentResource {
  constructor(name: string, opts?: ComponentResourceOptions) {
    super("pe:platform:Part", name, {}, opts);
  }
}

const byNumber = (values: Input<string>[]): Record<string, Input<string>> =>
  Object.fromEntries(values.map((value, index) => [String(index), value]));

/** A resource that waits for values of others. */
const id = (name: string, keepers: Input<string>[] = [], opts?: ComponentResourceOptions) =>
  new RandomId(name, { byteLength: 4, keepers: byNumber(keepers) }, opts);

const names = (steps: Step[]): string[] => steps.map(({ name }) => name);

/** Names of what a resource waits for, directly. */
function waitsFor(plan: StackPlan, type: string, name?: string): string[] {
  const known = new Map(plan.resources.map((resource) => [resource.urn, resource.name]));
  const found = dependencyGraph(plan).get(only(plan, type, name).urn) ?? [];
  return [...found].map((urn) => known.get(urn) ?? urn).sort();
}

const database = (opts?: ComponentResourceOptions, after: Input<string>[] = []): Instance =>
  new Instance("database", { instanceClass: "db.r6i.large", tags: byNumber(after) }, opts);

describe("the critical path", () => {
  it("is the longest chain of creations, through inputs and dependsOn alike", async () => {
    const plan = await record(() => {
      const first = id("first");
      const second = id("second", [first.hex]);
      id("short", [first.hex]);
      id("third", [], { dependsOn: [second] });
    });
    const { longest, throughDatabase, waitForDatabase } = criticalPath(plan);
    assert.deepEqual(names(longest), ["first", "second", "third"]);
    assert.deepEqual([throughDatabase, waitForDatabase], [[], {}]);
  });

  it("is empty for a stack without resources", async () => {
    const { longest, withoutDatabase } = criticalPath(await record(() => undefined));
    assert.deepEqual([longest, withoutDatabase], [[], []]);
  });

  it("takes a component for all that is below it, and no component for a step", async () => {
    const plan = await record(() => {
      const part = new Part("part");
      const inner = new Part("inner", { parent: part });
      id("one", [], { parent: part });
      id("two", [], { parent: inner });
      id("last", [], { dependsOn: [part] });
    });
    assert.deepEqual(waitsFor(plan, "RandomId", "last"), ["one", "two"]);
    const { longest } = criticalPath(plan);
    assert.deepEqual([longest.length, longest.at(-1)?.name], [2, "last"]);
  });

  it("lets children wait for what their component waits for, and not for each other", async () => {
    const plan = await record(() => {
      const first = id("first");
      const part = new Part("part", { dependsOn: [first] });
      id("one", [], { parent: part });
      id("two", [], { parent: part });
    });
    assert.deepEqual(waitsFor(plan, "RandomId", "one"), ["first"]);
  });

  it("goes through a provider to what its settings come from", async () => {
    const plan = await record(() => {
      const first = id("first");
      const provider = new Provider("named", { profile: first.hex, region: "us-west-2" });
      new Key("key", {}, { provider });
    });
    assert.deepEqual(waitsFor(plan, "Key"), ["first"]);
  });

  describe("with an awsx network", () => {
    let plan: StackPlan;
    before(async () => {
      plan = await record(() => {
        const first = id("first");
        const network = new Vpc(
          "net",
          {
            cidrBlock: "10.30.0.0/16",
            availabilityZoneNames: ["us-east-1a"],
            natGateways: { strategy: "Single" },
            subnetStrategy: "Auto",
            subnetSpecs: [
              { type: "Public", name: "public", cidrBlocks: ["10.30.0.0/24"] },
              { type: "Private", name: "private", cidrBlocks: ["10.30.16.0/20"] },
            ],
          },
          { dependsOn: [first] },
        );
        new SecurityGroup("group", { vpcId: network.vpcId });
      });
    });

    it("lets its outputs wait for all that awsx creates", () => {
      const { longest } = criticalPath(plan);
      const types = longest.map(({ type }) => type.split(":").at(-1));
      assert.deepEqual(types, [
        ...["RandomId", "Vpc", "Subnet", "Eip", "NatGateway", "Route", "SecurityGroup"],
      ]);
    });

    it("lets what awsx creates wait for what the network waits for, and for ids among inputs", () => {
      assert.deepEqual(waitsFor(plan, "aws:ec2/vpc:Vpc"), ["first"]);
      assert.ok(waitsFor(plan, "Route", "net-private-1").includes("net-1"), "the NAT gateway");
      assert.ok(!waitsFor(plan, "Subnet", "net-private-1").includes("net-1"));
    });
  });

  describe("with a database", () => {
    const fleet = (size: Input<string>): Group =>
      new Group("fleet", { minSize: 1, maxSize: 2, placementGroup: size });

    it("lists what waits for it, by component, and the chain through it", async () => {
      const plan = await record(() => {
        const key = id("key");
        const made = database(undefined, [key.hex]);
        const part = new Part("part");
        const bootstrap = id("bootstrap", [made.address], { parent: part });
        id("task", [bootstrap.hex], { parent: part });
        fleet(key.hex);
      });
      const { throughDatabase, withoutDatabase, waitForDatabase, fleetsThatWait } =
        criticalPath(plan);
      assert.deepEqual(names(throughDatabase), ["key", "database", "bootstrap", "task"]);
      assert.deepEqual(names(withoutDatabase), ["key", "fleet"]);
      assert.deepEqual(Object.keys(waitForDatabase), ["Part part"]);
      assert.deepEqual(names(waitForDatabase["Part part"] ?? []), ["bootstrap", "task"]);
      assert.deepEqual(fleetsThatWait, []);
    });

    it("keeps the longest chain apart from the one through the database", async () => {
      const plan = await record(() => {
        database();
        id("third", [id("second", [id("first").hex]).hex]);
      });
      const { longest, throughDatabase } = criticalPath(plan);
      assert.deepEqual(names(longest), ["first", "second", "third"]);
      assert.deepEqual(names(throughDatabase), ["database"]);
    });

    it("flags fleets that wait for it, also through a component's dependsOn", async () => {
      const plan = await record(() => {
        const part = new Part("part");
        const made = database({ parent: part });
        const log = new LogGroup("log", {}, { dependsOn: [part] });
        fleet(log.name);
        return made.address;
      });
      const { fleetsThatWait, withoutDatabase, ...rest } = criticalPath(plan);
      assert.deepEqual(names(fleetsThatWait), ["fleet"]);
      assert.deepEqual(withoutDatabase, []);
      const text = renderChains([{ stack: "test", fleetsThatWait, withoutDatabase, ...rest }]);
      assert.match(text, /test: fleets wait: Group fleet/);
    });
  });

  it("says so if resources wait for each other", async () => {
    const plan = await record(() => id("two", [id("one").hex]));
    const [one, two] = [only(plan, "RandomId", "one"), only(plan, "RandomId", "two")];
    one.options.dependencies.push(two.urn);
    assert.throws(() => criticalPath(plan), /wait for each other/);
  });
});

describe("an up of each stack", function () {
  this.timeout(60_000);

  for (const stack of listStacks()) {
    it(`${stack}: only the database's own parts wait for it, never the fleets`, async () => {
      const path = criticalPath(await planStack(stack));
      assert.deepEqual(path.fleetsThatWait, []);
      const types = path.throughDatabase.map(({ type }) => type.split(":").at(-1) ?? "");
      const order = ["Vpc", "SecurityGroup", "Instance", "Function", "Invocation"];
      const places = order.map((type) => types.indexOf(type));
      assert.ok(!places.includes(-1), types.join(" → "));
      assert.deepEqual(
        places,
        places.toSorted((a, b) => a - b),
        types.join(" → "),
      );
      const free = path.withoutDatabase.map(({ type }) => type.split(":").at(-1) ?? "");
      assert.ok(free.includes("LoadBalancer") && free.includes("Group"), free.join(" → "));
      assert.ok(path.withoutDatabase.length < path.throughDatabase.length);
    });
  }

  it("prod-west: the copy's task waits for the database, its DMS instance does not", async () => {
    const plan = await planStack("prod-west");
    const { waitForDatabase } = criticalPath(plan);
    const late = Object.values(waitForDatabase).flatMap((steps) => steps.map(({ type }) => type));
    assert.ok(late.includes("aws:dms/replicationTask:ReplicationTask"));
    const instance = "aws:dms/replicationInstance:ReplicationInstance";
    assert.ok(!late.includes(instance), "DMS's own instance is made meanwhile");
  });
});
