import { arn, hex, type MockAnswer, type MockContext, physicalName, uuid } from "./answers";
import { add } from "./resourceCounts";
import { type Json, list, object, text, valueAt } from "./json";
import {
  adoptable,
  at,
  authorization,
  cloudFormation,
  decryptThrough,
  grant,
  keysThrough,
  ours,
  tagged,
} from "./places";
import { putAgain } from "./recovery";
import type { Rows } from "./row";
import { rotationFunctionArn } from "./serverlessRepository";

const secrets = authorization("awssecretsmanager");

const allSecrets = "arn:aws:secretsmanager:*:{account}:secret:*";

/** Changes of a secret, and its copies in the other region; all by the project's tag. */
const secret = (...actions: string[]) =>
  grant(ours(allSecrets), ...actions.map((action) => `secretsmanager:${action}`));

function newSecret(context: MockContext): MockAnswer {
  const name = physicalName(context);
  const id = arn("secretsmanager", context, `secret:${name}-${hex(context.urn, 6)}`);
  return { id, outputs: { arn: id, name } };
}

export const secretsManagerRows: Rows = {
  "aws:secretsmanager/secret:Secret": {
    bill: {
      billed: "the secret, its copies, and calls",
      counts: ({ component, region, inputs }, into) => {
        add(into.secrets, component, region);
        for (const replica of list(inputs.replicas)) {
          add(into.secrets, component, text(object(replica).region));
        }
      },
    },
    stores: ["kmsKeyId"],
    taggable: true,
    shows: ["name", "kmsKeyId", "recoveryWindowInDays"],
    reads: ({ replicas }) => {
      const copies = (Array.isArray(replicas) ? replicas : []).map((copy) => [
        valueAt(copy, ["region"]) ?? null,
        valueAt(copy, ["kmsKeyId"]) ?? null,
      ]);
      return copies.flatMap(([region, key]): [string, Json][] => [
        ["replica", region ?? null],
        ["replicaKey", key ?? null],
      ]);
    },
    answer: newSecret,
    recovery: { arn: /:secretsmanager:.*:secret:/ },
    rights: {
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
  },
  "aws:secretsmanager/secretPolicy:SecretPolicy": {
    bill: { free: "a setting of a secret" },
    stores: false,
    taggable: false,
    shows: ["secretArn", "blockPublicPolicy"],
    recovery: putAgain,
    rights: {
      read: [grant(at(allSecrets), "secretsmanager:GetResourcePolicy")],
      manage: [
        // blockPublicPolicy: the policy is checked before it is put.
        secret("DeleteResourcePolicy", "PutResourcePolicy", "ValidateResourcePolicy"),
      ],
      sources: [cloudFormation("AWS::SecretsManager::ResourcePolicy"), secrets],
    },
  },
  "aws:secretsmanager/secretRotation:SecretRotation": {
    bill: { free: "a few runs of AWS's function a month, below a cent" },
    stores: false,
    taggable: false,
    shows: [
      "secretId",
      "rotationRules.automaticallyAfterDays",
      "rotateImmediately",
      "rotationLambdaArn",
    ],
    recovery: putAgain,
    rights: {
      read: [grant(at(allSecrets), "secretsmanager:DescribeSecret")],
      manage: [
        secret("CancelRotateSecret", "RotateSecret"),
        grant(at(rotationFunctionArn), "lambda:InvokeFunction"),
      ],
      sources: [cloudFormation("AWS::SecretsManager::RotationSchedule"), secrets],
    },
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    bill: { free: "versions are free" },
    stores: false,
    taggable: false,
    answer: (context) => ({
      id: `${text(context.inputs.secretId)}|${uuid(context.urn)}`,
      outputs: { arn: text(context.inputs.secretId), versionId: uuid(context.urn) },
    }),
    recovery: {
      again: "a second version takes the place of the first, which nobody has read yet",
    },
    // The provider reads what it wrote, and every refresh reads it again.
    rights: {
      read: [grant(at(allSecrets), "secretsmanager:DescribeSecret")],
      secretValues: [secret("GetSecretValue"), decryptThrough("secretsmanager")],
      manage: [
        secret("GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"),
        ...keysThrough("secretsmanager"),
      ],
      sources: [cloudFormation("AWS::SecretsManager::Secret"), secrets],
    },
  },
};
