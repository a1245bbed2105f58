import { Topic } from "@pulumi/aws/sns/topic";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription";
import type { Input, Output, Resource } from "@pulumi/pulumi";
import { ofPublisher, policyDocument, topicPublishers } from "./iamStatements";

export interface AlarmTopicArgs {
  accountId: Input<string>;
  /** Key that CloudWatch and EventBridge may use. */
  keyArn: Input<string>;
  /** Gets every alarm by mail, after confirming AWS's first one. @default nobody */
  email?: string;
}

/**
 * Where alarms of a region go; an alarm tells topics of its own region only.
 * @returns its ARN, once it lets alarms and events in.
 */
export function createTopic(
  name: string,
  { accountId, keyArn, email }: AlarmTopicArgs,
  { parent, tags }: { parent: Resource; tags: Record<string, string> },
): Output<string> {
  const { arn } = new Topic(name, { kmsMasterKeyId: keyArn, tags }, { parent });
  const access = new TopicPolicy(name, { arn, policy: publishers(arn, accountId) }, { parent });
  if (email) {
    const subscription = { topic: arn, protocol: "email", endpoint: email };
    new TopicSubscription(`${name}-email`, subscription, { parent });
  }
  return access.arn;
}

/** CloudWatch's alarms of this account and EventBridge's rules, and nobody else. */
function publishers(topicArn: Output<string>, accountId: Input<string>): Output<string> {
  return policyDocument(
    Object.entries(topicPublishers).map(([Sid, Service]) => ({
      Sid,
      Effect: "Allow",
      Principal: { Service },
      Action: ["sns:Publish"],
      Resource: topicArn,
      ...ofPublisher(Service, accountId),
    })),
  );
}
