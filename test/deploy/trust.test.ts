import assert from "node:assert/strict";
import fc from "fast-check";
import {
  audienceOf,
  pulumiOperations,
  trustPolicy,
  trustProblems,
  type GithubTrust,
  type PulumiTrust,
  type TrustPolicy,
} from "../../deploy/trust";
import { mayAssume, type TokenClaims } from "./mayAssume";

const account = "arn:aws:iam::123456789012:oidc-provider";
const pulumi: PulumiTrust = {
  issuer: "pulumi",
  providerArn: `${account}/api.pulumi.com/oidc`,
  organization: "acme",
  project: "pe-platform",
  stack: "prod-east",
  operations: ["update"],
};
const github: GithubTrust = {
  issuer: "github",
  providerArn: `${account}/token.actions.githubusercontent.com`,
  repository: "acme/pe-platform",
  run: { kind: "environment", environment: "prod-east", branch: "main" },
};

const subject = (
  change: Partial<Record<"org" | "project" | "stack" | "operation", string>> = {},
) => {
  const parts = { org: "acme", project: "pe-platform", stack: "prod-east", operation: "update" };
  const { org, project, stack, operation } = { ...parts, ...change };
  return `pulumi:deploy:org:${org}:project:${project}:stack:${stack}:operation:${operation}:scope:write`;
};
const deployment: TokenClaims = {
  iss: "https://api.pulumi.com/oidc",
  aud: "acme",
  sub: subject(),
};
const job: TokenClaims = {
  iss: "https://token.actions.githubusercontent.com",
  aud: "sts.amazonaws.com",
  sub: "repo:acme/pe-platform:environment:prod-east",
  ref: "refs/heads/main",
  repository: "acme/pe-platform",
  repository_id: "456",
  environment: "prod-east",
  event_name: "push",
  job_workflow_ref: "acme/pe-platform/.github/workflows/deploy.yml@refs/heads/main",
};

type Forged = [what: string, change: TokenClaims];

const forgedDeployments: Forged[] = [
  ["another organization", { aud: "evil", sub: subject({ org: "evil" }) }],
  ["another organization for our audience", { sub: subject({ org: "evil" }) }],
  ["our subject for another's audience", { aud: "evil" }],
  ["the audience of Pulumi ESC", { aud: "aws:acme" }],
  ["no audience", { aud: undefined }],
  ["an empty audience", { aud: "" }],
  ["a list of audiences", { aud: ["acme", "evil"] }],
  ["our audience alone, in a list", { aud: ["acme"] }],
  ["an authorized party that is not us", { azp: "evil" }],
  ["another project", { sub: subject({ project: "pe-platform2" }) }],
  ["the project's beginning", { sub: subject({ project: "pe" }) }],
  ["another stack", { sub: subject({ stack: "prod-west" }) }],
  ["a longer stack name", { sub: subject({ stack: "prod-east-2" }) }],
  ["a preview", { sub: subject({ operation: "preview" }) }],
  ["a destroy", { sub: subject({ operation: "destroy" }) }],
  ["a refresh", { sub: subject({ operation: "refresh" }) }],
  ["a remedy of drift", { sub: subject({ operation: "remediate-drift" }) }],
  ["another scope", { sub: subject().replace("scope:write", "scope:read") }],
  ["no scope", { sub: subject().replace(":scope:write", "") }],
  ["more behind the subject", { sub: `${subject()}:x` }],
  ["more before the subject", { sub: `x:${subject()}` }],
  ["a line break behind it", { sub: `${subject()}\n` }],
  ["other case", { sub: subject({ org: "Acme" }) }],
  ["capitals throughout", { sub: subject().toUpperCase() }],
  ["a wildcard for the stack", { sub: subject({ stack: "*" }) }],
  ["a wildcard for everything", { sub: "*" }],
  ["no subject", { sub: undefined }],
  ["a list of subjects", { sub: [subject()] }],
  ["our names within another's stack", { sub: subject({ stack: "x:operation:update" }) }],
  [
    "an environment of Pulumi ESC",
    { sub: "pulumi:environments:org:acme:env:pe-platform/prod-east" },
  ],
  ["another issuer", { iss: "https://token.actions.githubusercontent.com" }],
  ["Pulumi's issuer without TLS", { iss: "http://api.pulumi.com/oidc" }],
  ["Pulumi's other issuer", { iss: "https://api.pulumi.com/oidc/v2" }],
  ["an issuer with ours in it", { iss: "https://api.pulumi.com/oidc.evil.example" }],
  ["no issuer", { iss: undefined }],
];

