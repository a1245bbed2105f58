import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nearest, readDocument } from "../../config/documents";
import { isRecord, shown } from "../../config/problems";
import { projectRoot } from "../../config/stackFiles";
import {
  inputFileSchema,
  inputKeys,
  inputUnits,
  ownInputsSchema,
  unitRules,
  type Confidence,
  type InputFile,
  type InputKey,
  type InputUnit,
  type OwnInputs,
} from "./inputSchema";

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
    const replacement = own?.[key];
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
  const text = readFileSync(join(projectRoot, shippedFile), "utf8");
  return readDocument(text, shippedFile, {
    schema: inputFileSchema,
    example: "`inputs:`",
    problemsOf: ({ path, message }) => [{ path: path.map(String), message }],
  });
}

function readOwn(root: string, { outOfPath }: InputFile): OwnInputs | undefined {
  if (!existsSync(join(root, overrideFile))) return undefined;
  const unknown = (key: string): string => {
    const why = Object.hasOwn(outOfPath, key) ? outOfPath[key]?.why : undefined;
    if (why !== undefined) return `It does not count, so it cannot be set. ${why}`;
    const near = nearest(key, inputKeys);
    const hint = near === undefined ? "" : ` Did you mean ${near}?`;
    return `There is no such input.${hint} All are in ${shippedFile}.`;
  };
  return readDocument(readFileSync(join(root, overrideFile), "utf8"), overrideFile, {
    schema: ownInputsSchema,
    example: "`zone.failuresPerYear: 0.2`",
    problemsOf: (issue, content) => {
      const [key, part] = issue.path.map(String);
      if (issue.code === "unrecognized_keys") {
        return issue.keys.map((name) =>
          key === undefined
            ? { path: [name], message: unknown(name) }
            : { path: [key, name], message: "unknown: only value and source may be given." },
        );
      }
      const row = isRecord(content) ? content[key ?? ""] : undefined;
      const value = isRecord(row) ? row[part ?? ""] : row;
      const path = [key ?? "", ...(isRecord(row) && part !== undefined ? [part] : [])];
      const wrong =
        value === undefined || value === null
          ? "It has no value"
          : `${shown(value)} is not allowed`;
      const allowed =
        part === "source" ? "some text" : unitRules[inputUnits[key as InputKey]].allowed;
      return [{ path, message: `${wrong}: ${allowed}.` }];
    },
  });
}
