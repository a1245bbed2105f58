import type { Output } from "@pulumi/pulumi";
import { deployer, type DeployConfig, type Platform } from "./config/deployConfig";
import { pulumiDeployments } from "./deployments";
import { resourceTypesByPlan } from "./resourceTypes";
import type { Operation } from "./roles";
import { stackRoles, type PlannedTypes } from "./stackRoles";

/** What the program tells: nothing of it is secret. */
export interface DeployOutputs {
  /** Who runs `up` on a push. */
  deployer: Platform;
  /** ARNs by stack and operation. */
  roles: Record<string, Partial<Record<Operation, Output<string>>>>;
}

/** By the plan of each stack, over its edits: a role needs no change when one of them is made. */
export async function plannedTypes(config: DeployConfig): Promise<PlannedTypes> {
  const stacks = Object.keys(config.stacks);
  const types = await Promise.all(stacks.map((stack) => resourceTypesByPlan(stack)));
  return Object.fromEntries(stacks.map((stack, index) => [stack, types[index] ?? []]));
}

/** Everything that deploys the platform: identities and roles at AWS, settings at Pulumi Cloud. */
export function deployProgram(config: DeployConfig, types: PlannedTypes): DeployOutputs {
  const roles = stackRoles(config, types);
  pulumiDeployments(config, roles);
  return { deployer: deployer(config), roles };
}

/** The sentence for credentials of another account than the config's; undefined for the right one. */
export function accountProblem(expected: string, actual: string): string | undefined {
  if (expected === actual) return undefined;
  return `account is ${expected}, and the credentials are of ${actual}: choose the other profile (AWS_PROFILE), or correct pe-deploy:account. Nothing was started.`;
}
