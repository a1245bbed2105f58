import { log, ResourceHook, runtime, type Resource, type ResourceHookArgs } from "@pulumi/pulumi";
import { awaitServers, rollFleet, type FleetApi, type TemplateVersion } from "./fleetRoll";

/** Gives the calls for a group by its name; with `rollBack`, a refresh that fails is undone. */
export type FleetApis = (group: string, rollBack: boolean) => Promise<FleetApi>;

export interface FleetHooksArgs {
  apis: FleetApis;
  /** Whether the template's image allows it. */
  rollBack: boolean;
  /** What messages appear under; must not be what the hooks hold up. */
  parent: Resource;
}

/**
 * Rolls the group *before* its update: when that fails the engine keeps the former version in the
 * state, so the next run finds the roll still to be done. A hook after the update would leave a
 * state that says all is well (pulumi issue 21899).
 */
export function rollBeforeUpdate(name: string, args: FleetHooksArgs): ResourceHook {
  const { apis, rollBack, parent } = args;
  const say = (message: string) => void log.info(message, parent);
  const roll = async ({ oldInputs, newInputs }: ResourceHookArgs): Promise<void> => {
    const [before, wanted] = [templateIn(oldInputs), templateIn(newInputs)];
    if (wanted && before && wanted.id === before.id && wanted.version === before.version) return;
    if (runtime.isDryRun()) {
      return say(`${name}: \`up\` replaces all servers, new ones first, and waits for them.`);
    }
    if (!wanted) throw new Error(`${name}: the group's new launch template is not known.`);
    const group = String((newInputs as { name: unknown }).name);
    await rollFleet({ name, say, api: await apis(group, rollBack) }, wanted);
  };
  return new ResourceHook(`${name}-roll`, roll, { onDryRun: true });
}

/**
 * Waits for a new group's first servers before what comes after it. The provider's own wait cannot
 * be had at creation alone: at an update it wants exactly as many servers as the state last saw,
 * and with more of them, under load, never ends (terraform-provider-aws, autoscaling/group.go).
 */
export function awaitBeforeCreate(
  name: string,
  count: number,
  minutes: number,
  { apis, rollBack, parent }: FleetHooksArgs,
): ResourceHook {
  const say = (message: string) => void log.info(message, parent);
  return new ResourceHook(`${name}-serves`, async ({ newInputs }) => {
    const group = String((newInputs as { autoscalingGroupName: unknown }).autoscalingGroupName);
    await awaitServers({ name, say, api: await apis(group, rollBack) }, count, minutes);
  });
}

function templateIn(inputs: unknown): TemplateVersion | undefined {
  const { launchTemplate } = inputs as { launchTemplate?: Record<string, unknown> };
  const { id, version } = launchTemplate ?? {};
  return typeof id === "string" && typeof version === "string" ? { id, version } : undefined;
}
