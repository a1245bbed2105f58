import { EventRule } from "@pulumi/aws/cloudwatch/eventRule";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget";
import { MetricAlarm, type MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm";
import { jsonStringify, type Input, type Resource } from "@pulumi/pulumi";

/** When a metric is worth an operator's attention, and what it then means. */
export type AlarmRule = Pick<
  MetricAlarmArgs,
  "namespace" | "metricName" | "dimensions" | "statistic" | "threshold" | "comparisonOperator"
> & {
  description: Input<string>;
  /** For how long the metric has to be there. */
  minutes: number;
  /** What it means that nothing is reported. */
  missing: "notBreaching" | "breaching";
};

export interface AlarmsOf {
  parent: Resource;
  topicArn: Input<string>;
  tags: Record<string, string>;
}

/** An alarm for each rule, named `<name>-<key>`, which tells the topic when it begins and ends. */
export function createAlarms(
  name: string,
  rules: Record<string, AlarmRule>,
  { parent, topicArn, tags }: AlarmsOf,
): void {
  for (const [key, { description, minutes, missing, ...metric }] of Object.entries(rules)) {
    new MetricAlarm(
      `${name}-${key}`,
      {
        ...metric,
        alarmDescription: description,
        period: 60,
        evaluationPeriods: minutes,
        treatMissingData: missing,
        alarmActions: [topicArn],
        okActions: [topicArn],
        tags,
      },
      { parent },
    );
  }
}

/** What happens and no metric shows: AWS's own event, passed on to the topic. */
export function passOn(
  name: string,
  description: string,
  pattern: object,
  { parent, topicArn, tags }: AlarmsOf,
): void {
  const rule = new EventRule(
    name,
    { description, eventPattern: jsonStringify(pattern), tags },
    { parent },
  );
  new EventTarget(name, { rule: rule.name, targetId: name, arn: topicArn }, { parent });
}
