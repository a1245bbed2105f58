import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { DeploymentSettings } from "@pulumi/pulumiservice/deploymentSettings";
import { DriftSchedule } from "@pulumi/pulumiservice/driftSchedule";
import { TtlSchedule } from "@pulumi/pulumiservice/ttlSchedule";
import { DeployComponent } from "./deployComponent";

/** Where the program comes from, and which stack it is. */
export interface StackSource {
  organization: string;
  project: string;
  /** The stack, as it exists in Pulumi Cloud. */
  stack: string;
  /** owner/repository at GitHub. */
  repository: string;
  /** Short: main. */
  branch: string;
}

export interface StackDeploymentArgs extends StackSource {
  /** A push to the branch runs `up`; false for a stack that another one starts. */
  deployCommits: boolean;
  /** Files that matter to it, as Pulumi's path filters. */
  paths: string[];
  preRunCommands: string[];
  environmentVariables: Record<string, Input<string>>;
  /** Cron, UTC. @default drift is not looked for */
  driftCron?: string;
  /** An update undoes drift unasked. */
  driftRemediate: boolean;
  /** When the stack is destroyed, ISO 8601. @default never */
  expires?: string;
}

/**
 * How Pulumi Deployments runs one stack: on a push, for pull requests, and every day for drift. The
 * stack itself is there already (`pulumi stack init`).
 *
 * Cost: Pulumi Cloud counts deployment minutes.
 */
export class StackDeployment extends DeployComponent {
  constructor(name: string, args: StackDeploymentArgs, opts?: ComponentResourceOptions) {
    super("StackDeployment", name, opts);
    const { organization, project, stack, repository, branch } = args;
    const place = { organization, project, stack };
    const settings = new DeploymentSettings(
      name,
      {
        ...place,
        sourceContext: { git: { branch: `refs/heads/${branch}`, repoDir: "." } },
        vcs: {
          provider: "github",
          repository,
          deployCommits: args.deployCommits,
          previewPullRequests: true,
          pullRequestTemplate: false,
          paths: args.paths,
        },
        operationContext: {
          preRunCommands: args.preRunCommands,
          environmentVariables: args.environmentVariables,
          // The first command installs, from the lockfile alone.
          options: { skipInstallDependencies: true, skipIntermediateDeployments: true },
        },
        cacheOptions: { enable: true },
      },
      { parent: this },
    );
    // Pulumi Cloud takes schedules of stacks that have settings only.
    const after = { parent: this, dependsOn: [settings] };
    if (args.driftCron !== undefined) {
      new DriftSchedule(
        name,
        { ...place, scheduleCron: args.driftCron, autoRemediate: args.driftRemediate },
        after,
      );
    }
    if (args.expires !== undefined) {
      new TtlSchedule(
        name,
        { ...place, timestamp: args.expires, deleteAfterDestroy: false },
        after,
      );
    }
    this.registerOutputs();
  }
}
