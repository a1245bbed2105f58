import { EventRule } from "@pulumi/aws/cloudwatch/eventRule";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget";
import { MetricAlarm, type MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm";
import { jsonStringify, type Input, type Resource } from "@pulumi/pulumi";

/** Bytes: the unit of what AWS measures. */
export const gibibyte = 1024 ** 3;

/** When a metric is worth an operator's attention, and what it then means. */
export type AlarmRule = Pick<
  MetricAlarmArgs,
  "namespace" | "metricName" | "dimensions" | "statistic" | "threshold" | "comparisonOperator"
> & {
  description: Input<string>;
  /** For how long the metric has to be there. */
  minutes: number;
  /** Of how many minutes these are, where bad ones come and go. @default `minutes`, in a row */
  outOf?: number;
  /** What it means that nothing is reported; `ignore` keeps the state as it is. */
  missing: "notBreaching" | "breaching" | "ignore";
};

export interface AlarmsOf {
  parent: Resource;
  topicArn: Input<string>;
  tags: Record<string, string>;
  /** What has to be there before its silence means something. @default nothing */
  waitFor?: Resource[];
}

/** An alarm for each rule, named `<name>-<key>`, which tells the topic when it begins and ends. */
export function createAlarms<Key extends string>(
  name: string,
  rules: Record<Key, AlarmRule>,
  { parent, topicArn, tags, waitFor = [] }: AlarmsOf,
): Record<Key, MetricAlarm> {
  const create = (key: string, { description, minutes, outOf, missing, ...metric }: AlarmRule) =>
    new MetricAlarm(
      `${name}-${key}`,
      {
        ...metric,
        alarmDescription: description,
        period: 60,
        evaluationPeriods: outOf ?? minutes,
        ...(outOf === undefined ? {} : { datapointsToAlarm: minutes }),
        treatMissingData: missing,
        alarmActions: [topicArn],
        okActions: [topicArn],
        tags,
      },
      { parent, dependsOn: waitFor },
    );
  const made = Object.entries<AlarmRule>(rules).map(([key, rule]) => [key, create(key, rule)]);
  return Object.fromEntries(made) as Record<Key, MetricAlarm>;
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
