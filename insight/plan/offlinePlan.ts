import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state";
import { expandVpc, expandedId } from "./awsxExpansion";
import { mockPeer } from "./peerContract";
import { seam, type PlannedResource, type PlanRequest, type StackPlan } from "./plan";
import type { JsonObject } from "../../catalogue/json";
import { RecordingMonitor, type Registration } from "./recordingMonitor";
import { projectName, readStack } from "../../config/stackFiles";

// How to use it, e.g. in a test (see also test/support/record.ts):
//
//   await planStack("prod-east")                           // as its stack file stands
//   await planStack({ stack: "any", raw })                 // any config, in the engine's raw form
//   await planStack({ stack: "any", raw, program: () => new Network("net", args) })
//
// A plan lists every registration with its inputs and options. One process makes as many plans as
// wanted, one after another: the SDK and all modules but the entry file stay loaded.

// The SDK's runtime is one per process, so plans run one after another, whoever asks.
let queue: Promise<unknown> = Promise.resolve();
let lastCount = 0;

/**
 * How many resources the latest plan registered, also when it failed (the stack itself not counted).
 * @internal for tests
 */
export function registrationCount(): number {
  return lastCount;
}

/**
 * Runs the unchanged program for one stack against a stand-in for the engine and returns all that
 * it registers. Needs no account, CLI or network, and changes nothing.
 *
 * @param request a stack's name stands for that stack as its file has it.
 * @throws what the program throws, e.g. `pulumi.RunError` for an invalid config; an AggregateError
 * if several things failed; an Error if the program never settles.
 */
export function planStack(request: PlanRequest | string): Promise<StackPlan> {
  const plan = queue.then(() => {
    const asked =
      typeof request === "string" ? { stack: request, raw: readStack(request).raw } : request;
    return seam.around ? seam.around(runProgram, asked) : runProgram(asked);
  });
  queue = plan.catch(() => undefined);
  return plan;
}

async function runProgram(request: PlanRequest): Promise<StackPlan> {
  const { stack, raw } = request;
  const project = request.project ?? projectName();
  const region = raw["aws:region"] ?? "us-east-1";
  const monitor = new RecordingMonitor(
    project,
    stack,
    region,
    request.stackOutputs ?? mockPeer(stack, raw),
  );
  const restoreStackTraces = withoutStackTraces();
  pulumi.runtime.setMockOptions(monitor, project, stack, false, "organization");
  pulumi.runtime.setAllConfig(raw, []);
  useCallbacks(noCallbacks);
  const failures = collectUnhandledRejections();
  try {
    const outputs = await settle(request, failures.errors);
    await failures.drain();
    raise(failures.errors);
    const resources = describe(expand(monitor.registrations));
    return { stack, project, region, resources, invokes: monitor.invokes, outputs };
  } finally {
    await failures.drain();
    failures.stop();
    lastCount = monitor.registrations.length;
    restoreStackTraces();
    // Promises of a failed program stay pending for ever: the SDK would report them at exit.
    pulumi.runtime.setMockOptions(undefined, project, stack, false, "organization");
    useCallbacks(undefined);
  }
}

/** Stands in for the SDK's server of resource hooks, which keeps each plan for the process's life. */
const noCallbacks = {
  registerResourceHook: () => Promise.resolve(),
  awaitStackRegistrations: () => Promise.resolve(),
};

/** Where the SDK keeps that server; marked internal, so it is missing from the SDK's typings. */
function useCallbacks(callbacks: typeof noCallbacks | undefined): void {
  const { getStore } = state as unknown as { getStore: () => { callbacks?: unknown } };
  getStore().callbacks = callbacks;
}

/** Runs the program inside a stack resource, as the engine does, until all registrations ended. */
async function settle(request: PlanRequest, errors: unknown[]): Promise<JsonObject> {
  const program = request.program ?? join(__dirname, "..", "..", "index");
  const limit = request.timeout ?? 60_000;
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    const sentence =
      `The program did not settle within ${limit / 1000} s for stack ${request.stack}: ` +
      "an input of a resource, or a promise the program waits for, never gets its value.";
    timer = setTimeout(() => {
      reject(new Error(sentence));
    }, limit);
  });
  const run = async (): Promise<JsonObject> => {
    const [ended] = await Promise.allSettled([
      pulumi.runtime.runInPulumiStack(() => start(program)),
    ]);
    await waitForRegistrations();
    if (ended.status === "fulfilled") return unwrapOutputs(ended.value ?? {});
    errors.unshift(ended.reason);
    return {};
  };
  try {
    return await Promise.race([run(), expired]);
  } finally {
    clearTimeout(timer);
  }
}

async function start(program: string | (() => unknown)): Promise<unknown> {
  const exported = typeof program === "string" ? freshly(program) : program;
  const result: unknown = await (typeof exported === "function"
    ? (exported as () => unknown)()
    : exported);
  return pulumi.Resource.isInstance(result) ? undefined : result;
}

