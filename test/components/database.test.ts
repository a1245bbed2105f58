import assert from "node:assert/strict";
import {
  SqlServerCluster,
  type SqlServerClusterArgs,
} from "../../components/data/sqlServerCluster";
import { allOf, only, record } from "../support/record";
import { assertInputs, names, parentOf, statement, statementsOf, waitsFor } from "./support";

const databaseKeyArn = "arn:aws:kms:us-east-1:123456789012:key/database";
const logsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/logs";
const args: SqlServerClusterArgs = {
  region: "us-east-1",
  accountId: "123456789012",
  suffix: "ab12",
  subnetIds: ["subnet-7", "subnet-8", "subnet-9"],
  securityGroupId: "sg-database",
  edition: "standard",
  engineVersion: "16.00.4236.2.v1",
  instanceClass: "db.r6i.xlarge",
  storageGiB: 500,
  maxStorageGiB: 2000,
  iops: 6000,
  multiAz: true,
  backupRetentionDays: 35,
  backupWindow: "05:00-06:00",
  maintenanceWindow: "sun:07:00-sun:09:00",
  performanceInsights: true,
  monitoringIntervalSeconds: 60,
  applyImmediately: false,
  deletionProtection: true,
  protect: true,
  databaseKeyArn,
  logsKeyArn,
  logRetentionDays: 365,
};
const build = (changes: Partial<SqlServerClusterArgs> = {}) =>
  record(() => new SqlServerCluster("database", { ...args, ...changes }));

describe("SqlServerCluster", () => {
  it("runs SQL Server, licence included, with a standby and never in public", async () => {
    const plan = await build();
    const instance = only(plan, "rds/instance:Instance");
    assertInputs(instance, {
      identifier: "database-ab12",
      engine: "sqlserver-se",
      licenseModel: "license-included",
      multiAz: true,
      publiclyAccessible: false,
      port: 1433,
      vpcSecurityGroupIds: ["sg-database"],
      dbSubnetGroupName: only(plan, "SubnetGroup").outputs.name,
    });
    // RDS refuses a database name for SQL Server, and a zone together with a standby.
    assert.equal(instance.inputs.dbName, undefined);
    assert.equal(instance.inputs.availabilityZone, undefined);
    assert.equal(parentOf(plan, instance).type, "pe:platform:SqlServerCluster");
  });

  it("spans the isolated subnets of all zones, also without a standby", async () => {
    const plan = await build({ multiAz: false });
    assert.deepEqual(only(plan, "SubnetGroup").inputs.subnetIds, args.subnetIds);
    assert.equal(only(plan, "rds/instance:Instance").inputs.multiAz, false);
  });

  it("encrypts storage, password and insights with the region's key", async () => {
    assertInputs(only(await build(), "rds/instance:Instance"), {
      storageEncrypted: true,
      kmsKeyId: databaseKeyArn,
      masterUserSecretKmsKeyId: databaseKeyArn,
      performanceInsightsKmsKeyId: databaseKeyArn,
    });
  });

  it("leaves the master password to RDS", async () => {
    const { inputs } = only(await build(), "rds/instance:Instance");
    assert.equal(inputs.manageMasterUserPassword, true);
    assert.equal(inputs.password, undefined);
    assert.ok(String(inputs.username).length <= 16);
  });

  it("takes no connection without TLS, in the family of edition and version", async () => {
    assertInputs(only(await build(), "ParameterGroup"), {
      family: "sqlserver-se-16.0",
      parameters: [{ name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" }],
    });
    const old = await build({ edition: "enterprise", engineVersion: "15.00.4455.2.v1" });
    assert.equal(only(old, "ParameterGroup").inputs.family, "sqlserver-ee-15.0");
  });

  it("cannot be lost by accident, and has hours for what takes hours", async () => {
    const { inputs, options } = only(await build(), "rds/instance:Instance");
    assert.equal(options.protect, true);
    assert.equal(inputs.deletionProtection, true);
    assert.equal(inputs.skipFinalSnapshot, false);
    assert.equal(inputs.finalSnapshotIdentifier, "database-final-ab12");
    assert.equal(inputs.copyTagsToSnapshot, true);
    assert.deepEqual(options.customTimeouts, { create: "3h", update: "4h", delete: "3h" });
  });

  it("grows gp3 storage by itself, unless it has no room to", async () => {
    assertInputs(only(await build(), "rds/instance:Instance"), {
      storageType: "gp3",
      allocatedStorage: 500,
      maxAllocatedStorage: 2000,
      iops: 6000,
    });
    const fixed = only(await build({ maxStorageGiB: 500 }), "rds/instance:Instance");
    assert.equal(fixed.inputs.maxAllocatedStorage, undefined);
  });

  it("makes its log groups before RDS would make them, unencrypted", async () => {
    const plan = await build();
    assert.deepEqual(names(plan, "LogGroup"), ["database-agent", "database-error"]);
    for (const group of allOf(plan, "LogGroup")) {
      assertInputs(group, { kmsKeyId: logsKeyArn, retentionInDays: 365 });
      assert.ok(waitsFor(only(plan, "rds/instance:Instance"), group));
    }
    assert.equal(
      only(plan, "LogGroup", "database-error").inputs.name,
      "/aws/rds/instance/database-ab12/error",
    );
  });

  it("is monitored through a role that writes to one log group", async () => {
    const plan = await build();
    const role = only(plan, "Role", "database-monitoring");
    const trust = statementsOf(role, "assumeRolePolicy");
    assert.deepEqual(trust[0]?.Principal, { Service: "monitoring.rds.amazonaws.com" });
    const { Resource } = statement(only(plan, "RolePolicy"), "WriteSamples");
    assert.deepEqual(Resource, [
      "arn:aws:logs:us-east-1:123456789012:log-group:RDSOSMetrics:log-stream:*",
    ]);
    assert.equal(only(plan, "rds/instance:Instance").inputs.monitoringRoleArn, role.outputs.arn);
  });

  it("has neither role nor insights where they are off", async () => {
    const plan = await build({ monitoringIntervalSeconds: 0, performanceInsights: false });
    assert.deepEqual(names(plan, "Role"), []);
    const { inputs } = only(plan, "rds/instance:Instance");
    assert.equal(inputs.performanceInsightsEnabled, false);
    assert.equal(inputs.performanceInsightsKmsKeyId, undefined);
  });
});
