import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { PlatformComponent } from "./platformComponent";

/** What owns network interfaces: the stations of a request, and what works on the database. */
export type GroupRole =
  | "web-load-balancer"
  | "web-servers"
  | "app-load-balancer"
  | "app-servers"
  | "database"
  | "database-functions"
  | "replication";

export interface SecurityGroupsArgs {
  vpcId: Input<string>;
}

const descriptions: Record<GroupRole, string> = {
  "web-load-balancer": "Web load balancer: HTTPS from clients",
  "web-servers": "Web servers: HTTPS from the web load balancer",
  "app-load-balancer": "App load balancer: HTTPS from the web servers",
  "app-servers": "App servers: HTTPS from the app load balancer",
  database: "SQL Server: 1433 from the app servers",
  "database-functions": "Functions that look after SQL Server: no one calls in",
  replication: "Replication between regions: no one calls in",
};

/**
 * One security group per station of the request path, all empty: each opening is an AllowedFlow.
 * They stand before anything uses them, because a server that boots before its way to AWS is open
 * cannot install itself.
 */
export class SecurityGroups extends PlatformComponent {
  readonly ids: Readonly<Record<GroupRole, Output<string>>>;

  constructor(name: string, args: SecurityGroupsArgs, opts?: ComponentResourceOptions) {
    super("SecurityGroups", name, opts);
    const create = (role: GroupRole): Output<string> =>
      new SecurityGroup(
        `${name}-${role}`,
        {
          vpcId: args.vpcId,
          description: descriptions[role],
          revokeRulesOnDelete: true,
          tags: this.tags("internal", role),
        },
        // Lambda gives the network interfaces of a deleted function back within 45 minutes (provider,
        // aws_lambda_function), and a group in use stays.
        { parent: this, customTimeouts: { delete: "60m" } },
      ).id;
    this.ids = {
      "web-load-balancer": create("web-load-balancer"),
      "web-servers": create("web-servers"),
      "app-load-balancer": create("app-load-balancer"),
      "app-servers": create("app-servers"),
      database: create("database"),
      "database-functions": create("database-functions"),
      replication: create("replication"),
    };
    this.registerOutputs();
  }
}
