import { output, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { metricNamespace } from "../../functions/database/metrics";
import { createAlarms, gibibyte, passOn, type AlarmRule } from "../base/alarmRules";
import { PlatformComponent } from "../base/platformComponent";

export interface ReplicationAlarmsArgs {
  topicArn: Input<string>;
  instanceId: Input<string>;
  taskArn: Input<string>;
  storageGiB: number;
  /** Host name of the copy. */
  database: Input<string>;
  sourceRegion: string;
  /** How far the copy may fall behind. */
  minutes: number;
}

/** Minutes for which a value has to be bad: one is soon late, and soon there again. */
const patience = 5;

/**
 * What an operator must hear of a copy that should follow: it is late, it has stopped, or it seems
 * to run and brings nothing, which DMS itself does not notice. A heartbeat row that DMS brings like
 * any other shows the last. That the writer's capture job runs it does not show (CaptureAlarms).
 *
 * Cost: 0.10 USD/month per alarm (Amazon CloudWatch Pricing).
 */
export class ReplicationAlarms extends PlatformComponent {
  constructor(name: string, args: ReplicationAlarmsArgs, opts?: ComponentResourceOptions) {
    super("ReplicationAlarms", name, opts);
    const { topicArn } = args;
    createAlarms(name, rules(args), { parent: this, topicArn, tags: this.tags("internal") });
    this.tellWhenStopped(name, args);
    this.registerOutputs();
  }

  /** A state is no metric, so DMS's own event is passed on. */
  private tellWhenStopped(name: string, { taskArn, topicArn }: ReplicationAlarmsArgs): void {
    passOn(
      `${name}-stopped`,
      "The replication task has stopped or failed",
      {
        source: ["aws.dms"],
        "detail-type": ["DMS Replication Task State Change"],
        resources: [taskArn],
        detail: { eventType: ["REPLICATION_TASK_STOPPED", "REPLICATION_TASK_FAILED"] },
      },
      { parent: this, topicArn, tags: this.tags("internal") },
    );
  }
}

function rules(args: ReplicationAlarmsArgs): Record<string, AlarmRule> {
  const { minutes, storageGiB, sourceRegion } = args;
  const seconds = minutes * 60;
  const task = {
    namespace: "AWS/DMS",
    dimensions: {
      ReplicationInstanceIdentifier: args.instanceId,
      ReplicationTaskIdentifier: taskIdentifier(args.taskArn),
    },
    statistic: "Maximum",
    minutes: patience,
    comparisonOperator: "GreaterThanThreshold",
    threshold: seconds,
    // Nothing is reported during the load, and by a task that has stopped, which is told elsewhere.
    missing: "notBreaching",
  } as const;
  const instance = {
    namespace: "AWS/DMS",
    dimensions: { ReplicationInstanceIdentifier: args.instanceId },
    statistic: "Average",
    minutes: patience,
    comparisonOperator: "LessThanThreshold",
    missing: "notBreaching",
  } as const;
  const copy = {
    namespace: metricNamespace,
    dimensions: { Database: args.database, Source: sourceRegion },
    statistic: "Minimum",
    minutes: patience,
    comparisonOperator: "GreaterThanThreshold",
    threshold: seconds,
  } as const;
  return {
    "latency-source": {
      ...task,
      metricName: "CDCLatencySource",
      description: `DMS reads changes of ${sourceRegion} more than ${minutes} minutes late`,
    },
    "latency-target": {
      ...task,
      metricName: "CDCLatencyTarget",
      description: `DMS applies changes of ${sourceRegion} more than ${minutes} minutes late`,
    },
    stalled: {
      ...copy,
      metricName: "HeartbeatBehind",
      missing: "notBreaching",
      description: `${sourceRegion} goes on writing, and for ${minutes} minutes nothing has arrived`,
    },
    age: {
      ...copy,
      metricName: "CopyAge",
      // Also when nobody measures: a copy of unknown age is no copy.
      missing: "breaching",
      description: `A fail-over now would lose more than ${minutes} minutes, or nobody knows`,
    },
    storage: {
      ...instance,
      metricName: "FreeStorageSpace",
      threshold: 0.1 * storageGiB * gibibyte,
      description: "Replication has less than a tenth of its storage left",
    },
    memory: {
      ...instance,
      metricName: "FreeableMemory",
      threshold: 0.25 * gibibyte,
      description: "Replication has less than 256 MiB of memory left and begins to swap",
    },
  };
}

/** CloudWatch names a task by the last part of its ARN (DMS User Guide, monitoring). */
function taskIdentifier(arn: Input<string>): Output<string> {
  return output(arn).apply((known?: string) => known?.split(":").at(-1) ?? "");
}
