import type { PlannedResource, StackPlan } from "./plan";

/** How much of what a plan holds. Counts what a provider creates: no components, no providers. */
export interface Inventory {
  total: number;
  /**
   * By the component right below the stack's outermost one, e.g. `Network`, `WebTier`; a shared part
   * such as a load-balanced fleet counts for the tier that holds it.
   */
  byComponent: Record<string, number>;
  /** By the nearest component, as `type name`, e.g. `LoadBalancedFleet platform-web`. */
  byNearest: Record<string, number>;
  /** By resource type, e.g. `aws:rds/instance:Instance`. */
  byType: Record<string, number>;
  /** Names of the resources with the `protect` option. */
  protected: string[];
}

/** One resource in the component tree. */
export interface TreeNode {
  resource: PlannedResource;
  children: TreeNode[];
}

/** True for what a provider creates: what an account would show and a bill would list. */
export function isCreated(resource: PlannedResource): boolean {
  return resource.custom && !resource.type.startsWith("pulumi:");
}

/** The last part of a type: `Network` of `pe:network:Network`. */
export function shortType(type: string): string {
  return type.split(":").slice(-1).join("");
}

export function inventory(plan: StackPlan): Inventory {
  const created = plan.resources.filter(isCreated);
  const areas = areaOf(plan);
  return {
    total: created.length,
    byComponent: count(created, (resource) => areas.get(resource.urn) ?? "Stack"),
    byNearest: count(created, ({ component }) =>
      component ? `${shortType(component.type)} ${component.name}` : "Stack",
    ),
    byType: count(created, ({ type }) => type),
    protected: created
      .filter(({ options }) => options.protect)
      .map(({ name }) => name)
      .sort(),
  };
}

/** The component tree; siblings by type and name, so that it doesn't depend on timing. */
export function tree(plan: StackPlan): TreeNode[] {
  const known = new Set(plan.resources.map(({ urn }) => urn));
  const children = new Map<string, PlannedResource[]>();
  for (const resource of plan.resources) {
    const parent = resource.parent && known.has(resource.parent) ? resource.parent : "";
    children.set(parent, [...(children.get(parent) ?? []), resource]);
  }
  const below = (urn: string): TreeNode[] =>
    (children.get(urn) ?? [])
      .sort(byRole)
      .map((resource) => ({ resource, children: below(resource.urn) }));
  return below("");
}

/**
 * What stands behind a resource's name in a tree: its notable options.
 *
 * @param elsewhere says the region of a resource that is not in the stack's own. @default no region
 */
export function flags(
  resource: PlannedResource,
  elsewhere?: (resource: PlannedResource) => string | undefined,
): string[] {
  const { protect, retainOnDelete, ignoreChanges } = resource.options;
  const provider = resource.options.provider?.split("::").slice(-1).join("");
  // The stack's own provider carries the package's name; another one is worth a word.
  const own = provider === undefined || resource.type.startsWith(`${provider}:`);
  const region = elsewhere?.(resource);
  return [
    ...(protect && isCreated(resource) ? ["protect"] : []),
    ...(retainOnDelete ? ["retainOnDelete"] : []),
    ...(resource.custom && !own
      ? [`${region === undefined ? "" : `in ${region}, `}provider ${provider}`]
      : []),
    ...(ignoreChanges?.includes("*") ? ["left as it is"] : []),
    ...(resource.expanded ? ["by awsx"] : []),
  ];
}

/** Maps each URN to the short type of the component that stands for it in the overview. */
function areaOf(plan: StackPlan): Map<string, string> {
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const isComponent = (resource: PlannedResource): boolean => resource.type.startsWith("pe:");
  const areas = new Map<string, string>();
  for (const resource of plan.resources) {
    const line: PlannedResource[] = [];
    for (let at: PlannedResource | undefined = resource; at; at = byUrn.get(at.parent ?? "")) {
      if (isComponent(at)) line.unshift(at);
    }
    const area = line[1] ?? line[0];
    if (area) areas.set(resource.urn, shortType(area.type));
  }
  return areas;
}

function byRole(a: PlannedResource, b: PlannedResource): number {
  const key = ({ type, name }: PlannedResource): string => `${type}\n${name}`;
  return Number(a.custom) - Number(b.custom) || (key(a) < key(b) ? -1 : 1);
}

function count<T>(items: T[], key: (item: T) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
