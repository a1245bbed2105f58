/** The commands before a deployment, one shell each, in the run's clone of the repository. */
export interface PreRunOptions {
  stack: string;
  /** The stack that is deployed before this one, if any. */
  after?: string;
  /** Stacks that are deployed after this one. */
  followers: string[];
  /** For a review stack: hours it lives at most. */
  maxAgeHours?: number;
}

const typescript = "node -r ts-node/register/transpile-only";

/** Runs the command only when the deployment changes something. */
function whenUpdating(command: string): string {
  return `[ "$PULUMI_CI_OPERATION" != update ] || ${command}`;
}

/**
 * In this order: what deploying needs of the packages as locked, with no script of theirs run; whose turn it is; then
 * credentials, so that waiting takes nothing from their time; then what a killed run has left, and
 * the other region's health.
 */
export function preRunCommands(options: PreRunOptions): string[] {
  const { stack, after, followers, maxAgeHours } = options;
  const waits = [
    ...followers.map((name) => `--before ${name}`),
    ...(after === undefined ? [] : [`--after ${after}`]),
  ];
  const review = maxAgeHours !== undefined;
  return [
    "npm ci --omit=dev --ignore-scripts --no-audit --no-fund",
    ...(review
      ? [
          `${typescript} deploy/steps/writeReviewConfig.ts`,
          `node deploy/steps/limitLife.mjs ${maxAgeHours}`,
        ]
      : []),
    ...(waits.length > 0
      ? [
          [typescript, "deploy/steps/checkTurn.ts", stack, after].filter(Boolean).join(" "),
          `node deploy/steps/waitForStacks.mjs ${waits.join(" ")}`,
        ]
      : []),
    "node deploy/steps/assumeRole.mjs",
    // What an earlier run was cut off at: docs/runbooks/killed-up.md.
    whenUpdating(
      `npm run recover -- "$PULUMI_CI_ORGANIZATION/$PULUMI_CI_PROJECT/$PULUMI_CI_STACK"`,
    ),
    // A private installation is deployed by agents in its network: from elsewhere the gate stays shut.
    ...(after === undefined
      ? []
      : [whenUpdating(`node deploy/gate/healthGate.mjs ${after} --inside`)]),
  ];
}
