import { isCreated, shortType } from "./inventory";
import { peerTopics, peerValues } from "./peerValues";
import type { PlannedResource, StackPlan } from "./plan";

/** What a stack takes from the other region's outputs. */
export interface PeerRead {
  kind: "reads";
  /** The other region's stack. */
  stack: string;
  /** What it is about, e.g. `hosted zone`. */
  what: string;
  /** Of the contract among the outputs, e.g. `hostedZoneId`. */
  fields: string[];
  /** Components that are given it, as `type name`. */
  for: string[];
}

/** What a stack owns in the other region. */
export interface PeerOwned {
  kind: "owns";
  /** The other region. */
  region: string;
  /** Name of the provider that makes it there. */
  provider: string;
  /** As `type name`. */
  component: string;
  /** Resources of the component that are there. */
  resources: number;
  /** True: a run leaves them as they are (`replication.peerRegion`). */
  untouched: boolean;
}

export type CrossRegion = PeerRead | PeerOwned;

/** The region that a resource is created in: that of its provider. */
export function regionFinder(plan: StackPlan): (resource: PlannedResource) => string {
  const providers = new Map(
    plan.resources
      .filter(({ type }) => type === "pulumi:providers:aws")
      .map(({ urn, inputs }) => [urn, String(inputs.region)]),
  );
  return ({ options }) => providers.get(options.provider ?? "") ?? plan.region;
}

/** True for what a run leaves as it is. */
function isUntouched({ options }: PlannedResource): boolean {
  return options.ignoreChanges?.includes("*") === true;
}

/**
 * Everything that ties a stack to the other region, found in the plan itself: values of the other
 * stack's outputs among the inputs, and resources of the other region's provider.
 */
export function crossRegion(plan: StackPlan): CrossRegion[] {
  return [...reads(plan), ...owned(plan)];
}

function reads(plan: StackPlan): PeerRead[] {
  const values = peerValues(plan);
  if (values.length === 0) return [];
  const found = new Map<string, { stack: string; fields: Set<string>; users: Set<string> }>();
  for (const resource of plan.resources.filter(isCreated)) {
    const text = JSON.stringify(resource.inputs);
    for (const { stack, field, value } of values) {
      const topic = peerTopics[field];
      if (topic === undefined || !text.includes(value)) continue;
      const entry = found.get(topic) ?? { stack, fields: new Set(), users: new Set() };
      found.set(topic, entry);
      entry.fields.add(field);
      entry.users.add(componentOf(resource));
    }
  }
  const order = [...new Set(Object.values(peerTopics))];
  return [...found]
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([what, { stack, fields, users }]) => ({
      kind: "reads",
      stack,
      what,
      fields: [...fields].sort(),
      for: [...users].sort(),
    }));
}

function owned(plan: StackPlan): PeerOwned[] {
  const regionOf = regionFinder(plan);
  const found = new Map<string, PeerOwned>();
  for (const resource of plan.resources.filter(isCreated)) {
    const region = regionOf(resource);
    if (region === plan.region) continue;
    const component = componentOf(resource);
    const entry = found.get(component);
    if (entry) entry.resources += 1;
    const untouched = isUntouched(resource);
    if (!entry) {
      const provider = resource.options.provider?.split("::").at(-1) ?? "";
      found.set(component, {
        kind: "owns",
        ...{ region, provider, component, resources: 1, untouched },
      });
    }
  }
  return [...found.values()].sort((a, b) => (a.component < b.component ? -1 : 1));
}

function componentOf({ component, type, name }: PlannedResource): string {
  return component
    ? `${shortType(component.type)} ${component.name}`
    : `${shortType(type)} ${name}`;
}
