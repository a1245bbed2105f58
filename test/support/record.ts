import assert from "node:assert/strict";
import { planStack } from "../../insight/plan/offlinePlan";
import type { PlannedResource, StackPlan } from "../../insight/plan/plan";

export interface RecordOptions {
  /** @default us-east-1 */
  region?: string;
  /** More config in the engine's raw form. @default none */
  raw?: Record<string, string>;
}

/**
 * What `program` registers, usually one component: `record(() => new Network("net", args))`. Errors
 * of its outputs reject, as in a real run.
 */
export function record(program: () => unknown, options: RecordOptions = {}): Promise<StackPlan> {
  const { region = "us-east-1", raw = {} } = options;
  return planStack({
    stack: "test",
    project: "pe-platform",
    raw: { "aws:region": region, ...raw },
    program,
  });
}

/** All resources of a type; its last part will do: `Subnet` for `aws:ec2/subnet:Subnet`. */
export function allOf(plan: StackPlan, type: string): PlannedResource[] {
  return plan.resources.filter((item) => item.type === type || item.type.endsWith(`:${type}`));
}

/** The one resource of that type (and name); fails, listing the names there are, unless it's one. */
export function only(plan: StackPlan, type: string, name?: string): PlannedResource {
  const all = allOf(plan, type);
  const found = name === undefined ? all : all.filter((item) => item.name === name);
  const wanted = name === undefined ? type : `${type} ${name}`;
  const names = all.map((item) => item.name).join(", ") || "none";
  assert.equal(found.length, 1, `one ${wanted} expected; of this type there are: ${names}`);
  return found[0]!;
}
