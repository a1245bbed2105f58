import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { DeploymentSettings } from "@pulumi/pulumiservice/deploymentSettings";
import { Stack } from "@pulumi/pulumiservice/stack";
import { DeployComponent } from "./deployComponent";
import type { StackSource } from "./stackDeployment";

export interface ReviewStacksArgs extends StackSource {
  paths: string[];
  preRunCommands: string[];
  environmentVariables: Record<string, Input<string>>;
}

/**
 * A stack for each pull request: Pulumi Cloud copies the settings of this template, deploys the
 * pull request's commits, and destroys and deletes the stack when the pull request is closed
 * (pulumi.com/docs/deployments/concepts/review-stacks). The template itself is never deployed.
 *
 * Cost: that of the stack its file is taken from, per open pull request.
 */
export class ReviewStacks extends DeployComponent {
  constructor(name: string, args: ReviewStacksArgs, opts?: ComponentResourceOptions) {
    super("ReviewStacks", name, opts);
    const { organization, project, stack, repository, branch } = args;
    const template = new Stack(
      name,
      { organizationName: organization, projectName: project, stackName: stack },
      { parent: this },
    );
    new DeploymentSettings(
      name,
      {
        organization,
        project,
        stack,
        sourceContext: { git: { branch: `refs/heads/${branch}`, repoDir: "." } },
        vcs: {
          provider: "github",
          repository,
          deployCommits: false,
          previewPullRequests: false,
          pullRequestTemplate: true,
          paths: args.paths,
        },
        operationContext: {
          preRunCommands: args.preRunCommands,
          environmentVariables: args.environmentVariables,
          options: {
            skipInstallDependencies: true,
            skipIntermediateDeployments: true,
            deleteAfterDestroy: true,
          },
        },
        cacheOptions: { enable: true },
      },
      { parent: this, dependsOn: [template] },
    );
    this.registerOutputs();
  }
}
