import { arn, hex, type MockAnswer, type MockContext, physicalName, withName } from "./answers";
import { add } from "./resourceCounts";
import { number, reveal, text } from "./json";
import {
  adoptable,
  anywhere,
  at,
  authorization,
  cloudFormation,
  grant,
  keysThrough,
  ours,
  passRole,
  serviceLinkedRole,
  tagged,
} from "./places";
import { byInput } from "./recovery";
import type { Rights } from "./rights";
import type { Rows } from "./row";

const editions: Record<string, "web" | "standard" | "enterprise"> = {
  "sqlserver-web": "web",
  "sqlserver-se": "standard",
  "sqlserver-ee": "enterprise",
};

const rds = authorization("amazonrds");

const rdsArns = (...kinds: string[]): string[] =>
  kinds.map((kind) => `arn:aws:rds:*:{account}:${kind}`);

// Final snapshots and those before a copy begin with the instance's name as well.
const instance = ["db:database-*", "snapshot:database-*"];

const rdsNamed = [...instance, "auto-backup:*", "pg:database-*", "subgrp:database-*"];

/**
 * RDS's resources are told by their names and the project's tag: several installations of an
 * account have the names alike, and no deployment may delete another project's database.
 */
function rdsChanges(kinds: string[], ...actions: string[]): Rights["manage"] {
  return [
    grant(ours(...rdsArns(...kinds)), ...actions.map((action) => `rds:${action}`)),
    // One place for tags of every kind, so that it is said once.
    grant(ours(...rdsArns(...rdsNamed)), "rds:AddTagsToResource", "rds:RemoveTagsFromResource"),
    // While it is made, it has no tag yet.
    grant(adoptable(...rdsArns(...rdsNamed)), "rds:AddTagsToResource"),
  ];
}

function database(context: MockContext): MockAnswer {
  const identifier = physicalName(context, "identifier");
  const address = `${identifier}.${hex(context.region, 12)}.${context.region}.rds.amazonaws.com`;
  const resourceId = `db-${hex(context.urn, 26).toUpperCase()}`;
  const secret = arn("secretsmanager", context, `secret:rds!${resourceId}-${hex(address, 6)}`);
  const managed = reveal(context.inputs.manageMasterUserPassword) === true;
  const port = reveal(context.inputs.port) ?? 1433;
  return {
    id: resourceId,
    outputs: {
      identifier,
      resourceId,
      address,
      port,
      endpoint: `${address}:${typeof port === "number" ? port : 1433}`,
      hostedZoneId: `Z${hex(context.region, 13).toUpperCase()}`,
      arn: arn("rds", context, `db:${identifier}`),
      masterUserSecrets: managed
        ? [
            {
              secretArn: secret,
              secretStatus: "active",
              kmsKeyId: text(context.inputs.masterUserSecretKmsKeyId),
            },
          ]
        : [],
    },
  };
}

export const rdsRows: Rows = {
  "aws:rds/instance:Instance": {
    bill: {
      billed: "server, licences, storage, backups, monitoring, password",
      counts: ({ component, region, inputs }, into) => {
        into.database = {
          instanceClass: text(inputs.instanceClass),
          edition: editions[text(inputs.engine)] ?? "standard",
          multiAz: inputs.multiAz === true,
          storageGiB: number(inputs.allocatedStorage),
          iops: number(inputs.iops),
          backupDays: number(inputs.backupRetentionPeriod),
          monitoringSeconds: number(inputs.monitoringInterval),
        };
        if (inputs.manageMasterUserPassword === true) add(into.secrets, component, region);
      },
    },
    stores: ["kmsKeyId", "masterUserSecretKmsKeyId"],
    taggable: true,
    shows: [
      "engine",
      "engineVersion",
      "instanceClass",
      "allocatedStorage",
      "maxAllocatedStorage",
      "multiAz",
      "storageEncrypted",
      "backupRetentionPeriod",
      "deletionProtection",
      "skipFinalSnapshot",
    ],
    answer: database,
    recovery: byInput("identifier"),
    rights: {
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
  },
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
    bill: {
      billed: "storage here, and transfer from the other region",
      counts: ({ inputs }, into) => {
        const [, , , from = ""] = text(inputs.sourceDbInstanceArn).split(":");
        into.backupCopy = { from, days: number(inputs.retentionPeriod) };
      },
    },
    stores: ["kmsKeyId"],
    taggable: false,
    shows: ["sourceDbInstanceArn", "retentionPeriod", "kmsKeyId"],
    recovery: {
      look: "the automated backups that RDS lists as replicated into this region",
    },
    rights: {
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
  },
  "aws:rds/parameterGroup:ParameterGroup": {
    bill: { free: "parameter groups are free" },
    stores: false,
    taggable: true,
    shows: ["family", "parameters"],
    answer: withName("rds", (name) => `pg:${name}`),
    recovery: byInput("name"),
    rights: {
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
  },
  "aws:rds/snapshot:Snapshot": {
    bill: {
      billed: "storage beyond what is free",
      counts: (_, into) => {
        into.guardSnapshots += 1;
      },
    },
    // Encrypted as the database it is taken of (CreateDBSnapshot).
    stores: false,
    taggable: true,
    shows: ["dbInstanceIdentifier", "dbSnapshotIdentifier"],
    answer: (context) => {
      const id = text(context.inputs.dbSnapshotIdentifier);
      return { id, outputs: { dbSnapshotArn: arn("rds", context, `snapshot:${id}`) } };
    },
    recovery: byInput("dbSnapshotIdentifier"),
    rights: {
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
  },
  "aws:rds/subnetGroup:SubnetGroup": {
    bill: { free: "subnet groups are free" },
    stores: false,
    taggable: true,
    shows: ["subnetIds"],
    answer: withName("rds", (name) => `subgrp:${name}`),
    recovery: byInput("name"),
    rights: {
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
  },
};
