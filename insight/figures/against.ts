import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parseConfig } from "../../stacks/config/platformConfig";
import type { Problem } from "../../config/problems";
import { guardedConfig, judgeEdit } from "../../stacks/editRules";
import { serviceLevel } from "../../stacks/serviceLevel";
import { installationFigures, planned, readSources, type InstallationFigures } from "./figures";
import { listStacks, projectRoot, readStack } from "../../config/stackFiles";
import { UserError } from "../../config/mistake";

/** One key that two versions of a stack's config have different, defaults filled in. */
export interface ConfigEdit {
  stack: string;
  /** Path in the config, e.g. `web.instanceType`. */
  key: string;
  /** As text; absent: not set. */
  before?: string;
  after?: string;
}

/** What the running stack will say to an edit, see stacks/editRules.ts. */
export interface EditNote {
  stack: string;
  key: string;
  message: string;
  /** True: `pulumi preview` and `up` refuse it. */
  refused: boolean;
}

/** What the stacks were at another commit, and what they are now. */
export interface Against {
  /** As given, e.g. `main`. */
  ref: string;
  /** The commit it names, shortened. */
  commit: string;
  edits: ConfigEdit[];
  /** What a stack that is up as `ref` says makes of the edits. */
  notes: EditNote[];
  /** Stacks that only one side has. */
  added: string[];
  removed: string[];
  /** By domain; prices and built-in inputs are today's on both sides. */
  before: InstallationFigures[];
  after: InstallationFigures[];
  /** Stacks of that commit that today's rules refuse, and so have no figures: sentences. */
  problems: string[];
}

/** Files that decide figures and belong to the user. */
const isInput = (file: string): boolean =>
  /^Pulumi(\..+)?\.ya?ml$/.test(file) || /^assumptions\/[^/]+\.ya?ml$/.test(file);

/**
 * Compares the stacks with those of a commit: what today's program makes of either side's config.
 * @param ref anything git understands as a commit.
 * @throws UserError without git or repository, and for an unknown ref.
 */
export async function against(
  ref: string,
  today = new Date(),
  root = projectRoot,
): Promise<Against> {
  const commit = git(root, [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${ref}^{commit}`,
  ]);
  if (commit === undefined) {
    throw new UserError(
      `There is no commit "${ref}" to compare with: name a branch, tag or commit that this clone has (\`git fetch\` gets those of a remote).`,
    );
  }
  const old = mkdtempSync(join(tmpdir(), "pe-platform-"));
  try {
    const files = extract(root, commit, old);
    if (!files.includes("Pulumi.yaml")) {
      throw new UserError(`"${ref}" has no Pulumi.yaml here: nothing to compare with.`);
    }
    const [then, now] = [readAll(old), readAll(root)];
    return {
      ref,
      commit: commit.slice(0, 10),
      edits: edits(then.configs, now.configs),
      notes: editNotes(then.stacks, now.stacks),
      added: [...now.configs.keys()].filter((stack) => !then.configs.has(stack)),
      removed: [...then.configs.keys()].filter((stack) => !now.configs.has(stack)),
      before: installationFigures(await planned(then.stacks), readSources(today, old)),
      after: installationFigures(await planned(now.stacks), readSources(today, root)),
      problems: then.problems.map((text) => `At ${ref}: ${text}`),
    };
  } finally {
    rmSync(old, { recursive: true, force: true });
  }
}

/** The output of a git command, undefined when it fails. */
function git(root: string, args: string[]): string | undefined {
  const { status, stdout, error } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  if (error) {
    throw new UserError(`git could not be started (${error.message}): --against needs it.`);
  }
  return status === 0 ? stdout.trimEnd() : undefined;
}

/** Writes the inputs of a commit into a folder, and today's prices and built-in inputs beside. */
function extract(root: string, commit: string, target: string): string[] {
  const names = (git(root, ["ls-tree", "-r", "--name-only", commit, "."]) ?? "").split("\n");
  const files = names.filter(isInput);
  for (const file of files) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    writeFileSync(join(target, file), git(root, ["show", `${commit}:./${file}`]) ?? "");
  }
  const hadAssumptions = files.some((file) => file.startsWith("assumptions/"));
  for (const folder of [
    "insight/data",
    "insight/prices",
    ...(hadAssumptions ? [] : ["assumptions"]),
  ]) {
    if (existsSync(join(root, folder))) {
      cpSync(join(root, folder), join(target, folder), { recursive: true });
    }
  }
  return files;
}

function readAll(root: string) {
  const problems: string[] = [];
  const stacks = listStacks(root).flatMap((stack) => {
    try {
      const { raw } = readStack(stack, root);
      return [{ stack, raw, config: parseConfig(raw, stack) }];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  const configs = new Map(stacks.map(({ stack, config }) => [stack, leaves(config)]));
  return { stacks, configs, problems };
}

/** Every value of a config by its path; lists are one value. */
function leaves(value: unknown, path = ""): Map<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return new Map([[path, typeof value === "string" ? value : JSON.stringify(value)]]);
  }
  return new Map(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .flatMap(([key, item]) => [...leaves(item, path === "" ? key : `${path}.${key}`)]),
  );
}

type Stacks = ReturnType<typeof readAll>["stacks"];

function editNotes(before: Stacks, after: Stacks): EditNote[] {
  return after.flatMap(({ stack, config }) => {
    const old = before.find((other) => other.stack === stack)?.config;
    if (!old || !serviceLevel(old).active || !serviceLevel(config).active) return [];
    const [then, now] = [guardedConfig(old), guardedConfig(config)];
    if (isDeepStrictEqual(then, now)) return [];
    const { refused, warnings } = judgeEdit(then, now, config.acceptEdits);
    const note = (isRefused: boolean) => (problem: Problem) => ({
      stack,
      ...problem,
      refused: isRefused,
    });
    return [...refused.map(note(true)), ...warnings.map(note(false))];
  });
}

function edits(
  before: Map<string, Map<string, string>>,
  after: Map<string, Map<string, string>>,
): ConfigEdit[] {
  return [...after].flatMap(([stack, now]) => {
    const old = before.get(stack);
    if (!old) return [];
    return [...new Set([...old.keys(), ...now.keys()])]
      .filter((key) => old.get(key) !== now.get(key))
      .map((key): ConfigEdit => {
        const [was, is] = [old.get(key), now.get(key)];
        return {
          stack,
          key,
          ...(was === undefined ? {} : { before: was }),
          ...(is === undefined ? {} : { after: is }),
        };
      });
  });
}
