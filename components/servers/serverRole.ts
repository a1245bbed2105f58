import { InstanceProfile } from "@pulumi/aws/iam/instanceProfile";
import {
  interpolate,
  output,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { allow, type AllowStatement } from "../base/iamStatements";
import { PlatformComponent } from "../base/platformComponent";

export interface ServerRoleArgs {
  region: string;
  accountId: Input<string>;
  autoScalingGroupName: Input<string>;
  logGroupArn: Input<string>;
  artifact: { bucket: Input<string>; key: Input<string> };
  machineKeySecretArn: Input<string>;
  /** What this tier alone needs. */
  statements: AllowStatement[];
}

/**
 * What a tier's servers may do: be managed by Session Manager, fetch their site, read the shared
 * machine key, write their logs and metrics, and report their own start. Decryption needs no
 * statement: the keys' policies allow it through the services named here.
 */
export class ServerRole extends PlatformComponent {
  readonly profileArn: Output<string>;
  /** Servers may start once their rights stand. */
  readonly policy: Resource;

  constructor(name: string, args: ServerRoleArgs, opts?: ComponentResourceOptions) {
    super("ServerRole", name, opts);
    const { role, policy } = this.serviceRole(name, "ec2.amazonaws.com", [
      ...sessionManager(),
      ...ownStart(args),
      ...ownData(args),
      ...args.statements,
    ]);
    this.policy = policy;
    const profile = new InstanceProfile(
      name,
      { role: role.name, tags: this.tags("internal") },
      { parent: this },
    );
    this.profileArn = profile.arn;
    this.registerOutputs();
  }
}

/**
 * The part of AmazonSSMManagedInstanceCore that Session Manager and inventory use, without its
 * right to read every parameter of the account. None of these actions takes a resource.
 */
function sessionManager(): AllowStatement[] {
  const messages = [
    "CreateControlChannel",
    "CreateDataChannel",
    "OpenControlChannel",
    "OpenDataChannel",
  ];
  return [
    allow(
      "SessionManager",
      ["ssm:UpdateInstanceInformation", ...messages.map((action) => `ssmmessages:${action}`)],
      ["*"],
    ),
  ];
}

function ownStart(args: ServerRoleArgs): AllowStatement[] {
  const { region, accountId, autoScalingGroupName } = args;
  const group = interpolate`arn:aws:autoscaling:${region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/${autoScalingGroupName}`;
  return [allow("ReportOwnStart", ["autoscaling:CompleteLifecycleAction"], [group])];
}

function ownData(args: ServerRoleArgs): AllowStatement[] {
  return [
    allow("FetchSite", ["s3:GetObject"], [siteVersions(args.artifact)]),
    allow("ReadMachineKey", ["secretsmanager:GetSecretValue"], [args.machineKeySecretArn]),
    allow(
      "WriteLogs",
      ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      [args.logGroupArn, interpolate`${args.logGroupArn}:*`],
    ),
    // Metrics have no resources; the namespace is the narrowest bound there is.
    allow("WriteMetrics", ["cloudwatch:PutMetricData"], ["*"], {
      StringEquals: { "cloudwatch:namespace": metricNamespace },
    }),
  ];
}

/**
 * The folder of the site's key: after a failed roll, servers start from the former template, and
 * so from the former version beside the new one.
 */
function siteVersions({ bucket, key }: ServerRoleArgs["artifact"]): Output<string> {
  const folder = output(key).apply((known) => known.slice(0, known.lastIndexOf("/") + 1));
  return interpolate`arn:aws:s3:::${bucket}/${folder}*`;
}

/** CloudWatch namespace of the servers' own metrics. */
export const metricNamespace = "PePlatform/Servers";
