import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import { parse, YAMLParseError } from "yaml";
import { problemCount, shown } from "../../config/problems";
import { projectRoot } from "../../config/stackFiles";
import {
  inputFileSchema,
  inputKeys,
  inputUnits,
  unitRules,
  type Confidence,
  type InputFile,
  type InputKey,
  type InputUnit,
} from "./inputSchema";
import { UserError } from "../../config/mistake";

/** One figure that the model stands on, with its origin. */
export interface InputRow {
  key: InputKey;
  value: number;
  unit: InputUnit;
  source: string;
  /** Of the source, or when it was seen; of a judgement, when it was made. YYYY, to the day if known. */
  date: string;
  confidence: Confidence;
  /** The shipped value, where the project's own file replaces it. */
  replaces?: number;
}

/** A service level agreement that the model leaves out on purpose. */
export interface LeftOut {
  key: string;
  value: number;
  source: string;
  date: string;
  confidence: Confidence;
  why: string;
}

/** All inputs of the availability model: the shipped ones, with the project's own over them. */
export interface AvailabilityInputs {
  values: Readonly<Record<InputKey, number>>;
  /** In the shipped file's order. */
  rows: InputRow[];
  /** Keys that the project's own file sets. */
  overridden: InputKey[];
  leftOut: LeftOut[];
  /** The project's own file; absent: all inputs are the shipped ones. */
  file?: string;
}

/** The project's own inputs, relative to its root. */
export const overrideFile = "assumptions/availability.yaml";

const shippedFile = join("insight", "data", "availability.yaml");

/**
 * The shipped inputs, replaced key by key by `assumptions/availability.yaml` where it exists. There, a
 * key has a number, or `{ value, source }`.
 * @param root holds the project's own file; the shipped one is always this project's.
 * @throws UserError with all problems of the own file at once: not YAML, unknown keys (with the
 *   nearest known one), values that are no number or out of range.
 */
export function readInputs(root = projectRoot): AvailabilityInputs {
  const shipped = readShipped();
  const own = readOwn(root, shipped);
  const rows = inputKeys.map((key): InputRow => {
    const row = { key, ...shipped.inputs[key] };
    const replacement = own?.get(key);
    if (!replacement) return row;
    const { value, source } = replacement;
    return { ...row, value, source: source ?? overrideFile, replaces: row.value };
  });
  return {
    values: Object.fromEntries(rows.map(({ key, value }) => [key, value])) as Record<
      InputKey,
      number
    >,
    rows,
    overridden: rows.filter(({ replaces }) => replaces !== undefined).map(({ key }) => key),
    leftOut: Object.entries(shipped.outOfPath).map(([key, { unit: _, ...row }]) => ({
      key,
      ...row,
    })),
    ...(own === undefined ? {} : { file: overrideFile }),
  };
}

function readShipped(): InputFile {
  const result = inputFileSchema.safeParse(readYaml(projectRoot, shippedFile));
  if (result.success) return result.data;
  const lines = result.error.issues.map(
    ({ path, message }) => `  - ${path.join(" › ")}: ${message}`,
  );
  throw new UserError([`${shippedFile} is damaged:`, ...lines].join("\n"));
}

interface Replacement {
  value: number;
  source?: string;
}

function readOwn(root: string, shipped: InputFile): Map<InputKey, Replacement> | undefined {
  if (!existsSync(join(root, overrideFile))) return undefined;
  const content = readYaml(root, overrideFile) ?? {};
  if (!isRecord(content)) {
    throw new UserError(
      `${overrideFile} must hold keys and values, e.g. \`zone.failuresPerYear: 0.2\`.`,
    );
  }
  const problems: string[] = [];
  const found = new Map<InputKey, Replacement>();
  for (const [key, given] of Object.entries(content)) {
    if (!isInputKey(key)) {
      problems.push(`${key}: ${unknownKey(key, shipped)}`);
      continue;
    }
    const { value, source, wrong } = readReplacement(given);
    const { schema, allowed } = unitRules[inputUnits[key]];
    const parsed = schema.safeParse(value);
    problems.push(...wrong.map((text) => `${key}: ${text}`));
    if (!parsed.success) {
      const text = value === undefined || value === null ? "It has no value" : shown(value);
      problems.push(
        `${key}: ${text}${text.startsWith("It") ? "" : " is not allowed"}: ${allowed}.`,
      );
    } else if (wrong.length === 0) {
      found.set(key, { value: parsed.data, ...(source === undefined ? {} : { source }) });
    }
  }
  if (problems.length > 0) {
    const lines = problems.map((problem) => `  - ${problem}`);
    throw new UserError([`${problemCount(problems)} in ${overrideFile}`, ...lines].join("\n"));
  }
  return found;
}

function readReplacement(given: unknown): { value: unknown; source?: string; wrong: string[] } {
  if (!isRecord(given)) return { value: given, wrong: [] };
  const wrong = Object.keys(given)
    .filter((name) => !["value", "source"].includes(name))
    .map((name) => `\`${name}\` is unknown: only value and source may be given.`);
  const { value, source } = given;
  if (source === undefined) return { value, wrong };
  if (typeof source === "string" && source.trim() !== "") return { value, source, wrong };
  return { value, wrong: [...wrong, `source ${shown(source)} is not allowed: some text.`] };
}

function unknownKey(key: string, shipped: InputFile): string {
  const leftOut = Object.hasOwn(shipped.outOfPath, key) ? shipped.outOfPath[key] : undefined;
  if (leftOut) return `It does not count, so it cannot be set. ${leftOut.why}`;
  const near = closest(key, inputKeys);
  const hint = distance(key, near) <= Math.max(3, key.length / 3) ? ` Did you mean ${near}?` : "";
  return `There is no such input.${hint} All are in ${shippedFile}.`;
}

function readYaml(root: string, file: string): unknown {
  try {
    return parse(readFileSync(join(root, file), "utf8"));
  } catch (error) {
    if (error instanceof YAMLParseError) {
      throw new UserError(`${file} is not valid YAML: ${error.message.split("\n", 1).join("")}`);
    }
    throw new UserError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function isInputKey(key: string): key is InputKey {
  return Object.hasOwn(inputUnits, key);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
