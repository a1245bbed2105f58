import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDeployConfig } from "../../deploy/config/deployConfig";
import type { PolicyDocument } from "../../catalogue/rights";
import { accountProblem, deployProgram, type DeployOutputs } from "../../deploy/program";
import { roleArn } from "./rights";
import { reviewTrust, roleTrust } from "../../deploy/roleTrust";
import type { DeployContext } from "../../deploy/deployContext";
import { mayAssume, type TokenClaims } from "./mayAssume";
import { tree, type TreeNode } from "../../insight/plan/inventory";
import { planStack } from "../../insight/plan/offlinePlan";
import type { PlannedResource, StackPlan } from "../../insight/plan/plan";
import type { JsonObject } from "../../catalogue/json";
import { readStackConfig } from "../../config/stackFiles";
import { allOf, only } from "../support/record";
import { isAllowed } from "./iam";
import { rawConfig, review, deployContext } from "./support";

const folder = join(__dirname, "..", "..", "deploy");

/** Types that stand for a plan's: what the roles may do with them is permissions.test.ts's. */
const types = ["aws:cloudwatch/logGroup:LogGroup", "aws:s3/bucket:Bucket"];

function plan(
  changes: Parameters<typeof rawConfig>[0],
  around: Partial<DeployContext> = {},
): Promise<StackPlan> {
  const raw = rawConfig(changes);
  const config = parseDeployConfig(raw, deployContext(around));
  const planned = Object.fromEntries(Object.keys(config.stacks).map((stack) => [stack, types]));
  return planStack({
    stack: "main",
    project: "pe-deploy",
    raw,
    program: () => deployProgram(config, planned),
  });
}

const cloud = { platforms: ["pulumiCloud"] };
const everything = {
  platforms: ["pulumiCloud"],
  review,
  webhook: { url: "https://hooks.example.com/secret-path", format: "slack" },
  state: {
    readPolicyArn: "arn:aws:iam::123456789012:policy/read",
    writePolicyArn: "arn:aws:iam::123456789012:policy/write",
  },
};

describe("golden inventories of the deployment", () => {
  it("of the example, under GitHub Actions, with the types of the real plans", async () => {
    const made = await planStack({
      stack: "main",
      project: "pe-deploy",
      raw: readStackConfig("main", folder),
      program: join(folder, "index"),
      timeout: 240_000,
    });
    assert.equal((made.outputs as unknown as DeployOutputs).deployer, "githubActions");
    assertGolden("deploy-main", made);
  }).timeout(300_000);

  it("of Pulumi Deployments, with all there is", async () => {
    assertGolden("deploy-pulumi-cloud", await plan(everything));
  });
});

