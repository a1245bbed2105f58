import assert from "node:assert/strict";
import { planStack } from "../../insight/plan/offlinePlan";
import type { PlannedResource, StackPlan } from "../../insight/plan/plan";
import { readStack } from "../../config/stackFiles";
import { parseConfig, type PlatformConfig } from "../../stacks/config/platformConfig";
import { allOf, type Check } from "./invariants/case";
import {
  flowsAreTheRequestPath,
  noWayToAnotherRegion,
  onlyEntryAndNatArePublic,
} from "./invariants/flows";
import {
  dataIsGuarded,
  everythingIsEncrypted,
  namesComeFromRoles,
  noWildcardsInPolicies,
} from "./invariants/protection";
import { unstable } from "./invariants/stability";
import { everythingIsTagged } from "./invariants/tags";

// The invariants are only worth something if their checks notice: each damage must be reported.
type Damage = [
  what: string,
  check: Check,
  type: string,
  name: string,
  change: object,
  says: RegExp,
];

const openPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:Decrypt", Resource: "*" }],
});
const rolePolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["s3:*", "s3:GetObject"], Resource: "*" }],
});

const damages: Damage[] = [
  [
    "a resource without tags of its own",
    everythingIsTagged,
    "Topic",
    "alarms",
    { tags: { Name: "alarms" } },
    /Topic platform\/alarms.* does not say its component/,
  ],
  [
    "a rule to another port",
    flowsAreTheRequestPath,
    "SecurityGroupIngressRule",
    "app-servers-to-database",
    { fromPort: 445, toPort: 445 },
    /extra: app-servers > database 445/,
  ],
  [
    "an open egress",
    flowsAreTheRequestPath,
    "SecurityGroupEgressRule",
    "app-servers-to-database",
    { cidrIpv4: "0.0.0.0/0", referencedSecurityGroupId: "" },
    /app-servers > 0\.0\.0\.0\/0 1433/,
  ],
  [
    "an inline rule",
    flowsAreTheRequestPath,
    "SecurityGroup",
    "groups-database",
    { ingress: [{ fromPort: 0 }] },
    /rules of its own/,
  ],
  [
    "a route elsewhere",
    noWayToAnotherRegion,
    "Route",
    "network-private-1",
    { destinationCidrBlock: "10.20.0.0/16" },
    /leads elsewhere/,
  ],
  [
    "a public database",
    onlyEntryAndNatArePublic,
    "rds/instance:Instance",
    "database",
    { publiclyAccessible: true },
    /is open/,
  ],
  [
    "an open app balancer",
    onlyEntryAndNatArePublic,
    "LoadBalancer",
    "app",
    { internal: false },
    /is open/,
  ],
  [
    "an unencrypted database",
    everythingIsEncrypted,
    "rds/instance:Instance",
    "database",
    { storageEncrypted: false },
    /not encrypted/,
  ],
  [
    "AWS's own key",
    everythingIsEncrypted,
    "LogGroup",
    "web",
    { kmsKeyId: "alias/aws/logs" },
    /not encrypted/,
  ],
  [
    "old TLS",
    everythingIsEncrypted,
    "Listener",
    "web-https",
    { sslPolicy: "ELBSecurityPolicy-2016-08" },
    /old TLS/,
  ],
  ["a wildcard", noWildcardsInPolicies, "RolePolicy", "web", { policy: rolePolicy }, /s3:\* on \*/],
  [
    "a key for everybody",
    noWildcardsInPolicies,
    "Key",
    "keys-database",
    { policy: openPolicy },
    /open to everybody/,
  ],
  [
    "no snapshot",
    dataIsGuarded,
    "rds/instance:Instance",
    "database",
    { skipFinalSnapshot: true },
    /no final snapshot/,
  ],
];

