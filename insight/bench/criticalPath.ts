import { isCreated, shortType } from "../plan/inventory";
import { type PlannedResource, type StackPlan } from "../plan/plan";
import { isSecret, type Json } from "../../catalogue/json";

/** One creation: nothing of it starts before all that it waits for is there. */
export interface Step {
  type: string;
  name: string;
}

/** What an `up` of a stack that does not exist yet has to do one after another. */
export interface CriticalPath {
  /** The longest chain: each step waits for the one before it. Its length is the number of steps. */
  longest: Step[];
  /** The longest chain that has the database instance in it; empty where there is none. */
  throughDatabase: Step[];
  /** The longest chain of all that is made whether or not the database is there yet: the fleets. */
  withoutDatabase: Step[];
  /** What waits for the database instance, directly or not, by component (`type name`). */
  waitForDatabase: Record<string, Step[]>;
  /** Parts of web and app fleets among them: there should be none. */
  fleetsThatWait: Step[];
}

const databaseType = "aws:rds/instance:Instance";
const fleetTypes = [
  "aws:autoscaling/group:Group",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:lb/listener:Listener",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:lb/targetGroup:TargetGroup",
];

const isFleet = ({ type }: PlannedResource): boolean => fleetTypes.includes(type);
const isDatabase = ({ type }: PlannedResource): boolean => type === databaseType;
const step = ({ type, name }: PlannedResource): Step => ({ type, name });

/**
 * The order that a plan's dependencies force on an `up`, counted in creations, whatever each takes.
 * @throws an Error if resources wait for each other.
 */
export function criticalPath(plan: StackPlan): CriticalPath {
  const graph = dependencyGraph(plan);
  const created = plan.resources.filter(isCreated);
  const databases = created.filter(isDatabase);
  const behind = waiting(graph, new Set(databases.map(({ urn }) => urn)));
  const late = created.filter(({ urn }) => behind.has(urn));
  const free = created.filter(({ urn }) => !behind.has(urn));
  const before = chains(graph, plan);
  const withoutDatabase = free.filter((resource) => !isDatabase(resource));
  return {
    longest: longestOf(created, before),
    throughDatabase: longestOf([...databases, ...late], chainsFrom(graph, plan, databases, before)),
    withoutDatabase: longestOf(withoutDatabase, before),
    waitForDatabase: byComponent(late),
    fleetsThatWait: late.filter(isFleet).map(step),
  };
}

/** What each created resource waits for, directly: both by URN. */
export type DependencyGraph = Map<string, Set<string>>;

/**
 * Who waits for whom among what a provider creates.
 *
 * A component stands for all that is below it, as the engine has it for `dependsOn`. The outputs of
 * a component that another program builds (awsx) come when all its children are there, and nothing
 * below a component is registered before what the component itself waits for. A provider stands for
 * what its own settings come from.
 */
export function dependencyGraph(plan: StackPlan): DependencyGraph {
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const below = childrenOf(plan);
  const above = (resource: PlannedResource): PlannedResource[] => {
    const parent = byUrn.get(resource.parent ?? "");
    return parent ? [parent, ...above(parent)] : [];
  };
  const standsFor = (urn: string): string[] => {
    const resource = byUrn.get(urn);
    if (!resource) return [];
    if (isCreated(resource)) return [urn];
    if (resource.custom) return named(resource).flatMap(standsFor);
    return (below.get(urn) ?? []).flatMap((child) =>
      isCreated(child) ? [child.urn, ...inside(child.urn)] : standsFor(child.urn),
    );
  };
  const inside = (urn: string): string[] =>
    (below.get(urn) ?? []).flatMap((child) => [child.urn, ...inside(child.urn)]);
  const expandedIds = expandedById(plan);
  const graph: DependencyGraph = new Map();
  for (const resource of plan.resources.filter(isCreated)) {
    const ancestors = above(resource);
    // A component waits for no child of its own, so a child waits for its components no further.
    const components = new Set(ancestors.filter(({ custom }) => !custom).map(({ urn }) => urn));
    const waits = [
      ...[resource, ...ancestors.filter(({ custom }) => !custom)].flatMap(named),
      ...ancestors.filter(isCreated).map(({ urn }) => urn),
    ];
    const needed = waits.filter((urn) => !components.has(urn)).flatMap(standsFor);
    const linked = resource.expanded ? idsIn(resource, expandedIds) : [];
    const all = new Set([...needed, ...linked]);
    all.delete(resource.urn);
    graph.set(resource.urn, all);
  }
  return graph;
}

