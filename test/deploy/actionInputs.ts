import type { ActionInputs } from "./workflowLinter";

const optional = (names: string): ActionInputs =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, false]));

/**
 * The inputs of the actions in use, from their action.yml: of those with many, the ones a workflow
 * here has a use for. Renew them with the pins.
 */
export const actionInputs: Readonly<Record<string, ActionInputs>> = {
  // actions/checkout, action.yml.
  "actions/checkout": optional(
    "repository ref token path persist-credentials clean filter sparse-checkout fetch-depth fetch-tags",
  ),
  // actions/setup-node, action.yml.
  "actions/setup-node": optional(
    "node-version node-version-file check-latest cache cache-dependency-path package-manager-cache",
  ),
  // aws-actions/configure-aws-credentials, README "Options".
  "aws-actions/configure-aws-credentials": {
    "aws-region": true,
    ...optional(
      "role-to-assume role-session-name role-duration-seconds audience allowed-account-ids mask-aws-account-id",
    ),
  },
  // pulumi/actions v7.0.0, action.yml: all.
  "pulumi/actions": optional(
    `command stack-name pulumi-version pulumi-version-file work-dir comment-on-pr
     comment-on-pr-number comment-on-summary github-token cloud-url secrets-provider parallel message
     config-map expect-no-changes diff replace exclude exclude-dependents target target-dependents
     policyPacks policyPackConfigs refresh upsert remove edit-pr-comment color exclude-protected plan
     suppress-outputs suppress-progress always-include-summary continue-on-error log-verbosity
     log-flow debug`,
  ),
};
