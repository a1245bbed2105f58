import { type Answer, arn, hex } from "./answers";
import { copyOf } from "./resourceCounts";
import { number, parsed, text, valueAt } from "./json";
import {
  adoptable,
  anywhere,
  at,
  authorization,
  dmsRoleArns,
  grant,
  keysThrough,
  ours,
  passRole,
  tagged,
} from "./places";
import { byInput } from "./recovery";
import type { Rights } from "./rights";
import type { Rows } from "./row";

const dms = authorization("awsdatabasemigrationservice");

const dmsReads: Record<string, string> = {
  Certificate: "DescribeCertificates",
  Endpoint: "DescribeEndpoints",
  ReplicationInstance: "DescribeReplicationInstances",
  ReplicationSubnetGroup: "DescribeReplicationSubnetGroups",
  ReplicationTask: "DescribeReplicationTasks",
};

const dmsArns = ["cert", "endpoint", "rep", "subgrp", "task"].map(
  (kind) => `arn:aws:dms:*:{account}:${kind}:*`,
);

/** ARNs of DMS hold no name, so its resources are told by their tag. */
function dmsType(type: {
  kind: string;
  arn: string;
  create: string;
  of?: string[];
  change: string[];
  more?: Rights["manage"];
}): Rights {
  const { kind, arn, create, of, change, more = [] } = type;
  const arns = (...kinds: string[]) => kinds.map((part) => `arn:aws:dms:*:{account}:${part}:*`);
  return {
    read: [
      grant(anywhere, `dms:${dmsReads[kind] ?? ""}`),
      grant(at(...dmsArns), "dms:ListTagsForResource"),
    ],
    manage: [
      // Creation names no resource of its own kind, but those that the new one is made of.
      grant(tagged(of ? ours(...arns(...of)) : anywhere), `dms:${create}`),
      grant(adoptable(...dmsArns), "dms:AddTagsToResource"),
      grant(ours(...dmsArns), "dms:AddTagsToResource", "dms:RemoveTagsFromResource"),
      grant(ours(...arns(arn)), ...change.map((action) => `dms:${action}`)),
      ...more,
    ],
    sources: [
      dms,
      "https://docs.aws.amazon.com/dms/latest/userguide/security-iam.html#CHAP_Security.IAMPermissions",
    ],
  };
}

const dmsNetwork = grant(
  anywhere,
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeInternetGateways",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
);

/** DMS works through the account's own two roles, which it looks up with the caller's rights. */
const dmsRoles = [grant(at(...dmsRoleArns), "iam:GetRole"), passRole("dms")];

/** DMS names a resource twice: by the id it was given, and by an ARN of letters of its own. */
function dmsAnswer(property: string, kind: string): Answer {
  return (context) => {
    const id = text(context.inputs[property]);
    const made = arn("dms", context, `${kind}:${hex(context.urn, 26).toUpperCase()}`);
    const names: Record<string, string> = {
      rep: "replicationInstanceArn",
      cert: "certificateArn",
      endpoint: "endpointArn",
      task: "replicationTaskArn",
      subgrp: "replicationSubnetGroupArn",
    };
    return { id, outputs: { [names[kind] ?? "arn"]: made } };
  };
}

