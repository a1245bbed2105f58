import { Topic } from "@pulumi/aws/sns/topic";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription";
import { type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { createAlarms, passOn, type AlarmRule } from "./alarmRules";
import { policyDocument, topicPublishers } from "./iamStatements";
import { PlatformComponent } from "./platformComponent";

export interface AlarmsArgs {
  accountId: Input<string>;
  logsKeyArn: Input<string>;
  /** Gets every alarm by mail, after confirming AWS's first one. @default nobody */
  email?: string;
  /** Load balancers of the tiers, by role. */
  tiers: Record<string, { arnSuffix: Input<string>; targetGroupArnSuffix: Input<string> }>;
  /** Auto-scaling groups whose failed rolls are told of. */
  groupNames: Input<string>[];
  database: { identifier: Input<string>; storageGiB: number; functionName: Input<string> };
}

const gibibyte = 1024 ** 3;

/** What an operator must hear of: unhealthy servers, failing requests and rolls, a database at its limits. */
export class Alarms extends PlatformComponent {
  /** Where other components' alarms go too, once it lets them in. */
  readonly topicArn: Output<string>;

  constructor(name: string, args: AlarmsArgs, opts?: ComponentResourceOptions) {
    super("Alarms", name, opts);
    const topic = new Topic(
      name,
      { kmsMasterKeyId: args.logsKeyArn, tags: this.tags("internal") },
      { parent: this },
    );
    const access = new TopicPolicy(
      name,
      { arn: topic.arn, policy: publishers(topic.arn, args.accountId) },
      { parent: this },
    );
    this.topicArn = access.arn;
    if (args.email) {
      new TopicSubscription(
        `${name}-email`,
        { topic: topic.arn, protocol: "email", endpoint: args.email },
        { parent: this },
      );
    }
    const tags = this.tags("internal");
    const to = { parent: this, topicArn: topic.arn, tags };
    createAlarms(name, rules(args), to);
    passOn(`${name}-roll-failed`, "A roll of the servers has failed", failedRolls(args), to);
    this.registerOutputs();
  }
}

/** CloudWatch's alarms and EventBridge's rules of this account, and nobody else. */
function publishers(topicArn: Output<string>, accountId: Input<string>): Output<string> {
  return policyDocument(
    Object.entries(topicPublishers).map(([Sid, Service]) => ({
      Sid,
      Effect: "Allow",
      Principal: { Service },
      Action: ["sns:Publish"],
      Resource: topicArn,
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    })),
  );
}

/** See "Instance refresh example events and patterns", Amazon EC2 Auto Scaling User Guide. */
function failedRolls({ groupNames }: AlarmsArgs): object {
  const what = ["Failed", "Rollback Started", "Rollback Failed"];
  return {
    source: ["aws.autoscaling"],
    "detail-type": what.map((end) => `EC2 Auto Scaling Instance Refresh ${end}`),
    detail: { AutoScalingGroupName: groupNames },
  };
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
  all["database-function"] = {
    namespace: "AWS/Lambda",
    dimensions: { FunctionName: args.database.functionName },
    statistic: "Sum",
    metricName: "Errors",
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    minutes: 5,
    missing: "notBreaching",
    description: "The function that looks after SQL Server fails every minute",
  };
  return all;
}
