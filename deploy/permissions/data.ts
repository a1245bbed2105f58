import {
  anywhere,
  at,
  authorization,
  autonamed,
  adoptable,
  cloudFormation,
  decryptThrough,
  dmsRoleArns,
  grant,
  keysThrough,
  ours,
  passRole,
  serviceLinkedRole,
  tagged,
} from "./places";
import type { Permission, PermissionTable } from "./types";

const rds = authorization("amazonrds");
const dms = authorization("awsdatabasemigrationservice");
const s3 = authorization("amazons3");

const rdsArns = (...kinds: string[]): string[] =>
  kinds.map((kind) => `arn:aws:rds:*:{account}:${kind}`);
// Final snapshots and those before a copy begin with the instance's name as well.
const instance = ["db:database-*", "snapshot:database-*"];
const rdsNamed = [...instance, "auto-backup:*", "pg:database-*", "subgrp:database-*"];

/**
 * RDS's resources are told by their names and the project's tag: several installations of an
 * account have the names alike, and no deployment may delete another project's database.
 */
function rdsChanges(kinds: string[], ...actions: string[]): Permission["manage"] {
  return [
    grant(ours(...rdsArns(...kinds)), ...actions.map((action) => `rds:${action}`)),
    // One place for tags of every kind, so that it is said once.
    grant(ours(...rdsArns(...rdsNamed)), "rds:AddTagsToResource", "rds:RemoveTagsFromResource"),
    // While it is made, it has no tag yet.
    grant(adoptable(...rdsArns(...rdsNamed)), "rds:AddTagsToResource"),
  ];
}

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
  more?: Permission["manage"];
}): Permission {
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

const buckets = autonamed("artifacts", "logs").map((name) => `arn:aws:s3:::${name}`);
const objects = buckets.map((arn) => `${arn}/*`);

/** A setting of a bucket: read and written by actions that S3 names differently from its API. */
const bucketSetting = (setting: string, schema = "AWS::S3::Bucket"): Permission => ({
  read: [grant(at(...buckets), `s3:Get${setting}`, "s3:ListBucket")],
  manage: [grant(at(...buckets), `s3:Put${setting}`)],
  sources: [cloudFormation(schema), s3],
});

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

export const dataPermissions: PermissionTable = {
  "aws:dms/certificate:Certificate": dmsType({
    kind: "Certificate",
    arn: "cert",
    create: "ImportCertificate",
    change: ["DeleteCertificate"],
  }),
  "aws:dms/endpoint:Endpoint": dmsType({
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
  "aws:dms/replicationInstance:ReplicationInstance": dmsType({
    kind: "ReplicationInstance",
    arn: "rep",
    create: "CreateReplicationInstance",
    change: ["DeleteReplicationInstance", "ModifyReplicationInstance"],
    more: [dmsNetwork, ...dmsRoles, ...keysThrough("dms")],
  }),
  "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": dmsType({
    kind: "ReplicationSubnetGroup",
    arn: "subgrp",
    create: "CreateReplicationSubnetGroup",
    change: ["DeleteReplicationSubnetGroup"],
    // Modifying a subnet group takes no resource.
    more: [grant(anywhere, "dms:ModifyReplicationSubnetGroup"), dmsNetwork, ...dmsRoles],
  }),
  "aws:dms/replicationTask:ReplicationTask": dmsType({
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
  "aws:rds/instance:Instance": {
    read: [
      grant(
        at(...rdsArns(...instance)),
        "rds:DescribeDBInstances",
        "rds:DescribeDBSnapshots",
        "rds:ListTagsForResource",
      ),
    ],
    manage: [
      grant(tagged(at(...rdsArns("db:database-*"))), "rds:CreateDBInstance"),
      // What an instance is made of: its groups, and AWS's default option group.
      grant(
        ours(...rdsArns("pg:database-*", "subgrp:database-*")),
        "rds:CreateDBInstance",
        "rds:ModifyDBInstance",
      ),
      grant(at(...rdsArns("og:default:*")), "rds:CreateDBInstance", "rds:ModifyDBInstance"),
      ...rdsChanges(
        ["db:database-*"],
        "CreateDBSnapshot",
        "DeleteDBInstance",
        "ModifyDBInstance",
        "RebootDBInstance",
      ),
      // The last snapshot before a deletion is RDS's own: its name is all that is known of it.
      grant(
        at(...rdsArns("snapshot:database-final-*")),
        "rds:AddTagsToResource",
        "rds:CreateDBSnapshot",
      ),
      grant(
        anywhere,
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcs",
        "rds:DescribeBlueGreenDeployments",
        "rds:DescribeDBEngineVersions",
        "rds:DescribeOrderableDBInstanceOptions",
      ),
      // The master password is a secret that RDS makes and rotates in the caller's name.
      grant(
        at("arn:aws:secretsmanager:*:{account}:secret:rds!db-*"),
        "secretsmanager:CreateSecret",
        "secretsmanager:DescribeSecret",
        "secretsmanager:RotateSecret",
        "secretsmanager:TagResource",
      ),
      ...keysThrough("rds", "secretsmanager"),
      passRole("monitoring.rds.amazonaws.com"),
      serviceLinkedRole("rds.amazonaws.com"),
    ],
    sources: [
      cloudFormation("AWS::RDS::DBInstance"),
      rds,
      "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html",
    ],
  },
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
    read: [
      grant(
        at(...rdsArns("auto-backup:*", "db:database-*")),
        "rds:DescribeDBInstanceAutomatedBackups",
      ),
    ],
    manage: [
      grant(
        at(...rdsArns("auto-backup:*", "db:database-*")),
        "rds:StartDBInstanceAutomatedBackupsReplication",
        "rds:StopDBInstanceAutomatedBackupsReplication",
      ),
      ...rdsChanges(["auto-backup:*"]),
      grant(at(...rdsArns("db:database-*")), "rds:DescribeDBInstances"),
      ...keysThrough("rds"),
    ],
    sources: [cloudFormation("AWS::RDS::DBInstance"), rds],
  },
  "aws:rds/parameterGroup:ParameterGroup": {
    read: [
      grant(
        at(...rdsArns("pg:database-*")),
        "rds:DescribeDBParameterGroups",
        "rds:DescribeDBParameters",
        "rds:ListTagsForResource",
      ),
    ],
    manage: [
      grant(tagged(at(...rdsArns("pg:database-*"))), "rds:CreateDBParameterGroup"),
      ...rdsChanges(
        ["pg:database-*"],
        "DeleteDBParameterGroup",
        "ModifyDBParameterGroup",
        "ResetDBParameterGroup",
      ),
    ],
    sources: [cloudFormation("AWS::RDS::DBParameterGroup"), rds],
  },
  "aws:rds/snapshot:Snapshot": {
    read: [
      grant(
        at(...rdsArns(...instance)),
        "rds:DescribeDBSnapshotAttributes",
        "rds:DescribeDBSnapshots",
        "rds:ListTagsForResource",
      ),
    ],
    // It is kept for good: no right to delete it.
    manage: [
      grant(tagged(at(...rdsArns("snapshot:database-*"))), "rds:CreateDBSnapshot"),
      ...rdsChanges(["snapshot:database-*"]),
      grant(ours(...rdsArns("db:database-*")), "rds:CreateDBSnapshot"),
    ],
    sources: [rds],
  },
  "aws:rds/subnetGroup:SubnetGroup": {
    read: [
      grant(
        at(...rdsArns("subgrp:database-*")),
        "rds:DescribeDBSubnetGroups",
        "rds:ListTagsForResource",
      ),
    ],
    manage: [
      grant(tagged(at(...rdsArns("subgrp:database-*"))), "rds:CreateDBSubnetGroup"),
      ...rdsChanges(["subgrp:database-*"], "DeleteDBSubnetGroup", "ModifyDBSubnetGroup"),
      serviceLinkedRole("rds.amazonaws.com"),
    ],
    sources: [cloudFormation("AWS::RDS::DBSubnetGroup"), rds],
  },
  "aws:s3/bucket:Bucket": {
    read: [
      grant(
        at(...buckets),
        ...[
          "AccelerateConfiguration",
          "BucketAcl",
          "BucketCORS",
          "BucketLogging",
          "BucketObjectLockConfiguration",
          "BucketPolicy",
          "BucketRequestPayment",
          "BucketTagging",
          "BucketVersioning",
          "BucketWebsite",
          "EncryptionConfiguration",
          "LifecycleConfiguration",
          "ReplicationConfiguration",
        ].map((setting) => `s3:Get${setting}`),
        "s3:ListBucket",
        "s3:ListTagsForResource",
      ),
    ],
    manage: [
      grant(
        at(...buckets),
        "s3:CreateBucket",
        "s3:DeleteBucket",
        "s3:ListBucketVersions",
        "s3:PutBucketTagging",
        "s3:TagResource",
        "s3:UntagResource",
      ),
      // Without `protect`, a destroy empties the bucket first.
      grant(at(...objects), "s3:DeleteObject", "s3:DeleteObjectVersion"),
    ],
    sources: [cloudFormation("AWS::S3::Bucket"), s3],
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration":
    bucketSetting("LifecycleConfiguration"),
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    read: [
      // Reading an object's state is the same right as reading the object: a site, no secret.
      grant(
        at(`${buckets[0] ?? ""}/sites/*`),
        "s3:GetObject",
        "s3:GetObjectTagging",
        "s3:GetObjectVersion",
      ),
      grant(at(...buckets), "s3:ListBucket"),
      decryptThrough("s3"),
    ],
    manage: [
      grant(
        at(`${buckets[0] ?? ""}/sites/*`),
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:PutObject",
        "s3:PutObjectTagging",
      ),
      grant(at(...buckets), "s3:ListBucketVersions"),
      ...keysThrough("s3"),
    ],
    sources: [s3, "https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html"],
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls":
    bucketSetting("BucketOwnershipControls"),
  "aws:s3/bucketPolicy:BucketPolicy": {
    read: [grant(at(...buckets), "s3:GetBucketPolicy", "s3:ListBucket")],
    manage: [grant(at(...buckets), "s3:DeleteBucketPolicy", "s3:PutBucketPolicy")],
    sources: [cloudFormation("AWS::S3::BucketPolicy"), s3],
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock":
    bucketSetting("BucketPublicAccessBlock"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    bucketSetting("EncryptionConfiguration"),
  "aws:s3/bucketVersioning:BucketVersioning": bucketSetting("BucketVersioning"),
};
