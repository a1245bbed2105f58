/** What a deployment run by Pulumi Cloud may be doing (REST API, OperationContext). */
export const pulumiOperations = [
  "update",
  "preview",
  "destroy",
  "refresh",
  "detect-drift",
  "remediate-drift",
] as const;

/** A deployment of one stack by Pulumi Cloud. */
export interface PulumiTrust {
  issuer: "pulumi";
  /** ARN of the account's identity provider for api.pulumi.com/oidc. */
  providerArn: string;
  /** Lower case, as in app.pulumi.com/<organization>. */
  organization: string;
  project: string;
  stack: string;
  /** Some of `pulumiOperations`: the role is for these and no others. */
  operations: readonly string[];
}

/** A job of one repository's workflows, run for one reason. */
export interface GithubTrust {
  issuer: "github";
  /** ARN of the account's identity provider for token.actions.githubusercontent.com. */
  providerArn: string;
  /** `owner/name`, letter by letter as GitHub spells it. */
  repository: string;
  /**
   * The numbers of owner and repository, for a repository whose tokens name them: those made,
   * renamed or transferred since July 2026, and those that opted in. `gh api
   * repos/OWNER/NAME/actions/oidc/customization/sub` tells.
   * @default the subject has names only
   */
  ids?: { owner: number; repository: number };
  /**
   * `environment`: a job that names it, from `branch` only; GitHub asks its reviewers first.
   * `branch`: a push to it, or a schedule. `pullRequest`: a pull request from the repository
   * itself; one from a fork gets no token.
   */
  run:
    | { kind: "environment"; environment: string; branch: string }
    | { kind: "branch"; branch: string }
    | { kind: "pullRequest" };
  /**
   * The one workflow file, below .github/workflows. Not for pull requests, whose workflow is the
   * pull request's own.
   * @default any workflow of the repository
   */
  workflow?: string;
}

export type Trust = PulumiTrust | GithubTrust;

export interface TrustPolicy {
  Version: "2012-10-17";
  Statement: {
    Effect: "Allow";
    Principal: { Federated: string };
    Action: "sts:AssumeRoleWithWebIdentity";
    Condition: { StringEquals: Record<string, string | string[]> };
  }[];
}

const hosts = {
  pulumi: "api.pulumi.com/oidc",
  github: "token.actions.githubusercontent.com",
} as const;

/**
 * Who may assume a role: one issuer's tokens with exactly this audience and subject. Only
 * StringEquals, and no name that a pattern or another part of the subject could hide in.
 *
 * Subjects: Pulumi docs "OpenID Connect in Deployments" (the audience of a deployment is the
 * organization; `aws:<organization>` is that of Pulumi ESC); GitHub docs "OpenID Connect reference".
 * The keys beside `sub` and `aud`: IAM User Guide, "Available keys for AWS OIDC federation".
 *
 * @throws Error with everything that is wrong with the names.
 */
export function trustPolicy(trust: Trust): TrustPolicy {
  const problems = trustProblems(trust);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const host = hosts[trust.issuer];
  const claims = trust.issuer === "pulumi" ? pulumiClaims(trust) : githubClaims(trust);
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: trust.providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: Object.fromEntries(
            Object.entries(claims).map(([claim, value]) => [`${host}:${claim}`, value]),
          ),
        },
      },
    ],
  };
}

/** What a token's `aud` must be; the identity provider has to list it. */
export function audienceOf(trust: Pick<PulumiTrust, "issuer" | "organization"> | GithubTrust) {
  return trust.issuer === "pulumi" ? trust.organization : "sts.amazonaws.com";
}

function pulumiClaims(trust: PulumiTrust): Record<string, string | string[]> {
  const { organization, project, stack, operations } = trust;
  const subjects = [...new Set(operations)].map(
    (operation) =>
      `pulumi:deploy:org:${organization}:project:${project}:stack:${stack}:operation:${operation}:scope:write`,
  );
  return { aud: audienceOf(trust), sub: single(subjects) };
}

