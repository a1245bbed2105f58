import { hex, withName } from "./answers";
import { parsed, valueAt } from "./json";
import {
  at,
  authorization,
  cloudFormation,
  dmsRoleArns,
  grant,
  passRole,
  roleArns,
  where,
} from "./places";
import { byInput, putAgain, required } from "./recovery";
import type { Bill, Rows } from "./row";

const iamBill: Bill = { free: "IAM is free" };

const iam = authorization("awsidentityandaccessmanagementiam");

const profiles = ["app", "web"].map(
  (tier) => `arn:aws:iam::{account}:instance-profile/${tier}-???????`,
);

export const iamRows: Rows = {
  "aws:iam/instanceProfile:InstanceProfile": {
    bill: iamBill,
    stores: false,
    taggable: true,
    answer: withName("iam", (name) => `instance-profile/${name}`),
    recovery: byInput("name"),
    rights: {
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
  },
  "aws:iam/role:Role": {
    bill: iamBill,
    stores: false,
    taggable: true,
    shows: ["name", "managedPolicyArns"],
    reads: ({ assumeRolePolicy }) => {
      const statements = valueAt(parsed(assumeRolePolicy), ["Statement[]", "Principal", "Service"]);
      return statements === undefined ? [] : [["assumedBy", statements]];
    },
    answer: withName(
      "iam",
      (name) => `role/${name}`,
      (_name, context) => ({
        uniqueId: `AROA${hex(context.urn, 16).toUpperCase()}`,
      }),
    ),
    recovery: byInput("name"),
    rights: {
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
  },
  "aws:iam/rolePolicy:RolePolicy": {
    bill: iamBill,
    stores: false,
    taggable: false,
    recovery: {
      id: (inputs) => `${required(inputs, "role")}:${required(inputs, "name")}`,
    },
    rights: {
      read: [grant(at(...roleArns), "iam:GetRolePolicy")],
      manage: [grant(at(...roleArns), "iam:DeleteRolePolicy", "iam:PutRolePolicy")],
      sources: [cloudFormation("AWS::IAM::RolePolicy"), iam],
    },
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    bill: iamBill,
    stores: false,
    taggable: false,
    shows: ["policyArn"],
    recovery: putAgain,
    // Only the two roles of DMS have policies of AWS attached.
    rights: {
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
  },
};
