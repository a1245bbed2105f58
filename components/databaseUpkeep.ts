import { EventRule } from "@pulumi/aws/cloudwatch/eventRule";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget";
import { Permission } from "@pulumi/aws/lambda/permission";
import {
  interpolate,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { metricNamespace } from "../functions/database/metrics";
import { notCopiedMetric } from "../functions/database/notCopied";
import { createAlarms } from "./alarmRules";
import { bootstrapRequest, type BootstrapRole, type Logins } from "./databaseBootstrap";
import { PlatformComponent } from "./platformComponent";

export interface DatabaseUpkeepArgs {
  functionName: Input<string>;
  functionArn: Input<string>;
  region: string;
  /** Where the function logs. */
  logGroupName: Input<string>;
  /** Host name of the database. */
  database: Input<string>;
  /** Gets the alarm. */
  topicArn: Input<string>;
  logins: Logins;
  role: BootstrapRole;
  /** The first look comes when the database is as it shall be. */
  waitFor: Resource[];
}

/**
 * Looks after a database that takes part in replication, every minute: the writer's heartbeat
 * advances, tables that a migration adds are judged and captured, a capture job that stands is
 * started; how that fares, how full the log is and how old the copy is become metrics. An alarm tells
 * of tables that are not copied.
 *
 * Cost: 43,200 short runs a month, under 1 USD (AWS Lambda Pricing); 0.40 for the alarm and its metric
 * (Amazon CloudWatch Pricing).
 */
export class DatabaseUpkeep extends PlatformComponent {
  constructor(name: string, args: DatabaseUpkeepArgs, opts?: ComponentResourceOptions) {
    super("DatabaseUpkeep", name, opts);
    const rule = new EventRule(
      name,
      {
        description: "Heartbeat and capture of SQL Server",
        scheduleExpression: "rate(1 minute)",
        tags: this.tags("internal"),
      },
      { parent: this, dependsOn: args.waitFor },
    );
    const permission = new Permission(
      name,
      {
        action: "lambda:InvokeFunction",
        function: args.functionName,
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      { parent: this },
    );
    new EventTarget(
      name,
      {
        rule: rule.name,
        // An id of its own, or a create that was cut off makes a second target.
        targetId: name,
        arn: args.functionArn,
        input: bootstrapRequest("upkeep", args),
      },
      { parent: this, dependsOn: [permission] },
    );
    createAlarms(
      name,
      {
        "not-copied": {
          namespace: metricNamespace,
          metricName: notCopiedMetric,
          dimensions: { Database: args.database },
          statistic: "Minimum",
          comparisonOperator: "GreaterThanThreshold",
          threshold: 0,
          minutes: patience,
          // Nobody has looked: nobody knows.
          missing: "breaching",
          description: whereNamed(args),
        },
      },
      { parent: this, topicArn: args.topicArn, tags: this.tags("internal") },
    );
    this.registerOutputs();
  }
}

/** Minutes: a migration may make a table first, and its key a moment later. */
const patience = 5;

/** An alarm cannot name tables, and the function's network has no way to mail: its log names them. */
function whereNamed({ region, logGroupName }: DatabaseUpkeepArgs): Output<string> {
  return interpolate`Tables match replication.tables and are not copied whole, or nobody has looked for ${patience} minutes. Which, why and since when: aws logs tail ${logGroupName} --region ${region} --since 5m --filter-pattern '{ $.${notCopiedMetric} > 0 }'. What to do: docs/replication.md`;
}
