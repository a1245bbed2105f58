import assert from "node:assert/strict";
import { listStacks } from "../../config/stackFiles";
import { planStack } from "../../insight/plan/offlinePlan";
import type { StackPlan } from "../../insight/plan/plan";

const database = "aws:rds/instance:Instance";
const fleet = /^aws:(autoscaling\/group:Group|ec2\/launchTemplate:LaunchTemplate|lb\/)/;

/** Types of all that waits for the database when the stack is created, directly or not. */
function waitForDatabase({ resources }: StackPlan): Set<string> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const above = (urn: string): string[] => {
    const parent = byUrn.get(urn)?.parent;
    return parent ? [parent, ...above(parent)] : [];
  };
  const named = (urn: string): string[] => {
    const { options } = byUrn.get(urn) ?? {};
    const values = Object.values(options?.propertyDependencies ?? {}).flat();
    return [...(options?.dependencies ?? []), ...values, options?.provider ?? ""];
  };
  const found = new Map<string, boolean>();
  const waits = (urn: string): boolean => {
    const known = found.get(urn);
    if (known !== undefined) return known;
    found.set(urn, false);
    const ancestors = above(urn);
    // Nothing below a component comes before what the component waits for, and to wait for a
    // component is to wait for all below it. A component waits for no child of its own.
    const needs = [urn, ...ancestors].flatMap(named).filter((need) => !ancestors.includes(need));
    const below = (need: string): string[] => [
      need,
      ...resources.filter(({ parent }) => parent === need).flatMap(({ urn }) => below(urn)),
    ];
    const result = needs
      .flatMap(below)
      .some((need) => byUrn.get(need)?.type === database || waits(need));
    found.set(urn, result);
    return result;
  };
  return new Set(resources.filter(({ urn }) => waits(urn)).map(({ type }) => type));
}

describe("what waits for the database", function () {
  this.timeout(60_000);

  for (const stack of listStacks()) {
    it(`${stack}: its bootstrap, and no part of web and app fleets`, async () => {
      const plan = await planStack(stack);
      assert.ok(plan.resources.some(({ type }) => fleet.test(type)));
      const late = [...waitForDatabase(plan)];
      assert.ok(late.includes("aws:lambda/invocation:Invocation"), late.join(", "));
      assert.deepEqual(
        late.filter((type) => fleet.test(type)),
        [],
      );
    });
  }

  it("prod-west: the copy's task, but not its DMS instance, which is made meanwhile", async () => {
    const late = waitForDatabase(await planStack("prod-west"));
    assert.ok(late.has("aws:dms/replicationTask:ReplicationTask"));
    assert.ok(!late.has("aws:dms/replicationInstance:ReplicationInstance"));
  });
});