/** Loads the entry file anew: it is what creates the resources. What it imports stays loaded. */
function freshly(program: string): unknown {
  const file = require.resolve(program);
  Reflect.deleteProperty(require.cache, file);
  // The program is what is being read, so it is the one import that cannot be static.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const exported: unknown = require(file);
  // This list would keep every plan's outputs, and through them its resources, in memory.
  module.children = module.children.filter(({ id }) => id !== file);
  return exported;
}

/**
 * The SDK notes for each promise where it was made, some 80 times per resource, and reads
 * `new Error().stack` elsewhere too, once without a limit: for its own diagnostics, at more than the
 * cost of the rest of a plan. PE_DEBUG keeps the traces, to find where an error comes from.
 */
function withoutStackTraces(): () => void {
  const { stackTraceLimit, prepareStackTrace } = Error;
  const { debuggablePromise } = debuggable;
  if (!process.env.PE_DEBUG) {
    Error.stackTraceLimit = 0;
    Error.prepareStackTrace = String;
    debuggable.debuggablePromise = (promise) => promise;
  }
  return () => {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
    debuggable.debuggablePromise = debuggablePromise;
  };
}

// Marked internal, so it is missing from the SDK's typings. A namespace import could not be changed.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const debuggable = require("@pulumi/pulumi/runtime/debuggable") as {
  debuggablePromise: <T>(promise: Promise<T>) => Promise<T>;
};

interface RuntimeInternals {
  waitForRPCs(): Promise<void>;
}

/** `waitForRPCs` is marked internal, so it is missing from the SDK's typings, not from its API. */
function waitForRegistrations(): Promise<void> {
  return (pulumi.runtime as unknown as RuntimeInternals).waitForRPCs();
}

/**
 * An error in a promise or output of the program surfaces as an unhandled rejection. Other
 * listeners (a test runner's) are set aside meanwhile: such an error is the plan's result.
 */
function collectUnhandledRejections() {
  const errors: unknown[] = [];
  const others = process.listeners("unhandledRejection");
  const collect = (reason: unknown): void => {
    errors.push(reason);
  };
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", collect);
  return {
    errors,
    /** Node reports a rejection after the microtasks of the turn in which nobody handled it. */
    drain: () => new Promise((resolve) => setImmediate(resolve)),
    stop: () => {
      process.removeListener("unhandledRejection", collect);
      for (const listener of others) process.on("unhandledRejection", listener);
    },
  };
}

/** Throws the collected errors: one as it is, several together. One error can surface often. */
function raise(errors: unknown[]): void {
  const messages = new Map(errors.map((error) => [messageOf(error), error]));
  if (messages.size === 0) return;
  if (messages.size === 1) throw errors[0];
  throw new AggregateError(messages.values(), [...messages.keys()].join("\n"));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function unwrapOutputs(outputs: Record<string, unknown>): JsonObject {
  return JSON.parse(JSON.stringify(outputs)) as JsonObject;
}

/** Adds the children that remote components are known to create. */
function expand(registrations: Registration[]): (Registration & { expanded: boolean })[] {
  return registrations.flatMap((registration) => {
    const itself = { ...registration, expanded: false };
    if (registration.type !== "awsx:ec2:Vpc") return [itself];
    const urns: string[] = [];
    const children = expandVpc(registration.name, registration.inputs, registration.urn).map(
      (child) => {
        const parent =
          (child.parent === undefined ? undefined : urns[child.parent]) ?? registration.urn;
        const [stack, project, types] = parent.split("::");
        const urn = [stack, project, `${types ?? ""}$${child.type}`, child.name].join("::");
        urns.push(urn);
        const inherited =
          registration.options.protect === undefined
            ? {}
            : { protect: registration.options.protect };
        return {
          urn,
          type: child.type,
          name: child.name,
          id: expandedId(registration.urn, child),
          parent,
          custom: true,
          remote: false,
          expanded: true,
          inputs: child.inputs,
          outputs: child.inputs,
          options: { ...inherited, dependencies: [parent], propertyDependencies: {} },
        };
      },
    );
    return [itself, ...children];
  });
}

/** Adds each resource's place in the component tree. */
function describe(resources: (Registration & { expanded: boolean })[]): PlannedResource[] {
  const places = new Map<string, Pick<PlannedResource, "path" | "component">>();
  return resources.map((resource) => {
    const above = places.get(resource.parent ?? "");
    const own = resource.type.startsWith("pe:")
      ? { type: resource.type, name: resource.name }
      : above?.component;
    const path = above ? `${above.path}/${resource.name}` : resource.name;
    const place = { path, ...(own && { component: own }) };
    places.set(resource.urn, place);
    return { ...resource, ...place };
  });
}
