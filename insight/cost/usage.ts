import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { distance } from "fastest-levenshtein";
import { z } from "zod";
import { nearest, readDocument, type PathProblem } from "../../config/documents";
import { isRecord, oneOf, shown } from "../../config/problems";
import { projectRoot } from "../../config/stackFiles";
import { aboutUsageKey, objectIn, usageSchema, type Usage } from "./usageSchema";
import { UserError } from "../../config/mistake";

export type { Usage } from "./usageSchema";

/** A stack's usage, and where it was read. */
export interface StackUsage {
  usage: Usage;
  /** e.g. `assumptions/usage.prod-east.yaml`; absent: the stack has no file, all is assumed. */
  file?: string;
}

/** Folder of the usage files, below the project's root. */
export const usageFolder = "assumptions";

/** A usage of nothing but defaults. */
export const defaultUsage: Usage = usageSchema.parse({});

/**
 * Reads `assumptions/usage.<stack>.yaml`; what it leaves out has its default (docs/cost-model.md).
 * @throws UserError that names every mistake of the file at once, or a file whose name all but
 *   fits where the stack has none.
 */
export function readUsage(stack: string, root = projectRoot): StackUsage {
  const file = join(usageFolder, `usage.${stack}.yaml`);
  if (!existsSync(join(root, file))) {
    refuseMisspelt(stack, root);
    return { usage: defaultUsage };
  }
  return { usage: parseUsage(readFileSync(join(root, file), "utf8"), file), file };
}

/** A file that was meant for the stack would else count for nothing, and nobody would notice. */
function refuseMisspelt(stack: string, root: string): void {
  const folder = join(root, usageFolder);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const stacks = new Set(
    (existsSync(root) ? readdirSync(root) : []).map(
      (name) => /^Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1],
    ),
  );
  for (const name of names) {
    const [, of = "", ending] = /^usage[.-](.+)\.(ya?ml|json)$/.exec(name) ?? [];
    if (of === "" || (stacks.has(of) && of !== stack)) continue;
    if (of !== stack && distance(of, stack) > 2) continue;
    const why = of === stack ? "is not read" : `is for a stack ${of}, which does not exist`;
    const meant = `usage.${stack}.yaml`;
    throw new UserError(
      `${usageFolder}/${name} ${why}${ending === "json" ? " (it must be YAML)" : ""}. Did you mean ${meant}? Rename it.`,
    );
  }
}

/**
 * @param file as it is to be called in messages.
 * @throws UserError with every mistake at once.
 */
export function parseUsage(text: string, file: string): Usage {
  return readDocument(text, file, {
    schema: z.preprocess(withoutNulls, usageSchema),
    example: "`traffic:` and below it `requestsPerMonth: 5000000`",
    problemsOf,
  });
}

/** In YAML, a key without a value is null: not set. */
function withoutNulls(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const set = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(set.map(([key, item]) => [key, withoutNulls(item)]));
}

function problemsOf(issue: z.core.$ZodIssue, content: unknown): PathProblem[] {
  const path = issue.path.map(String);
  const schema = schemaAt(path);
  const inner = schema && objectIn(schema);
  const keys = Object.keys(inner?.shape ?? {});
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `unknown key. ${advice(key, keys)}`,
    }));
  }
  const value = path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), content);
  if (inner) {
    const message = `${told(value)} is not allowed: write ${keys.join(", ")} indented below it.`;
    return [{ path, message }];
  }
  const { allowed, unit } = schema ? aboutUsageKey(schema) : { allowed: "another value", unit: "" };
  const unitText = unit === "" || allowed.includes(unit) ? "" : ` (${unit})`;
  const wrong =
    value === undefined || value === null ? "is missing" : `${told(value)} is not allowed`;
  return [{ path, message: `${wrong}: use ${allowed}${unitText}.` }];
}

/** JSON has no word for `.nan` and `.inf`. */
function told(value: unknown): string {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : shown(value);
}

function advice(key: string, known: string[]): string {
  const near = nearest(key, known);
  if (near !== undefined) return `Did you mean ${near}?`;
  const owners = Object.entries(usageSchema.shape)
    .filter(([, section]) => objectIn(section)?.shape[key] !== undefined)
    .map(([name]) => `${name}.${key}`);
  if (owners.length > 0) return `Write it as ${oneOf(owners)}.`;
  return `The keys here are ${known.join(", ")}.`;
}

function schemaAt(path: string[]): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>(
    (schema, key) => (schema && objectIn(schema))?.shape[key],
    usageSchema,
  );
}
