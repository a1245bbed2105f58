import { accessSync, constants, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { parse } from "yaml";
import { readStack } from "../../config/stackFiles";
import { changedFile, changesFor, changeText, type Change } from "./edits";
import type { SourceInstallation, SourceStack } from "./installation";
import { asObject, withValue } from "./nested";
import type { Setting } from "./types";
import { setInYaml, UneditableError, type YamlValue } from "./yamlEdit";
import { UserError } from "../../config/mistake";

/** What to change in one stack's file. */
export interface StackEdit {
  stack: string;
  /** e.g. `Pulumi.prod-east.yaml`. */
  file: string;
  changes: Change[];
  /** The whole file afterwards; absent where it must be edited by hand. */
  text?: string;
  /** Unified, as `git apply` takes it; empty without `text`. */
  diff: string;
  /** Why the file must be edited by hand, a sentence with the changes. */
  refusal?: string;
}

/** What to change in each stack's file of the installation; stacks that stay are left out. */
export function editsFor(installation: SourceInstallation, setting: Setting): StackEdit[] {
  return installation.stacks
    .map((source) => ({ source, changes: changesFor(source.config, setting) }))
    .filter(({ changes }) => changes.length > 0)
    .map(({ source, changes }) => editOf(installation, source, changes));
}

function editOf(
  { project, root }: SourceInstallation,
  source: SourceStack,
  changes: Change[],
): StackEdit {
  const { stack, file, text: before } = source;
  const edit = { stack, file, changes };
  try {
    const text = changedText(source, project, changes);
    const read = (change: (own: Record<string, unknown>) => Record<string, unknown>) =>
      readStack(stack, root, change);
    const wanted = read((own) => changedFile(own, source, project, changes));
    const got = read(() => (parse(text) as { config: Record<string, unknown> }).config);
    if (!isDeepStrictEqual(got, wanted)) throw new UneditableError("its form is unusual");
    const diff = createTwoFilesPatch(`a/${file}`, `b/${file}`, before, text, "", "", {
      context: 3,
      headerOptions: FILE_HEADERS_ONLY,
    });
    return { ...edit, text, diff };
  } catch (error) {
    if (!(error instanceof UneditableError)) throw error;
    const todo = changes.map((change) => changeText(change, project)).join(", ");
    const refusal = `${file} must be edited by hand, because ${error.message}: set ${todo}.`;
    return { ...edit, diff: "", refusal };
  }
}

/** An object that only Pulumi.yaml has is taken over whole: a stack's replaces the project's. */
function changedText(source: SourceStack, project: string, changes: Change[]): string {
  const known = new Map(Object.entries(source.ownKeys));
  return changes.reduce((text, { path, to }) => {
    const [key = "", ...inner] = path;
    const spelled = known.get(key);
    if (spelled !== undefined) return setInYaml(text, ["config", spelled, ...inner], to);
    const name = `${project}:${key}`;
    known.set(key, name);
    const value: YamlValue =
      inner.length === 0 ? to : withValue(asObject(source.raw[name]), inner, to);
    return setInYaml(text, ["config", name], value);
  }, source.text);
}

/**
 * Writes the edits, all or none.
 * @returns the files written.
 * @throws UserError where one must be edited by hand, or cannot be written.
 */
export function writeEdits(edits: StackEdit[], root: string): string[] {
  const refusals = edits.flatMap(({ refusal }) => refusal ?? []);
  if (refusals.length > 0) throw new UserError(`${refusals.join("\n")}\nNothing is written.`);
  for (const { file } of edits) {
    try {
      accessSync(join(root, file), constants.W_OK);
    } catch (error) {
      const why = (error as Error).message;
      throw new UserError(`${file} cannot be written (${why}). Nothing is written.`);
    }
  }
  for (const { file, text } of edits) {
    if (text !== undefined) writeFileSync(join(root, file), text);
  }
  return edits.map(({ file }) => file);
}