const forgedJobs: Forged[] = [
  ["another repository", { sub: "repo:acme/other:environment:prod-east" }],
  ["another owner", { sub: "repo:evil/pe-platform:environment:prod-east" }],
  ["a fork's own environment", { sub: "repo:mallory/pe-platform:environment:prod-east" }],
  ["a longer repository name", { sub: "repo:acme/pe-platform-2:environment:prod-east" }],
  ["an owner that ends in ours", { sub: "repo:not-acme/pe-platform:environment:prod-east" }],
  ["a pull request", { sub: "repo:acme/pe-platform:pull_request", ref: "refs/pull/7/merge" }],
  ["a push without the environment", { sub: "repo:acme/pe-platform:ref:refs/heads/main" }],
  ["another environment", { sub: "repo:acme/pe-platform:environment:prod-west" }],
  ["the environment from a branch", { ref: "refs/heads/feature" }],
  ["the environment from a pull request", { ref: "refs/pull/7/merge" }],
  ["the environment from a tag", { ref: "refs/tags/main" }],
  ["a branch whose name ends in ours", { ref: "refs/heads/x/refs/heads/main" }],
  ["no ref", { ref: undefined }],
  [
    "an environment that contains a subject",
    {
      sub: "repo:acme/pe-platform:environment:x:environment:prod-east",
    },
  ],
  ["other case", { sub: "repo:Acme/pe-platform:environment:prod-east" }],
  ["the audience GitHub gives by default", { aud: "https://github.com/acme" }],
  ["no audience", { aud: undefined }],
  ["a list of audiences", { aud: ["sts.amazonaws.com", "evil"] }],
  ["a wildcard", { sub: "repo:acme/*" }],
  ["the form with numbers", { sub: "repo:acme@1/pe-platform@456:environment:prod-east" }],
  ["Pulumi's issuer", { iss: "https://api.pulumi.com/oidc" }],
  ["another GitHub server", { iss: "https://token.actions.ghe.example.com" }],
];

function expectRefused(policy: TrustPolicy, right: TokenClaims, forged: Forged[]): void {
  assert.equal(mayAssume(policy, right), true, "the right token gets in");
  for (const [what, change] of forged) {
    assert.equal(mayAssume(policy, { ...right, ...change }), false, what);
  }
}

describe("trust in Pulumi Deployments", () => {
  const policy = trustPolicy(pulumi);

  it("names provider, audience and subject, and compares them letter by letter", () => {
    assert.deepEqual(policy, {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/api.pulumi.com/oidc" },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "api.pulumi.com/oidc:aud": "acme",
              "api.pulumi.com/oidc:sub":
                "pulumi:deploy:org:acme:project:pe-platform:stack:prod-east:operation:update:scope:write",
            },
          },
        },
      ],
    });
  });

  it(`lets the one deployment in and none of ${forgedDeployments.length} others`, () => {
    expectRefused(policy, deployment, forgedDeployments);
  });

  it("serves the operations that it names", () => {
    const drift = trustPolicy({ ...pulumi, operations: ["refresh", "detect-drift"] });
    const served = pulumiOperations.filter((operation) =>
      mayAssume(drift, { ...deployment, sub: subject({ operation }) }),
    );
    assert.deepEqual(served, ["refresh", "detect-drift"]);
  });

  it("refuses a deployment in a role for GitHub's jobs, and the other way round", () => {
    assert.equal(mayAssume(trustPolicy(github), deployment), false);
    assert.equal(mayAssume(policy, job), false);
  });
});

