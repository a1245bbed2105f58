import { jsonStringify, type Input, type Output } from "@pulumi/pulumi";

/** One statement of an IAM policy that allows something. */
export interface AllowStatement {
  Sid: string;
  Effect: "Allow";
  Action: string[];
  Resource: Input<string>[];
  Condition?: Record<string, Record<string, Input<string | string[]>>>;
}

/**
 * An identity policy's statement. Pass `["*"]` as resources only for actions that have no resource
 * of their own (AWS, "Service Authorization Reference").
 */
export function allow(
  sid: string,
  actions: string[],
  resources: Input<string>[],
  condition?: AllowStatement["Condition"],
): AllowStatement {
  const statement: AllowStatement = {
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: resources,
  };
  return condition ? { ...statement, Condition: condition } : statement;
}

/** AWS services that send to the alarm topic: they need its key, and its permission. */
export const topicPublishers = {
  Alarms: "cloudwatch.amazonaws.com",
  Events: "events.amazonaws.com",
};

/**
 * Lets a publisher in for this account only. EventBridge alone goes without: it supports no
 * condition in a topic's policy ("Using resource-based policies for Amazon EventBridge", EventBridge
 * User Guide) and names no source to the topic's key ("Configuring Amazon SNS topic encryption", SNS
 * Developer Guide), so a rule of its own would be refused as well.
 */
export function ofPublisher(service: string, accountId: Input<string>): object {
  if (service === topicPublishers.Events) return {};
  return { Condition: { StringEquals: { "aws:SourceAccount": accountId } } };
}

/** A policy of these statements, whatever it is attached to. */
export function policyDocument(statements: object[]): Output<string> {
  return jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/** The trust policy of a role that one AWS service assumes. */
export function trustService(service: string): string {
  const statement = {
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
