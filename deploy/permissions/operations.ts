import {
  anywhere,
  at,
  authorization,
  autonamed,
  cloudFormation,
  grant,
  keysThrough,
  where,
} from "./places";
import type { Permission, PermissionTable, Place } from "./types";

const route53 = authorization("amazonroute53");
const logs = authorization("amazoncloudwatchlogs");
const cloudWatch = authorization("amazoncloudwatch");
const eventBridge = authorization("amazoneventbridge");
const directConnect = authorization("awsdirectconnect");

const logGroups = [
  ...autonamed("app", "database-function", "network-flow-logs", "replication-check", "web"),
  "/aws/rds/instance/database-*",
].flatMap((name) => [
  `arn:aws:logs:*:{account}:log-group:${name}`,
  `arn:aws:logs:*:{account}:log-group:${name}:*`,
]);
const alarms = autonamed(
  "alarms-*",
  "capture-alarms-*",
  "database-upkeep-*",
  "entry-*",
  "replication-alarms-*",
).map((name) => `arn:aws:cloudwatch:*:{account}:alarm:${name}`);
const rules = autonamed("alarms-*", "database-upkeep", "replication-alarms-stopped").map(
  (name) => `arn:aws:events:*:{account}:rule/${name}`,
);
const topic = at(
  ...autonamed("alarms", "entry-alarms").map((name) => `arn:aws:sns:*:{account}:${name}`),
);
const queue = at("arn:aws:sqs:*:{account}:database-function-failed-???????");

const zones = "arn:aws:route53:::hostedzone/*";
const changes = grant(at("arn:aws:route53:::change/*"), "route53:GetChange");

/** A zone's ARN says nothing of its owner: the names in it are what can be limited. */
const ownNames: Place = (scope) => {
  const names = "route53:ChangeResourceRecordSetsNormalizedRecordNames";
  return where(at(zones), {
    "ForAllValues:StringLike": { [names]: [scope.domain, `*.${scope.domain}`] },
    Null: { [names]: "false" },
  })(scope);
};

const topicSettings: Permission = {
  read: [grant(topic, "sns:GetTopicAttributes")],
  manage: [grant(topic, "sns:SetTopicAttributes")],
  sources: [cloudFormation("AWS::SNS::TopicPolicy"), authorization("amazonsns")],
};

const nothing: Permission = { read: [], manage: [], sources: ["made by the engine, not by AWS"] };

