import { Alias } from "@pulumi/aws/kms/alias";
import { Key } from "@pulumi/aws/kms/key";
import {
  interpolate,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { ofPublisher, policyDocument, topicPublishers } from "./iamStatements";
import { PlatformComponent } from "./platformComponent";

export interface EncryptionKeysArgs {
  region: string;
  accountId: Input<string>;
  /** Makes the aliases unique in the account and region. */
  suffix: Input<string>;
  /** Days between rotations, 90 to 2560 (KMS API Reference, EnableKeyRotation). */
  rotationDays: number;
  /** Protects the keys from deletion; without its key, data is lost for good. */
  protect: boolean;
}

export interface KeyStatement {
  Sid: string;
  Effect: "Allow";
  Principal: Record<string, Input<string>>;
  Action: string[];
  Resource: "*";
  Condition?: Record<string, Record<string, Input<string> | Input<string>[]>>;
}

const use = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey*",
  "kms:ReEncrypt*",
];

// All that keeps a key manageable by the account's administrators, and nothing that reads data.
const administer = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListAliases",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListResourceTags",
  "kms:ListRetirableGrants",
  "kms:PutKeyPolicy",
  "kms:RetireGrant",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

/**
 * The region's customer-managed keys, one per kind of data so that a grant on one opens nothing
 * else: `database` (SQL Server, its logins, its insights, its replication), `servers` (disks,
 * artifacts, tier secrets) and `logs` (log groups, alarm topic). All rotate.
 *
 * Each policy names the services through which the account may use the key (`kms:ViaService`);
 * nobody can decrypt with it directly.
 *
 * Cost: 1 USD/month per key, and again for each of its first two rotations (AWS KMS Pricing).
 */
export class EncryptionKeys extends PlatformComponent {
  readonly databaseKeyArn: Output<string>;
  readonly serversKeyArn: Output<string>;
  readonly logsKeyArn: Output<string>;

  constructor(name: string, args: EncryptionKeysArgs, opts?: ComponentResourceOptions) {
    super("EncryptionKeys", name, opts);
    const { region, accountId } = args;
    const create = (kind: string, description: string, statements: KeyStatement[]): Key => {
      const key = new Key(
        `${name}-${kind}`,
        {
          description,
          enableKeyRotation: true,
          rotationPeriodInDays: args.rotationDays,
          deletionWindowInDays: args.protect ? 30 : 7,
          policy: policyDocument([administration(accountId), ...statements]),
          tags: this.tags("confidential", `${name}-${kind}`),
        },
        { parent: this, protect: args.protect },
      );
      new Alias(
        `${name}-${kind}`,
        { name: interpolate`alias/platform-${kind}-${args.suffix}`, targetKeyId: key.id },
        { parent: this },
      );
      return key;
    };

    const through = (...services: string[]): KeyStatement[] =>
      serviceUse(
        accountId,
        services.map((service) => `${service}.${region}.amazonaws.com`),
      );
    this.databaseKeyArn = create(
      "database",
      "SQL Server: storage, backups, logins, Performance Insights, replication",
      through("rds", "secretsmanager", "lambda", "sqs", "dms"),
    ).arn;
    this.serversKeyArn = create(
      "servers",
      "Servers: disks, site artifacts, tier secrets",
      through("ec2", "s3", "secretsmanager"),
    ).arn;
    this.logsKeyArn = create("logs", "Log groups and the alarm topic", [
      {
        Sid: "LogGroups",
        Effect: "Allow",
        Principal: { Service: `logs.${region}.amazonaws.com` },
        Action: use,
        Resource: "*",
        Condition: {
          ArnLike: { "kms:EncryptionContext:aws:logs:arn": logGroups(region, accountId) },
        },
      },
      ...topicUse(accountId),
      ...through("sns"),
    ]).arn;
    this.registerOutputs();
  }
}

export function administration(accountId: Input<string>): KeyStatement {
  return {
    Sid: "Administration",
    Effect: "Allow",
    Principal: { AWS: root(accountId) },
    Action: administer,
    Resource: "*",
  };
}

/** Alarms of this account and events reach topics that the key encrypts. */
export function topicUse(accountId: Input<string>): KeyStatement[] {
  return Object.entries(topicPublishers).map(([what, Service]) => ({
    Sid: `${what}ToTopic`,
    Effect: "Allow",
    Principal: { Service },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    ...ofPublisher(Service, accountId),
  }));
}

/**
 * Use by this account's principals, but only when an AWS service asks on their behalf. This is how
 * AWS's own managed keys are opened; it covers Auto Scaling's service-linked role, which starts
 * encrypted servers, without naming a role that may not exist yet.
 */
function serviceUse(accountId: Input<string>, services: string[]): KeyStatement[] {
  const viaService = { "kms:CallerAccount": accountId, "kms:ViaService": services };
  const base = { Effect: "Allow", Principal: { AWS: "*" }, Resource: "*" } as const;
  return [
    { ...base, Sid: "UseThroughServices", Action: use, Condition: { StringEquals: viaService } },
    {
      ...base,
      Sid: "GrantThroughServices",
      Action: ["kms:CreateGrant"],
      Condition: { StringEquals: viaService, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ] as KeyStatement[];
}

function root(accountId: Input<string>): Output<string> {
  return interpolate`arn:aws:iam::${accountId}:root`;
}

function logGroups(region: string, accountId: Input<string>): Output<string> {
  return interpolate`arn:aws:logs:${region}:${accountId}:log-group:*`;
}
