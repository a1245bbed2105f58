import { z } from "zod";
import {
  domainHint,
  isCidr,
  isDomain,
  isPrivateCidr,
  longestDomain,
} from "../../stacks/config/formats";
import { key } from "../../config/keys";
import { branchHint, isBranch, isCron, isProviderArn, policyOf } from "./formats";

/** The ways from a push to AWS. */
export const platforms = ["pulumiCloud", "githubActions"] as const;

const stackName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

const providerKey = (issuer: string) =>
  key(z.union([z.literal("create"), z.string().refine(isProviderArn)]).default("create"), {
    description: `${issuer} as an OpenID Connect identity provider of the AWS account. An account has at most one per issuer: give the ARN of the one it has.`,
    allowed: "create, or the ARN of an OpenID Connect provider of the account",
    example: "create",
    hint: (value) =>
      typeof value === "string" && /^arn:aws:iam::\d*:(role|saml-provider)/.test(value)
        ? "that is the ARN of something else: the provider's has :oidc-provider/ in it"
        : undefined,
  });

const idKey = (whose: string) =>
  key(z.int().min(1), {
    description: `GitHub's number of the ${whose}.`,
    allowed: "a whole number, as GitHub's API shows it",
    example: "1234567",
  });

const policyKey = (output: string, use: string) =>
  key(
    z.string().refine((arn) => policyOf(arn) !== undefined),
    {
      description: `Attached to every role that ${use}: \`pulumi stack output ${output}\` of deploy/bootstrap.`,
      allowed: "the ARN of a managed policy of the account",
      example: `arn:aws:iam::123456789012:policy/${output}`,
    },
  );

const stateSchema = z.strictObject({
  readPolicyArn: policyKey("readPolicyArn", "only looks"),
  writePolicyArn: policyKey("writePolicyArn", "updates"),
});

/** How one stack of the platform is deployed. */
const stackSchema = z.strictObject({
  driftCron: key(z.union([z.literal("never"), z.string().refine(isCron)]).default("0 6 * * *"), {
    description: "When drift is looked for: cron, five fields, UTC.",
    allowed: "five cron fields, or never",
    example: '"0 6 * * *"',
  }),
  driftRemediate: key(z.boolean().default(false), {
    description:
      "Drift is undone by itself, by an update nobody reviewed. Only for a stack that protects nothing.",
    allowed: "true or false",
    example: "false",
  }),
  expires: key(z.iso.datetime().optional(), {
    description:
      "When Pulumi Cloud destroys the stack, UTC. Only for a stack that protects nothing.",
    allowed: "a time such as 2027-01-31T18:00:00Z",
    example: '"2027-01-31T18:00:00Z"',
    defaultText: "never",
  }),
});

/** A stack of its own for each pull request, while it is open. */
const reviewSchema = z.strictObject({
  template: key(z.string().regex(stackName), {
    description: "The stack whose file a review stack starts from.",
    allowed: "a stack of `stacks` that is its installation's only one",
    example: "cost-saver",
  }),
  addresses: key(z.string().refine(isReviewRange).default("10.128.0.0/9"), {
    description: "Range that a review stack gets its /16 from, by its pull request's number.",
    allowed: "a private range (RFC 1918), /8 to /15",
    example: "10.128.0.0/9",
  }),
  domain: key(z.string().refine(isDomain), {
    description: "Review stacks live below it, as pr-<number>.<domain>.",
    allowed: `a lower-case DNS name of at most ${longestDomain} characters`,
    example: "review.example.com",
    hint: domainHint,
  }),
  hostedZone: key(z.string().regex(/^Z[0-9A-Z]{7,31}$/), {
    description:
      "The hosted zone of that domain, delegated: a new one per pull request would never get its certificate.",
    allowed: "a hosted zone's id",
    example: "Z0123456789ABC",
  }),
  maxAgeHours: key(z.int().min(1).max(720).default(72), {
    description: "Hours after which a review stack is destroyed though its pull request is open.",
    allowed: "a whole number from 1 to 720",
    example: "72",
  }),
});

const webhookSchema = z.strictObject({
  url: key(z.url({ protocol: /^https$/ }), {
    description:
      "Where Pulumi Cloud reports deployments; kept as a secret. Set it with `pulumi config set --secret --path webhook.url`.",
    allowed: "an https address",
    example: "https://hooks.example.com/pulumi",
  }),
  format: key(z.enum(["raw", "slack", "ms_teams"]).default("raw"), {
    description: "What the receiver understands.",
    allowed: "raw, slack or ms_teams",
    example: "slack",
  }),
});

const stackNameKey = key(z.string().regex(stackName), {
  description: "A stack of the platform.",
  allowed: "at most 40 letters, digits, dots, hyphens and underscores",
  example: "prod-east",
});