describe("resources of Pulumi Cloud", () => {
  it("are none without pulumiCloud, so that the AWS part comes up alone", async () => {
    const alone = { platforms: ["githubActions"], organization: undefined };
    const { resources } = await plan(alone, { hasToken: false });
    assert.ok(resources.length > 0);
    assert.deepEqual(
      resources.filter(({ type }) => type.startsWith("pulumiservice:")).map(({ name }) => name),
      [],
    );
  });

  it("let only the first region start with a push, and its success start the second", async () => {
    const made = await plan(cloud);
    const settings = (stack: string) => only(made, "DeploymentSettings", stack).inputs;
    assert.equal(settings("prod-east").vcs!["deployCommits" as never], true);
    assert.equal(settings("prod-west").vcs!["deployCommits" as never], false);
    assert.equal(settings("cost-saver").vcs!["deployCommits" as never], true);
    const hook = only(made, "Webhook").inputs;
    assert.equal(hook.stackName, "prod-east");
    assert.equal(hook.format, "pulumi_deployments");
    assert.equal(hook.payloadUrl, "pe-platform/prod-west");
    assert.deepEqual(hook.filters, ["update_succeeded"]);
  });

  it("deploy nothing beside GitHub Actions: no push is deployed twice", async () => {
    const made = await plan({ platforms: ["pulumiCloud", "githubActions"] });
    for (const { inputs } of allOf(made, "DeploymentSettings")) {
      assert.equal(inputs.vcs!["deployCommits" as never], false);
      assert.equal(inputs.vcs!["previewPullRequests" as never], true);
    }
    assert.deepEqual(allOf(made, "Webhook"), []);
  });

  it("look for drift daily and undo nothing; a stack with an end has a schedule for it", async () => {
    const made = await plan(cloud);
    assert.equal(allOf(made, "DriftSchedule").length, 3);
    for (const { inputs } of allOf(made, "DriftSchedule")) {
      assert.equal(inputs.scheduleCron, "0 6 * * *");
      assert.equal(inputs.autoRemediate, false);
    }
    assert.deepEqual(allOf(made, "TtlSchedule"), []);
    const { stacks } = deployContext();
    const ending = await plan(
      {
        ...cloud,
        stacks: {
          "cost-saver": { driftCron: "never", expires: "2027-01-31T18:00:00Z" },
          "prod-east": {},
          "prod-west": {},
        },
      },
      { stacks: { ...stacks, "cost-saver": { ...stacks["cost-saver"]!, protected: false } } },
    );
    assert.equal(only(ending, "TtlSchedule").inputs.timestamp, "2027-01-31T18:00:00Z");
    assert.equal(allOf(ending, "DriftSchedule").length, 2);
  });

  it("know each operation's role and the length of its session, and no credential", async () => {
    const made = await plan(cloud);
    for (const stack of ["cost-saver", "prod-east", "prod-west"]) {
      const { operationContext } = only(made, "DeploymentSettings", stack).inputs as {
        operationContext: JsonObject;
      };
      assert.equal(operationContext.oidc, undefined);
      const variables = operationContext.environmentVariables as Record<string, string>;
      const roles = JSON.parse(variables.PE_DEPLOY_ROLES!) as Record<
        string,
        { arn: string; minutes: number }
      >;
      assert.deepEqual(Object.keys(roles).sort(), ["detect-drift", "preview", "refresh", "update"]);
      assert.equal(roles.update!.minutes, 180);
      assert.equal(roles.preview!.minutes, 60);
      for (const [name, { arn }] of Object.entries(roles)) {
        const operation = name === "preview" || name === "update" ? name : "drift";
        assert.match(arn, new RegExp(`pe-deploy-${stack}-${operation}$`));
      }
      assert.equal(variables.PE_DEPLOY_REGION, stack === "prod-west" ? "us-west-2" : "us-east-1");
    }
  });

  it("keep the address of the webhook a secret", async () => {
    const made = await plan(everything);
    const hooks = allOf(made, "Webhook").filter(({ inputs }) => inputs.format === "slack");
    assert.equal(hooks.length, 3);
    for (const { inputs } of hooks) {
      assert.deepEqual(inputs.payloadUrl, { $secret: "https://hooks.example.com/secret-path" });
    }
  });

  it("make a review stack from a template that is never deployed itself", async () => {
    const made = await plan(everything);
    const { vcs, operationContext } = only(made, "DeploymentSettings", "review").inputs as {
      vcs: JsonObject;
      operationContext: JsonObject;
    };
    assert.equal(vcs.pullRequestTemplate, true);
    assert.equal(vcs.deployCommits, false);
    assert.equal(vcs.previewPullRequests, false);
    assert.equal((operationContext.options as JsonObject).deleteAfterDestroy, true);
    const variables = operationContext.environmentVariables as Record<string, string>;
    assert.deepEqual(JSON.parse(variables.PE_DEPLOY_REVIEW!), {
      ...review,
      addresses: "10.128.0.0/9",
    });
    for (const { name, inputs } of allOf(made, "DeploymentSettings")) {
      if (name !== "review") assert.equal((inputs.vcs as JsonObject).pullRequestTemplate, false);
    }
  });
});

