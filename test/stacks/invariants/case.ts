import type { PlannedResource, StackPlan } from "../../../insight/plan/plan";
import { reveal, type Json } from "../../../catalogue/json";
import type { PlatformConfig } from "../../../stacks/config/platformConfig";

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

/** What the plan was told of the other region's stack, as the invariants need it. */
export interface Peer {
  isolated: { cidr: string; routeTableId: string }[];
  databaseGroupId: string;
  databaseKeyArn: string;
}

/** The other region's contract that the program read; undefined where there is none. */
export function peerOf(plan: StackPlan): Peer | undefined {
  const contracts = plan.invokes
    .filter(({ token }) => token === "pulumi:pulumi:readStackOutputs")
    .map(({ result }) => (result.outputs as Record<string, Json>).contract);
  return contracts.find((contract) => contract !== undefined) as Peer | undefined;
}

/** True for a resource that the stack has in the other region. */
export function inPeerRegion({ options }: PlannedResource): boolean {
  return options.provider?.endsWith("::aws-peer") === true;
}

/** Whether the config asks for two regions that copy data, as docs/architecture.md means it. */
export function copies({ regionCount, replication }: PlatformConfig): boolean {
  return regionCount === 2 && replication.mode !== "none";
}

/** Whether this region's database receives changes. */
export function receives(config: PlatformConfig): boolean {
  const { mode, writer } = config.replication;
  return copies(config) && (mode === "twoWay" || writer !== config.region);
}

/** What a resource is called in a violation. */
export function label(resource: PlannedResource): string {
  return `${resource.type.split(":").at(-1)} ${resource.path}`;
}
