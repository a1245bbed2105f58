import { allConfig } from "@pulumi/pulumi/runtime/config";
import { RunError } from "@pulumi/pulumi/errors";
import { getStack } from "@pulumi/pulumi/metadata";
import { ConfigError } from "../../config/problems";
import { shortBranch } from "./formats";
import { readConfig } from "./reader";
import { checkRules } from "./rules";
import { deploySchema, type DeployValues, type platforms } from "./schema";
import { deployOrder } from "../gate/order";
import {
  readDeployContext,
  turnOf,
  type PlatformStack,
  type DeployContext,
} from "../deployContext";
import { UserError } from "../../config/mistake";

export type Platform = (typeof platforms)[number];

/** How one stack of the platform is deployed. */
export type StackSettings = Omit<DeployValues["stacks"][string], "driftCron"> & {
  /** The stack of the other region, where that goes first: this one starts when it has succeeded. */
  after?: string;
  /** Cron, UTC; absent: drift is not looked for. */
  driftCron?: string;
};

/** Who runs `up` on a push: with both platforms GitHub Actions, so that no push deploys twice. */
export function deployer({ platforms }: Pick<DeployConfig, "platforms">): Platform {
  return platforms.includes("githubActions") ? "githubActions" : "pulumiCloud";
}

/** The whole configuration, checked against the stack files, with every default filled in. */
export type DeployConfig = Omit<DeployValues, "stacks"> & {
  /** This project's own region, as of its AWS provider. */
  region: string;
  stacks: Record<string, StackSettings>;
  /** Name of the platform's project. */
  project: string;
  /** What the stack files say of the platform's stacks. */
  files: Record<string, PlatformStack>;
};

/**
 * Checks the config and fills in the defaults; one run names every mistake.
 * @param raw as the engine hands it over: `pe-deploy:branch` to `main`, objects as JSON text.
 * @param context the platform's stack files, the branches git knows, whether there is a token.
 * @param stack name of this project's own stack, for the headline.
 * @throws ConfigError with one problem per mistake.
 */
export function parseDeployConfig(
  raw: Record<string, string>,
  context: DeployContext,
  stack = "main",
): DeployConfig {
  const { values, problems } = readConfig(raw);
  const failed = problems.map(({ key }) => key);
  const broken = checkRules(values, context, failed);
  if (problems.length > 0 || broken.length > 0) {
    throw new ConfigError(stack, [...problems, ...broken]);
  }
  const { stacks, ...rest } = deploySchema.parse(values);
  const names = Object.keys(stacks);
  const ordered = names.map((stack) => ({ stack, config: turnOf(context.stacks[stack]) }));
  const after = new Map(deployOrder(ordered, names).map(({ first, second }) => [second, first]));
  const settings = Object.entries(stacks).map(
    ([name, { driftCron, driftRemediate, expires }]): [string, StackSettings] => [
      name,
      {
        driftRemediate,
        ...(after.has(name) ? { after: after.get(name) } : {}),
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
    project: context.project,
    files: context.stacks,
  };
}

/**
 * The running program's config, checked against this repository.
 * @throws RunError with {@link ConfigError}'s text, which the engine prints without a trace.
 */
export function loadDeployConfig(): DeployConfig {
  const raw = allConfig();
  try {
    return parseDeployConfig(raw, readDeployContext(raw), getStack());
  } catch (error) {
    if (error instanceof UserError) {
      throw new RunError(error.message);
    }
    throw error;
  }
}