function githubClaims(trust: GithubTrust): Record<string, string> {
  const { repository, ids, run, workflow } = trust;
  const [owner = "", name = ""] = repository.split("/");
  const named = ids ? `${owner}@${ids.owner}/${name}@${ids.repository}` : repository;
  const subject = {
    environment: () => (run.kind === "environment" ? `environment:${run.environment}` : ""),
    branch: () => (run.kind === "branch" ? `ref:${fullRef(run.branch)}` : ""),
    pullRequest: () => "pull_request",
  }[run.kind]();
  return {
    aud: audienceOf(trust),
    sub: `repo:${named}:${subject}`,
    // A fork's or a namesake's token has another number, whatever its names say.
    ...(ids ? { repository_id: String(ids.repository) } : {}),
    // The subject of a job with an environment says nothing of the branch.
    ...(run.kind === "environment" ? { ref: fullRef(run.branch) } : {}),
    ...(workflow !== undefined && run.kind !== "pullRequest"
      ? { job_workflow_ref: `${repository}/.github/workflows/${workflow}@${fullRef(run.branch)}` }
      : {}),
  };
}

function single(values: string[]): string | string[] {
  return values.length === 1 ? (values[0] ?? "") : values;
}

function fullRef(branch: string): string {
  return branch.startsWith("refs/heads/") ? branch : `refs/heads/${branch}`;
}

/** One sentence for each part of a trust that no policy can be made of; empty when all is well. */
export function trustProblems(trust: Trust): string[] {
  const problems: string[] = [];
  const check = (key: string, value: unknown, pattern: RegExp, use: string): void => {
    if (typeof value === "string" && pattern.test(value)) return;
    problems.push(`${key} is ${JSON.stringify(value) ?? "missing"}: use ${use}.`);
  };
  const host = hosts[trust.issuer];
  const provider = new RegExp(
    `^arn:aws:iam::\\d{12}:oidc-provider/${host.replaceAll(".", "\\.")}$`,
  );
  check("providerArn", trust.providerArn, provider, `arn:aws:iam::<account>:oidc-provider/${host}`);
  if (trust.issuer === "pulumi") {
    const name = /^[A-Za-z0-9][\w.-]{0,99}$/;
    check("organization", trust.organization, /^[a-z0-9_-]{1,40}$/, "the organization, lower case");
    check("project", trust.project, name, "one project's name, no pattern");
    check("stack", trust.stack, name, "one stack's name, without organization, no pattern");
    if (trust.operations.length === 0) problems.push("operations is empty: name one at least.");
    for (const operation of trust.operations) {
      if (!(pulumiOperations as readonly string[]).includes(operation)) {
        problems.push(`operations has "${operation}": use some of ${pulumiOperations.join(", ")}.`);
      }
    }
    return problems;
  }
  const { repository, ids, run, workflow } = trust;
  check(
    "repository",
    repository,
    /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/(?!\.{1,2}$)[\w.-]{1,100}$/,
    "owner/name of one repository, no pattern",
  );
  for (const [key, id] of Object.entries(ids ?? {})) {
    if (!Number.isSafeInteger(id) || id < 1) {
      problems.push(`ids.${key} is ${String(id)}: use GitHub's number of it, a whole number.`);
    }
  }
  if (run.kind === "environment") {
    check("environment", run.environment, /^[\w.-]{1,100}$/, "letters, digits, . _ -, no pattern");
  }
  if (run.kind !== "pullRequest") {
    const branch = /^(?!\/)(?!.*(?:\.\.|\/\/))[\w./+#-]{1,200}(?<!\/)$/;
    check("branch", run.branch, branch, "one branch, no pattern");
    if (/^refs\/(?!heads\/)/.test(run.branch)) {
      problems.push(`branch is "${run.branch}": use a branch, not a tag or a pull request.`);
    }
  }
  if (workflow !== undefined) {
    check("workflow", workflow, /^[\w.-]{1,100}\.ya?ml$/, "a file's name, e.g. deploy.yml");
    if (run.kind === "pullRequest") {
      problems.push(
        "workflow cannot be required of pull requests, which bring their own: omit it.",
      );
    }
  }
  return problems;
}
