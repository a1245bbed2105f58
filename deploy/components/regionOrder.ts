import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { Webhook } from "@pulumi/pulumiservice/webhook";
import { DeployComponent } from "./deployComponent";

export interface RegionOrderArgs {
  organization: string;
  project: string;
  /** Deployed by the push. */
  first: string;
  /** Started by the first one's success. */
  second: string;
}

/**
 * One stack after the other: a successful update of the first starts the second, with the second's
 * own settings (pulumi.com/docs/deployments/guides/dependent-stack-updates). That the first is also
 * healthy is asked by the second's own pre-run commands.
 */
export class RegionOrder extends DeployComponent {
  constructor(name: string, args: RegionOrderArgs, opts?: ComponentResourceOptions) {
    super("RegionOrder", name, opts);
    const { organization, project, first, second } = args;
    new Webhook(
      name,
      {
        organizationName: organization,
        projectName: project,
        stackName: first,
        active: true,
        displayName: `deploy ${second}`,
        format: "pulumi_deployments",
        payloadUrl: `${project}/${second}`,
        // The one event that ends an update: more would start the second several times.
        filters: ["update_succeeded"],
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
