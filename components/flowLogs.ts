import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { FlowLog } from "@pulumi/aws/ec2/flowLog";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import {
  interpolate,
  jsonStringify,
  type ComponentResourceOptions,
  type Input,
} from "@pulumi/pulumi";
import { allow, trustService } from "./iamStatements";
import { PlatformComponent } from "./platformComponent";

export interface FlowLogsArgs {
  vpcId: Input<string>;
  /** KMS key that CloudWatch Logs may use. */
  keyArn: Input<string>;
  retentionDays: number;
}

/** Every accepted and rejected connection of the VPC, in an encrypted log group. */
export class FlowLogs extends PlatformComponent {
  constructor(name: string, args: FlowLogsArgs, opts?: ComponentResourceOptions) {
    super("FlowLogs", name, opts);
    const group = new LogGroup(
      name,
      {
        kmsKeyId: args.keyArn,
        retentionInDays: args.retentionDays,
        tags: this.tags("internal"),
      },
      { parent: this },
    );
    const role = new Role(
      name,
      {
        assumeRolePolicy: trustService("vpc-flow-logs.amazonaws.com"),
        tags: this.tags("internal"),
      },
      { parent: this },
    );
    const policy = new RolePolicy(
      name,
      {
        role: role.id,
        policy: jsonStringify({
          Version: "2012-10-17",
          Statement: [
            allow(
              "WriteFlowLogs",
              [
                "logs:CreateLogStream",
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
                "logs:PutLogEvents",
              ],
              [group.arn, interpolate`${group.arn}:*`],
            ),
          ],
        }),
      },
      { parent: this },
    );
    new FlowLog(
      name,
      {
        vpcId: args.vpcId,
        trafficType: "ALL",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
        tags: this.tags("internal", name),
      },
      { parent: this, dependsOn: [policy] },
    );
    this.registerOutputs();
  }
}
