import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import { policyDocument, trustService, type AllowStatement } from "./iamStatements";

/** How sensitive a resource's content is; every resource carries it as the tag `pe:data-class`. */
export type DataClass = "confidential" | "internal" | "public";

/** A role, and the policy without which it may do nothing: whoever uses the role waits for it. */
export interface ServiceRole {
  role: Role;
  policy: RolePolicy;
}

/**
 * What every component of the platform shares: its type token and its tags. Tokens and names are
 * identities in the state of running installations: never change one without an alias.
 */
export abstract class PlatformComponent extends ComponentResource {
  private readonly role: string;

  /** `kind` becomes the token `pe:platform:<kind>`; `name` also names the owner in tags. */
  protected constructor(kind: string, name: string, opts?: ComponentResourceOptions) {
    super(`pe:platform:${kind}`, name, {}, opts);
    this.role = name;
  }

  /** Tags of a child: which component owns it, what it holds and, for consoles, its name. */
  protected tags(dataClass: DataClass, name?: string): Record<string, string> {
    return {
      ...(name === undefined ? {} : { Name: name }),
      "pe:component": this.role,
      "pe:data-class": dataClass,
    };
  }

  /** A role that one AWS service assumes, with these statements as its only rights. */
  protected serviceRole(name: string, service: string, statements: AllowStatement[]): ServiceRole {
    const role = new Role(
      name,
      { assumeRolePolicy: trustService(service), tags: this.tags("internal") },
      { parent: this },
    );
    const policy = new RolePolicy(
      name,
      { role: role.id, policy: policyDocument(statements) },
      { parent: this },
    );
    return { role, policy };
  }

  /** An encrypted log group whose entries expire. */
  protected logGroup(name: string, keyArn: Input<string>, retentionDays: number): LogGroup {
    return new LogGroup(
      name,
      { kmsKeyId: keyArn, retentionInDays: retentionDays, tags: this.tags("internal") },
      { parent: this },
    );
  }
}