/** What a registration itself says that it waits for. */
function named({ options }: PlannedResource): string[] {
  return [
    ...options.dependencies,
    ...Object.values(options.propertyDependencies).flat(),
    ...(options.provider ? [options.provider] : []),
  ];
}

function childrenOf(plan: StackPlan): Map<string, PlannedResource[]> {
  const children = new Map<string, PlannedResource[]>();
  for (const resource of plan.resources) {
    const parent = resource.parent ?? "";
    children.set(parent, [...(children.get(parent) ?? []), resource]);
  }
  return children;
}

/** awsx's own children: their dependencies are not recorded, but their inputs hold ids. */
function expandedById(plan: StackPlan): Map<string, string> {
  return new Map(plan.resources.filter(({ expanded }) => expanded).map(({ id, urn }) => [id, urn]));
}

function idsIn({ inputs }: PlannedResource, ids: Map<string, string>): string[] {
  const search = (value: Json): string[] => {
    if (typeof value === "string") return [ids.get(value)].filter((urn) => urn !== undefined);
    if (isSecret(value)) return search(value.$secret);
    if (typeof value !== "object" || value === null) return [];
    return Object.values(value).flatMap(search);
  };
  return search(inputs);
}

/** All that waits for one of these, directly or not. */
function waiting(graph: DependencyGraph, start: Set<string>): Set<string> {
  const dependents = new Map<string, string[]>();
  for (const [urn, needs] of graph) {
    for (const need of needs) dependents.set(need, [...(dependents.get(need) ?? []), urn]);
  }
  const found = new Set<string>();
  const open = [...start];
  for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
    for (const dependent of dependents.get(urn) ?? []) {
      if (found.has(dependent) || start.has(dependent)) continue;
      found.add(dependent);
      open.push(dependent);
    }
  }
  return found;
}

/** The longest chain that ends with a resource, the resource included; undefined: there is none. */
type Chains = (urn: string) => PlannedResource[] | undefined;

function chains(graph: DependencyGraph, plan: StackPlan): Chains {
  return longestChains(graph, plan, () => true);
}

/** Chains with one of `starts` in them: what leads to it, then what waits for it. */
function chainsFrom(
  graph: DependencyGraph,
  plan: StackPlan,
  starts: PlannedResource[],
  before: Chains,
): Chains {
  const urns = new Set(starts.map(({ urn }) => urn));
  const after = longestChains(graph, plan, (urn) => urns.has(urn));
  return (urn) => {
    const [start, ...rest] = after(urn) ?? [];
    return start ? [...(before(start.urn) ?? []), ...rest] : undefined;
  };
}

/** @param begins says which resources a chain may begin with. */
function longestChains(
  graph: DependencyGraph,
  plan: StackPlan,
  begins: (urn: string) => boolean,
): Chains {
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  // The next one down, and how many there are with it; undefined while it is being looked for.
  const known = new Map<string, { length: number; next?: string } | undefined>();
  const visit = (urn: string): { length: number; next?: string } => {
    if (known.has(urn)) {
      const found = known.get(urn);
      if (!found) throw new Error(`Resources wait for each other, among them ${urn}.`);
      return found;
    }
    known.set(urn, undefined);
    let best: { length: number; next?: string } = { length: begins(urn) ? 1 : 0 };
    // By name, so that of equally long chains always the same one counts.
    for (const next of [...(graph.get(urn) ?? [])].sort()) {
      const { length } = visit(next);
      if (length > 0 && length + 1 > best.length) best = { length: length + 1, next };
    }
    known.set(urn, best);
    return best;
  };
  return (urn) => {
    if (visit(urn).length === 0) return undefined;
    const chain: PlannedResource[] = [];
    for (let at: string | undefined = urn; at !== undefined; at = visit(at).next) {
      const resource = byUrn.get(at);
      if (resource) chain.unshift(resource);
    }
    return chain;
  };
}

function longestOf(ends: PlannedResource[], chain: Chains): Step[] {
  let best: PlannedResource[] = [];
  for (const { urn } of ends.toSorted((a, b) => (a.urn < b.urn ? -1 : 1))) {
    const found = chain(urn) ?? [];
    if (found.length > best.length) best = found;
  }
  return best.map(step);
}

function byComponent(resources: PlannedResource[]): Record<string, Step[]> {
  const found = new Map<string, Step[]>();
  for (const resource of resources) {
    const { component } = resource;
    const key = component ? `${shortType(component.type)} ${component.name}` : "Stack";
    found.set(key, [...(found.get(key) ?? []), step(resource)]);
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
