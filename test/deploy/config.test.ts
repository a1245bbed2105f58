import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { deployer, parseDeployConfig } from "../../deploy/config/deployConfig";
import { namespace } from "../../deploy/config/reader";
import { deploySchema } from "../../deploy/config/schema";
import {
  readDeployContext,
  type PlatformStack,
  type DeployContext,
} from "../../deploy/deployContext";
import { readStackConfig } from "../../config/stackFiles";
import { aboutKey, defaultOf, engineType, innerSchema } from "../../config/keys";
import { ConfigError, isSecretName } from "../../config/problems";
import { rawConfig, review, deployContext } from "./support";

const folder = join(__dirname, "..", "..", "deploy");

function problemsOf(
  changes: Parameters<typeof rawConfig>[0],
  around: Partial<DeployContext> = {},
): string[] {
  try {
    parseDeployConfig(
      rawConfig({ platforms: ["pulumiCloud", "githubActions"], ...changes }),
      deployContext(around),
    );
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems.map(({ key, message }) => `${key}: ${message}`);
  }
  return [];
}

/** With one stack file changed. */
function withFile(
  name: string,
  change: Partial<DeployContext["stacks"][string]>,
): Partial<DeployContext> {
  const { stacks } = deployContext();
  return { stacks: { ...stacks, [name]: { ...stacks[name]!, ...change } } };
}

describe("the deployment's config", () => {
  it("fills in the defaults", () => {
    const config = parseDeployConfig(rawConfig(), deployContext());
    assert.deepEqual(config.platforms, ["githubActions"]);
    assert.equal(config.branch, "main");
    assert.deepEqual(config.identityProviders, { pulumiCloud: "create", githubActions: "create" });
    assert.deepEqual(config.stacks["prod-west"], {
      after: "prod-east",
      driftCron: "0 6 * * *",
      driftRemediate: false,
    });
    assert.equal(config.sessionMinutes, 180);
    assert.equal(config.permissionBoundary, true);
    assert.equal(config.review, undefined);
    assert.equal(config.project, "pe-platform");
  });

  it("orders the regions by the stack files: the writer first, or the one that goes out of use", () => {
    const { stacks } = deployContext();
    const order = (change: Partial<PlatformStack>) => {
      const files = Object.fromEntries(
        Object.entries(stacks).map(([name, file]) => [name, { ...file, ...change }]),
      );
      const config = parseDeployConfig(rawConfig(), deployContext({ stacks: files }));
      return Object.entries(config.stacks).flatMap(([name, { after }]) =>
        after ? [[name, after]] : [],
      );
    };
    assert.deepEqual(order({}), [["prod-west", "prod-east"]]);
    assert.deepEqual(order({ writer: "us-west-2" }), [["prod-east", "prod-west"]]);
    assert.deepEqual(order({ regionCount: 1 }), [["prod-east", "prod-west"]]);
  });

  it("takes a branch in full, a drift schedule of `never`, and an adopted provider", () => {
    const arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
    const config = parseDeployConfig(
      rawConfig({
        branch: "refs/heads/release",
        identityProviders: { githubActions: arn },
        stacks: {
          "cost-saver": { driftCron: "never" },
          "prod-east": {},
          "prod-west": {},
        },
      }),
      deployContext(),
    );
    assert.equal(config.branch, "release");
    assert.equal(config.identityProviders.githubActions, arn);
    assert.equal("driftCron" in config.stacks["cost-saver"]!, false);
  });

  it("lets one platform deploy, whichever there are", () => {
    const deployers = [["githubActions"], ["pulumiCloud"], ["pulumiCloud", "githubActions"]].map(
      (platforms) => deployer(parseDeployConfig(rawConfig({ platforms }), deployContext())),
    );
    assert.deepEqual(deployers, ["githubActions", "pulumiCloud", "githubActions"]);
  });

  it("needs neither organization nor token without Pulumi Cloud", () => {
    const alone = { platforms: ["githubActions"], organization: undefined };
    assert.deepEqual(problemsOf(alone, { hasToken: false }), []);
  });

  it("takes {} for a review or webhook that is not wanted, as Pulumi.yaml has it", () => {
    assert.deepEqual(problemsOf({ review: {}, webhook: {} }), []);
  });

  it("allows drift to be undone, and an end, where nothing is protected", () => {
    const stacks = {
      "cost-saver": { driftRemediate: true, expires: "2027-01-31T18:00:00Z" },
      "prod-east": {},
      "prod-west": {},
    };
    assert.deepEqual(problemsOf({ stacks }, withFile("cost-saver", { protected: false })), []);
  });
});

