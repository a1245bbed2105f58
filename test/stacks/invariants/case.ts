import type { PlannedResource, StackPlan } from "../../../insight/offlinePlan";
import { reveal, type Json } from "../../../insight/plan";
import type { PlatformConfig } from "../../../stacks/config";

/** One config of the space with its plan; a check returns a sentence per violation. */
export interface Case {
  config: PlatformConfig;
  plan: StackPlan;
}

export type Check = (it: Case) => string[];

/** Resources of a type, by its last part. */
export function allOf(plan: StackPlan, type: string): PlannedResource[] {
  return plan.resources.filter((item) => item.type.endsWith(`:${type}`));
}

/** An input by dotted path; `[0]` is written `.0`. Secrets are shown. */
export function input(resource: PlannedResource, path: string): Json | undefined {
  let value: Json | undefined = resource.inputs;
  for (const key of path.split(".")) {
    value = reveal(value);
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, Json>)[key];
  }
  return reveal(value);
}

export function text(resource: PlannedResource, path: string): string {
  const value = input(resource, path);
  return typeof value === "string" ? value : "";
}

/** What a resource is called in a violation. */
export function label(resource: PlannedResource): string {
  return `${resource.type.split(":").at(-1)} ${resource.path}`;
}