describe("identities and roles at AWS", () => {
  it("are one provider per platform, protected, and none where one is adopted", async () => {
    const made = await plan({ platforms: ["pulumiCloud", "githubActions"] });
    assert.deepEqual(
      allOf(made, "OpenIdConnectProvider").map(({ inputs, options }) => [
        inputs.url,
        inputs.clientIdLists,
        options.protect,
      ]),
      [
        ["https://api.pulumi.com/oidc", ["acme"], true],
        ["https://token.actions.githubusercontent.com", ["sts.amazonaws.com"], true],
      ],
    );
    const arn = "arn:aws:iam::123456789012:oidc-provider/api.pulumi.com/oidc";
    const adopted = await plan({ ...cloud, identityProviders: { pulumiCloud: arn } });
    assert.deepEqual(allOf(adopted, "OpenIdConnectProvider"), []);
    const trust = only(adopted, "Role", "prod-east-update").inputs.assumeRolePolicy as string;
    assert.ok(trust.includes(arn));
  });

  it("are one role per stack and operation, each below its boundary", async () => {
    const made = await plan(everything);
    const roles = allOf(made, "aws:iam/role:Role");
    assert.deepEqual(roles.map(({ name }) => name).sort(), [
      ...["cost-saver", "prod-east", "prod-west"].flatMap((stack) => [
        `${stack}-drift`,
        `${stack}-preview`,
        `${stack}-update`,
      ]),
      "review-destroy",
      "review-preview",
      "review-update",
    ]);
    for (const { name, inputs } of roles) {
      const stack = name.slice(0, name.lastIndexOf("-"));
      assert.equal(inputs.name, `pe-deploy-${name}`);
      assert.match(
        inputs.permissionsBoundary as string,
        new RegExp(`pe-deploy-${stack}-boundary$`),
      );
      const reads = /-(preview|drift)$/.test(name);
      assert.equal(inputs.maxSessionDuration, reads ? 3600 : 10_800);
      const attached = allOf(made, "RolePolicyAttachment")
        .filter(({ inputs: { role } }) => role === inputs.name)
        .map(({ inputs: { policyArn } }) => policyArn as string);
      assert.ok(attached.includes(`arn:aws:iam::123456789012:policy/${reads ? "read" : "write"}`));
      assert.ok(attached.some((policy) => policy.includes(`pe-deploy-${name}-part1`)));
    }
    const unbound = await plan({ permissionBoundary: "false" });
    for (const { inputs } of allOf(unbound, "aws:iam/role:Role")) {
      assert.equal(inputs.permissionsBoundary, undefined);
    }
  });

  it("reach of other regions Route 53's alarm where Route 53 asks, and the state", async () => {
    const may = async (region: string, open: boolean) => {
      const own = { region: "eu-west-1", regions: ["eu-west-1"], open };
      const stack = { ...deployContext().stacks["cost-saver"]!, ...own };
      const made = await plan(
        { "aws:region": region, stacks: { "cost-saver": {} } },
        { stacks: { "cost-saver": stack } },
      );
      const policy = only(made, "Policy", "cost-saver-boundary").inputs.policy as string;
      const limits = JSON.parse(policy) as PolicyDocument;
      const keys = { "aws:RequestedRegion": "us-east-1" };
      return ["cloudwatch:PutMetricAlarm", "kms:Decrypt", "s3:GetObject", "rds:DeleteDBInstance"]
        .filter((action) => isAllowed(limits, { action, keys }))
        .map((action) => action.split(":")[0]);
    };
    assert.deepEqual(await may("eu-west-1", true), ["cloudwatch", "kms"]);
    assert.deepEqual(await may("eu-west-1", false), []);
    assert.deepEqual(await may("us-east-1", true), ["cloudwatch", "kms", "s3"]);
    assert.deepEqual(await may("us-east-1", false), ["kms", "s3"]);
  });

  it("have ARNs that workflows can know beforehand", () => {
    assert.equal(
      roleArn("123456789012", "prod-east", "update"),
      "arn:aws:iam::123456789012:role/pe-deploy/pe-deploy-prod-east-update",
    );
  });

  it("let no review stack reach what carries the others' tag", async () => {
    const made = await plan(everything);
    const policies = (role: string): string =>
      allOf(made, "aws:iam/policy:Policy")
        .filter(({ name }) => name.startsWith(`${role}-part`))
        .map(({ inputs }) => inputs.policy as string)
        .join("\n");
    assert.ok(policies("prod-east-update").length > 0);
    assert.doesNotMatch(policies("review-update"), /"pe-platform"/);
  });

  it("have a parent each, and wait for the provider they trust", async () => {
    const made = await plan(everything);
    const urns = new Map(made.resources.map((resource) => [resource.urn, resource]));
    for (const resource of made.resources.filter(({ custom }) => custom)) {
      if (resource.name.endsWith("-boundary")) continue;
      const parent = urns.get(resource.parent ?? "");
      assert.match(parent?.type ?? "none", /^pe:deploy:/, `${resource.type} ${resource.name}`);
    }
    const provider = only(made, "OpenIdConnectProvider").urn;
    for (const { name, parent, options } of allOf(made, "aws:iam/role:Role")) {
      const waits = [
        ...options.dependencies,
        ...(urns.get(parent ?? "")?.options.dependencies ?? []),
      ];
      assert.ok(waits.includes(provider), name);
    }
  });

  it("are refused to credentials of another account", () => {
    assert.equal(accountProblem("123456789012", "123456789012"), undefined);
    const problem = accountProblem("123456789012", "999999999999");
    assert.match(problem ?? "", /^account is 123456789012, .* of 999999999999: .*AWS_PROFILE/);
  });
});

