import { listStacks } from "../config/stackFiles";

/** A stack and the one whose success starts it. */
interface Ordered {
  after?: string;
}

/** What every stack's program is made of: the code, what it reads, and what runs it. */
export const programInputs = [
  "index.ts",
  "config/**",
  "components/**",
  "stacks/**",
  "functions/**",
  "app/**",
  "Pulumi.yaml",
  "package.json",
  "package-lock.json",
  ".npmrc",
  "tsconfig.json",
  "scripts/transpiler.cjs",
];

/** The stacks that a stack's success starts. */
export function followers(stacks: Record<string, Ordered>, stack: string): string[] {
  return Object.keys(stacks).filter((name) => stacks[name]?.after === stack);
}

/** The files whose change deploys a stack. */
export function inputsOf(stack: string): string[] {
  return [...programInputs, `Pulumi.${stack}.yaml`];
}

/**
 * The path filters of a stack in Pulumi Deployments. A stack that others come after also runs when
 * only a follower's file changed: its success is what starts the follower.
 */
export function pathFilters(stack: string, stacks: Record<string, Ordered> = {}): string[] {
  const files = followers(stacks, stack).map((name) => `Pulumi.${name}.yaml`);
  return [...inputsOf(stack), ...files];
}

/** The stacks whose own inputs are among the changed files, relative to the repository's root. */
export function stacksFor(
  changedFiles: readonly string[],
  stacks: readonly string[] = listStacks(),
): string[] {
  return stacks.filter((stack) => isMatch(inputsOf(stack), changedFiles));
}

/**
 * Pulumi's rule: a push counts when one changed file does, and a file does when it matches an
 * include filter (or there is none) and no exclude filter, `!`, whatever their order. Source:
 * pulumi.com/docs/deployments/concepts/settings/path-filtering.
 */
export function isMatch(filters: readonly string[], changedFiles: readonly string[]): boolean {
  const excludes = filters.filter((filter) => filter.startsWith("!"));
  const includes = filters.filter((filter) => !filter.startsWith("!"));
  return changedFiles.some(
    (file) =>
      (includes.length === 0 || includes.some((filter) => glob(filter).test(file))) &&
      !excludes.some((filter) => glob(filter.slice(1)).test(file)),
  );
}

/** Of the whole path: `**` is any part of it, `*` any part between slashes, `?` one character. */
function glob(filter: string): RegExp {
  const source = filter.replace(/\*\*|[*?]|[^*?\w/-]/g, (part) => {
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    return part === "?" ? "[^/]" : `\\${part}`;
  });
  return new RegExp(`^${source}$`, "s");
}
