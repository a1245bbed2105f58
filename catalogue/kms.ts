import { arn, type MockAnswer, type MockContext, uuid, withName } from "./answers";
import { add } from "./resourceCounts";
import { text } from "./json";
import {
  adoptable,
  anywhere,
  at,
  authorization,
  cloudFormation,
  grant,
  ours,
  tagged,
} from "./places";
import { byInput, endOfArn } from "./recovery";
import type { Rows } from "./row";

const kms = authorization("awskeymanagementservice");

const keys = "arn:aws:kms:*:{account}:key/*";

const aliases = "arn:aws:kms:*:{account}:alias/platform-*";

function key(context: MockContext): MockAnswer {
  const id = uuid(context.urn);
  return { id, outputs: { keyId: id, arn: arn("kms", context, `key/${id}`) } };
}

export const kmsRows: Rows = {
  "aws:kms/alias:Alias": {
    bill: { free: "aliases are free" },
    stores: false,
    taggable: false,
    shows: ["targetKeyId"],
    answer: withName(
      "kms",
      (name) => name,
      (_name, context) => ({
        targetKeyArn: arn("kms", context, `key/${text(context.inputs.targetKeyId)}`),
      }),
    ),
    recovery: byInput("name"),
    rights: {
      read: [grant(anywhere, "kms:ListAliases")],
      manage: [
        grant(at(aliases), "kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"),
        grant(ours(keys), "kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"),
      ],
      sources: [cloudFormation("AWS::KMS::Alias"), kms],
    },
  },
  "aws:kms/key:Key": {
    bill: {
      billed: "the key, its first two rotations, and requests",
      counts: ({ component, region, inputs }, into) => {
        add(into.keys, component, region);
        into.keysRotate ||= inputs.enableKeyRotation === true;
      },
    },
    stores: [],
    taggable: true,
    shows: ["enableKeyRotation", "deletionWindowInDays", "description"],
    answer: key,
    recovery: { arn: /:kms:.*:key\//, idOf: endOfArn },
    rights: {
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
        // What a killed run has made is found by its tags: recovery/pendingCreates.ts.
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
      sources: [
        cloudFormation("AWS::KMS::Key"),
        kms,
        authorization("amazonresourcegrouptaggingapi"),
      ],
    },
  },
};