describe("who may assume the roles", () => {
  const config = parseDeployConfig(
    rawConfig({ platforms: ["pulumiCloud", "githubActions"] }),
    deployContext(),
  );
  const pulumi = (stack: string, operation: string): TokenClaims => ({
    iss: "https://api.pulumi.com/oidc",
    aud: "acme",
    sub: `pulumi:deploy:org:acme:project:pe-platform:stack:${stack}:operation:${operation}:scope:write`,
  });
  const github = (subject: string, workflow: string): TokenClaims => ({
    iss: "https://token.actions.githubusercontent.com",
    aud: "sts.amazonaws.com",
    sub: `repo:acme/pe-platform:${subject}`,
    ref: "refs/heads/main",
    job_workflow_ref: `acme/pe-platform/.github/workflows/${workflow}@refs/heads/main`,
  });

  it("is the run of that stack and operation, and of no other", () => {
    const tokens: Record<string, TokenClaims> = {
      "pulumi preview": pulumi("prod-east", "preview"),
      "pulumi detect-drift": pulumi("prod-east", "detect-drift"),
      "pulumi refresh": pulumi("prod-east", "refresh"),
      "pulumi update": pulumi("prod-east", "update"),
      "pulumi destroy": pulumi("prod-east", "destroy"),
      "pulumi other stack": pulumi("prod-west", "preview"),
      "github pull request": github("pull_request", "preview.yml"),
      "github drift": github("ref:refs/heads/main", "drift.yml"),
      "github update": github("environment:prod-east", "installation.yml"),
      "github other environment": github("environment:prod-west", "installation.yml"),
      "github other workflow": github("environment:prod-east", "rogue.yml"),
    };
    const allowed = Object.fromEntries(
      (["preview", "drift", "update"] as const).map((operation) => [
        operation,
        Object.entries(tokens)
          .filter(([, token]) => mayAssume(roleTrust(config, "prod-east", operation), token))
          .map(([name]) => name),
      ]),
    );
    assert.deepEqual(allowed, {
      preview: ["pulumi preview", "github pull request"],
      drift: ["pulumi detect-drift", "pulumi refresh", "github drift"],
      // With both platforms, GitHub Actions deploys.
      update: ["github update"],
    });
  });

  it("is Pulumi Cloud for an update where it deploys", () => {
    const alone = parseDeployConfig(rawConfig(cloud), deployContext());
    const trust = roleTrust(alone, "prod-east", "update");
    assert.ok(mayAssume(trust, pulumi("prod-east", "update")));
    assert.ok(!mayAssume(trust, pulumi("prod-east", "preview")));
    assert.ok(!mayAssume(trust, github("environment:prod-east", "installation.yml")));
  });

  it("needs GitHub's numbers where its tokens have them", () => {
    const numbered = parseDeployConfig(
      rawConfig({
        platforms: ["githubActions"],
        repositoryIds: { owner: 1, repository: 2 },
      }),
      deployContext(),
    );
    const trust = roleTrust(numbered, "prod-east", "preview");
    assert.ok(!mayAssume(trust, github("pull_request", "preview.yml")));
    const token = { ...github("", ""), sub: "repo:acme@1/pe-platform@2:pull_request" };
    assert.ok(mayAssume(trust, { ...token, repository_id: "2" }));
    assert.ok(!mayAssume(trust, { ...token, repository_id: "3" }));
  });

  it("is, for review stacks, any pull request's stack and nothing else", () => {
    const trust = reviewTrust(config, "update");
    assert.equal(trust.Statement.length, 1);
    const { Effect, Action, Condition } = trust.Statement[0]!;
    assert.deepEqual([Effect, Action], ["Allow", "sts:AssumeRoleWithWebIdentity"]);
    assert.deepEqual(Condition.StringEquals, { "api.pulumi.com/oidc:aud": "acme" });
    const pattern = Condition.StringLike["api.pulumi.com/oidc:sub"]!;
    const like = new RegExp(`^${pattern.replace(/[.]/g, "\\.").replace("*", ".*")}$`);
    assert.equal(pattern.split("*").length, 2);
    const subject = (stack: string, operation: string) => pulumi(stack, operation).sub as string;
    assert.match(subject("pr-7", "update"), like);
    assert.match(subject("pr-acme-pe-platform-12", "update"), like);
    for (const other of [
      subject("prod-east", "update"),
      subject("review", "update"),
      subject("xpr-7", "update"),
      subject("pr-7", "preview"),
      subject("pr-7", "update").replace("org:acme", "org:evil"),
      subject("pr-7", "update").replace("project:pe-platform", "project:other"),
      `${subject("pr-7", "update")}:more`,
    ]) {
      assert.doesNotMatch(other, like);
    }
  });
});

