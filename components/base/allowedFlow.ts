import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { PlatformComponent } from "./platformComponent";

/** One end of a flow: a security group of ours, addresses outside, or an AWS prefix list. */
export type FlowEnd =
  { groupId: Input<string> } | { cidr: string } | { prefixListId: Input<string> };

export interface AllowedFlowArgs {
  from: FlowEnd;
  to: FlowEnd;
  /** TCP port. */
  port: number;
  /** Why it is open; shown in the console. */
  reason: string;
}

/**
 * One TCP flow that the network lets through: the rule at each end that is ours. Groups deny
 * everything else, so the list of these components is the list of possible flows.
 */
export class AllowedFlow extends PlatformComponent {
  constructor(name: string, args: AllowedFlowArgs, opts?: ComponentResourceOptions) {
    super("AllowedFlow", name, opts);
    const { from, to, port, reason } = args;
    if (!("groupId" in from) && !("groupId" in to)) {
      throw new Error(`The flow ${name} has no security group of the platform at either end.`);
    }
    const rule = {
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description: reason,
    };
    if ("groupId" in from) {
      new SecurityGroupEgressRule(
        name,
        {
          ...rule,
          securityGroupId: from.groupId,
          ...destination(to),
          tags: this.tags("internal", `${name}-egress`),
        },
        { parent: this },
      );
    }
    if ("groupId" in to) {
      new SecurityGroupIngressRule(
        name,
        {
          ...rule,
          securityGroupId: to.groupId,
          ...destination(from),
          tags: this.tags("internal", `${name}-ingress`),
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

function destination(end: FlowEnd) {
  if ("groupId" in end) return { referencedSecurityGroupId: end.groupId };
  return "cidr" in end ? { cidrIpv4: end.cidr } : { prefixListId: end.prefixListId };
}
