import { closest, distance } from "fastest-levenshtein";
import { overlaps } from "../../stacks/config/formats";
import { oneOf, type Problem } from "../../config/problems";
import type { Partially } from "../../config/fields";
import { policyOf, providerOf, shortBranch } from "./formats";
import type { DeployValues } from "./schema";
import { issuers } from "../issuers";
import type { DeployContext } from "../deployContext";

/** What could be read of a config: any part may be missing, because it was wrong or absent. */
export type Draft = Partially<DeployValues>;

/** A rule that joins several keys, or a key and the repository. */
export interface Rule {
  /** What must hold. */
  about: string;
  check(draft: Draft, context: DeployContext): Problem[] | Problem | undefined;
}

const cloudRules: Rule[] = [
  {
    about: "With pulumiCloud there is an `organization`.",
    check({ platforms, organization }) {
      if (!platforms?.includes("pulumiCloud") || organization) return undefined;
      return {
        key: "organization",
        message:
          "is missing, and platforms has pulumiCloud: set the organization's name as in app.pulumi.com/<organization>, or leave pulumiCloud out of platforms.",
      };
    },
  },
  {
    about: "With pulumiCloud there is a token for it, in the environment.",
    check({ platforms }, { hasToken }) {
      if (!platforms?.includes("pulumiCloud") || hasToken) return undefined;
      return {
        key: "platforms",
        message:
          "has pulumiCloud, and PULUMI_ACCESS_TOKEN is not set: create a token at app.pulumi.com/account/tokens and export it, or leave pulumiCloud out; nothing was started.",
      };
    },
  },
  {
    about: "`review`, `webhook` and a stack's `expires` need pulumiCloud.",
    check({ platforms, review, webhook, stacks = {} }) {
      if (!platforms || platforms.includes("pulumiCloud")) return undefined;
      const used = [
        ...(review ? ["review"] : []),
        ...(webhook ? ["webhook"] : []),
        ...Object.entries(stacks).flatMap(([name, settings]) =>
          settings?.expires ? [`stacks.${name}.expires`] : [],
        ),
      ];
      return used.map((key) => ({
        key,
        message: "is a feature of Pulumi Cloud: add pulumiCloud to platforms, or remove it.",
      }));
    },
  },
];

const accountRules: Rule[] = [
  {
    about: "An adopted identity provider is the account's own, and of the right issuer.",
    check: ({ account, identityProviders = {} }) =>
      Object.entries(issuers).flatMap(([platform, { host }]) => {
        const arn = identityProviders[platform as keyof typeof issuers];
        const provider = arn === undefined ? undefined : providerOf(arn);
        if (provider === undefined) return [];
        const key = `identityProviders.${platform}`;
        if (account !== undefined && provider.account !== account) {
          return {
            key,
            message: `${arn} is in account ${provider.account}, and a role trusts providers of its own account only, here ${account}: give the ARN of that account's provider, or create.`,
          };
        }
        if (provider.issuer === host) return [];
        return {
          key,
          message: `${arn} is the provider of ${provider.issuer}, and tokens come from ${host}: give the ARN that ends in oidc-provider/${host}, or create.`,
        };
      }),
  },
  {
    about: "The policies of `state` are the account's own.",
    check: ({ account, state = {} }) =>
      Object.entries(state).flatMap(([name, arn]) => {
        const owner = arn === undefined ? undefined : policyOf(arn)?.account;
        if (account === undefined || owner === undefined || owner === account) return [];
        return {
          key: `state.${name}`,
          message: `${arn} is in account ${owner}, and a role takes policies of its own account only, here ${account}: run deploy/bootstrap in that account, and give its ARN.`,
        };
      }),
  },
  {
    about: "`branch` is one that the repository has.",
    check({ branch }, { branches }) {
      const name = branch === undefined ? undefined : shortBranch(branch);
      if (name === undefined || branches.length === 0 || branches.includes(name)) return undefined;
      const near = closest(name, branches);
      const hint = distance(name, near) <= 3 ? ` Did you mean ${near}?` : "";
      return {
        key: "branch",
        message: `"${name}" is unknown: this clone has no such branch, here or of a remote.${hint} Push it first, or name one that exists.`,
      };
    },
  },
];

