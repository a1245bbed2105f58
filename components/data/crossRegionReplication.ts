import { createHash } from "node:crypto";
import { Certificate } from "@pulumi/aws/dms/certificate";
import { Endpoint } from "@pulumi/aws/dms/endpoint";
import { ReplicationInstance } from "@pulumi/aws/dms/replicationInstance";
import { ReplicationSubnetGroup } from "@pulumi/aws/dms/replicationSubnetGroup";
import { ReplicationTask } from "@pulumi/aws/dms/replicationTask";
import { Invocation } from "@pulumi/aws/lambda/invocation";
import {
  interpolate,
  jsonStringify,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { databaseAuthorities } from "./databaseAuthorities";
import { PlatformComponent } from "../base/platformComponent";
import type { ReplicationAccess } from "./replicationAccess";
import { tableMappings, taskSettings, type TableSelection } from "./replicationSettings";

/** A SQL Server as DMS finds it. */
export interface ReplicationDatabase {
  /** AWS region: decides which authorities sign the server's certificate. */
  region: string;
  /** Secret in DMS's own region with host, port, username and password. */
  secretArn: Input<string>;
}

export interface CrossRegionReplicationArgs {
  /** Makes names unique in the account and region. */
  suffix: Input<string>;
  source: ReplicationDatabase;
  /** In DMS's own region. */
  target: ReplicationDatabase;
  /** Name of the database, the same on both sides. */
  database: string;
  selection: TableSelection;
  /** Load what is there first; otherwise only changes from now on. */
  fullLoad: boolean;
  /** Both regions write: what one task brought, the other does not send back. */
  twoWay: boolean;
  instanceClass: string;
  /** GiB, for logs and changes that wait. */
  storageGiB: number;
  engineVersion: string;
  multiAz: boolean;
  /** UTC, "sun:07:00-sun:09:00". */
  maintenanceWindow: string;
  /** Isolated subnets of all zones. */
  subnetIds: Input<string>[];
  securityGroupId: Input<string>;
  keyArn: Input<string>;
  /** The account's DMS roles, where this stack makes them. */
  serviceRoles: Resource[];
  access: ReplicationAccess;
  /** Has DMS test its connections. */
  checkFunctionName: Input<string>;
  /** The values of both secrets, which DMS reads when it learns of an endpoint. */
  logins: Resource[];
  /** Both databases ready, and the way between the regions open. */
  waitFor: Resource[];
}

// A standby takes over under the same name, at another address. The bulk load (BCP) fails for a table
// that a migration made with a computed column, and stops the task (DMS User Guide, SQL Server as a
// target, limitations): rows are inserted instead, which is slower.
const connectionAttributes = {
  source: "MultiSubnetFailover=Yes",
  target: "MultiSubnetFailover=Yes;useBCPFullLoad=false",
};

/**
 * The continuous copy of another region's database into this one: DMS loads what is there, then
 * applies each committed change. It runs in the copy's region (DMS User Guide, best practices), so
 * that a fail-over needs nothing of the region that is lost.
 *
 * DMS copies rows, not schema, logins or identity counters: migrations run in both regions, and the
 * database function does the rest. It promises no latency; alarms watch it.
 *
 * TLS is verified on both sides against RDS's authorities; passwords come from Secrets Manager at
 * each connection.
 *
 * Cost: the instance's hours, twice with a standby, and storage; about 113 USD/month for a
 * dms.c5.large without one (AWS DMS Pricing).
 */
export class CrossRegionReplication extends PlatformComponent {
  readonly instanceId: Output<string>;
  readonly taskArn: Output<string>;

  constructor(name: string, args: CrossRegionReplicationArgs, opts?: ComponentResourceOptions) {
    super("CrossRegionReplication", name, opts);
    const subnetGroup = new ReplicationSubnetGroup(
      name,
      {
        replicationSubnetGroupId: interpolate`${name}-${args.suffix}`,
        replicationSubnetGroupDescription: "Isolated subnets of all zones",
        subnetIds: args.subnetIds,
        tags: this.tags("confidential"),
      },
      // Here and below: the id is given, so a second one cannot stand beside the first.
      { parent: this, dependsOn: args.serviceRoles, deleteBeforeReplace: true },
    );
    const instance = new ReplicationInstance(
      name,
      {
        replicationInstanceId: interpolate`${name}-${args.suffix}`,
        replicationInstanceClass: args.instanceClass,
        allocatedStorage: args.storageGiB,
        engineVersion: args.engineVersion,
        multiAz: args.multiAz,
        replicationSubnetGroupId: subnetGroup.id,
        vpcSecurityGroupIds: [args.securityGroupId],
        publiclyAccessible: false,
        networkType: "IPV4",
        kmsKeyArn: args.keyArn,
        preferredMaintenanceWindow: args.maintenanceWindow,
        // Versions come from config: an upgrade is an edit, in both regions at once.
        autoMinorVersionUpgrade: false,
        allowMajorVersionUpgrade: true,
        applyImmediately: true,
        tags: this.tags("confidential", name),
      },
      {
        parent: this,
        dependsOn: args.serviceRoles,
        deleteBeforeReplace: true,
        customTimeouts: { create: "60m", update: "60m", delete: "60m" },
      },
    );
    const source = this.createEndpoint(name, "source", args);
    const target = this.createEndpoint(name, "target", args);
    const reached = new Invocation(
      name,
      {
        functionName: args.checkFunctionName,
        input: jsonStringify({
          instanceArn: instance.replicationInstanceArn,
          endpointArns: [source.endpointArn, target.endpointArn],
        }),
      },
      { parent: this, dependsOn: args.waitFor, customTimeouts: { create: "30m" } },
    );
    const { selection, fullLoad, twoWay } = args;
    const task = new ReplicationTask(
      name,
      {
        replicationTaskId: interpolate`${name}-${args.suffix}`,
        replicationInstanceArn: instance.replicationInstanceArn,
        sourceEndpointArn: source.endpointArn,
        targetEndpointArn: target.endpointArn,
        migrationType: fullLoad ? "full-load-and-cdc" : "cdc",
        tableMappings: tableMappings(selection, args.source.region),
        replicationTaskSettings: taskSettings({
          // With two writers the tables also hold rows that are this region's own.
          emptyFirst: fullLoad && !twoWay,
          loopbackPrevention: twoWay,
        }),
        // With it, the provider also starts the task again after it stopped it for a change.
        startReplicationTask: true,
        tags: this.tags("confidential", name),
      },
      { parent: this, dependsOn: [reached, ...args.waitFor], deleteBeforeReplace: true },
    );
    this.instanceId = instance.replicationInstanceId;
    this.taskArn = task.replicationTaskArn;
    this.registerOutputs();
  }

  private createEndpoint(
    name: string,
    end: "source" | "target",
    args: CrossRegionReplicationArgs,
  ): Endpoint {
    const { region, secretArn } = args[end];
    const certificatePem = databaseAuthorities(region)
      .map(({ pem }) => pem.trim())
      .join("\n");
    const hash = createHash("sha256").update(certificatePem).digest("hex").slice(0, 8);
    const authorities = new Certificate(
      `${name}-${end}`,
      {
        // New authorities come beside the old ones, which DMS keeps while an endpoint uses them.
        certificateId: interpolate`${name}-${end}-${hash}-${args.suffix}`,
        certificatePem,
        tags: this.tags("public"),
      },
      { parent: this },
    );
    return new Endpoint(
      `${name}-${end}`,
      {
        endpointId: interpolate`${name}-${end}-${args.suffix}`,
        endpointType: end,
        engineName: "sqlserver",
        databaseName: args.database,
        secretsManagerArn: secretArn,
        secretsManagerAccessRoleArn: args.access.roleArn,
        sslMode: "verify-full",
        certificateArn: authorities.certificateArn,
        extraConnectionAttributes: connectionAttributes[end],
        kmsKeyArn: args.keyArn,
        // AWS refuses to change an endpoint that a running task uses.
        pauseReplicationTasks: true,
        tags: this.tags("confidential"),
      },
      {
        parent: this,
        dependsOn: [args.access.policy, ...args.logins],
        deleteBeforeReplace: true,
      },
    );
  }
}
