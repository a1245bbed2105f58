import assert from "node:assert/strict";
import { join } from "node:path";
import { flags, inventory, tree, type TreeNode } from "../../../insight/plan/inventory";
import { keyInputs } from "../../../insight/plan/keyInputs";
import { planStack } from "../../../insight/plan/offlinePlan";
import type { StackPlan } from "../../../insight/plan/plan";
import { referrer } from "../../../insight/plan/references";
import { goldenText } from "../../stacks/goldenText";

const program = join(__dirname, "fixtures", "program.ts");
const plan = (azCount: number): Promise<StackPlan> =>
  planStack({
    stack: "alpha",
    project: "pe-platform",
    program,
    raw: { "aws:region": "us-east-1", "pe-platform:azCount": String(azCount) },
  });

describe("inventory", () => {
  let planned: StackPlan;
  before(async () => {
    planned = await plan(3);
  });

  it("counts what a provider creates: awsx's children, no components, no providers", () => {
    const { total, byType, byComponent, byNearest } = inventory(planned);
    assert.equal(byType["aws:ec2/subnet:Subnet"], 9);
    assert.equal(byType["aws:ec2/natGateway:NatGateway"], 3);
    assert.equal(byType["pulumi:providers:aws"], undefined);
    assert.equal(byType["awsx:ec2:Vpc"], undefined);
    assert.deepEqual(byComponent, { Network: 41, Platform: 5 });
    assert.deepEqual(byNearest, { "Network platform-network": 41, "Platform platform": 5 });
    assert.equal(total, 46);
    assert.equal(
      Object.values(byType).reduce((sum, n) => sum + n),
      total,
    );
  });

  it("names the protected resources", () => {
    assert.deepEqual(inventory(planned).protected, ["platform-database"]);
  });

  it("puts every registration into the tree once, components first", () => {
    const names = (nodes: TreeNode[]): string[] =>
      nodes.flatMap(({ resource, children }) => [resource.urn, ...names(children)]);
    const roots = tree(planned);
    assert.deepEqual(names(roots).sort(), planned.resources.map(({ urn }) => urn).sort());
    assert.equal(roots[0]?.children[0]?.resource.type, "pe:network:Network");
  });

  it("shows notable options", () => {
    const of = (type: string): string[] =>
      flags(planned.resources.find((resource) => resource.type === type)!);
    assert.deepEqual(of("aws:rds/instance:Instance"), ["protect", "retainOnDelete"]);
    assert.deepEqual(of("aws:s3/bucket:Bucket"), ["provider west"]);
    assert.deepEqual(of("aws:ec2/vpc:Vpc"), ["by awsx"]);
    assert.deepEqual(of("aws:kms/key:Key"), []);
  });

  it("shows the inputs that matter, ids by the name of what they belong to", () => {
    const refer = referrer(planned);
    const of = (name: string, type: string): Record<string, string> =>
      Object.fromEntries(
        keyInputs(
          planned.resources.find((r) => r.name === name && r.type === type)!,
          refer,
        ),
      );
    const database = of("platform-database", "aws:rds/instance:Instance");
    assert.deepEqual(database, { instanceClass: "db.r6i.xlarge", multiAz: "true" });
    const route = of("platform-network-private-2", "aws:ec2/route:Route");
    assert.deepEqual(route, {
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: "→ platform-network-2",
    });
  });

  it("has a golden form that only a change of the program or config changes", async () => {
    const golden = goldenText(planned);
    assert.equal(goldenText(await plan(3)), golden);
    assert.match(
      golden,
      /^stack alpha in us-east-1: 46 resources\n {2}Network: 41\n {2}Platform: 5\n/,
    );
    assert.match(golden, /\n {2}aws:rds\/instance:Instance platform-database {2}\[protect\]/);
    assert.doesNotMatch(golden, /-0[0-9a-f]{16}\b/, "no made-up ids");
    assert.notEqual(goldenText(await plan(2)), golden);
  });
});
