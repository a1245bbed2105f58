import type { Input } from "@pulumi/pulumi";
import type { AlarmRule } from "../base/alarmRules";
import { metricNamespace } from "./serverRole";

/** A tier's load balancer, as CloudWatch knows it. */
export interface WatchedBalancer {
  arnSuffix: Input<string>;
  targetGroupArnSuffix: Input<string>;
}

export interface WatchedTier extends WatchedBalancer {
  groupName: Input<string>;
  /** Servers that the group never wants fewer of. */
  minServers: number;
}

/** Longer than a server takes to start and serve, shorter than a boot that hangs. */
const replacementMinutes = 30;

/** Of alarms that ask for the least number of servers: a tier that has grown may lose the difference. */
const unseen = ". Above the least number of servers: not seen";

const balancing = (balancer: WatchedBalancer) =>
  ({
    namespace: "AWS/ApplicationELB",
    dimensions: { LoadBalancer: balancer.arnSuffix, TargetGroup: balancer.targetGroupArnSuffix },
  }) as const;

/**
 * No server answers. Both counts of a target group are reported only while a server is registered
 * ("CloudWatch metrics for your Application Load Balancer"), so an empty tier is told by silence.
 */
export function noServers(tier: string, balancer: WatchedBalancer, so = ""): AlarmRule {
  return {
    ...balancing(balancer),
    metricName: "HealthyHostCount",
    statistic: "Maximum",
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    minutes: 2,
    missing: "breaching",
    description: `No ${tier} server of this region is healthy${so}`,
  };
}

/** What goes wrong in a tier that is still there: a server, requests, or their replacement. */
export function tierRules(tier: string, watched: WatchedTier): Record<string, AlarmRule> {
  const failures = {
    statistic: "Sum",
    comparisonOperator: "GreaterThanThreshold",
    threshold: 10,
    minutes: 3,
    // Counted only where there are any.
    missing: "notBreaching",
  } as const;
  return {
    [`${tier}-unhealthy`]: {
      ...balancing(watched),
      metricName: "UnHealthyHostCount",
      statistic: "Maximum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      minutes: 5,
      // A tier without servers is another alarm: see noServers.
      missing: "notBreaching",
      description: `A ${tier} server fails its health check`,
    },
    [`${tier}-errors`]: {
      ...balancing(watched),
      ...failures,
      metricName: "HTTPCode_Target_5XX_Count",
      description: `The ${tier} tier answers with server errors`,
    },
    [`${tier}-refused`]: {
      ...balancing(watched),
      ...failures,
      // What the balancer answers itself belongs to no target group.
      dimensions: { LoadBalancer: watched.arnSuffix },
      metricName: "HTTPCode_ELB_5XX_Count",
      description: `The ${tier} load balancer answers itself: no server does, or not in time`,
    },
    [`${tier}-short`]: {
      namespace: "AWS/AutoScaling",
      dimensions: { AutoScalingGroupName: watched.groupName },
      metricName: "GroupInServiceInstances",
      statistic: "Minimum",
      comparisonOperator: "LessThanThreshold",
      threshold: watched.minServers,
      minutes: replacementMinutes,
      missing: "breaching",
      description: `The ${tier} tier has fewer than ${watched.minServers} servers, and no new one starts${unseen}`,
    },
    [`${tier}-silent`]: {
      namespace: metricNamespace,
      dimensions: { AutoScalingGroupName: watched.groupName },
      // One of what app/windows/agent.ps1 reports, once a minute by each server.
      metricName: "Memory % Committed Bytes In Use",
      statistic: "SampleCount",
      comparisonOperator: "LessThanThreshold",
      threshold: watched.minServers,
      minutes: replacementMinutes,
      missing: "breaching",
      description: `A ${tier} server serves, and its agent brings no metrics and no logs${unseen}`,
    },
  };
}
