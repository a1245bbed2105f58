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
import { metricNamespace } from "../../functions/database/metrics";
import { notCopiedMetric } from "../../functions/database/notCopied";
import { createAlarms, type AlarmRule } from "../base/alarmRules";
import { bootstrapRequest, type BootstrapRole, type Logins } from "./databaseBootstrap";
import { PlatformComponent } from "../base/platformComponent";

export interface DatabaseUpkeepArgs {
  functionName: Input<string>;
  functionArn: Input<string>;
  region: string;
  /** Where the function logs. */
  logGroupName: Input<string>;
  /** Host name of the database. */
  database: Input<string>;
  logins: Logins;
  role: BootstrapRole;
  /** Hears when the looks stop, and of tables that are not copied. */
  topicArn: Input<string>;
  /** The first look comes when the database is as it shall be. */
  waitFor: Resource[];
}

/**
 * Looks after a database that takes part in replication, every minute: the writer's heartbeat
 * advances, tables that a migration adds are judged and captured, a capture job that stands is
 * started; how that fares, how full the log is and how old the copy is become metrics. That it fails
 * is one of the database's alarms; that it no longer happens, and tables that are not copied, are its
 * own.
 *
 * Cost: 43,200 short runs a month, under 1 USD (AWS Lambda Pricing); 0.50 for the alarms and their
 * metric (Amazon CloudWatch Pricing).
 */
export class DatabaseUpkeep extends PlatformComponent {
  /** Calls the function: from then on there are metrics. */
  readonly target: Resource;

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
    this.target = new EventTarget(
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
    createAlarms(name, rules(args), {
      parent: this,
      topicArn: args.topicArn,
      tags: this.tags("internal"),
      waitFor: [this.target],
    });
    this.registerOutputs();
  }
}

function rules(args: DatabaseUpkeepArgs): Record<string, AlarmRule> {
  return {
    stopped: {
      namespace: "AWS/Lambda",
      metricName: "Invocations",
      dimensions: { FunctionName: args.functionName },
      statistic: "Sum",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      minutes: 5,
      missing: "breaching",
      description: "Nothing looks after SQL Server: its function is no longer called",
    },
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
  };
}

/** Minutes: a migration may make a table first, and its key a moment later. */
const patience = 5;

/** An alarm cannot name tables, and the function's network has no way to mail: its log names them. */
function whereNamed({ region, logGroupName }: DatabaseUpkeepArgs): Output<string> {
  return interpolate`Tables match replication.tables and are not copied whole, or nobody has looked for ${patience} minutes. Which, why and since when: aws logs tail ${logGroupName} --region ${region} --since 5m --filter-pattern '{ $.${notCopiedMetric} > 0 }'. What to do: docs/replication.md`;
}
