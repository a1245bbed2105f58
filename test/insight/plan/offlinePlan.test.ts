import assert from "node:assert/strict";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Key } from "@pulumi/aws/kms/key";
import { RunError } from "@pulumi/pulumi";
import { planStack, registrationCount } from "../../../insight/plan/offlinePlan";
import type { StackPlan } from "../../../insight/plan/plan";
import { isSecret, redact } from "../../../catalogue/json";
import { only, record } from "../../support/record";

const program = join(__dirname, "fixtures", "program.ts");
const failingProgram = join(__dirname, "fixtures", "failingProgram.ts");
const raw = (config: Record<string, string>): Record<string, string> => ({
  "aws:region": "us-east-1",
  ...Object.fromEntries(Object.entries(config).map(([k, v]) => [`pe-platform:${k}`, v])),
});
const request = { stack: "alpha", project: "pe-platform" };
const plan = (azCount: number): Promise<StackPlan> =>
  planStack({ ...request, program, raw: raw({ azCount: String(azCount) }) });
const fail = (failure: string): Promise<StackPlan> =>
  planStack({ ...request, program: failingProgram, raw: raw({ failure }), timeout: 500 });

function find(planned: StackPlan, name: string, type: string) {
  const found = planned.resources.find((item) => item.name === name && item.type.endsWith(type));
  assert.ok(found, `${type} ${name} is not in the plan`);
  return found;
}

