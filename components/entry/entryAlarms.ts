import { Key } from "@pulumi/aws/kms/key";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { createAlarms } from "../base/alarmRules";
import { createTopic } from "../base/alarmTopic";
import { administration, topicUse } from "../base/encryptionKeys";
import { policyDocument } from "../base/iamStatements";
import { PlatformComponent } from "../base/platformComponent";

export interface EntryAlarmsArgs {
  accountId: Input<string>;
  healthCheckId: Input<string>;
  /** The platform's own topic, where it is in the region of Route 53's metrics. @default a new one */
  topicArn?: Input<string>;
  /** Gets the alarm by mail, after confirming AWS's first one. @default nobody */
  email?: string;
  /** Days between rotations of the topic's key. */
  rotationDays: number;
}

/**
 * Tells that the world no longer reaches a region: the state of its Route 53 check. It stands where
 * Route 53's metrics are, and an alarm tells topics of its own region only. So a platform elsewhere
 * has a topic and a key there, which also speak when its region cannot.
 *
 * Cost: an alarm, and where there is no topic yet a key for it, 1 USD/month (AWS KMS Pricing).
 */
export class EntryAlarms extends PlatformComponent {
  constructor(name: string, args: EntryAlarmsArgs, opts?: ComponentResourceOptions) {
    super("EntryAlarms", name, opts);
    const topicArn = args.topicArn ?? this.createTopic(name, args);
    createAlarms(
      name,
      {
        unreachable: {
          namespace: "AWS/Route53",
          dimensions: { HealthCheckId: args.healthCheckId },
          metricName: "HealthCheckStatus",
          statistic: "Minimum",
          comparisonOperator: "LessThanThreshold",
          threshold: 1,
          minutes: 2,
          // A check that is gone or off reports nothing.
          missing: "breaching",
          description: "Route 53 does not reach this region from the internet, and avoids it",
        },
      },
      { parent: this, topicArn, tags: this.tags("internal") },
    );
    this.registerOutputs();
  }

  private createTopic(name: string, { accountId, email, rotationDays }: EntryAlarmsArgs) {
    const key = new Key(
      name,
      {
        description: "The topic of alarms on Route 53's checks",
        enableKeyRotation: true,
        rotationPeriodInDays: rotationDays,
        // Nothing is kept under it but messages on their way: it need not be guarded.
        deletionWindowInDays: 7,
        policy: policyDocument([administration(accountId), ...topicUse(accountId)]),
        tags: this.tags("internal", name),
      },
      { parent: this },
    );
    const topic = { accountId, keyArn: key.arn, ...(email ? { email } : {}) };
    return createTopic(name, topic, { parent: this, tags: this.tags("internal") });
  }
}
