import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { listStacks, projectRoot, readStack } from "../../config/stackFiles";
import { parseConfig } from "../../stacks/config/platformConfig";
import { stacksFor } from "../pathFilters";
import { deployedCommit, gitHubFrom } from "./deployedCommit";
import { deployOrder, type InstallationTurn, type OrderedStack } from "./order";
import { tell, UserError } from "../../config/mistake";

/** One stack that a push concerns. */
export interface ChangedStack {
  stack: string;
  region: string;
  /** Why, for people. */
  because: string;
}

/** What a workflow goes by: `stacks` is the matrix of previews, `installations` of updates. */
export interface Changes {
  stacks: ChangedStack[];
  installations: InstallationTurn[];
}

interface Flags {
  base?: string;
  deployed?: boolean;
  stacks?: string;
  all?: boolean;
  json?: boolean;
  help?: boolean;
}

const usage = `Usage: npx ts-node --transpile-only deploy/gate/changedStacks.ts <one of these> [--json]

  --base <commit>    Since this commit: what a pull request changes
  --deployed         Since what GitHub deployed last, per stack; needs GITHUB_TOKEN
  --stacks <names>   These, separated by commas, whatever changed
  --all              All stacks
  --json             Print one JSON object and nothing else`;

/**
 * Prints the stacks whose inputs changed, in the order in which they are deployed. Exit code 0, also
 * when there are none; 1 when something is wrong.
 */
async function main(argv: string[]): Promise<number> {
  const flags = readFlags(argv);
  if (flags.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const all = listStacks().map((stack): OrderedStack => {
    return { stack, config: parseConfig(readStack(stack).raw, stack) };
  });
  const reasons = await reasonsFor(
    flags,
    all.map(({ stack }) => stack),
  );
  const changes = changesOf(all, reasons);
  process.stdout.write(`${flags.json ? JSON.stringify(changes) : text(changes)}\n`);
  return 0;
}

function readFlags(args: string[]): Flags {
  let flags: Flags;
  try {
    flags = parseArgs({
      args,
      options: {
        base: { type: "string" },
        deployed: { type: "boolean" },
        stacks: { type: "string" },
        all: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${usage}`);
  }
  const { base, deployed, stacks, all, help } = flags;
  const chosen = [base, deployed, stacks, all].filter((value) => value !== undefined).length;
  if (chosen !== 1 && !help) throw new UserError(usage);
  return flags;
}

function changesOf(all: OrderedStack[], reasons: Map<string, string>): Changes {
  const installations = deployOrder(all, [...reasons.keys()]);
  const region = new Map(all.map(({ stack, config }) => [stack, config.region]));
  return {
    stacks: installations
      .flatMap(({ first, second }) => [first, second])
      .flatMap((stack): ChangedStack[] => {
        const because = reasons.get(stack);
        return because === undefined ? [] : [{ stack, region: region.get(stack) ?? "", because }];
      }),
    installations,
  };
}

/** Why each stack is concerned; a stack that isn't is left out. */
async function reasonsFor(flags: Flags, stacks: string[]): Promise<Map<string, string>> {
  if (flags.all) return new Map(stacks.map((stack) => [stack, "all stacks are meant"]));
  if (flags.stacks !== undefined) return named(flags.stacks, stacks);
  if (flags.base !== undefined) return since(flags.base, stacks);
  const github = gitHubFrom(process.env);
  const reasons = await Promise.all(
    stacks.map(async (stack): Promise<[string, string] | undefined> => {
      const commit = await deployedCommit(github, stack);
      if (commit === undefined) return [stack, "nothing is deployed yet"];
      if (git(["cat-file", "-e", `${commit}^{commit}`]) === undefined) {
        return [stack, `${commit.slice(0, 10)}, deployed last, is not in this history`];
      }
      const reason = since(commit, [stack]).get(stack);
      return reason === undefined ? undefined : [stack, reason];
    }),
  );
  return new Map(reasons.filter((reason) => reason !== undefined));
}

function named(list: string, stacks: string[]): Map<string, string> {
  const names = list.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !stacks.includes(name));
  if (unknown.length > 0) {
    throw new UserError(
      `There is no stack ${unknown.map((name) => `"${name}"`).join(", ")}: use some of ${stacks.join(", ")}, separated by commas.`,
    );
  }
  return new Map(names.map((name) => [name, "named by hand"]));
}

/** Both names of a file that moved count. */
function since(base: string, stacks: string[]): Map<string, string> {
  const listing = git([
    "diff",
    "--name-only",
    "--no-renames",
    "-z",
    "--end-of-options",
    base,
    "HEAD",
  ]);
  if (listing === undefined) {
    throw new UserError(
      `There is no commit "${base}" in this clone: check it out with its history (\`fetch-depth: 0\`).`,
    );
  }
  const files = listing.split("\0").filter((file) => file !== "");
  const changed = stacksFor(files, stacks);
  const reason = `${files.length} ${files.length === 1 ? "file" : "files"} changed since ${base.slice(0, 10)}`;
  return new Map(stacks.filter((stack) => changed.includes(stack)).map((stack) => [stack, reason]));
}

function git(args: string[]): string | undefined {
  const { status, stdout, error } = spawnSync("git", args, {
    cwd: projectRoot,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw new UserError(`git could not be started: ${error.message}.`);
  return status === 0 ? stdout : undefined;
}

function text({ stacks, installations }: Changes): string {
  if (stacks.length === 0) return "No stack's inputs changed: nothing to deploy.";
  const because = new Map(stacks.map((one) => [one.stack, one.because]));
  return installations
    .flatMap(({ domain, first, second, deployFirst, deploySecond }) => [
      domain,
      ...(deployFirst ? [`  ${first}: ${because.get(first) ?? ""}`] : []),
      ...(deploySecond
        ? [`  ${second}, once ${first} is healthy: ${because.get(second) ?? ""}`]
        : []),
    ])
    .join("\n");
}

export const ended = main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.exitCode = tell(error);
  },
);
