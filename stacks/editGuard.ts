import { log, ResourceHook } from "@pulumi/pulumi";
import { getStack } from "@pulumi/pulumi/metadata";
import { getEngine } from "@pulumi/pulumi/runtime";
import { problemText } from "../config/problems";
import { namespace } from "./config/reader";
import { judgeEdit, standing, type GuardedConfig } from "./editRules";

/** Top-level keys that the running stack's file encrypts, as the engine tells its programs. */
export function encryptedKeys(env = process.env): string[] {
  const all = JSON.parse(env.PULUMI_CONFIG_SECRET_KEYS || "[]") as string[];
  return all.map((key) => key.replace(`${namespace}:`, ""));
}

/**
 * Refuses edits of a running stack before any of its resources is touched, in `pulumi preview` and
 * `pulumi up` alike: the hook of a component whose inputs are {@link guardedConfig}. The engine
 * calls it for whole updates of a stack that has the component; not at the first `up`, not under
 * `--target`, and not where the region is left out (see `refuseWhileProtected`).
 */
export function editGuard(acceptEdits: readonly string[]): ResourceHook {
  const check = ({ oldInputs, newInputs }: { oldInputs?: unknown; newInputs?: unknown }) => {
    const { config: before = {} } = (oldInputs ?? {}) as { config?: GuardedConfig };
    const { config: after = {} } = (newInputs ?? {}) as { config?: GuardedConfig };
    const { refused, warnings, unjudged } = judgeEdit(before, after, acceptEdits);
    if (unjudged.length > 0) void log.warn(unseen(unjudged));
    for (const { key, message } of warnings) void log.warn(`${key}: ${message}`);
    if (refused.length > 0) throw new Error(problemText(getStack(), refused));
  };
  // The offline plan has no engine, and warnings of its own.
  if (acceptEdits.length > 0 && getEngine()) void log.warn(standing(acceptEdits));
  return new ResourceHook("edit-guard", check, { onDryRun: true });
}

const unseen = (keys: string[]): string =>
  `An earlier version of the program made this stack and kept no ${keys.join(", ")}: this run cannot tell whether they were edited, the next one can.`;
