import { EventRule } from "@pulumi/aws/cloudwatch/eventRule";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget";
import { Permission } from "@pulumi/aws/lambda/permission";
import type { ComponentResourceOptions, Input, Resource } from "@pulumi/pulumi";
import { createAlarms } from "./alarmRules";
import { bootstrapRequest, type BootstrapRole, type Logins } from "./databaseBootstrap";
import { PlatformComponent } from "./platformComponent";

export interface DatabaseUpkeepArgs {
  functionName: Input<string>;
  functionArn: Input<string>;
  logins: Logins;
  role: BootstrapRole;
  /** Hears when the looks stop. */
  topicArn: Input<string>;
  /** The first look comes when the database is as it shall be. */
  waitFor: Resource[];
}

/**
 * Looks after a database that takes part in replication, every minute: the writer's heartbeat
 * advances, tables that a migration adds are captured, and the copy's age becomes a metric. That it
 * fails is one of the database's alarms; that it no longer happens, one of its own.
 *
 * Cost: 43,200 short runs a month, under 1 USD (AWS Lambda Pricing).
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
    const target = new EventTarget(
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
    const stopped = {
      namespace: "AWS/Lambda",
      metricName: "Invocations",
      dimensions: { FunctionName: args.functionName },
      statistic: "Sum",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      minutes: 5,
      missing: "breaching",
      description: "Nothing looks after SQL Server: its function is no longer called",
    } as const;
    const { topicArn } = args;
    const to = { parent: this, topicArn, tags: this.tags("internal"), waitFor: [target] };
    createAlarms(name, { stopped }, to);
    this.registerOutputs();
  }
}
