import { FlowLog } from "@pulumi/aws/ec2/flowLog";
import {
  interpolate,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { allow } from "../base/iamStatements";
import { PlatformComponent } from "../base/platformComponent";

export interface FlowLogsArgs {
  vpcId: Input<string>;
  /** KMS key that CloudWatch Logs may use. */
  keyArn: Input<string>;
  retentionDays: number;
}

/** Every accepted and rejected connection of the VPC, in an encrypted log group. */
export class FlowLogs extends PlatformComponent {
  readonly logGroupName: Output<string>;

  constructor(name: string, args: FlowLogsArgs, opts?: ComponentResourceOptions) {
    super("FlowLogs", name, opts);
    const group = this.logGroup(name, args.keyArn, args.retentionDays);
    this.logGroupName = group.name;
    const { role, policy } = this.serviceRole(name, "vpc-flow-logs.amazonaws.com", [
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
    ]);
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
