import type * as AutoScaling from "@aws-sdk/client-auto-scaling";
import type { FleetApis } from "../components/servers/fleetHooks";
import type { FleetApi, TemplateVersion } from "../components/servers/fleetRoll";
import { clientSettings } from "./awsClient";

/** New servers first: the tier never has less than it asks for, even with one server. */
export const rollPreferences = {
  MinHealthyPercentage: 100,
  MaxHealthyPercentage: 150,
  // A second attempt leaves alone what the first one has replaced.
  SkipMatching: true,
};

/**
 * EC2 Auto Scaling as the stack's provider would call it. Loads the SDK at the first call.
 *
 * @param settings the provider's.
 */
export function fleetApis(settings: unknown): FleetApis {
  return async (group, rollBack) => {
    const sdk = await import("@aws-sdk/client-auto-scaling");
    const client = new sdk.AutoScalingClient(await clientSettings(settings, "autoscaling"));
    return explained(api(sdk, client, group, rollBack));
  };
}

type Sdk = typeof AutoScaling;

function api(
  sdk: Sdk,
  client: AutoScaling.AutoScalingClient,
  group: string,
  rollBack: boolean,
): FleetApi {
  const name = { AutoScalingGroupName: group };
  return {
    async state() {
      const [{ AutoScalingGroups }, { LoadBalancerTargetGroups = [] }] = await Promise.all([
        client.send(new sdk.DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] })),
        client.send(new sdk.DescribeLoadBalancerTargetGroupsCommand(name)),
      ]);
      const found = AutoScalingGroups?.[0];
      if (!found) throw new Error(`there is no auto-scaling group ${group}`);
      return {
        template: templateOf(found.LaunchTemplate) ?? { id: "", version: "" },
        minSize: found.MinSize ?? 0,
        inService: (found.Instances ?? []).filter(
          ({ LifecycleState, HealthStatus }) =>
            LifecycleState === "InService" && HealthStatus === "Healthy",
        ).length,
        // At least one server passes its checks (LoadBalancerTargetGroupState, EC2 Auto Scaling API).
        serving: LoadBalancerTargetGroups.every(({ State }) => State === "InService"),
      };
    },
    async refresh(id) {
      const { InstanceRefreshes } = await client.send(
        new sdk.DescribeInstanceRefreshesCommand({
          ...name,
          ...(id === undefined ? { MaxRecords: 1 } : { InstanceRefreshIds: [id] }),
        }),
      );
      const found = InstanceRefreshes?.[0];
      if (!found) return undefined;
      return {
        id: found.InstanceRefreshId ?? "",
        status: found.Status ?? "Pending",
        statusReason: found.StatusReason,
        percentage: found.PercentageComplete,
        template: templateOf(found.DesiredConfiguration?.LaunchTemplate),
      };
    },
    async startRefresh(template) {
      const { InstanceRefreshId } = await client.send(
        new sdk.StartInstanceRefreshCommand({
          ...name,
          Strategy: "Rolling",
          DesiredConfiguration: { LaunchTemplate: specification(template) },
          Preferences: { ...rollPreferences, AutoRollback: rollBack },
        }),
      );
      return InstanceRefreshId ?? "";
    },
    async cancelRefresh() {
      await client.send(new sdk.CancelInstanceRefreshCommand(name));
    },
    async setTemplate(template) {
      await client.send(
        new sdk.UpdateAutoScalingGroupCommand({
          ...name,
          LaunchTemplate: specification(template),
        }),
      );
    },
    async failedLaunch(since) {
      const { Activities = [] } = await client.send(
        new sdk.DescribeScalingActivitiesCommand({ ...name, MaxRecords: 20 }),
      );
      const failed = Activities.find(
        ({ StatusCode, StartTime }) => StatusCode === "Failed" && StartTime && StartTime >= since,
      );
      return failed && (failed.StatusMessage ?? failed.Description ?? "for no reason given");
    },
  };
}

const specification = ({ id, version }: TemplateVersion) => ({
  LaunchTemplateId: id,
  Version: version,
});

function templateOf(
  given: { LaunchTemplateId?: string; Version?: string } | undefined,
): TemplateVersion | undefined {
  if (!given?.LaunchTemplateId) return undefined;
  return { id: given.LaunchTemplateId, version: given.Version ?? "" };
}

/** The same calls, whose errors say what becomes of a roll that has begun. */
function explained(calls: FleetApi): FleetApi {
  const entries = Object.entries(calls).map(([name, call]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await (call as (...given: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        const { name: kind, message } = error as Error;
        throw new Error(
          `EC2 Auto Scaling was asked and did not answer (${kind}: ${message}). A roll that has ` +
            "begun goes on without this run, and the next `pulumi up` waits for it.",
          { cause: error },
        );
      }
    },
  ]);
  return Object.fromEntries(entries) as FleetApi;
}
