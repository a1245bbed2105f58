import {
  anywhere,
  at,
  authorization,
  adoptable,
  cloudFormation,
  decryptThrough,
  dmsRoleArns,
  grant,
  keysThrough,
  ours,
  passRole,
  roleArns,
  tagged,
  where,
} from "./places";
import { rotationFunctionArn } from "./compute";
import type { PermissionTable } from "./types";

const iam = authorization("awsidentityandaccessmanagementiam");
const kms = authorization("awskeymanagementservice");
const secrets = authorization("awssecretsmanager");

const profiles = ["app", "web"].map(
  (tier) => `arn:aws:iam::{account}:instance-profile/${tier}-???????`,
);
const keys = "arn:aws:kms:*:{account}:key/*";
const aliases = "arn:aws:kms:*:{account}:alias/platform-*";
const allSecrets = "arn:aws:secretsmanager:*:{account}:secret:*";

/** Changes of a secret, and its copies in the other region; all by the project's tag. */
const secret = (...actions: string[]) =>
  grant(ours(allSecrets), ...actions.map((action) => `secretsmanager:${action}`));

export const identityPermissions: PermissionTable = {
  "aws:index/getCallerIdentity:getCallerIdentity": {
    read: [grant(anywhere, "sts:GetCallerIdentity")],
    manage: [],
    sources: [authorization("awssecuritytokenservice")],
  },
  "aws:acm/certificate:Certificate": {
    read: [
      grant(
        at("arn:aws:acm:*:{account}:certificate/*"),
        "acm:DescribeCertificate",
        "acm:ListTagsForCertificate",
      ),
    ],
    manage: [
      grant(tagged(anywhere), "acm:RequestCertificate"),
      grant(adoptable("arn:aws:acm:*:{account}:certificate/*"), "acm:AddTagsToCertificate"),
      grant(
        ours("arn:aws:acm:*:{account}:certificate/*"),
        "acm:AddTagsToCertificate",
        "acm:DeleteCertificate",
        "acm:RemoveTagsFromCertificate",
        "acm:UpdateCertificateOptions",
      ),
    ],
    sources: [authorization("awscertificatemanager")],
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    read: [grant(at("arn:aws:acm:*:{account}:certificate/*"), "acm:DescribeCertificate")],
    manage: [],
    sources: [authorization("awscertificatemanager")],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    read: [grant(at(...profiles), "iam:GetInstanceProfile")],
    manage: [
      grant(
        at(...profiles),
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
        "iam:UntagInstanceProfile",
      ),
      grant(at(...roleArns), "iam:GetRole"),
      passRole("ec2.amazonaws.com"),
    ],
    sources: [cloudFormation("AWS::IAM::InstanceProfile"), iam],
  },
  "aws:iam/role:Role": {
    read: [
      grant(
        at(...roleArns),
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
      ),
    ],
    manage: [
      grant(
        at(...roleArns),
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
      ),
    ],
    sources: [cloudFormation("AWS::IAM::Role"), iam],
  },
  "aws:iam/rolePolicy:RolePolicy": {
    read: [grant(at(...roleArns), "iam:GetRolePolicy")],
    manage: [grant(at(...roleArns), "iam:DeleteRolePolicy", "iam:PutRolePolicy")],
    sources: [cloudFormation("AWS::IAM::RolePolicy"), iam],
  },
  // Only the two roles of DMS have policies of AWS attached.
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    read: [grant(at(...roleArns), "iam:ListAttachedRolePolicies")],
    manage: [
      grant(
        where(at(...dmsRoleArns), {
          ArnEquals: {
            "iam:PolicyARN": [
              "arn:aws:iam::aws:policy/service-role/AmazonDMSCloudWatchLogsRole",
              "arn:aws:iam::aws:policy/service-role/AmazonDMSVPCManagementRole",
            ],
          },
        }),
        "iam:AttachRolePolicy",
        "iam:DetachRolePolicy",
      ),
    ],
    sources: [cloudFormation("AWS::IAM::Role"), iam],
  },
  "aws:kms/alias:Alias": {
    read: [grant(anywhere, "kms:ListAliases")],
    manage: [
      grant(at(aliases), "kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"),
      grant(ours(keys), "kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"),
    ],
    sources: [cloudFormation("AWS::KMS::Alias"), kms],
  },
  "aws:kms/key:Key": {
    read: [
      grant(
        at(keys),
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListResourceTags",
      ),
    ],
    manage: [
      // What a killed run has made is found by its tags: recovery/createdIds.ts.
      grant(anywhere, "tag:GetResources"),
      grant(tagged(anywhere), "kms:CreateKey"),
      grant(adoptable(keys), "kms:TagResource"),
      grant(
        ours(keys),
        "kms:CancelKeyDeletion",
        "kms:DisableKey",
        "kms:DisableKeyRotation",
        "kms:EnableKey",
        "kms:EnableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateKeyDescription",
      ),
    ],
    sources: [cloudFormation("AWS::KMS::Key"), kms, authorization("amazonresourcegrouptaggingapi")],
  },
  "aws:secretsmanager/secret:Secret": {
    read: [
      grant(at(allSecrets), "secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"),
    ],
    manage: [
      grant(tagged(at(allSecrets)), "secretsmanager:CreateSecret"),
      grant(adoptable(allSecrets), "secretsmanager:TagResource"),
      secret(
        "DeleteSecret",
        "RemoveRegionsFromReplication",
        "ReplicateSecretToRegions",
        "RestoreSecret",
        "StopReplicationToReplica",
        "TagResource",
        "UntagResource",
        "UpdateSecret",
      ),
      ...keysThrough("secretsmanager"),
    ],
    sources: [cloudFormation("AWS::SecretsManager::Secret"), secrets],
  },
  "aws:secretsmanager/secretPolicy:SecretPolicy": {
    read: [grant(at(allSecrets), "secretsmanager:GetResourcePolicy")],
    manage: [
      // blockPublicPolicy: the policy is checked before it is put.
      secret("DeleteResourcePolicy", "PutResourcePolicy", "ValidateResourcePolicy"),
    ],
    sources: [cloudFormation("AWS::SecretsManager::ResourcePolicy"), secrets],
  },
  "aws:secretsmanager/secretRotation:SecretRotation": {
    read: [grant(at(allSecrets), "secretsmanager:DescribeSecret")],
    manage: [
      secret("CancelRotateSecret", "RotateSecret"),
      grant(at(rotationFunctionArn), "lambda:InvokeFunction"),
    ],
    sources: [cloudFormation("AWS::SecretsManager::RotationSchedule"), secrets],
  },
  // The provider reads what it wrote, and every refresh reads it again.
  "aws:secretsmanager/secretVersion:SecretVersion": {
    read: [grant(at(allSecrets), "secretsmanager:DescribeSecret")],
    secretValues: [secret("GetSecretValue"), decryptThrough("secretsmanager")],
    manage: [
      secret("GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"),
      ...keysThrough("secretsmanager"),
    ],
    sources: [cloudFormation("AWS::SecretsManager::Secret"), secrets],
  },
};
