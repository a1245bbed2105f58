import { MetricAlarm, type MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm";
import { Topic } from "@pulumi/aws/sns/topic";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { PlatformComponent } from "./platformComponent";

export interface AlarmsArgs {
  logsKeyArn: Input<string>;
  /** Gets every alarm by mail, after confirming AWS's first one. @default nobody */
  email?: string;
  /** Load balancers of the tiers, by role. */
  tiers: Record<string, { arnSuffix: Input<string>; targetGroupArnSuffix: Input<string> }>;
  database: { identifier: Input<string>; storageGiB: number };
}

type AlarmRule = Pick<
  MetricAlarmArgs,
  "namespace" | "metricName" | "dimensions" | "statistic" | "threshold" | "comparisonOperator"
> & { description: string; minutes: number; missing: "notBreaching" | "breaching" };

const gibibyte = 1024 ** 3;

/** What an operator must hear of: unhealthy servers, failing requests, a database at its limits. */
export class Alarms extends PlatformComponent {
  constructor(name: string, args: AlarmsArgs, opts?: ComponentResourceOptions) {
    super("Alarms", name, opts);
    const topic = new Topic(
      name,
      { kmsMasterKeyId: args.logsKeyArn, tags: this.tags("internal") },
      { parent: this },
    );
    if (args.email) {
      new TopicSubscription(
        `${name}-email`,
        { topic: topic.arn, protocol: "email", endpoint: args.email },
        { parent: this },
      );
    }
    for (const [key, rule] of Object.entries(rules(args))) {
      const { description, minutes, missing, ...metric } = rule;
      new MetricAlarm(
        `${name}-${key}`,
        {
          ...metric,
          alarmDescription: description,
          period: 60,
          evaluationPeriods: minutes,
          treatMissingData: missing,
          alarmActions: [topic.arn],
          okActions: [topic.arn],
          tags: this.tags("internal"),
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

function rules(args: AlarmsArgs): Record<string, AlarmRule> {
  const all: Record<string, AlarmRule> = {};
  for (const [tier, balancer] of Object.entries(args.tiers)) {
    const metric = {
      namespace: "AWS/ApplicationELB",
      dimensions: { LoadBalancer: balancer.arnSuffix, TargetGroup: balancer.targetGroupArnSuffix },
      comparisonOperator: "GreaterThanThreshold",
      missing: "notBreaching",
    } as const;
    all[`${tier}-unhealthy`] = {
      ...metric,
      metricName: "UnHealthyHostCount",
      statistic: "Maximum",
      threshold: 0,
      minutes: 5,
      description: `A ${tier} server fails its health check`,
    };
    all[`${tier}-errors`] = {
      ...metric,
      metricName: "HTTPCode_Target_5XX_Count",
      statistic: "Sum",
      threshold: 10,
      minutes: 3,
      description: `The ${tier} tier answers with server errors`,
    };
  }
  const database = {
    namespace: "AWS/RDS",
    dimensions: { DBInstanceIdentifier: args.database.identifier },
    statistic: "Average",
  } as const;
  all["database-cpu"] = {
    ...database,
    metricName: "CPUUtilization",
    comparisonOperator: "GreaterThanThreshold",
    threshold: 85,
    minutes: 10,
    missing: "breaching",
    description: "SQL Server runs out of processor, or has stopped reporting",
  };
  all["database-storage"] = {
    ...database,
    metricName: "FreeStorageSpace",
    comparisonOperator: "LessThanThreshold",
    threshold: 0.1 * args.database.storageGiB * gibibyte,
    minutes: 5,
    missing: "notBreaching",
    description: "SQL Server has less than a tenth of its storage left",
  };
  return all;
}
