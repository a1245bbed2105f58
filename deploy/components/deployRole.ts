import { Policy } from "@pulumi/aws/iam/policy";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { roleName, rolePath, type Operation } from "../roles";
import { DeployComponent } from "./deployComponent";

export interface DeployRoleArgs {
  /** The platform's stack it is for. */
  stack: string;
  operation: Operation;
  /** Trust policy, JSON. */
  trust: Input<string>;
  /** Managed policies, JSON, by what they are about: each within AWS's size limit. */
  policies: Record<string, Input<string>>;
  /** ARNs of further managed policies, by what they are about. @default none */
  morePolicies?: Record<string, Input<string>>;
  /** ARN of the permission boundary. @default none */
  boundary?: Input<string>;
  /** Longest session, 60 to 720. */
  sessionMinutes: number;
}

/** The role of one stack and one operation, with nothing but its own policies. Cost: none. */
export class DeployRole extends DeployComponent {
  readonly arn: Output<string>;

  constructor(name: string, args: DeployRoleArgs, opts?: ComponentResourceOptions) {
    super("DeployRole", name, opts);
    const { stack, operation, trust, policies, morePolicies = {}, boundary, sessionMinutes } = args;
    const role = new Role(
      name,
      {
        name: roleName(stack, operation),
        path: rolePath,
        description: `Assumed by deployments of ${stack}, for ${operation} only`,
        assumeRolePolicy: trust,
        maxSessionDuration: sessionMinutes * 60,
        ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
      },
      { parent: this },
    );
    const attach = (part: string, policyArn: Input<string>): void => {
      new RolePolicyAttachment(`${name}-${part}`, { role: role.name, policyArn }, { parent: this });
    };
    for (const [part, policy] of Object.entries(policies)) {
      const document = new Policy(
        `${name}-${part}`,
        { name: `${roleName(stack, operation)}-${part}`, path: rolePath, policy },
        { parent: this },
      );
      attach(part, document.arn);
    }
    for (const [part, policyArn] of Object.entries(morePolicies)) attach(part, policyArn);
    this.arn = role.arn;
    this.registerOutputs();
  }
}
