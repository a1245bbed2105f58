import assert from "node:assert/strict";
import { mock } from "node:test";
import { RunError } from "@pulumi/pulumi/errors";
import fc from "fast-check";
import { planStack } from "../../insight/plan/offlinePlan";
import { readStack } from "../../config/stackFiles";
import { homeStack } from "../../local/homeStack";
import { parseConfig } from "../../stacks/config/platformConfig";
import { validRawConfig, type RawConfig } from "../stacks/config/validConfig";

const homeOf = (stack: string, change: Record<string, string> = {}): string | undefined =>
  homeStack(parseConfig({ ...readStack(stack).raw, ...change }, stack));

const none = { "pe-platform:replication": JSON.stringify({ mode: "none" }) };
const zone = { "pe-platform:hostedZone": "Z0123456789ABC" };

describe("the stack that another one needs", () => {
  it("is the home stack, for its zone and its end of replication", () => {
    assert.equal(homeOf("prod-west"), "prod-east");
    assert.equal(homeOf("prod-west", none), "prod-east");
    assert.equal(homeOf("prod-west", zone), "prod-east");
  });

  it("is none where nothing joins the two", () => {
    assert.equal(homeOf("prod-west", { ...none, ...zone }), undefined);
  });

  it("is none for the home stack, which comes up first", () => {
    assert.equal(homeOf("prod-east"), undefined);
    assert.equal(homeOf("cost-saver"), undefined);
  });

  it("is none for a stack that regionCount leaves out: there is nothing to bring up", () => {
    assert.equal(homeOf("prod-west", { "pe-platform:regionCount": "1" }), undefined);
  });

  it("is the other way round with another home region", () => {
    const turned = { "pe-platform:regions": '["us-west-2", "us-east-1"]' };
    assert.equal(homeOf("prod-west", turned), undefined);
    assert.equal(homeOf("prod-east", turned), "prod-west");
  });

  it("is exactly the one without which the program refuses to run", async () => {
    const samples = fc.sample(validRawConfig(), 400);
    const homeOfSample = ({ raw, stack }: RawConfig) => homeStack(parseConfig(raw, stack));
    const needing = samples.filter((sample) => homeOfSample(sample) === "prod-other").slice(0, 10);
    const alone = samples.filter((sample) => homeOfSample(sample) === undefined).slice(0, 10);
    assert.deepEqual([needing.length, alone.length], [10, 10]);
    const warn = mock.method(console, "warn", () => undefined);
    try {
      for (const { raw, stack } of alone) {
        await planStack({ raw, stack, stackOutputs: () => undefined });
      }
      for (const { raw, stack } of needing) {
        const plan = planStack({ raw, stack, stackOutputs: () => undefined });
        const error: unknown = await plan.catch((reason: unknown) => reason);
        assert.ok(RunError.isInstance(error), JSON.stringify(raw));
        assert.match(error.message, /its peer prod-other does not exist yet/);
      }
    } finally {
      warn.mock.restore();
    }
  });
});
