import { metricNamespace } from "../functions/database/metrics";
import { withName } from "./answers";
import { add, copyOf, functionOf, logComponents } from "./resourceCounts";
import { type Json, number, object, parsed, text, valueAt } from "./json";
import { anywhere, at, authorization, autonamed, cloudFormation, grant } from "./places";
import { byInput, putAgain } from "./recovery";
import type { Rows } from "./row";

const logs = authorization("amazoncloudwatchlogs");

const cloudWatch = authorization("amazoncloudwatch");

const eventBridge = authorization("amazoneventbridge");

const logGroups = [
  ...autonamed("app", "database-function", "network-flow-logs", "replication-check", "web"),
  "/aws/rds/instance/database-*",
].flatMap((name) => [
  `arn:aws:logs:*:{account}:log-group:${name}`,
  `arn:aws:logs:*:{account}:log-group:${name}:*`,
]);

export const alarms = autonamed(
  "alarms-*",
  "capture-alarms-*",
  "database-upkeep-*",
  "entry-*",
  "replication-alarms-*",
).map((name) => `arn:aws:cloudwatch:*:{account}:alarm:${name}`);

const rules = autonamed("alarms-*", "database-upkeep", "replication-alarms-stopped").map(
  (name) => `arn:aws:events:*:{account}:rule/${name}`,
);

/** What the database function is asked for. */
export function request(input: Json | undefined): [string, Json][] {
  const document = parsed(input);
  const found: [string, Json | undefined][] = [
    ["task", valueAt(document, ["task"])],
    ["logins", valueAt(document, ["logins[]", "purpose"])],
    ["writable", valueAt(document, ["role", "writable"])],
    ["follows", valueAt(document, ["role", "follows", "region"])],
  ];
  return found.filter((entry): entry is [string, Json] => entry[1] !== undefined);
}

export const cloudWatchRows: Rows = {
  "aws:cloudwatch/eventRule:EventRule": {
    bill: {
      billed: "the runs of the function that it starts",
      counts: ({ inputs }, into) => {
        const [, count, unit] =
          /^rate\((\d+) (minute|hour|day)s?\)$/.exec(text(inputs.scheduleExpression)) ?? [];
        if (count === undefined) return;
        const perHour = unit === "minute" ? 60 : unit === "hour" ? 1 : 1 / 24;
        functionOf(into).runsPerMonth += (730 * perHour) / Number(count);
      },
    },
    stores: false,
    taggable: true,
    shows: ["scheduleExpression", "eventPattern", "description"],
    answer: withName("events", (name) => `rule/${name}`),
    recovery: byInput("name"),
    rights: {
      read: [grant(at(...rules), "events:DescribeRule", "events:ListTagsForResource")],
      manage: [
        grant(
          at(...rules),
          "events:DeleteRule",
          "events:DisableRule",
          "events:EnableRule",
          "events:PutRule",
          "events:TagResource",
          "events:UntagResource",
        ),
      ],
      sources: [cloudFormation("AWS::Events::Rule"), eventBridge],
    },
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    bill: { free: "schedules and events of AWS are free" },
    stores: false,
    taggable: false,
    shows: ["rule", "arn"],
    reads: ({ input }) => request(input),
    recovery: putAgain,
    rights: {
      read: [grant(at(...rules), "events:ListTargetsByRule")],
      manage: [grant(at(...rules), "events:PutTargets", "events:RemoveTargets")],
      sources: [cloudFormation("AWS::Events::Rule"), eventBridge],
    },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    bill: {
      billed: "what is written and kept in it",
      counts: ({ component, inputs }, into) => {
        const known = logComponents.find((name) => name === component);
        if (known) into.logDays[known] = number(inputs.retentionInDays);
      },
    },
    stores: ["kmsKeyId"],
    taggable: true,
    shows: ["name", "retentionInDays", "kmsKeyId"],
    answer: withName("logs", (name) => `log-group:${name}`),
    recovery: byInput("name"),
    rights: {
      read: [
        grant(anywhere, "logs:DescribeLogGroups"),
        grant(at(...logGroups), "logs:ListTagsForResource"),
      ],
      manage: [
        grant(
          at(...logGroups),
          "logs:AssociateKmsKey",
          "logs:CreateLogGroup",
          "logs:DeleteLogGroup",
          "logs:DeleteRetentionPolicy",
          "logs:DisassociateKmsKey",
          "logs:PutRetentionPolicy",
          "logs:TagResource",
          "logs:UntagResource",
        ),
      ],
      sources: [cloudFormation("AWS::Logs::LogGroup"), logs],
    },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    bill: {
      billed: "the alarm, and a metric of the program's own",
      counts: ({ component, region, inputs }, into) => {
        add(into.alarms, component, region);
        if (inputs.namespace !== metricNamespace) return;
        // With the log's use comes what it waits for, which has no alarm.
        add(into.metrics, component, region, inputs.metricName === "LogUsed" ? 2 : 1);
        const { Source: from } = object(inputs.dimensions);
        if (from !== undefined) copyOf(into).from = text(from);
      },
    },
    stores: false,
    taggable: true,
    shows: [
      "namespace",
      "metricName",
      "comparisonOperator",
      "threshold",
      "evaluationPeriods",
      "datapointsToAlarm",
    ],
    answer: withName("cloudwatch", (name) => `alarm:${name}`),
    recovery: byInput("name"),
    rights: {
      read: [grant(at(...alarms), "cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource")],
      manage: [
        grant(
          at(...alarms),
          "cloudwatch:DeleteAlarms",
          "cloudwatch:PutMetricAlarm",
          "cloudwatch:TagResource",
          "cloudwatch:UntagResource",
        ),
      ],
      sources: [cloudFormation("AWS::CloudWatch::Alarm"), cloudWatch],
    },
  },
};
