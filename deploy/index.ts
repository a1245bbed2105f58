// Roles and settings for deployments of the platform: see docs/deploying.md.
import "../stacks/quietStackTraces";
import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity";
import { RunError } from "@pulumi/pulumi/errors";
import { loadDeployConfig } from "./config/deployConfig";
import { accountProblem, deployProgram, plannedTypes, type DeployOutputs } from "./program";

/** A function, so that config, account and plans are checked before anything is registered. */
export = async (): Promise<DeployOutputs> => {
  const config = loadDeployConfig();
  const { accountId } = await getCallerIdentity();
  const problem = accountProblem(config.account, accountId);
  if (problem !== undefined) throw new RunError(problem);
  return deployProgram(config, await plannedTypes(config));
};
