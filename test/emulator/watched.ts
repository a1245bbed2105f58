import { elements, query, type ServiceCall } from "../../local/emulator/api";

/** An alarm as CloudWatch has it, as far as it matters here. */
interface WatchingAlarm {
  name: string;
  metric: string;
  silence: string;
  dimensions: Record<string, string>;
}

/** What becomes of a tier whose last server is gone. */
export interface EmptyTier {
  /** What Auto Scaling says of its target group: "Added" while no server passes its checks. */
  state: string;
  /** Alarms on the health of just these targets that take silence for trouble. */
  told: string[];
}

type Place = Omit<ServiceCall, "service">;

const balancing = (place: Place, action: string, parameters?: Record<string, string>) =>
  query({ ...place, service: "elasticloadbalancing" }, "2015-12-01", action, parameters);
const scaling = (place: Place, action: string, parameters?: Record<string, string>) =>
  query({ ...place, service: "autoscaling" }, "2011-01-01", action, parameters);

async function alarms(place: Place): Promise<WatchingAlarm[]> {
  const answer = await query({ ...place, service: "monitoring" }, "2010-08-01", "DescribeAlarms");
  // Each alarm begins with its name; the first piece comes before all of them.
  const [, ...pieces] = answer.split("<AlarmName>");
  return pieces.map((piece) => ({
    name: piece.slice(0, piece.indexOf("<")),
    metric: elements(piece, "MetricName")[0] ?? "",
    silence: elements(piece, "TreatMissingData")[0] ?? "",
    dimensions: Object.fromEntries(
      [...piece.matchAll(/<Name>([^<]*)<\/Name>\s*<Value>([^<]*)<\/Value>/g)].map(
        ([, name = "", value = ""]) => [name, value],
      ),
    ),
  }));
}

/** Alarms on a load balancer or a target group that is not there: they would never see anything. */
export async function watchNothing(place: Place): Promise<string[]> {
  const balancers = elements(await balancing(place, "DescribeLoadBalancers"), "LoadBalancerArn");
  const groups = elements(await balancing(place, "DescribeTargetGroups"), "TargetGroupArn");
  const has = (arns: string[], end?: string) =>
    end === undefined || arns.some((arn) => arn.endsWith(`/${end}`) || arn.endsWith(`:${end}`));
  return (await alarms(place))
    .filter(({ dimensions }) => {
      const { LoadBalancer, TargetGroup } = dimensions;
      return !has(balancers, LoadBalancer) || !has(groups, TargetGroup);
    })
    .map(({ name }) => name);
}

/** Takes a tier's last server away. The stack's next `up` brings none back: take it down then. */
export async function emptyTier(place: Place, role: string): Promise<EmptyTier> {
  const all = await scaling(place, "DescribeAutoScalingGroups");
  const group = elements(all, "AutoScalingGroupName").find((name) => name.startsWith(`${role}-`));
  if (group === undefined) throw new Error(`The emulator has no group of the ${role} tier.`);
  await scaling(place, "UpdateAutoScalingGroup", {
    AutoScalingGroupName: group,
    MinSize: "0",
    DesiredCapacity: "0",
  });
  const found = await scaling(place, "DescribeLoadBalancerTargetGroups", {
    AutoScalingGroupName: group,
  });
  const [arn = ""] = elements(found, "LoadBalancerTargetGroupARN");
  const told = (await alarms(place)).filter(
    ({ metric, silence, dimensions: { TargetGroup } }) =>
      metric === "HealthyHostCount" &&
      silence === "breaching" &&
      TargetGroup !== undefined &&
      arn.endsWith(`:${TargetGroup}`),
  );
  return { state: elements(found, "State")[0] ?? "", told: told.map(({ name }) => name) };
}