/** MB in use after the last of so many runs, rubbish collected. */
async function heapAfter(run: () => Promise<unknown>, times: number): Promise<number> {
  for (let i = 0; i < times; i++) await run();
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

describe("offline plan", () => {
  let planned: StackPlan;
  before(async () => {
    planned = await plan(3);
  });

  it("gives every resource the URN the engine would give it", () => {
    assert.equal(
      find(planned, "platform-database", ":Instance").urn,
      "urn:pulumi:alpha::pe-platform::pe:stacks:Platform$aws:rds/instance:Instance::platform-database",
    );
    const urns = planned.resources.map(({ urn }) => urn);
    assert.equal(new Set(urns).size, urns.length);
  });

  it("records the options a registration was made with", () => {
    const { options, parent } = find(planned, "platform-database", ":Instance");
    assert.equal(options.protect, true);
    assert.equal(options.retainOnDelete, true);
    assert.equal(options.deleteBeforeReplace, true);
    assert.deepEqual(options.ignoreChanges, ["snapshotIdentifier"]);
    assert.deepEqual(options.customTimeouts, { create: "2h" });
    assert.match(options.aliases?.[0] ?? "", /^name=old-database,parent=/);
    assert.equal(parent, find(planned, "platform", ":Platform").urn);
    const key = find(planned, "platform-key", ":Key");
    assert.equal(key.options.protect, undefined);
    assert.deepEqual(options.propertyDependencies.kmsKeyId, [key.urn]);
    assert.ok(options.dependencies.includes(key.urn));
  });

  it("records explicit providers and dependencies, and answers in the provider's region", () => {
    const bucket = find(planned, "platform-logs", ":Bucket");
    assert.equal(bucket.options.provider, find(planned, "west", ":aws").urn);
    assert.ok(
      bucket.options.dependencies.includes(find(planned, "platform-database", ":Instance").urn),
    );
    assert.match(
      String(bucket.outputs.bucketRegionalDomainName),
      /\.s3\.us-west-2\.amazonaws\.com$/,
    );
  });

  it("marks secrets, and redacts them for display", () => {
    const { inputs } = find(planned, "platform-database", ":Instance");
    assert.ok(isSecret(inputs.password));
    assert.equal(redact(inputs.password), "[secret]");
  });

  it("says where each resource stands", () => {
    const database = find(planned, "platform-database", ":Instance");
    assert.equal(database.path, "platform/platform-database");
    const subnet = find(planned, "platform-network-data-1", ":Subnet");
    assert.equal(
      subnet.path,
      "platform/platform-network/platform-network/platform-network/platform-network-data-1",
    );
    assert.deepEqual(subnet.component, { type: "pe:network:Network", name: "platform-network" });
  });

  it("answers with believable values", () => {
    const { outputs } = find(planned, "platform-certificate", ":Certificate");
    const options = outputs.domainValidationOptions as { domainName: string }[];
    assert.deepEqual(
      options.map(({ domainName }) => domainName),
      ["pe.example.com", "east.pe.example.com"],
    );
    const [host, secret] = String(planned.outputs.endpoint).split(":1433/");
    assert.match(host ?? "", /^platform-database-[0-9a-f]{7}\..*\.us-east-1\.rds\.amazonaws\.com$/);
    assert.match(secret ?? "", /^arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-/);
    assert.equal(planned.outputs.imageId, "Windows-2022");
    assert.deepEqual(
      planned.invokes.map(({ token }) => token),
      ["aws:ec2/getAmi:getAmi"],
    );
  });

  it("gives a remote network's outputs ids that its expanded children have", () => {
    const subnet = find(planned, "platform-network-data-1", ":Subnet");
    const { inputs } = find(planned, "platform-database", ":Instance");
    assert.deepEqual(inputs.tags, { firstSubnet: subnet.id });
  });

  it("is the same each time, whatever was planned in between", async () => {
    await plan(1);
    assert.deepEqual(await plan(3), planned);
  });

  it("runs plans one at a time when several are asked for at once", async () => {
    const [three, one] = await Promise.all([plan(3), plan(1)]);
    assert.deepEqual(three, planned);
    assert.equal(find(one, "platform-database", ":Instance").inputs.multiAz, false);
  });

  it("rejects with the program's own error and registers nothing for an invalid config", async () => {
    await assert.rejects(plan(4), (error: Error) => {
      assert.ok(RunError.isInstance(error));
      assert.equal(error.message, "azCount is 4; allowed: 1 to 3.");
      return true;
    });
    assert.equal(registrationCount(), 0);
  });

  it("plans a function: what a component's test needs", async () => {
    const component = await record(() => new Key("lone", { enableKeyRotation: true }));
    const key = only(component, "Key", "lone");
    assert.deepEqual(key.inputs, { enableKeyRotation: true });
    assert.deepEqual(component.outputs, {}, "a returned resource is no output");
    const { outputs } = await record(() => ({ keyArn: new Key("lone", {}).arn }), {
      region: "us-west-2",
    });
    assert.match(String(outputs.keyArn), /^arn:aws:kms:us-west-2:123456789012:key\//);
  });

  it("plans a stack by its name as its file stands", async () => {
    const { stack, region, resources } = await planStack("prod-west");
    assert.deepEqual([stack, region], ["prod-west", "us-west-2"]);
    assert.ok(resources.length > 100);
    await assert.rejects(planStack("prod-wst"), /Did you mean prod-west\?$/);
  });

  it("keeps nothing of earlier plans in memory", async function () {
    this.timeout(60_000);
    const before = await heapAfter(() => plan(3), 3);
    const after = await heapAfter(() => plan(3), 30);
    assert.ok(after - before < 8, `${before.toFixed(1)} MB, then ${after.toFixed(1)} MB`);
  });

  it("keeps nothing of earlier plans in the hooks of their resources", async function () {
    this.timeout(60_000);
    const before = await heapAfter(() => planStack("cost-saver"), 3);
    const after = await heapAfter(() => planStack("cost-saver"), 12);
    assert.ok(after - before < 8, `${before.toFixed(1)} MB, then ${after.toFixed(1)} MB`);
  });

  it("counts what was registered before a failure", async () => {
    await assert.rejects(fail("sync"), { message: "the constructor threw" });
    assert.equal(registrationCount(), 1);
  });

  it("reports an error inside an output", async () => {
    await assert.rejects(fail("apply"), /the apply threw/);
  });

  it("reports several errors together", async () => {
    await assert.rejects(fail("twice"), (error: AggregateError) => {
      assert.ok(error instanceof AggregateError);
      assert.match(error.message, /the apply threw/);
      assert.match(error.message, /a promise was rejected/);
      return true;
    });
  });

  it("says so instead of waiting for ever when a value never comes", async () => {
    await assert.rejects(fail("pending"), /did not settle within 0\.5 s for stack alpha/);
  });

  it("refuses provider functions it has no answer for", async () => {
    await assert.rejects(
      fail("unknownFunction"),
      /cannot answer the provider function aws:ec2\/getVpc:getVpc/,
    );
  });

  it("leaves the process as it was: the next plan and the runner's listeners work", async () => {
    const before = process.listeners("unhandledRejection");
    const { stackTraceLimit, prepareStackTrace } = Error;
    await assert.rejects(fail("apply"));
    assert.deepEqual(process.listeners("unhandledRejection"), before);
    assert.equal(Error.stackTraceLimit, stackTraceLimit);
    assert.equal(Error.prepareStackTrace, prepareStackTrace);
    const { resources } = await fail("none");
    assert.deepEqual(
      resources.map(({ name }) => name),
      ["fine"],
    );
  });
});
