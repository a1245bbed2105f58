import {
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { allow } from "../base/iamStatements";
import { PlatformComponent } from "../base/platformComponent";

export interface ReplicationAccessArgs {
  /** AWS region of DMS. */
  region: string;
  /** The logins of both databases, as secrets in DMS's own region. */
  secretArns: Input<string>[];
}

/**
 * What DMS may do for this installation: read two logins. Apart from the flow itself, so that a
 * fail-over, which removes the flow, has nothing to ask of IAM, whose control plane is in one region.
 */
export class ReplicationAccess extends PlatformComponent {
  readonly roleArn: Output<string>;
  /** DMS reads the logins when it learns of an endpoint: its rights stand by then. */
  readonly policy: Resource;

  constructor(name: string, args: ReplicationAccessArgs, opts?: ComponentResourceOptions) {
    super("ReplicationAccess", name, opts);
    const { role, policy } = this.serviceRole(name, `dms.${args.region}.amazonaws.com`, [
      allow(
        "ReadLogins",
        ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        args.secretArns,
      ),
    ]);
    this.policy = policy;
    this.roleArn = role.arn;
    this.registerOutputs();
  }
}