describe("trust in GitHub Actions", () => {
  it(`lets the job of the environment in and none of ${forgedJobs.length} others`, () => {
    expectRefused(trustPolicy(github), job, forgedJobs);
  });

  it("lets pull requests of the repository preview, whatever their branch, and nothing else", () => {
    const policy = trustPolicy({ ...github, run: { kind: "pullRequest" } });
    const request = { ...job, sub: "repo:acme/pe-platform:pull_request", ref: "refs/pull/7/merge" };
    expectRefused(policy, request, [
      ["a push to main", { sub: "repo:acme/pe-platform:ref:refs/heads/main" }],
      ["an environment", { sub: "repo:acme/pe-platform:environment:prod-east" }],
      ["a pull request elsewhere", { sub: "repo:mallory/pe-platform:pull_request" }],
      ["more behind it", { sub: "repo:acme/pe-platform:pull_request_target" }],
    ]);
  });

  it("lets a schedule on main look for drift", () => {
    const policy = trustPolicy({ ...github, run: { kind: "branch", branch: "refs/heads/main" } });
    expectRefused(policy, { ...job, sub: "repo:acme/pe-platform:ref:refs/heads/main" }, [
      ["another branch", { sub: "repo:acme/pe-platform:ref:refs/heads/main2" }],
      ["a tag", { sub: "repo:acme/pe-platform:ref:refs/tags/main" }],
      ["a pull request", { sub: "repo:acme/pe-platform:pull_request" }],
    ]);
  });

  it("holds on to the numbers of owner and repository where the token has them", () => {
    const policy = trustPolicy({ ...github, ids: { owner: 123, repository: 456 } });
    const sub = "repo:acme@123/pe-platform@456:environment:prod-east";
    expectRefused(policy, { ...job, sub }, [
      ["names alone", { sub: job.sub }],
      [
        "a namesake made later",
        {
          sub: "repo:acme@123/pe-platform@999:environment:prod-east",
          repository_id: "999",
        },
      ],
      ["a namesake of the owner", { sub: "repo:acme@124/pe-platform@456:environment:prod-east" }],
      ["another repository's number", { repository_id: "457" }],
    ]);
  });

  it("can be pinned to one workflow file of the branch", () => {
    const policy = trustPolicy({ ...github, workflow: "deploy.yml" });
    expectRefused(policy, job, [
      [
        "another workflow",
        { job_workflow_ref: "acme/pe-platform/.github/workflows/x.yml@refs/heads/main" },
      ],
      [
        "the same of another branch",
        {
          job_workflow_ref: "acme/pe-platform/.github/workflows/deploy.yml@refs/heads/x",
        },
      ],
      ["none", { job_workflow_ref: undefined }],
    ]);
  });

  it("knows each issuer's audience", () => {
    assert.equal(audienceOf(pulumi), "acme");
    assert.equal(audienceOf(github), "sts.amazonaws.com");
  });
});

describe("names in a trust policy", () => {
  const bad: [object, RegExp][] = [
    [{ organization: "*" }, /^organization is "\*": use the organization, lower case\.$/],
    [{ organization: "Acme" }, /^organization/],
    [{ organization: "a:stack" }, /^organization/],
    [{ project: "pe-*" }, /^project/],
    [{ project: undefined }, /^project is missing/],
    [{ stack: "prod-?" }, /^stack/],
    [{ stack: "prod:operation:update" }, /^stack/],
    [{ stack: "acme/prod" }, /^stack/],
    [{ stack: "prod\n" }, /^stack/],
    [{ operations: [] }, /^operations is empty/],
    [{ operations: ["up"] }, /^operations has "up": use some of update, preview, /],
    [
      { providerArn: github.providerArn },
      /^providerArn .*oidc-provider\/api\.pulumi\.com\/oidc\.$/,
    ],
    [{ providerArn: `${account}/apixpulumi.com/oidc` }, /^providerArn/],
  ];
  for (const [change, problem] of bad) {
    it(`refuses ${JSON.stringify(change)} for Pulumi`, () => {
      const trust = { ...pulumi, ...change };
      assert.match(trustProblems(trust).join("\n"), problem);
      assert.throws(
        () => trustPolicy(trust),
        (error: Error) => problem.test(error.message),
      );
    });
  }

  const badJobs: [object, RegExp][] = [
    [{ repository: "acme" }, /^repository/],
    [{ repository: "acme/*" }, /^repository/],
    [{ repository: "acme/.." }, /^repository/],
    [{ repository: "acme/pe:pull_request" }, /^repository/],
    [{ repository: "https://github.com/acme/pe" }, /^repository/],
    [{ ids: { owner: 0, repository: 1.5 } }, /^ids\.owner is 0.*\nids\.repository is 1\.5/],
    [{ run: { kind: "environment", environment: "prod:*", branch: "main" } }, /^environment/],
    [{ run: { kind: "environment", environment: "prod", branch: "*" } }, /^branch/],
    [{ run: { kind: "branch", branch: "release/*" } }, /^branch/],
    [{ run: { kind: "branch", branch: "refs/tags/v1" } }, /use a branch, not a tag/],
    [{ run: { kind: "branch", branch: "a..b" } }, /^branch/],
    [{ workflow: "../deploy.yml" }, /^workflow/],
    [{ workflow: "deploy" }, /^workflow/],
    [{ run: { kind: "pullRequest" }, workflow: "preview.yml" }, /bring their own: omit it/],
  ];
  for (const [change, problem] of badJobs) {
    it(`refuses ${JSON.stringify(change)} for GitHub`, () => {
      assert.match(trustProblems({ ...github, ...change }).join("\n"), problem);
    });
  }

  it("says everything that is wrong at once", () => {
    const problems = trustProblems({ ...pulumi, organization: "*", project: "*", stack: "*" });
    assert.equal(problems.length, 3);
  });
});