export const dmsRows: Rows = {
  "aws:dms/certificate:Certificate": {
    bill: { free: "certificates of DMS are free" },
    stores: false,
    taggable: true,
    shows: ["certificateId"],
    answer: dmsAnswer("certificateId", "cert"),
    recovery: byInput("certificateId"),
    rights: dmsType({
      kind: "Certificate",
      arn: "cert",
      create: "ImportCertificate",
      change: ["DeleteCertificate"],
    }),
  },
  "aws:dms/endpoint:Endpoint": {
    bill: { free: "endpoints of DMS are free" },
    stores: ["kmsKeyArn"],
    taggable: true,
    shows: [
      "endpointType",
      "engineName",
      "databaseName",
      "sslMode",
      "extraConnectionAttributes",
      "certificateArn",
      "secretsManagerArn",
      "secretsManagerAccessRoleArn",
    ],
    answer: dmsAnswer("endpointId", "endpoint"),
    recovery: byInput("endpointId"),
    rights: dmsType({
      kind: "Endpoint",
      arn: "endpoint",
      create: "CreateEndpoint",
      change: ["DeleteEndpoint", "ModifyEndpoint"],
      more: [
        grant(ours("arn:aws:dms:*:{account}:cert:*"), "dms:ModifyEndpoint"),
        // To change an endpoint the provider pauses the tasks that use it.
        grant(
          ours("arn:aws:dms:*:{account}:task:*"),
          "dms:StartReplicationTask",
          "dms:StopReplicationTask",
        ),
        grant(anywhere, "dms:DescribeConnections", "dms:DescribeReplicationTasks"),
        grant(
          ours("arn:aws:dms:*:{account}:endpoint:*", "arn:aws:dms:*:{account}:rep:*"),
          "dms:TestConnection",
        ),
        passRole("dms"),
        ...keysThrough("dms"),
      ],
    }),
  },
  "aws:dms/replicationInstance:ReplicationInstance": {
    bill: {
      billed: "hours and storage",
      counts: ({ inputs }, into) => {
        const copy = copyOf(into);
        copy.instanceClass = text(inputs.replicationInstanceClass);
        copy.storageGiB = number(inputs.allocatedStorage);
        copy.multiAz = inputs.multiAz === true;
      },
    },
    stores: ["kmsKeyArn"],
    taggable: true,
    shows: [
      "replicationInstanceClass",
      "engineVersion",
      "allocatedStorage",
      "multiAz",
      "publiclyAccessible",
      "replicationSubnetGroupId",
      "kmsKeyArn",
    ],
    answer: dmsAnswer("replicationInstanceId", "rep"),
    recovery: byInput("replicationInstanceId"),
    rights: dmsType({
      kind: "ReplicationInstance",
      arn: "rep",
      create: "CreateReplicationInstance",
      change: ["DeleteReplicationInstance", "ModifyReplicationInstance"],
      more: [dmsNetwork, ...dmsRoles, ...keysThrough("dms")],
    }),
  },
  "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": {
    bill: { free: "subnet groups are free" },
    stores: false,
    taggable: true,
    shows: ["subnetIds"],
    answer: dmsAnswer("replicationSubnetGroupId", "subgrp"),
    recovery: byInput("replicationSubnetGroupId"),
    rights: dmsType({
      kind: "ReplicationSubnetGroup",
      arn: "subgrp",
      create: "CreateReplicationSubnetGroup",
      change: ["DeleteReplicationSubnetGroup"],
      // Modifying a subnet group takes no resource.
      more: [grant(anywhere, "dms:ModifyReplicationSubnetGroup"), dmsNetwork, ...dmsRoles],
    }),
  },
  "aws:dms/replicationTask:ReplicationTask": {
    bill: {
      billed: "the data that it moves",
      counts: ({ inputs }, into) => {
        copyOf(into).fullLoad = text(inputs.migrationType).includes("full-load");
      },
    },
    // A task holds nothing; what it buffers is on its instance.
    stores: false,
    taggable: true,
    shows: [
      "migrationType",
      "sourceEndpointArn",
      "targetEndpointArn",
      "replicationInstanceArn",
      "startReplicationTask",
    ],
    reads: ({ tableMappings }) => {
      const rules = valueAt(parsed(tableMappings), ["rules"]);
      const tables = (Array.isArray(rules) ? rules : []).flatMap((rule) => {
        const [schema, name] = ["schema-name", "table-name"].map((key) =>
          valueAt(rule, ["object-locator", key]),
        );
        const selects = valueAt(rule, ["rule-type"]) === "selection";
        const includes = valueAt(rule, ["rule-action"]) !== "exclude";
        return selects && includes && typeof schema === "string" && typeof name === "string"
          ? [`${schema}.${name}`]
          : [];
      });
      return tables.length > 0 ? [["tables", tables]] : [];
    },
    answer: dmsAnswer("replicationTaskId", "task"),
    recovery: byInput("replicationTaskId"),
    rights: dmsType({
      kind: "ReplicationTask",
      arn: "task",
      create: "CreateReplicationTask",
      of: ["endpoint", "rep"],
      change: [
        "DeleteReplicationTask",
        "ModifyReplicationTask",
        "StartReplicationTask",
        "StopReplicationTask",
      ],
    }),
  },
};
