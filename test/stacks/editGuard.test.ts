import assert from "node:assert/strict";
import { planStack } from "../../insight/plan/offlinePlan";
import { readStack } from "../../config/stackFiles";
import { parseConfig } from "../../stacks/config/platformConfig";
import { editGuard, encryptedKeys } from "../../stacks/editGuard";
import { guardedConfig } from "../../stacks/editRules";
import { only } from "../support/record";

/** Outside a plan no engine takes a hook: its registration fails later, when nobody listens. */
function guard(acceptEdits: string[]): ReturnType<typeof editGuard> {
  const hook = editGuard(acceptEdits);
  const { __registered } = hook as unknown as { __registered: Promise<unknown> };
  __registered.catch(() => undefined);
  return hook;
}

describe("The guard of edits", () => {
  const { raw } = readStack("prod-east");
  const before = guardedConfig(parseConfig(raw, "prod-east"));
  const check = (acceptEdits: string[], oldInputs: object, newInputs: object) => () => {
    const { callback, opts } = guard(acceptEdits);
    assert.deepEqual(opts, { onDryRun: true });
    const args = { urn: "", id: "", name: "platform", type: "" };
    void callback({ ...args, oldInputs, newInputs });
  };

  it("hangs on the region's component, whose inputs are what the rules read", async () => {
    const plan = await planStack({ stack: "prod-east", raw });
    const platform = only(plan, "pe:platform:RegionalPlatform");
    assert.deepEqual(platform.options.hooks, { beforeUpdate: ["edit-guard"] });
    assert.deepEqual(platform.inputs, { config: JSON.parse(JSON.stringify(before)) as object });
  });

  it("keeps nothing of a key that the stack file encrypts", () => {
    const env = { PULUMI_CONFIG_SECRET_KEYS: '["pe-platform:domain","aws:secretKey"]' };
    assert.deepEqual(encryptedKeys(env), ["domain", "aws:secretKey"]);
    assert.deepEqual(encryptedKeys({}), []);
    assert.equal("domain" in guardedConfig(parseConfig(raw, "prod-east"), ["domain"]), false);
  });

  it("refuses all that is wrong with an edit at once, and names the stack's file", () => {
    const after = { ...before, domain: "other.example.com", "database.name": "other" };
    assert.throws(
      check([], { config: before }, { config: after }),
      /: 2 problems in Pulumi\..*\n {2}- domain: .*\n {2}- database\.name: /,
    );
    const moved = { ...before, domain: "other.example.com" };
    assert.doesNotThrow(check(["domain"], { config: before }, { config: moved }));
  });

  it("goes on where an earlier version of the program kept nothing", () =>
    assert.doesNotThrow(check([], {}, { config: { ...before, domain: "other.example.com" } })));
});
