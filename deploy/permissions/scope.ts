import type { PermissionScope } from "../../catalogue/rights";

/**
 * What is wrong with a scope, one sentence each; empty when nothing is. An ARN made of a wrong part
 * would allow more than was meant, so wildcards and separators are refused everywhere.
 */
export function scopeProblems(scope: PermissionScope): string[] {
  const { account, regions, partly = {}, project, domain } = scope;
  const wrong = (key: string, value: string, use: string): string =>
    `${key} is ${JSON.stringify(value)}: use ${use}.`;
  return [
    ...(/^\d{12}$/.test(account)
      ? []
      : [wrong("account", account, "the AWS account's 12 digits, e.g. 123456789012")]),
    ...(regions.length > 0 ? [] : ["regions is empty: name the regions of the stacks."]),
    ...[...regions, ...Object.keys(partly)]
      .filter((region) => !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
      .map((region) => wrong("regions", region, "AWS regions, e.g. us-east-1")),
    ...(/^[\w.=+/@-]{1,256}$/.test(project)
      ? []
      : [
          wrong(
            "project",
            project,
            "the tag `project` of aws:defaultTags, without * ? $ or spaces",
          ),
        ]),
    ...(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(domain)
      ? []
      : [wrong("domain", domain, "the stack's pe-platform:domain, e.g. platform.example.com")]),
  ];
}

/** @throws Error with every problem of the scope. */
export function checkScope(scope: PermissionScope): void {
  const problems = scopeProblems(scope);
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