const both = { "cost-saver": {}, "prod-east": {}, "prod-west": {} };

describe("a wrong config is refused in a sentence:", () => {
  const cases: [
    what: string,
    changes: Parameters<typeof rawConfig>[0],
    expected: RegExp[],
    around?: Partial<DeployContext>,
  ][] = [
    ["no organization", { organization: undefined }, [/^organization: is missing.*app\.pulumi/]],
    ["no token", {}, [/^platforms: .*PULUMI_ACCESS_TOKEN is not set.*export/], { hasToken: false }],
    ["capitals", { organization: "Acme" }, [/^organization: "Acme" .*lower case/]],
    ["no repository", { repository: undefined }, [/^repository: is missing.*owner\/repository/]],
    [
      "an address",
      { repository: "https://github.com/acme/pe-platform" },
      [/^repository: .*the last two parts/],
    ],
    ["no account", { account: undefined }, [/^account: is missing: use 12 digits/]],
    ["a lost zero", { account: "12345678901" }, [/^account: .*leading zeros/]],
    ["no stacks", { stacks: undefined }, [/^stacks: is missing/]],
    [
      "a provider of another account",
      {
        identityProviders: {
          pulumiCloud: "arn:aws:iam::999999999999:oidc-provider/api.pulumi.com/oidc",
        },
      },
      [/^identityProviders\.pulumiCloud: .* is in account 999999999999, .*123456789012/],
    ],
    [
      "a provider of another issuer",
      {
        identityProviders: {
          githubActions: "arn:aws:iam::123456789012:oidc-provider/api.pulumi.com/oidc",
        },
      },
      [
        /^identityProviders\.githubActions: .*is the provider of api\.pulumi\.com\/oidc, and tokens/,
      ],
    ],
    [
      "a role's ARN",
      { identityProviders: { pulumiCloud: "arn:aws:iam::123456789012:role/deploy" } },
      [/^identityProviders\.pulumiCloud: .*ARN of something else/],
    ],
    ["a tag", { branch: "refs/tags/v1" }, [/^branch: .*that is a tag/]],
    ["a remote's branch", { branch: "origin/main" }, [/^branch: .*without origin\/: main/]],
    ["a pattern", { branch: "release/*" }, [/^branch: .*one branch, not a pattern/]],
    ["a pull request", { branch: "refs/pull/1/head" }, [/^branch: .*that is a pull request/]],
    ["an unknown branch", { branch: "mian" }, [/^branch: "mian" is unknown.*Did you mean main\?/]],
    [
      "a stack without file",
      { stacks: { ...both, "prod-eest": {} } },
      [/^stacks\.prod-eest: is no stack.*Pulumi\.prod-eest\.yaml.*Did you mean prod-east\?/],
    ],
    [
      "a stack without settings",
      { stacks: { "prod-east": {}, "prod-west": {} } },
      [/^stacks\.cost-saver: is missing: .*without settings.*Add `cost-saver: \{\}`/],
    ],
    [
      "an order by hand",
      { stacks: { ...both, "prod-west": { after: "prod-east" } } },
      [/^stacks\.prod-west\.after: unknown key\. The regions' order follows from the stack files/],
    ],
    [
      "three stacks of one installation",
      { stacks: both },
      [/^stacks\.cost-saver, prod-east, prod-west: are 3 stacks of platform\.example\.com/],
      withFile("cost-saver", { domain: "platform.example.com" }),
    ],
    [
      "drift undone in production",
      { stacks: { ...both, "prod-east": { driftRemediate: true } } },
      [/^stacks\.prod-east\.driftRemediate: true would undo.*nobody reviewed.*protects its data/],
    ],
    [
      "production with an end",
      { stacks: { ...both, "prod-east": { expires: "2027-01-31T18:00:00Z" } } },
      [/^stacks\.prod-east\.expires: would have the stack destroyed unattended/],
    ],
    [
      "a cron of four fields",
      { stacks: { ...both, "cost-saver": { driftCron: "0 6 * *" } } },
      [/^stacks\.cost-saver\.driftCron: "0 6 \* \*" is not allowed: use five cron fields/],
    ],
    [
      "an hour that is none",
      { stacks: { ...both, "cost-saver": { driftCron: "0 24 * * *" } } },
      [/^stacks\.cost-saver\.driftCron:/],
    ],
    [
      "a stack's key misspelt",
      { stacks: { ...both, "cost-saver": { drifCron: "never" } } },
      [/^stacks\.cost-saver\.drifCron: unknown key\. Did you mean driftCron\?/],
    ],
    [
      "a key misspelt",
      { repositry: "acme/x" },
      [/^repositry: unknown key\. Did you mean repository/],
    ],
    ["a key from elsewhere", { roleArn: "x" }, [/^roleArn: unknown key\. Roles are made here/]],
    [
      "the platform's namespace",
      { "pe-platform:azCount": "3" },
      [/^pe-platform:azCount: unknown namespace\. Did you mean pe-deploy\?/],
    ],
    ["no region", { "aws:region": undefined }, [/^aws:region: is missing/]],
    [
      "a key pair of AWS",
      { "aws:accessKey": "AKIAABCDEFGHIJKLMNOP" },
      [/^aws:accessKey: holds a credential \(not shown\)/],
    ],
    [
      "a token in the file",
      { accessToken: "pul-0123456789012345678901234567890123456789" },
      [/^accessToken: looks like a secret \(value not shown\)/],
    ],
    [
      "a token as a value",
      { organization: "pul-0123456789012345678901234567890123456789" },
      [/^organization: holds what looks like a credential \(not shown\)/],
    ],
    [
      "a stack's name that none can have",
      {
        stacks: {
          "prod east": {},
          "prod-east": {},
          "prod-west": {},
          "cost-saver": {},
        },
      },
      [/^stacks\.prod east: is not allowed as a name: use at most 40 letters/],
    ],
    [
      "a platform unknown",
      { platforms: ["gitlab"] },
      [/^platforms\[0\]: .*use some of pulumiCloud/],
    ],
    ["a platform twice", { platforms: ["githubActions", "githubActions"] }, [/^platforms: /]],
    ["no platform", { platforms: [] }, [/^platforms: \[\] is not allowed/]],
    ["a short session", { sessionMinutes: "30" }, [/^sessionMinutes: 30 .*from 60 to 720/]],
    ["text for a switch", { permissionBoundary: "yes" }, [/^permissionBoundary: "yes"/]],
    ["a list of stacks", { stacks: ["prod-east"] }, [/^stacks: \["prod-east"\] is not allowed/]],
    [
      "no tag to go by",
      {},
      [/^stacks\.cost-saver: cannot have roles.*lacks the tag `project`/],
      withFile("cost-saver", { projectTag: undefined }),
    ],
    [
      "a tag that another installation has",
      {},
      [
        /^stacks\.prod-east: shares the tag `project: pe-platform` with cost-saver.*such as pe-platform-prod-east/,
        /^stacks\.prod-west: shares the tag .* Pulumi\.prod-west\.yaml .*such as pe-platform-prod-east/,
      ],
      withFile("cost-saver", { projectTag: "pe-platform" }),
    ],
    [
      "a review of one region of two",
      { review: { ...review, template: "prod-east" } },
      [/^review\.template: prod-east is one region of an installation with prod-west/],
    ],
    [
      "a review of nothing",
      { review: { ...review, template: "cost-sever" } },
      [/^review\.template: cost-sever is not in stacks\..*Did you mean cost-saver/],
    ],
    [
      "a review among production's addresses",
      { review: { ...review, addresses: "10.0.0.0/11" } },
      [/cost-saver/, /prod-east/, /^review\.addresses: 10\.0\.0\.0\/11 overlaps .*of prod-west/],
    ],
    [
      "a review of public addresses",
      { review: { ...review, addresses: "8.0.0.0/9" } },
      [/^review\.addresses: .*use a private range/],
    ],
    [
      "a review in production's domain",
      { review: { ...review, domain: "platform.example.com" } },
      [/^review\.domain: platform\.example\.com is the domain of prod-east/],
    ],
    [
      "a review's domain too long",
      { review: { ...review, domain: `${"a".repeat(50)}.example.com` } },
      [/^review\.domain: has 62 characters.*room for 55/],
    ],
    [
      "a review without a zone",
      { review: { ...review, hostedZone: undefined } },
      [/^review\.hostedZone: is missing/],
    ],
    [
      "Pulumi Cloud's features without it",
      { platforms: ["githubActions"], review, webhook: { url: "https://example.com/x" } },
      [/^review: is a feature of Pulumi Cloud/, /^webhook: is a feature of Pulumi Cloud/],
    ],
    [
      "a webhook in the open",
      { webhook: { url: "http://example.com" } },
      [/^webhook\.url: .*https/],
    ],
  ];
  for (const [what, changes, expected, around] of cases) {
    it(what, () => {
      const problems = problemsOf(changes, around);
      assert.equal(problems.length, expected.length, problems.join("\n"));
      for (const [index, pattern] of expected.entries()) assert.match(problems[index]!, pattern);
      for (const problem of problems) assert.doesNotMatch(problem, /AKIA|pul-0123/);
    });
  }

  it("all mistakes at once, under one headline", () => {
    const raw = rawConfig({ account: "1", branch: "origin/x", repository: "x", stacks: {} });
    assert.throws(
      () => parseDeployConfig(raw, deployContext(), "main"),
      (error: Error) => {
        assert.match(error.message, /^Stack main: 6 problems in Pulumi\.main\.yaml\n/);
        return error instanceof ConfigError;
      },
    );
  });
});

describe("deploy/Pulumi.yaml", () => {
  const project = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as {
    name: string;
    main: string;
    config: Record<string, unknown>;
  };

  it("declares the schema's keys: types, defaults and descriptions", () => {
    const expected = Object.fromEntries(
      Object.entries(deploySchema.shape).map(([name, schema]) => {
        const found = engineType(schema);
        const type = found === "map" ? "object" : found;
        const { description } = aboutKey(schema);
        const items = type === "array" ? { items: { type: "string" } } : {};
        const unset = type === "object" ? {} : "";
        return [name, { type, description, default: defaultOf(schema) ?? unset, ...items }];
      }),
    );
    assert.deepEqual(project.config, expected);
    assert.equal(project.name, namespace);
    assert.equal(project.main, "index.ts");
  });

  it("has an example that is valid, against this repository's stack files", () => {
    const raw = readStackConfig("main", folder);
    const around = { ...readDeployContext(raw), hasToken: true, branches: [] };
    const config = parseDeployConfig(raw, around);
    assert.deepEqual(Object.keys(config.stacks).sort(), Object.keys(around.stacks).sort());
    assert.equal(config.stacks["prod-west"]?.after, "prod-east");
    assert.equal(config.account, "123456789012");
  });

  it("has keys with a valid example each, none of which is named like a secret", () => {
    const visit = (schema: z.ZodObject, prefix: string): void => {
      for (const [name, field] of Object.entries(schema.shape)) {
        assert.equal(isSecretName(name), false, name);
        const { example, allowed, description } = aboutKey(field);
        assert.ok(allowed && description, `${prefix}${name}`);
        const inner = innerSchema(field);
        const result = z.safeParse(field, parse(example));
        assert.ok(result.success, `${prefix}${name}: ${example}`);
        if (inner instanceof z.ZodObject) visit(inner, `${prefix}${name}.`);
        if (inner instanceof z.ZodRecord)
          visit(inner.valueType as z.ZodObject, `${prefix}${name}.*.`);
      }
    };
    visit(deploySchema, "");
  });
});
