import type { ComponentResourceOptions, Input, Resource } from "@pulumi/pulumi";
import { metricNamespace } from "../../functions/database/metrics";
import { createAlarms, gibibyte } from "../base/alarmRules";
import { PlatformComponent } from "../base/platformComponent";

export interface CaptureAlarmsArgs {
  topicArn: Input<string>;
  /** Host name of the writer's database. */
  database: Input<string>;
  /** To which its storage grows. */
  maxStorageGiB: number;
  /** What looks: before that, silence means nothing. */
  waitFor: Resource[];
}

/** A day's changes are in the log at most; what is more than this share piles up. */
const shareOfLog = 0.2;

/**
 * What an operator must hear of a writer whose changes are captured. Nothing else shows it: the copy
 * is up to date without the capture job, while the writer's log grows until its storage is full.
 *
 * Cost: 0.10 USD/month per alarm, 0.30 USD per metric (Amazon CloudWatch Pricing).
 */
export class CaptureAlarms extends PlatformComponent {
  constructor(name: string, args: CaptureAlarmsArgs, opts?: ComponentResourceOptions) {
    super("CaptureAlarms", name, opts);
    const { topicArn, database, maxStorageGiB, waitFor } = args;
    const metric = { namespace: metricNamespace, dimensions: { Database: database } };
    createAlarms(
      name,
      {
        stopped: {
          ...metric,
          metricName: "CaptureRuns",
          statistic: "Maximum",
          comparisonOperator: "LessThanThreshold",
          threshold: 1,
          minutes: 5,
          // A job whose rounds fail is started again and again: now and then a look meets it running.
          outOf: 10,
          // Also when nobody looks: nobody starts it then.
          missing: "breaching",
          description:
            "The capture job does not run though it is started, or nobody looks: the writer's log grows",
        },
        log: {
          ...metric,
          metricName: "LogUsed",
          statistic: "Minimum",
          comparisonOperator: "GreaterThanThreshold",
          threshold: shareOfLog * maxStorageGiB * gibibyte,
          minutes: 5,
          // The other alarm tells that nobody looks.
          missing: "notBreaching",
          description: "The writer's log takes more than a fifth of the storage it may have",
        },
      },
      { parent: this, topicArn, tags: this.tags("internal"), waitFor },
    );
    this.registerOutputs();
  }
}
