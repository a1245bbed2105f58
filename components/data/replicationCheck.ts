import { Function } from "@pulumi/aws/lambda/function";
import {
  interpolate,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { replicationFunctionPackage } from "../base/functionPackage";
import { allow } from "../base/iamStatements";
import { nodeFunction, writeLogs } from "../base/nodeFunction";
import { PlatformComponent } from "../base/platformComponent";

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
    const logs = this.logGroup(name, args.logsKeyArn, args.logRetentionDays);
    // Kinds, not single ids: they come and go with each move of the writer, and IAM stays out of it.
    const own = (kind: string) =>
      interpolate`arn:aws:dms:${args.region}:${args.accountId}:${kind}:*`;
    const { role, policy } = this.serviceRole(name, "lambda.amazonaws.com", [
      allow("Test", ["dms:TestConnection"], [own("rep"), own("endpoint")]),
      allow("SeeResults", ["dms:DescribeConnections"], ["*"]),
      writeLogs(logs),
    ]);
    const made = new Function(
      name,
      {
        description: "Has DMS test its connections before a task starts",
        ...nodeFunction(code, logs),
        role: role.arn,
        timeout: 900,
        memorySize: 256,
        tags: this.tags("internal", name),
      },
      { parent: this, dependsOn: [policy] },
    );
    this.functionName = made.name;
    this.registerOutputs();
  }
}
