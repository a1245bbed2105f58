import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { Function } from "@pulumi/aws/lambda/function";
import { FileArchive } from "@pulumi/pulumi/asset";
import {
  interpolate,
  jsonStringify,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { replicationFunctionPackage } from "./functionPackage";
import { allow, trustService } from "./iamStatements";
import { PlatformComponent } from "./platformComponent";

export interface ReplicationCheckArgs {
  region: string;
  accountId: Input<string>;
  logsKeyArn: Input<string>;
  logRetentionDays: number;
}

/**
 * The function that has DMS test its connections: DMS starts no task between endpoints that it has
 * not reached, and the provider tests none. A way, a login or a certificate that is wrong then ends
 * the `up` with DMS's own words. It calls DMS only, so it is in no network of ours.
 *
 * Cost: none worth naming: minutes of Lambda per new replication.
 */
export class ReplicationCheck extends PlatformComponent {
  readonly functionName: Output<string>;

  constructor(name: string, args: ReplicationCheckArgs, opts?: ComponentResourceOptions) {
    super("ReplicationCheck", name, opts);
    const code = replicationFunctionPackage();
    const logs = new LogGroup(
      name,
      {
        kmsKeyId: args.logsKeyArn,
        retentionInDays: args.logRetentionDays,
        tags: this.tags("internal"),
      },
      { parent: this },
    );
    const role = new Role(
      name,
      { assumeRolePolicy: trustService("lambda.amazonaws.com"), tags: this.tags("internal") },
      { parent: this },
    );
    // Kinds, not single ids: they come and go with each move of the writer, and IAM stays out of it.
    const own = (kind: string) =>
      interpolate`arn:aws:dms:${args.region}:${args.accountId}:${kind}:*`;
    const policy = new RolePolicy(
      name,
      {
        role: role.id,
        policy: jsonStringify({
          Version: "2012-10-17",
          Statement: [
            allow("Test", ["dms:TestConnection"], [own("rep"), own("endpoint")]),
            allow("SeeResults", ["dms:DescribeConnections"], ["*"]),
            allow(
              "WriteLogs",
              ["logs:CreateLogStream", "logs:PutLogEvents"],
              [interpolate`${logs.arn}:*`],
            ),
          ],
        }),
      },
      { parent: this },
    );
    const made = new Function(
      name,
      {
        description: "Has DMS test its connections before a task starts",
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new FileArchive(code.file),
        sourceCodeHash: code.sha256Base64,
        role: role.arn,
        timeout: 900,
        memorySize: 256,
        loggingConfig: { logFormat: "Text", logGroup: logs.name },
        tags: this.tags("internal", name),
      },
      { parent: this, dependsOn: [policy] },
    );
    this.functionName = made.name;
    this.registerOutputs();
  }
}
