import type { JsonObject } from "../../catalogue/json";

/** The resource options a registration was made with; absent means the engine's default. */
export interface ResourceOptions {
  protect?: boolean;
  retainOnDelete?: boolean;
  deleteBeforeReplace?: boolean;
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
  additionalSecretOutputs?: string[];
  /** Alias URNs, or `name=…,type=…,parent=…` for aliases given as a spec. */
  aliases?: string[];
  deletedWith?: string;
  /** The id an existing resource is adopted by. */
  import?: string;
  /** Go durations, e.g. `2h`. */
  customTimeouts?: { create?: string; update?: string; delete?: string };
  /** Names of the hooks that a deployment runs, by when: `beforeUpdate`, `beforeCreate` … */
  hooks?: Record<string, string[]>;
  /** URN of the explicit provider; absent for the default provider. */
  provider?: string;
  /** Package name to URN of the explicit provider a component hands to its children. */
  providers?: Record<string, string>;
  /** URNs this resource waits for, both by `dependsOn` and by the inputs it uses. */
  dependencies: string[];
  /** Input name to the URNs its value comes from. */
  propertyDependencies: Record<string, string[]>;
}

/** One resource of a plan. */
export interface PlannedResource {
  urn: string;
  /** E.g. `aws:rds/instance:Instance`, or `pe:network:Network` for a component. */
  type: string;
  name: string;
  /** The id the mock provider gave it, which other resources' inputs refer to; "" for components. */
  id: string;
  /** URN of the parent; undefined directly below the stack. */
  parent?: string;
  /** False for components (also remote ones), true for resources a provider creates. */
  custom: boolean;
  /** True for a component another program builds (awsx); its children are the expanded ones. */
  remote: boolean;
  /** True for a child that a remote component is known to create (see awsxExpansion.ts). */
  expanded: boolean;
  /** Names from the outermost component to this resource, joined by `/`. */
  path: string;
  /** The nearest component of this project (`pe:…`) at or above this resource. */
  component?: { type: string; name: string };
  inputs: JsonObject;
  /** What the mock provider answered; inputs included. Believable, never real. */
  outputs: JsonObject;
  options: ResourceOptions;
}

/** One provider function the program called, e.g. `aws:ec2/getAmi:getAmi`. */
export interface PlannedInvoke {
  token: string;
  inputs: JsonObject;
  result: JsonObject;
}

/** Everything a stack would consist of, known without an account, a CLI or a network. */
export interface StackPlan {
  stack: string;
  project: string;
  /** The stack's `aws:region`. */
  region: string;
  /** In the order of registration; expanded children follow their component. */
  resources: PlannedResource[];
  invokes: PlannedInvoke[];
  /** Stack outputs, as `pulumi stack output --json` would show them. */
  outputs: JsonObject;
}

/** The outputs of the stack of that name; undefined if there is none. */
export type StackOutputs = (reference: string) => JsonObject | undefined;

export interface PlanRequest {
  /** Stack name, e.g. `prod-east`. */
  stack: string;
  /** The stack's config in the engine's raw form (see `readStack`). */
  raw: Record<string, string>;
  /** Project name. @default the one in Pulumi.yaml */
  project?: string;
  /**
   * The entry file, loaded anew for each plan, or a function that creates resources; what it
   * returns, unless a resource, are the stack's outputs. @default the project's own index.ts
   */
  program?: string | (() => unknown);
  /**
   * The outputs of other stacks by name (`organization/project/stack`); undefined for one that does
   * not exist. @default the other region's stack as if it were up, see peerContract.ts
   */
  stackOutputs?: StackOutputs;
  /** How long the program may take to settle, in milliseconds. @default 60000 */
  timeout?: number;
}

/** Tests ask for the same plans again and again, and put a memory around the making of one. */
export const seam: {
  around?: (
    plan: (request: PlanRequest) => Promise<StackPlan>,
    request: PlanRequest,
  ) => Promise<StackPlan>;
} = {};
