import { jsonStringify, type Input } from "@pulumi/pulumi";
import { RegionOrder } from "./components/regionOrder";
import { Reports } from "./components/reports";
import { ReviewStacks } from "./components/reviewStacks";
import { StackDeployment } from "./components/stackDeployment";
import { deployer, type DeployConfig } from "./config/deployConfig";
import { followers, inputsOf, pathFilters } from "./pathFilters";
import { preRunCommands } from "./preRun";
import {
  operationsOf,
  reviewTemplate,
  sessionMinutes,
  type Operation,
  type StackRoles,
} from "./roles";

/** The settings of Pulumi Deployments for every stack. Nothing without pulumiCloud. */
export function pulumiDeployments(config: DeployConfig, roles: StackRoles): void {
  const { organization, project, repository, branch, stacks, webhook, review } = config;
  if (organization === undefined || !config.platforms.includes("pulumiCloud")) return;
  const deploys = deployer(config) === "pulumiCloud";
  const source = { organization, project, repository, branch };
  for (const [stack, settings] of Object.entries(stacks)) {
    const { after, driftCron, driftRemediate, expires } = settings;
    new StackDeployment(stack, {
      ...source,
      stack,
      deployCommits: deploys && after === undefined,
      paths: pathFilters(stack, stacks),
      preRunCommands: preRunCommands({
        stack,
        followers: followers(stacks, stack),
        ...(after === undefined ? {} : { after }),
      }),
      environmentVariables: roleVariables(config, stack, roles[stack] ?? {}),
      driftRemediate,
      ...(driftCron === undefined ? {} : { driftCron }),
      ...(expires === undefined ? {} : { expires }),
    });
    if (deploys && after !== undefined) {
      new RegionOrder(stack, { organization, project, first: after, second: stack });
    }
    if (webhook) new Reports(stack, { organization, project, stack, ...webhook });
  }
  if (!review) return;
  const { maxAgeHours, ...given } = review;
  new ReviewStacks(reviewTemplate, {
    ...source,
    stack: reviewTemplate,
    paths: inputsOf(review.template),
    preRunCommands: preRunCommands({ stack: reviewTemplate, followers: [], maxAgeHours }),
    environmentVariables: {
      ...roleVariables(config, review.template, roles[reviewTemplate] ?? {}),
      PE_DEPLOY_REVIEW: JSON.stringify(given),
    },
  });
}

/** What deploy/steps/assumeRole.mjs goes by. */
function roleVariables(
  config: DeployConfig,
  stack: string,
  roles: StackRoles[string],
): Record<string, Input<string>> {
  const remediate = config.stacks[stack]?.driftRemediate ?? false;
  const byOperation = Object.entries(roles).flatMap(([operation, arn]) => {
    const role = { arn, minutes: sessionMinutes(operation as Operation, config) };
    return operationsOf(operation as Operation, remediate).map((name) => [name, role]);
  });
  return {
    PE_DEPLOY_ROLES: jsonStringify(Object.fromEntries(byOperation)),
    PE_DEPLOY_REGION: config.files[stack]?.region ?? "us-east-1",
  };
}
