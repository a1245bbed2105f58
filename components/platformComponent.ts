import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";

/** How sensitive a resource's content is; every resource carries it as the tag `pe:data-class`. */
export type DataClass = "confidential" | "internal" | "public";

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
}
