import type { Input } from "@pulumi/pulumi";
import { gibibyte, type AlarmRule } from "../base/alarmRules";

export interface WatchedDatabase {
  identifier: Input<string>;
  storageGiB: number;
  /** RDS grows the storage by itself up to this. */
  maxStorageGiB: number;
  functionName: Input<string>;
  rotationFunctionName: Input<string>;
}

/**
 * Free GiB below which RDS has not helped. It grows the storage when a tenth of the present size or
 * less has been free for five minutes ("Managing capacity automatically with Amazon RDS storage
 * autoscaling"), and the present size is never below the first: half of the first size's tenth
 * stays quiet while RDS does grow, whatever is written in those minutes. How near the maximum is no
 * metric tells, for none has the present size: RDS's own events do, see `databaseEvents`.
 */
export function leastFreeGiB({ storageGiB, maxStorageGiB }: WatchedDatabase): number {
  return (maxStorageGiB > storageGiB ? 0.05 : 0.1) * storageGiB;
}

/** See "Amazon RDS event categories and event messages", Amazon RDS User Guide. */
const events = [
  "RDS-EVENT-0225", // The storage has reached 80 % of its maximum.
  "RDS-EVENT-0224", // The next step would reach the maximum.
  "RDS-EVENT-0223", // The storage cannot grow.
  "RDS-EVENT-0254", // The account's storage quota is used up.
  "RDS-EVENT-0007", // The storage is used up.
  "RDS-EVENT-0013", // A failover to the standby has begun.
  "RDS-EVENT-0361", // The standby is being rebuilt.
  "RDS-EVENT-0066", // SQL Server re-establishes its mirror.
  "RDS-EVENT-0418", // The key cannot be used.
  "RDS-EVENT-0031", // The instance has failed: restore it.
  "RDS-EVENT-0035", // Its parameters don't let it start.
  "RDS-EVENT-0036", // Its network is incompatible.
  "RDS-EVENT-0067", // The master's password could not be reset.
  "RDS-EVENT-0327", // The master's secret is not found.
];

/** What RDS says of the database that no metric shows. */
export function databaseEvents({ identifier }: WatchedDatabase): object {
  return {
    source: ["aws.rds"],
    "detail-type": ["RDS DB Instance Event"],
    detail: { SourceIdentifier: [identifier], EventID: events },
  };
}

export function databaseRules(database: WatchedDatabase): Record<string, AlarmRule> {
  const { identifier, functionName, rotationFunctionName } = database;
  const instance = {
    namespace: "AWS/RDS",
    dimensions: { DBInstanceIdentifier: identifier },
    statistic: "Average",
  } as const;
  const errors = {
    namespace: "AWS/Lambda",
    metricName: "Errors",
    statistic: "Sum",
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
  } as const;
  return {
    "database-cpu": {
      ...instance,
      metricName: "CPUUtilization",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 85,
      minutes: 10,
      missing: "breaching",
      description: "SQL Server runs out of processor, or has stopped reporting",
    },
    "database-storage": {
      ...instance,
      metricName: "FreeStorageSpace",
      comparisonOperator: "LessThanThreshold",
      threshold: leastFreeGiB(database) * gibibyte,
      minutes: 5,
      // A database that reports nothing is another alarm: see above.
      missing: "notBreaching",
      description: `SQL Server has less than ${leastFreeGiB(database)} GiB left, and no more comes`,
    },
    "database-function": {
      ...errors,
      dimensions: { FunctionName: functionName },
      minutes: 5,
      // Without a run there is no error; where there has to be one, DatabaseUpkeep has an alarm.
      missing: "notBreaching",
      description: "The function that looks after SQL Server fails every minute",
    },
    rotation: {
      ...errors,
      dimensions: { FunctionName: rotationFunctionName },
      minutes: 1,
      // It runs once in weeks: a failure stands until a run without one.
      missing: "ignore",
      description: "A login's password could not be rotated",
    },
  };
}