describe("the invariants' checks notice", () => {
  let plan: StackPlan;
  let config: PlatformConfig;

  before(async () => {
    plan = await planStack("prod-east");
    config = parseConfig(readStack("prod-east").raw, "prod-east");
  });

  const damaged = (edit: (all: PlannedResource[]) => PlannedResource[]): StackPlan => ({
    ...plan,
    resources: edit(plan.resources),
  });

  it("nothing in a sound plan", () => {
    const checks = [...new Set(damages.map(([, check]) => check)), namesComeFromRoles];
    for (const check of checks) assert.deepEqual(check({ plan, config }), []);
  });

  for (const [what, check, type, name, change, says] of damages) {
    it(what, () => {
      const target = allOf(plan, type).find((item) => item.name === name);
      assert.ok(target, `no ${type} ${name}`);
      const worse = damaged((all) =>
        all.map((item) =>
          item === target ? { ...item, inputs: { ...item.inputs, ...change } } : item,
        ),
      );
      assert.match(check({ plan: worse, config }).join("\n"), says);
    });
  }

  it("a dropped protect", () => {
    const worse = damaged((all) =>
      all.map((item) =>
        item.type.endsWith(":Key")
          ? { ...item, options: { ...item.options, protect: false } }
          : item,
      ),
    );
    assert.match(dataIsGuarded({ plan: worse, config }).join("\n"), /Key platform\/keys/);
  });

  it("a store of a kind nobody looked at", () => {
    const extra = { ...allOf(plan, "Topic")[0]!, type: "aws:kinesis/stream:Stream" };
    const worse = damaged((all) => [...all, extra]);
    assert.match(everythingIsEncrypted({ plan: worse, config }).join("\n"), /has no row/);
  });

  it("a name from a position", () => {
    const extra = { ...allOf(plan, "Topic")[0]!, name: "alarms-0" };
    const worse = damaged((all) => [...all, extra]);
    assert.match(namesComeFromRoles({ plan: worse, config }).join("\n"), /number in its name/);
  });

  it("a replaced or lost subnet", () => {
    const moved = damaged((all) =>
      all.map((item) =>
        item.name === "network-isolated-2" && item.type.endsWith(":Subnet")
          ? { ...item, inputs: { ...item.inputs, cidrBlock: "10.10.200.0/24" } }
          : item,
      ),
    );
    assert.match(unstable(plan, moved).join("\n"), /network-isolated-2: cidrBlock would change/);
    const lost = damaged((all) => all.filter(({ name }) => name !== "network-isolated-2"));
    assert.match(unstable(plan, lost).join("\n"), /network-isolated-2 would be deleted/);
  });
});

describe("the stack's AWS provider", () => {
  const providersOf = (plan: StackPlan) =>
    plan.resources.filter(({ type }) => type === "pulumi:providers:aws");

  it("is the only one of a home stack", async () => {
    assert.equal(providersOf(await planStack("prod-east")).length, 1);
  });

  it("is everybody's, also below awsx, but for what the stack owns in the home region", async () => {
    const plan = await planStack("prod-west");
    const providers = providersOf(plan);
    assert.deepEqual(providers.map(({ name }) => name).sort(), ["aws", "aws-health", "aws-peer"]);
    const [provider, health, peer] = ["aws", "aws-health", "aws-peer"].map((name) =>
      providers.find((item) => item.name === name),
    );
    assert.equal(provider?.inputs.region, "us-west-2");
    assert.match(JSON.stringify(provider?.inputs.defaultTags), /"?stack\\*"?:\\*"prod-west/);
    for (const other of [health, peer]) {
      assert.deepEqual(other?.inputs.defaultTags, provider?.inputs.defaultTags);
      assert.equal(other?.inputs.region, "us-east-1");
      // Credentials are checked where the stack is: the home region may be lost.
      assert.equal(other?.inputs.stsRegion, "us-west-2");
    }
    const madeBy = (other: PlannedResource | undefined) =>
      plan.resources.filter(({ options }) => options.provider === other?.urn);
    const kindsOf = (all: PlannedResource[]) =>
      [...new Set(all.map(({ type }) => type.split(":").at(-1)))].sort();
    // Route 53's metrics are there, and an alarm tells topics of its own region only.
    assert.deepEqual(kindsOf(madeBy(health)), [
      "Key",
      "MetricAlarm",
      "Topic",
      "TopicPolicy",
      "TopicSubscription",
    ]);
    assert.deepEqual(kindsOf(madeBy(peer)), [
      "Invocation",
      "PeeringConnectionOptions",
      "Route",
      "Secret",
      "SecretPolicy",
      "SecretRotation",
      "SecretVersion",
      "SecurityGroupIngressRule",
      "VpcPeeringConnectionAccepter",
    ]);
    for (const item of plan.resources.filter(({ type }) => type.startsWith("aws:"))) {
      if (item.expanded || [...madeBy(peer), ...madeBy(health)].includes(item)) continue;
      assert.match(item.options.provider ?? "none", /pulumi:providers:aws::aws$/, item.urn);
    }
    const network = plan.resources.find(({ type }) => type === "awsx:ec2:Vpc");
    assert.match(network?.options.providers?.aws ?? "none", /pulumi:providers:aws::aws$/);
  });
});
