import { type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { createAlarms, passOn, type AlarmRule } from "../base/alarmRules";
import { createTopic } from "../base/alarmTopic";
import { databaseEvents, databaseRules, type WatchedDatabase } from "../data/databaseAlarms";
import { PlatformComponent } from "../base/platformComponent";
import { tierRules, type WatchedTier } from "./tierAlarms";

export interface AlarmsArgs {
  accountId: Input<string>;
  logsKeyArn: Input<string>;
  /** Gets every alarm by mail, after confirming AWS's first one. @default nobody */
  email?: string;
  /** By role. */
  tiers: Record<string, WatchedTier>;
  certificateArn: Input<string>;
  /** Log group of the network's flow logs. */
  flowLogGroupName: Input<string>;
  database: WatchedDatabase;
}

/**
 * What an operator must hear of: servers, requests and rolls that fail, a database at its limits, and
 * whatever has to go on by itself and no longer does. docs/alarms.md has the whole table.
 *
 * Cost: 0.10 USD/month per alarm (Amazon CloudWatch Pricing); events of AWS are free.
 */
export class Alarms extends PlatformComponent {
  /** Where other components' alarms go too, once it lets them in. */
  readonly topicArn: Output<string>;

  constructor(name: string, args: AlarmsArgs, opts?: ComponentResourceOptions) {
    super("Alarms", name, opts);
    const tags = this.tags("internal");
    const { accountId, logsKeyArn: keyArn, email, database } = args;
    this.topicArn = createTopic(
      name,
      { accountId, keyArn, ...(email ? { email } : {}) },
      { parent: this, tags },
    );
    const to = { parent: this, topicArn: this.topicArn, tags };
    createAlarms(name, rules(args), to);
    passOn(`${name}-roll-failed`, "A roll of the servers has failed", failedRolls(args), to);
    passOn(`${name}-certificate`, "A certificate expires soon", expiry(args), to);
    passOn(`${name}-database`, "RDS warns of the database", databaseEvents(database), to);
    this.registerOutputs();
  }
}

/** See "Instance refresh example events and patterns", Amazon EC2 Auto Scaling User Guide. */
function failedRolls({ tiers }: AlarmsArgs): object {
  const what = ["Failed", "Rollback Started", "Rollback Failed"];
  return {
    source: ["aws.autoscaling"],
    "detail-type": what.map((end) => `EC2 Auto Scaling Instance Refresh ${end}`),
    detail: { AutoScalingGroupName: Object.values(tiers).map(({ groupName }) => groupName) },
  };
}

/**
 * Daily from 30 days before the end, 45 for an imported one: ACM should have renewed it by then
 * ("Amazon EventBridge support for ACM", AWS Certificate Manager User Guide).
 */
function expiry({ certificateArn }: AlarmsArgs): object {
  const what = ["Approaching Expiration", "Renewal Action Required", "Expired"];
  return {
    source: ["aws.acm"],
    "detail-type": what.map((end) => `ACM Certificate ${end}`),
    resources: [certificateArn],
  };
}

function rules({ tiers, database, flowLogGroupName }: AlarmsArgs): Record<string, AlarmRule> {
  const byTier = Object.entries(tiers).map(([tier, watched]) => tierRules(tier, watched));
  return {
    ...(Object.assign({}, ...byTier) as Record<string, AlarmRule>),
    ...databaseRules(database),
    "flow-logs": {
      namespace: "AWS/Logs",
      dimensions: { LogGroupName: flowLogGroupName },
      metricName: "IncomingLogEvents",
      statistic: "Sum",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      // They are written every minute, and may arrive some minutes later.
      minutes: 20,
      missing: "breaching",
      description: "The network's flow logs have stopped",
    },
  };
}