/** Every key of the namespace `pe-deploy`. */
export const deploySchema = z.strictObject({
  platforms: key(
    z
      .array(z.enum(platforms))
      .min(1)
      .refine((names) => new Set(names).size === names.length)
      .default(["githubActions"]),
    {
      description:
        "Where pull requests are previewed and drift is looked for. A push is deployed by githubActions if it is among them, else by pulumiCloud: never twice.",
      allowed: `some of ${platforms.join(", ")}, each once`,
      example: "[pulumiCloud]",
    },
  ),
  organization: key(
    z
      .string()
      .regex(/^[a-z0-9_-]{3,40}$/)
      .optional(),
    {
      description: "The Pulumi Cloud organization. Needed with pulumiCloud.",
      allowed: "an organization's name, lower case, as in app.pulumi.com/<organization>",
      example: "acme",
      defaultText: "none",
      hint: (value) =>
        typeof value === "string" && /[A-Z]/.test(value)
          ? "in lower case: AWS compares it with the token letter by letter"
          : undefined,
    },
  ),
  repository: key(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/), {
    description: "The GitHub repository with this project.",
    allowed: "owner/repository",
    example: "acme/pe-platform",
    hint: (value) =>
      typeof value === "string" && /github\.com|\.git$/.test(value)
        ? "the last two parts of its address only, without .git"
        : undefined,
  }),
  repositoryIds: key(
    z
      .strictObject({
        owner: idKey("owner"),
        repository: idKey("repository"),
      })
      .optional(),
    {
      description:
        "GitHub's numbers of owner and repository, where its tokens name them: repositories made, renamed or transferred since July 2026. `gh api repos/OWNER/NAME/actions/oidc/customization/sub` tells.",
      allowed: "keys below it",
      example: "{ owner: 1234567, repository: 7654321 }",
    },
  ),
  branch: key(z.string().refine(isBranch).default("main"), {
    description: "A push to this branch deploys; pull requests against it are previewed.",
    allowed: "a branch, as main or refs/heads/main",
    example: "main",
    hint: branchHint,
  }),
  account: key(z.string().regex(/^\d{12}$/), {
    description: "The AWS account that the stacks are deployed to.",
    allowed: "12 digits in quotes",
    example: '"123456789012"',
    hint: (value) =>
      typeof value === "string" && /^\d{9,11}$/.test(value)
        ? "without quotes YAML drops leading zeros"
        : undefined,
  }),
  identityProviders: key(
    z
      .strictObject({
        pulumiCloud: providerKey("Pulumi Cloud"),
        githubActions: providerKey("GitHub"),
      })
      .prefault({}),
    {
      description: "Who may vouch for a deployment: created here, or there already.",
      allowed: "keys below it",
      example: "{ githubActions: create }",
    },
  ),
  stacks: key(z.record(stackNameKey, stackSchema), {
    description: "Every stack of the platform, and how it is deployed; {} takes the defaults.",
    allowed: "one entry for each Pulumi.<stack>.yaml",
    example: "{ cost-saver: {} }",
  }),
  sessionMinutes: key(z.int().min(60).max(720).default(180), {
    description:
      "Longest session of a role, in minutes; a first deployment of two regions takes over an hour.",
    allowed: "a whole number from 60 to 720",
    example: "180",
  }),
  state: key(stateSchema.optional(), {
    description:
      "The right to the state in S3, as deploy/bootstrap gives it out. Absent: Pulumi Cloud has the state.",
    allowed: "keys below it",
    example:
      "{ readPolicyArn: arn:aws:iam::123456789012:policy/read, writePolicyArn: arn:aws:iam::123456789012:policy/write }",
  }),
  permissionBoundary: key(z.boolean().default(true), {
    description: "An upper bound on every role made here, whatever is attached to it later.",
    allowed: "true or false",
    example: "true",
  }),
  review: key(reviewSchema.optional(), {
    description: "A stack for each pull request, with pulumiCloud only. Absent: none.",
    allowed: "keys below it",
    example: "{ template: cost-saver, domain: review.example.com, hostedZone: Z0123456789ABC }",
  }),
  webhook: key(webhookSchema.optional(), {
    description: "Where Pulumi Cloud reports deployments and drift. Absent: nowhere.",
    allowed: "keys below it",
    example: "{ url: https://hooks.example.com/pulumi }",
  }),
});

export type DeployValues = z.infer<typeof deploySchema>;

function isReviewRange(value: string): boolean {
  const bits = Number(value.split("/")[1]);
  return isCidr(value) && isPrivateCidr(value) && bits >= 8 && bits <= 15;
}
