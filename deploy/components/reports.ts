import { secret, type ComponentResourceOptions } from "@pulumi/pulumi";
import { Webhook } from "@pulumi/pulumiservice/webhook";
import { DeployComponent } from "./deployComponent";

export interface ReportsArgs {
  organization: string;
  project: string;
  stack: string;
  /** Often a secret by itself, as with Slack. */
  url: string;
  format: "raw" | "slack" | "ms_teams";
}

/** Tells a chat or a service what became of a stack's deployments, and of drift. */
export class Reports extends DeployComponent {
  constructor(name: string, args: ReportsArgs, opts?: ComponentResourceOptions) {
    super("Reports", name, opts);
    new Webhook(
      name,
      {
        organizationName: args.organization,
        projectName: args.project,
        stackName: args.stack,
        active: true,
        displayName: `reports of ${args.stack}`,
        format: args.format,
        payloadUrl: secret(args.url),
        filters: [
          "update_succeeded",
          "update_failed",
          "deployment_failed",
          "drift_detected",
          "drift_detection_failed",
        ],
      },
      { parent: this, additionalSecretOutputs: ["payloadUrl"] },
    );
    this.registerOutputs();
  }
}