describe("the judge of trust policies", () => {
  const [statement] = trustPolicy(pulumi).Statement;
  const judged = (change: object) => () =>
    mayAssume(
      { Version: "2012-10-17", Statement: [{ ...statement!, ...change }] } as TrustPolicy,
      deployment,
    );
  const unknown: [string, object, RegExp][] = [
    ["a pattern", { Condition: { StringLike: { "api.pulumi.com/oidc:sub": "*" } } }, /StringLike/],
    ["a set operator", { Condition: { "ForAllValues:StringEquals": {} } }, /ForAllValues/],
    ["a denial", { Effect: "Deny" }, /Effect is "Deny"/],
    ["another action", { Action: "sts:AssumeRole" }, /Action/],
    ["an unknown element", { NotPrincipal: {} }, /NotPrincipal/],
    ["anybody", { Principal: { AWS: "*" } }, /principal/],
    [
      "no subject",
      {
        Condition: { StringEquals: { "api.pulumi.com/oidc:aud": "acme" } },
      },
      /without a condition on sub/,
    ],
    [
      "another issuer's claim",
      {
        Condition: { StringEquals: { "accounts.google.com:sub": "1" } },
      },
      /no claim of api\.pulumi\.com/,
    ],
  ];
  for (const [what, change, problem] of unknown) {
    it(`takes ${what} for no policy of this project`, () => {
      assert.throws(judged(change), problem);
    });
  }

  it("lets in nothing but the three names of the policy (property)", () => {
    const name = fc.oneof(
      fc.constantFrom("acme", "pe-platform", "prod-east", "update", "*", "", "ACME", "prod-east:x"),
      fc.string({ maxLength: 12 }),
    );
    const property = fc.property(
      name,
      name,
      name,
      name,
      name,
      (org, project, stack, operation, aud) => {
        const claims = { ...deployment, aud, sub: subject({ org, project, stack, operation }) };
        const right = claims.sub === deployment.sub && aud === "acme";
        return mayAssume(trustPolicy(pulumi), claims) === right;
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  it("tells any two trusts apart (property)", () => {
    const part = fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/);
    const trust = fc
      .record({ organization: part.map((text) => `${text}-x`), project: part, stack: part })
      .chain((names) =>
        fc.constantFrom(...pulumiOperations).map((operation) => ({ ...names, operation })),
      );
    const property = fc.property(trust, trust, (one, other) => {
      const policy = trustPolicy({ ...pulumi, ...one, operations: [one.operation] });
      const { organization: org, ...rest } = other;
      const token = { ...deployment, aud: org, sub: subject({ org, ...rest }) };
      const same = JSON.stringify(one) === JSON.stringify(other);
      return mayAssume(policy, token) === same;
    });
    fc.assert(property, { numRuns: 300 });
  });
});
