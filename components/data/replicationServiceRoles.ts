import { Role } from "@pulumi/aws/iam/role";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi";
import { trustService } from "../base/iamStatements";
import { PlatformComponent } from "../base/platformComponent";

/** The names are fixed by AWS, and so there is one of each per account. */
const roles = {
  "dms-vpc-role": "AmazonDMSVPCManagementRole",
  "dms-cloudwatch-logs-role": "AmazonDMSCloudWatchLogsRole",
};

/**
 * IAM tells all of AWS about a new role within seconds, but DMS that asks too early answers "not
 * configured properly" (terraform-provider-aws #11025, #32824).
 */
const propagationSeconds = 30;

/**
 * The two roles through which DMS works in an account (DMS User Guide, "Creating the IAM roles to
 * use with AWS DMS"). Account-wide: the home stack makes them, unless the account has them already.
 */
export class ReplicationServiceRoles extends PlatformComponent {
  /** DMS works once these stand, and have been known for a while. */
  readonly ready: Resource[];

  constructor(name: string, opts?: ComponentResourceOptions) {
    super("ReplicationServiceRoles", name, opts);
    this.ready = Object.entries(roles).map(([roleName, policy]) => {
      const role = new Role(
        roleName,
        {
          name: roleName,
          assumeRolePolicy: trustService("dms.amazonaws.com"),
          tags: this.tags("internal"),
        },
        { parent: this },
      );
      return new RolePolicyAttachment(
        roleName,
        { role: role.name, policyArn: `arn:aws:iam::aws:policy/service-role/${policy}` },
        { parent: this, hooks: { afterCreate: [propagate] } },
      );
    });
    this.registerOutputs();
  }
}

function propagate(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, propagationSeconds * 1000));
}
