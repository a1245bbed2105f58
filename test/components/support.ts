import assert from "node:assert/strict";
import type { PlannedResource, StackPlan } from "../../insight/plan/plan";
import { allOf } from "../support/record";

/** Names of all resources of a type, sorted. */
export function names(plan: StackPlan, type: string): string[] {
  return allOf(plan, type)
    .map(({ name }) => name)
    .sort();
}

/** The resource that a child hangs below. */
export function parentOf(plan: StackPlan, child: PlannedResource): PlannedResource {
  const parent = plan.resources.find(({ urn }) => urn === child.parent);
  assert.ok(parent, `${child.name} has no parent`);
  return parent;
}

/** Whether `resource` waits for `other`, by input or by dependsOn. */
export function waitsFor(resource: PlannedResource, other: PlannedResource): boolean {
  return resource.options.dependencies.includes(other.urn);
}

export interface Statement {
  Sid: string;
  Effect: string;
  Principal?: unknown;
  Action: string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}

/** The statements of a policy document input. */
export function statementsOf(resource: PlannedResource, key = "policy"): Statement[] {
  const document = JSON.parse(String(resource.inputs[key])) as { Statement: Statement[] };
  return document.Statement;
}

/** The statement with that id; fails, listing the ids there are. */
export function statement(resource: PlannedResource, sid: string): Statement {
  const all = statementsOf(resource);
  const found = all.find(({ Sid }) => Sid === sid);
  assert.ok(found, `no statement ${sid} among ${all.map(({ Sid }) => Sid).join(", ")}`);
  return found;
}

/** Asserts that the resource's inputs contain these, deeply. */
export function assertInputs(resource: PlannedResource, expected: Record<string, unknown>): void {
  const actual = Object.fromEntries(
    Object.keys(expected).map((key) => [key, resource.inputs[key]]),
  );
  assert.deepEqual(actual, expected);
}
