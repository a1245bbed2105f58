import { deployer, type DeployConfig, type Platform } from "./config/deployConfig";
import { issuers } from "./issuers";
import { isReadOnly, operationsOf, reviewTemplate, type Operation } from "./roles";
import { trustPolicy, type GithubTrust, type TrustPolicy } from "./trust";

/** ARN of the account's provider for a platform: IAM makes it of the account and the issuer. */
export function providerArn(config: DeployConfig, platform: Platform): string {
  const given = config.identityProviders[platform];
  if (given !== "create") return given;
  return `arn:aws:iam::${config.account}:oidc-provider/${issuers[platform].host}`;
}

/** The workflow that runs an operation, below .github/workflows. */
const workflows = { drift: "drift.yml", update: "installation.yml" };

/**
 * Who may assume the role of a stack's operation: one statement per platform that runs it. Updates
 * are trusted to the one platform that deploys.
 */
export function roleTrust(config: DeployConfig, stack: string, operation: Operation): TrustPolicy {
  const { platforms, organization = "", project, stacks } = config;
  const runsIt = (platform: Platform): boolean =>
    platforms.includes(platform) && (isReadOnly(operation) || deployer(config) === platform);
  const policies = [
    ...(runsIt("pulumiCloud")
      ? [
          trustPolicy({
            issuer: "pulumi",
            providerArn: providerArn(config, "pulumiCloud"),
            organization,
            project,
            stack,
            operations: operationsOf(operation, stacks[stack]?.driftRemediate),
          }),
        ]
      : []),
    ...(runsIt("githubActions") ? [trustPolicy(githubTrust(config, stack, operation))] : []),
  ];
  return { Version: "2012-10-17", Statement: policies.flatMap(({ Statement }) => Statement) };
}

function githubTrust(config: DeployConfig, stack: string, operation: Operation): GithubTrust {
  const { repository, repositoryIds, branch } = config;
  const common = {
    issuer: "github" as const,
    providerArn: providerArn(config, "githubActions"),
    repository,
    ...(repositoryIds === undefined ? {} : { ids: repositoryIds }),
  };
  if (operation === "preview") return { ...common, run: { kind: "pullRequest" } };
  if (operation === "drift") {
    return { ...common, run: { kind: "branch", branch }, workflow: workflows.drift };
  }
  // GitHub asks the environment's reviewers before it gives out the token.
  return {
    ...common,
    run: { kind: "environment", environment: stack, branch },
    workflow: workflows.update,
  };
}

/** As IAM writes it, with the one pattern that there is. */
export interface ReviewTrustPolicy {
  Version: "2012-10-17";
  Statement: (Omit<TrustPolicy["Statement"][number], "Condition"> & {
    Condition: { StringEquals: Record<string, string>; StringLike: Record<string, string> };
  })[];
}

/**
 * Who may assume a role of review stacks: their names are not known before, so the subject has a
 * pattern in place of the name, `pr-*`. A stack's name has no colon, so the pattern ends where the
 * name does, and every other part is exact. Whoever may create stacks in the project can make one of
 * that name, and gets what pull requests get.
 */
export function reviewTrust(config: DeployConfig, operation: Operation): ReviewTrustPolicy {
  const { organization = "", project } = config;
  const exact = trustPolicy({
    issuer: "pulumi",
    providerArn: providerArn(config, "pulumiCloud"),
    organization,
    project,
    stack: reviewTemplate,
    operations: [operation],
  });
  const { host } = issuers.pulumiCloud;
  const subject = `pulumi:deploy:org:${organization}:project:${project}:stack:pr-*:operation:${operation}:scope:write`;
  return {
    ...exact,
    Statement: exact.Statement.map((statement) => ({
      ...statement,
      Condition: {
        StringEquals: { [`${host}:aud`]: organization },
        StringLike: { [`${host}:sub`]: subject },
      },
    })),
  };
}
