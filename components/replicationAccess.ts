import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import {
  jsonStringify,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { allow, trustService } from "./iamStatements";
import { PlatformComponent } from "./platformComponent";

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
    const role = new Role(
      name,
      {
        assumeRolePolicy: trustService(`dms.${args.region}.amazonaws.com`),
        tags: this.tags("internal"),
      },
      { parent: this },
    );
    this.policy = new RolePolicy(
      name,
      {
        role: role.id,
        policy: jsonStringify({
          Version: "2012-10-17",
          Statement: [
            allow(
              "ReadLogins",
              ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
              args.secretArns,
            ),
          ],
        }),
      },
      { parent: this },
    );
    this.roleArn = role.arn;
    this.registerOutputs();
  }
}
