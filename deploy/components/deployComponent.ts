import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";

/** A part of the deployment: `pe:deploy:<kind>`. Kind and name are its identity: never change them. */
export abstract class DeployComponent extends ComponentResource {
  protected constructor(kind: string, name: string, opts?: ComponentResourceOptions) {
    super(`pe:deploy:${kind}`, name, {}, opts);
  }
}