/** Every resource with its options and inputs; a policy's content is permissions.test.ts's. */
function inventoryText(made: StackPlan): string {
  const lines: string[] = [];
  const visit = ({ resource, children }: TreeNode, indent: string): void => {
    const mark = resource.options.protect ? "  [protect]" : "";
    lines.push(`${indent}${resource.type} ${resource.name}${mark}`);
    lines.push(...inputLines(resource).map((line) => `${indent}    ${line}`));
    for (const child of children) visit(child, `${indent}  `);
  };
  for (const root of tree(made)) visit(root, "");
  return `${lines.join("\n")}\n`;
}

function inputLines({ custom, type, inputs }: PlannedResource): string[] {
  if (!custom) return [];
  return Object.entries(inputs)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([key, value]) => {
      if (type === "aws:iam/policy:Policy" && key === "policy") return [];
      if (key !== "assumeRolePolicy") return [`${key}=${JSON.stringify(value)}`];
      const { Statement } = JSON.parse(value as string) as { Statement: { Condition: object }[] };
      return Statement.map(({ Condition }) => `trust=${JSON.stringify(Condition)}`);
    });
}

function assertGolden(name: string, made: StackPlan): void {
  const file = join(__dirname, "..", "golden", `${name}.txt`);
  const actual = inventoryText(made);
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, actual);
  assert.ok(existsSync(file), `${file} is missing: run with UPDATE_GOLDEN=1`);
  assert.equal(actual, readFileSync(file, "utf8").replaceAll("\r\n", "\n"));
}