const stackRules: Rule[] = [
  {
    about: "Every stack of `stacks` has a file, and every stack file has an entry in `stacks`.",
    check({ stacks }, { stacks: files }) {
      if (!stacks) return undefined;
      const names = Object.keys(files);
      const extra = Object.keys(stacks).filter((name) => !names.includes(name));
      const missing = names.filter((name) => !Object.hasOwn(stacks, name));
      return [
        ...extra.map((name) => ({
          key: `stacks.${name}`,
          message: `is no stack of the platform: there is no Pulumi.${name}.yaml. ${near(name, names)}`,
        })),
        ...missing.map((name) => ({
          key: `stacks.${name}`,
          message: `is missing: Pulumi.${name}.yaml is there, and a stack without settings is never deployed. Add \`${name}: {}\`, or remove the file.`,
        })),
      ];
    },
  },
  {
    about:
      "Every stack file has the default tag `project`: it bounds what the stack's roles reach.",
    check: (_draft, { stacks: files }) =>
      Object.entries(files).flatMap(([name, { projectTag }]) =>
        projectTag !== undefined && /^[\w.:/=+@-]{1,64}$/.test(projectTag)
          ? []
          : {
              key: `stacks.${name}`,
              message: `cannot have roles of its own: Pulumi.${name}.yaml lacks the tag \`project\` in aws:defaultTags, by which they know the stack's resources. Add \`project: pe-platform\` there.`,
            },
      ),
  },
  {
    about: "Two installations (two values of `domain`) do not share the default tag `project`.",
    check: (_draft, { stacks: files }) => {
      const names = Object.keys(files).filter((name) => files[name]?.domain !== undefined);
      return names.flatMap((name, index) => {
        const { domain, projectTag } = files[name] ?? {};
        const other = names
          .slice(0, index)
          .find((one) => files[one]?.projectTag === projectTag && files[one]?.domain !== domain);
        if (projectTag === undefined || other === undefined) return [];
        // One value for all regions of the installation.
        const value = `${projectTag}-${names.find((one) => files[one]?.domain === domain)}`;
        return {
          key: `stacks.${name}`,
          message: `shares the tag \`project: ${projectTag}\` with ${other}, and both are in one account: the roles of each would reach the other's resources. Give Pulumi.${name}.yaml a value of its own in aws:defaultTags, such as ${value}.`,
        };
      });
    },
  },
  {
    about: "An installation (one `domain`) has at most two stacks, its regions.",
    check({ stacks = {} }, { stacks: files }) {
      const names = Object.keys(stacks);
      const domains = [...new Set(names.flatMap((name) => files[name]?.domain ?? []))];
      return domains.flatMap((domain) => {
        const members = names.filter((name) => files[name]?.domain === domain);
        if (members.length <= 2) return [];
        return {
          key: `stacks.${members.join(", ")}`,
          message: `are ${members.length} stacks of ${domain}, and an installation has at most two: give the others a domain of their own.`,
        };
      });
    },
  },
  {
    about: "Only a stack that protects nothing may be changed or destroyed unattended.",
    check: ({ stacks = {} }, { stacks: files }) =>
      entries(stacks).flatMap(([name, { driftRemediate, expires }]) => {
        if (files[name]?.protected === false) return [];
        const why = `Pulumi.${name}.yaml protects its data (protect, database.deletionProtection)`;
        return [
          ...(driftRemediate
            ? [
                {
                  key: `stacks.${name}.driftRemediate`,
                  message: `true would undo a change made by hand with an update that nobody reviewed, perhaps in the middle of an incident, and ${why}: set it to false, and answer drift by pull request.`,
                },
              ]
            : []),
          ...(expires
            ? [
                {
                  key: `stacks.${name}.expires`,
                  message: `would have the stack destroyed unattended, and ${why}: remove it.`,
                },
              ]
            : []),
        ];
      }),
  },
];

// ACM, RequestCertificate: the first name of a certificate may have 64 characters; pr-12345. is 9.
const longestReviewDomain = 64 - "pr-12345.".length;

const reviewRules: Rule[] = [
  {
    about: "`review.template` is a stack of `stacks`, alone in its installation.",
    check({ review, stacks }, { stacks: files }) {
      const template = review?.template;
      if (template === undefined || !stacks) return undefined;
      const key = "review.template";
      if (!Object.hasOwn(stacks, template) || !files[template]) {
        return {
          key,
          message: `${template} is not in stacks. ${near(template, Object.keys(files))}`,
        };
      }
      const domain = files[template].domain;
      const other = Object.keys(files).find(
        (name) => name !== template && domain !== undefined && files[name]?.domain === domain,
      );
      if (other === undefined) return undefined;
      return {
        key,
        message: `${template} is one region of an installation with ${other}, which a review stack would join: name a stack that is alone.`,
      };
    },
  },
  {
    about: "`review.addresses` are no stack's.",
    check({ review }, { stacks: files }) {
      const addresses = review?.addresses;
      if (!addresses) return undefined;
      return Object.entries(files).flatMap(([name, { cidrBlock }]) => {
        if (!cidrBlock || !/^[\d.]+\/\d+$/.test(cidrBlock) || !overlaps(addresses, cidrBlock)) {
          return [];
        }
        return {
          key: "review.addresses",
          message: `${addresses} overlaps network.cidrBlock ${cidrBlock} of ${name}: choose a range apart from every stack's.`,
        };
      });
    },
  },
  {
    about: "`review.domain` is no stack's, and leaves room for pr-<number>.",
    check({ review }, { stacks: files }) {
      const domain = review?.domain;
      if (!domain) return undefined;
      const owner = Object.entries(files).find(([, file]) => file.domain === domain)?.[0];
      if (owner !== undefined) {
        return {
          key: "review.domain",
          message: `${domain} is the domain of ${owner}: use a name of its own, such as review.${domain}.`,
        };
      }
      if (domain.length <= longestReviewDomain) return undefined;
      return {
        key: "review.domain",
        message: `has ${domain.length} characters, and with pr-<number> in front a certificate has room for ${longestReviewDomain}: shorten it.`,
      };
    },
  },
];

/** Every rule that joins keys, in the order of their problems. */
export const rules: Rule[] = [...cloudRules, ...accountRules, ...stackRules, ...reviewRules];

/**
 * Runs every rule on what could be read.
 * @param failed keys that are wrong by themselves: a rule that finds them absent stays silent.
 */
export function checkRules(draft: Draft, context: DeployContext, failed: string[] = []): Problem[] {
  return rules
    .flatMap(({ check }) => check(draft, context) ?? [])
    .filter(({ key }) => !failed.some((other) => other === key || key.startsWith(`${other}.`)));
}

type StackDraft = NonNullable<NonNullable<Draft["stacks"]>[string]>;

function entries(stacks: NonNullable<Draft["stacks"]>): [string, StackDraft][] {
  return Object.entries(stacks).map(([name, settings]) => [name, settings ?? {}]);
}

function near(name: string, names: string[]): string {
  if (names.length === 0) return "The platform has no stack file yet.";
  const found = closest(name, names);
  const hint = distance(name, found) <= 3 ? ` Did you mean ${found}?` : "";
  return `The stacks are ${oneOf(names)}.${hint}`;
}