export const operationsPermissions: PermissionTable = {
  "aws:cloudwatch/eventRule:EventRule": {
    read: [grant(at(...rules), "events:DescribeRule", "events:ListTagsForResource")],
    manage: [
      grant(
        at(...rules),
        "events:DeleteRule",
        "events:DisableRule",
        "events:EnableRule",
        "events:PutRule",
        "events:TagResource",
        "events:UntagResource",
      ),
    ],
    sources: [cloudFormation("AWS::Events::Rule"), eventBridge],
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    read: [grant(at(...rules), "events:ListTargetsByRule")],
    manage: [grant(at(...rules), "events:PutTargets", "events:RemoveTargets")],
    sources: [cloudFormation("AWS::Events::Rule"), eventBridge],
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    read: [
      grant(anywhere, "logs:DescribeLogGroups"),
      grant(at(...logGroups), "logs:ListTagsForResource"),
    ],
    manage: [
      grant(
        at(...logGroups),
        "logs:AssociateKmsKey",
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DeleteRetentionPolicy",
        "logs:DisassociateKmsKey",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
      ),
    ],
    sources: [cloudFormation("AWS::Logs::LogGroup"), logs],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    read: [grant(at(...alarms), "cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource")],
    manage: [
      grant(
        at(...alarms),
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
      ),
    ],
    sources: [cloudFormation("AWS::CloudWatch::Alarm"), cloudWatch],
  },
  "aws:directconnect/gatewayAssociation:GatewayAssociation": {
    read: [
      grant(
        anywhere,
        "directconnect:DescribeDirectConnectGatewayAssociations",
        "directconnect:DescribeDirectConnectGateways",
        "ec2:DescribeVpnGateways",
      ),
    ],
    manage: [
      // The gateway is the customer's and carries no tag of the project.
      grant(
        at("arn:aws:directconnect::{account}:dx-gateway/*"),
        "directconnect:CreateDirectConnectGatewayAssociation",
        "directconnect:DeleteDirectConnectGatewayAssociation",
      ),
      grant(anywhere, "directconnect:UpdateDirectConnectGatewayAssociation"),
    ],
    sources: [directConnect],
  },
  "aws:route53/healthCheck:HealthCheck": {
    read: [
      grant(
        at("arn:aws:route53:::healthcheck/*"),
        "route53:GetHealthCheck",
        "route53:ListTagsForResource",
      ),
    ],
    manage: [
      // A killed run leaves one without tags: recovery/pendingCreates.ts.
      grant(anywhere, "route53:CreateHealthCheck", "route53:ListHealthChecks"),
      grant(
        at("arn:aws:route53:::healthcheck/*"),
        "route53:ChangeTagsForResource",
        "route53:DeleteHealthCheck",
        "route53:UpdateHealthCheck",
      ),
      // A private installation's check follows an alarm.
      grant(at(...alarms), "cloudwatch:DescribeAlarms"),
    ],
    sources: [cloudFormation("AWS::Route53::HealthCheck"), route53],
  },
  "aws:route53/record:Record": {
    read: [grant(at(zones), "route53:GetHostedZone", "route53:ListResourceRecordSets"), changes],
    manage: [grant(ownNames, "route53:ChangeResourceRecordSets")],
    sources: [
      route53,
      "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html",
    ],
  },
  "aws:route53/zone:Zone": {
    read: [
      grant(
        at(zones),
        "route53:GetDNSSEC",
        "route53:GetHostedZone",
        "route53:ListResourceRecordSets",
        "route53:ListTagsForResource",
      ),
      changes,
    ],
    manage: [
      // A killed run leaves one without tags: recovery/pendingCreates.ts.
      grant(anywhere, "route53:CreateHostedZone", "route53:ListHostedZonesByName"),
      // Not another's: a zone that holds records cannot be deleted, and those are limited by name.
      grant(
        at(zones),
        "route53:AssociateVPCWithHostedZone",
        "route53:ChangeTagsForResource",
        "route53:DeleteHostedZone",
        "route53:DisassociateVPCFromHostedZone",
        "route53:UpdateHostedZoneComment",
      ),
      grant(ownNames, "route53:ChangeResourceRecordSets"),
      grant(anywhere, "ec2:DescribeVpcs"),
    ],
    sources: [cloudFormation("AWS::Route53::HostedZone"), route53],
  },
  "aws:route53/zoneAssociation:ZoneAssociation": {
    read: [
      grant(at(zones), "route53:GetHostedZone"),
      grant(anywhere, "ec2:DescribeVpcs", "route53:ListHostedZonesByVPC"),
      changes,
    ],
    manage: [
      grant(
        at(zones),
        "route53:AssociateVPCWithHostedZone",
        "route53:DisassociateVPCFromHostedZone",
      ),
    ],
    sources: [cloudFormation("AWS::Route53::HostedZone"), route53],
  },
  "aws:sns/topic:Topic": {
    read: [grant(topic, "sns:GetTopicAttributes", "sns:ListTagsForResource")],
    manage: [
      grant(
        topic,
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:SetTopicAttributes",
        "sns:TagResource",
        "sns:UntagResource",
      ),
      ...keysThrough("sns"),
    ],
    sources: [cloudFormation("AWS::SNS::Topic"), authorization("amazonsns")],
  },
  "aws:sns/topicPolicy:TopicPolicy": topicSettings,
  "aws:sns/topicSubscription:TopicSubscription": {
    // A subscription is no resource of IAM.
    read: [grant(anywhere, "sns:GetSubscriptionAttributes")],
    manage: [
      grant(topic, "sns:Subscribe"),
      grant(anywhere, "sns:SetSubscriptionAttributes", "sns:Unsubscribe"),
    ],
    sources: [cloudFormation("AWS::SNS::Subscription"), authorization("amazonsns")],
  },
  "aws:sqs/queue:Queue": {
    read: [grant(queue, "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags")],
    manage: [
      grant(
        queue,
        "sqs:CreateQueue",
        "sqs:DeleteQueue",
        "sqs:SetQueueAttributes",
        "sqs:TagQueue",
        "sqs:UntagQueue",
      ),
    ],
    sources: [cloudFormation("AWS::SQS::Queue"), authorization("amazonsqs")],
  },
  "random:index/randomBytes:RandomBytes": nothing,
  "random:index/randomId:RandomId": nothing,
  "random:index/randomPassword:RandomPassword": nothing,
};
