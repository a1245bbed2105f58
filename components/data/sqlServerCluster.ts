import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { Instance } from "@pulumi/aws/rds/instance";
import { ParameterGroup } from "@pulumi/aws/rds/parameterGroup";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup";
import {
  interpolate,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { allow } from "../base/iamStatements";
import { PlatformComponent, type ServiceRole } from "../base/platformComponent";

export interface SqlServerClusterArgs {
  region: string;
  accountId: Input<string>;
  /** Makes the instance identifier and the final snapshot unique in the account. */
  suffix: Input<string>;
  /** Isolated subnets of all zones of the layout, so that a standby can go anywhere later. */
  subnetIds: Input<string>[];
  securityGroupId: Input<string>;
  edition: "enterprise" | "standard" | "web";
  /** Full version, e.g. "16.00.4236.2.v1". */
  engineVersion: string;
  instanceClass: string;
  storageGiB: number;
  /** Storage grows by itself up to this; equal to `storageGiB` turns growth off. */
  maxStorageGiB: number;
  /** gp3 IOPS. */
  iops: number;
  /** A standby in a second zone with automatic failover (typically 60 to 120 s). */
  multiAz: boolean;
  /** Days, 1 to 35; 0 would also forbid Multi-AZ. */
  backupRetentionDays: number;
  /** UTC, "05:00-06:00". */
  backupWindow: string;
  /** UTC, "sun:07:00-sun:09:00". */
  maintenanceWindow: string;
  performanceInsights: boolean;
  /** Seconds between enhanced-monitoring samples; 0 turns it off. */
  monitoringIntervalSeconds: number;
  /** True: edits that restart the database happen at once, not in the maintenance window. */
  applyImmediately: boolean;
  deletionProtection: boolean;
  protect: boolean;
  databaseKeyArn: Input<string>;
  logsKeyArn: Input<string>;
  logRetentionDays: number;
}

const engines = { enterprise: "sqlserver-ee", standard: "sqlserver-se", web: "sqlserver-web" };

/**
 * The region's SQL Server, licence included, in subnets with no way out. RDS makes and rotates the
 * master password; TLS is required; storage, backups, password and logs are encrypted with the
 * region's keys.
 *
 * What holds data cannot go by accident: Pulumi `protect`, AWS deletion protection, and a final
 * snapshot with a name of its own. RDS creates no database inside; that is another component's job.
 *
 * Cost: the largest part of an installation; Multi-AZ doubles instance and storage.
 */
export class SqlServerCluster extends PlatformComponent {
  /** Host name, without port. */
  readonly address: Output<string>;
  readonly port: Output<number>;
  readonly identifier: Output<string>;
  readonly arn: Output<string>;
  /** RDS's own id, which stays when the identifier changes. */
  readonly resourceId: Output<string>;
  /** Secret with `username` and `password` of the master user, rotated by RDS. */
  readonly masterSecretArn: Output<string>;

  constructor(name: string, args: SqlServerClusterArgs, opts?: ComponentResourceOptions) {
    super("SqlServerCluster", name, opts);
    const subnetGroup = new SubnetGroup(
      name,
      {
        description: "Isolated subnets of all zones",
        subnetIds: args.subnetIds,
        tags: this.tags("confidential"),
      },
      { parent: this, protect: args.protect },
    );
    const parameterGroup = new ParameterGroup(
      name,
      {
        family: parameterFamily(args.edition, args.engineVersion),
        description: "TLS only",
        // Static: takes effect at the first start, which is why it is there from the beginning.
        parameters: [{ name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" }],
        tags: this.tags("confidential"),
      },
      { parent: this },
    );
    const identifier = interpolate`${name}-${args.suffix}`;
    const logGroups = ["error", "agent"].map((log) =>
      this.createLogGroup(name, log, identifier, args),
    );
    const monitoring =
      args.monitoringIntervalSeconds > 0 ? this.createMonitoringRole(name, args) : undefined;

    const instance = new Instance(
      name,
      {
        identifier,
        engine: engines[args.edition],
        engineVersion: args.engineVersion,
        licenseModel: "license-included",
        instanceClass: args.instanceClass,
        multiAz: args.multiAz,
        dbSubnetGroupName: subnetGroup.name,
        vpcSecurityGroupIds: [args.securityGroupId],
        publiclyAccessible: false,
        port: 1433,
        networkType: "IPV4",
        storageType: "gp3",
        allocatedStorage: args.storageGiB,
        iops: args.iops,
        ...(args.maxStorageGiB > args.storageGiB
          ? { maxAllocatedStorage: args.maxStorageGiB }
          : {}),
        storageEncrypted: true,
        kmsKeyId: args.databaseKeyArn,
        username: "platform_admin",
        manageMasterUserPassword: true,
        masterUserSecretKmsKeyId: args.databaseKeyArn,
        parameterGroupName: parameterGroup.name,
        backupRetentionPeriod: args.backupRetentionDays,
        backupWindow: args.backupWindow,
        copyTagsToSnapshot: true,
        deleteAutomatedBackups: false,
        maintenanceWindow: args.maintenanceWindow,
        // Versions come from config, so that the regions move together and an upgrade is an edit.
        autoMinorVersionUpgrade: false,
        allowMajorVersionUpgrade: true,
        applyImmediately: args.applyImmediately,
        enabledCloudwatchLogsExports: ["agent", "error"],
        monitoringInterval: args.monitoringIntervalSeconds,
        ...(monitoring ? { monitoringRoleArn: monitoring.role.arn } : {}),
        performanceInsightsEnabled: args.performanceInsights,
        ...(args.performanceInsights
          ? {
              performanceInsightsKmsKeyId: args.databaseKeyArn,
              performanceInsightsRetentionPeriod: 7,
            }
          : {}),
        deletionProtection: args.deletionProtection,
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: interpolate`${name}-final-${args.suffix}`,
        tags: this.tags("confidential", name),
      },
      {
        parent: this,
        protect: args.protect,
        dependsOn: monitoring ? [...logGroups, monitoring.policy] : logGroups,
        customTimeouts: { create: "3h", update: "4h", delete: "3h" },
      },
    );
    this.address = instance.address;
    this.port = instance.port;
    this.identifier = instance.identifier;
    this.arn = instance.arn;
    this.resourceId = instance.resourceId;
    this.masterSecretArn = instance.masterUserSecrets.apply(
      // Undefined where `--target` leaves an instance out that does not exist yet.
      (secrets?: { secretArn: string }[]) => secrets?.[0]?.secretArn ?? "",
    );
    this.registerOutputs();
  }

  /** Made before RDS would make it, unencrypted and kept for ever. */
  private createLogGroup(
    name: string,
    log: string,
    identifier: Output<string>,
    args: SqlServerClusterArgs,
  ): LogGroup {
    return new LogGroup(
      `${name}-${log}`,
      {
        name: interpolate`/aws/rds/instance/${identifier}/${log}`,
        kmsKeyId: args.logsKeyArn,
        retentionInDays: args.logRetentionDays,
        tags: this.tags("confidential"),
      },
      { parent: this },
    );
  }

  /** Enhanced monitoring writes to one log group of the account, named by AWS. */
  private createMonitoringRole(name: string, args: SqlServerClusterArgs): ServiceRole {
    const group = interpolate`arn:aws:logs:${args.region}:${args.accountId}:log-group:RDSOSMetrics`;
    return this.serviceRole(`${name}-monitoring`, "monitoring.rds.amazonaws.com", [
      allow("CreateGroup", ["logs:CreateLogGroup", "logs:PutRetentionPolicy"], [group]),
      allow(
        "WriteSamples",
        [
          "logs:CreateLogStream",
          "logs:DescribeLogStreams",
          "logs:GetLogEvents",
          "logs:PutLogEvents",
        ],
        [interpolate`${group}:log-stream:*`],
      ),
    ]);
  }
}

/** "sqlserver-se-16.0" for Standard "16.00.…". */
function parameterFamily(edition: SqlServerClusterArgs["edition"], version: string): string {
  return `${engines[edition]}-${Number.parseInt(version, 10)}.0`;
}
