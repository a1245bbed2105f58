import { allConfig } from "@pulumi/pulumi/runtime/config";
import { RunError } from "@pulumi/pulumi/errors";
import { getStack } from "@pulumi/pulumi/metadata";
import { StackFileError } from "../../config/stackFiles";
import { problemText, type Problem } from "../../config/problems";
import { shortBranch } from "./formats";
import { readConfig } from "./reader";
import { checkRules } from "./rules";
import { deploySchema, type platforms } from "./schema";
import { readSurroundings, type PlatformStack, type Surroundings } from "../surroundings";

export type Platform = (typeof platforms)[number];

/** How one stack of the platform is deployed. */
export interface StackSettings {
  /** The stack whose successful update starts this one. Absent: the push does. */
  after?: string;
  /** Cron, UTC; absent: drift is not looked for. */
  driftCron?: string;
  driftRemediate: boolean;
  /** When the stack is destroyed, ISO 8601. */
  expires?: string;
}

/** A stack of its own for each pull request. */
export interface ReviewSettings {
  template: string;
  /** Range that each review stack gets a /16 of. */
  addresses: string;
  /** Review stacks are pr-<number> below it. */
  domain: string;
  hostedZone: string;
  maxAgeHours: number;
}

/** Who runs `up` on a push: with both platforms GitHub Actions, so that no push deploys twice. */
export function deployer({ platforms }: Pick<DeployConfig, "platforms">): Platform {
  return platforms.includes("githubActions") ? "githubActions" : "pulumiCloud";
}

/** The whole configuration, checked against the stack files, with every default filled in. */
export interface DeployConfig {
  platforms: Platform[];
  /** The Pulumi Cloud organization; there whenever `platforms` has pulumiCloud. */
  organization?: string;
  /** owner/repository at GitHub. */
  repository: string;
  /** GitHub's numbers of the two, where its tokens name them. */
  repositoryIds?: { owner: number; repository: number };
  /** Short: main, not refs/heads/main. */
  branch: string;
  /** This project's own region, as of its AWS provider. */
  region: string;
  /** The AWS account, 12 digits. */
  account: string;
  /** `create`, or the ARN of a provider that the account has. */
  identityProviders: Record<Platform, string>;
  stacks: Record<string, StackSettings>;
  sessionMinutes: number;
  /** Managed policies for the state in S3. Absent: Pulumi Cloud has the state. */
  state?: { readPolicyArn: string; writePolicyArn: string };
  permissionBoundary: boolean;
  review?: ReviewSettings;
  webhook?: { url: string; format: "raw" | "slack" | "ms_teams" };
  /** Name of the platform's project. */
  project: string;
  /** What the stack files say of the platform's stacks. */
  files: Record<string, PlatformStack>;
}

/** Everything wrong with the config; `message` is the whole text for its owner. */
export class DeployConfigError extends Error {
  override name = "DeployConfigError";

  constructor(
    stack: string,
    /** One per mistake, in the order of the keys' declaration, cross-key ones last. */
    readonly problems: Problem[],
  ) {
    super(problemText(stack, problems));
  }
}

/**
 * Checks the config and fills in the defaults; one run names every mistake.
 * @param raw as the engine hands it over: `pe-deploy:branch` to `main`, objects as JSON text.
 * @param surroundings the platform's stack files, the branches git knows, whether there is a token.
 * @param stack name of this project's own stack, for the headline.
 * @throws DeployConfigError with one problem per mistake.
 */
export function parseDeployConfig(
  raw: Record<string, string>,
  surroundings: Surroundings,
  stack = "main",
): DeployConfig {
  const { values, problems } = readConfig(raw);
  const failed = problems.map(({ key }) => key);
  const broken = checkRules(values, surroundings, failed);
  if (problems.length > 0 || broken.length > 0) {
    throw new DeployConfigError(stack, [...problems, ...broken]);
  }
  const { stacks, ...rest } = deploySchema.parse(values);
  const settings = Object.entries(stacks).map(
    ([name, { after, driftCron, driftRemediate, expires }]): [string, StackSettings] => [
      name,
      {
        driftRemediate,
        ...(after === undefined ? {} : { after }),
        ...(driftCron === "never" ? {} : { driftCron }),
        ...(expires === undefined ? {} : { expires }),
      },
    ],
  );
  return {
    ...rest,
    region: raw["aws:region"] ?? "",
    branch: shortBranch(rest.branch),
    stacks: Object.fromEntries(settings),
    project: surroundings.project,
    files: surroundings.stacks,
  };
}

/**
 * The running program's config, checked against this repository.
 * @throws RunError with {@link DeployConfigError}'s text, which the engine prints without a trace.
 */
export function loadDeployConfig(): DeployConfig {
  const raw = allConfig();
  try {
    return parseDeployConfig(raw, readSurroundings(raw), getStack());
  } catch (error) {
    if (error instanceof DeployConfigError || error instanceof StackFileError) {
      throw new RunError(error.message);
    }
    throw error;
  }
}
