import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { pullRequestOf, reviewConfig, reviewStackConfig } from "../reviewConfig";
import { reviewTemplate } from "../roles";

// In a run of Pulumi Deployments of a review stack: writes the stack's file from its template's, in
// the run's own clone. Also that of the stack it was copied from, in case its copy is made later.
// PE_DEPLOY_REVIEW is JSON: template, addresses, domain, hostedZone. Exit code 0, or 1.

const root = process.env.PE_PROJECT_ROOT ?? join(__dirname, "..", "..");

interface Given {
  template: string;
  addresses: string;
  domain: string;
  hostedZone: string;
}

function main(stack: string, given: Given): string {
  const pullRequest = pullRequestOf(stack);
  if (pullRequest === undefined) {
    throw new Error(`"${stack}" is not the stack of a pull request: its name is pr-…-<number>.`);
  }
  const review = reviewConfig(pullRequest, given);
  const file = join(root, `Pulumi.${given.template}.yaml`);
  const { config = {} } = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> };
  const own = reviewStackConfig(config, stack, { ...review, hostedZone: given.hostedZone });
  for (const name of [stack, reviewTemplate]) {
    writeFileSync(join(root, `Pulumi.${name}.yaml`), stringify({ config: own }));
  }
  return `${stack} is ${review.domain} in ${review.cidrBlock}, as ${given.template} otherwise.`;
}

try {
  const given = JSON.parse(process.env.PE_DEPLOY_REVIEW ?? "{}") as Given;
  process.stdout.write(`${main(process.env.PULUMI_CI_STACK ?? "", given)}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
