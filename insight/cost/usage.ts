import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import { parse, YAMLParseError } from "yaml";
import type { z } from "zod";
import { oneOf, problemCount, shown } from "../../config/problems";
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
  const content = withoutNulls(parseYaml(text, file));
  const parsed = usageSchema.safeParse(content ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, content));
  throw new UserError(
    [`${file} has ${problemCount(problems)}:`, ...problems.map((line) => `  - ${line}`)].join("\n"),
  );
}

function parseYaml(text: string, file: string): unknown {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const [first = ""] = error.message.split("\n", 1);
    throw new UserError(`${file} is not valid YAML: ${first}`);
  }
  if (content === null || content === undefined || isRecord(content)) return content;
  throw new UserError(
    `${file} must hold keys and values, such as \`traffic:\` and below it \`requestsPerMonth: 5000000\`, not ${shown(content)}.`,
  );
}

/** In YAML, a key without a value is null: not set. */
function withoutNulls(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const set = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(set.map(([key, item]) => [key, withoutNulls(item)]));
}

function problemsOf(issue: z.core.$ZodIssue, content: unknown): string[] {
  const path = issue.path.map(String);
  const schema = schemaAt(path);
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys((schema && objectIn(schema))?.shape ?? {});
    return issue.keys.map(
      (key) => `${[...path, key].join(".")}: unknown key. ${advice(key, known)}`,
    );
  }
  const value = path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), content);
  const name = path.join(".");
  const inner = schema && objectIn(schema);
  if (inner) {
    const keys = Object.keys(inner.shape).join(", ");
    return [`${name}: ${told(value)} is not allowed: write ${keys} indented below it.`];
  }
  const { allowed, unit } = schema ? aboutUsageKey(schema) : { allowed: "another value", unit: "" };
  const unitText = unit === "" || allowed.includes(unit) ? "" : ` (${unit})`;
  if (value === undefined) return [`${name}: is missing: use ${allowed}${unitText}.`];
  return [`${name}: ${told(value)} is not allowed: use ${allowed}${unitText}.`];
}

/** JSON has no word for `.nan` and `.inf`. */
function told(value: unknown): string {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : shown(value);
}

function advice(key: string, known: string[]): string {
  const plain = (name: string): string => name.toLowerCase().replace(/[-_]/g, "");
  const near = closest(key, known);
  const same = known.find((name) => plain(name) === plain(key));
  if (same !== undefined) return `Did you mean ${same}?`;
  if (distance(plain(key), plain(near)) <= Math.max(2, key.length / 3)) {
    return `Did you mean ${near}?`;
  }
  const owners = sections
    .filter(([, keys]) => keys.includes(key))
    .map(([name]) => `${name}.${key}`);
  if (owners.length > 0) return `Write it as ${oneOf(owners)}.`;
  return `The keys here are ${known.join(", ")}.`;
}

const sections = Object.entries(usageSchema.shape).map(
  ([name, field]) => [name, Object.keys(objectIn(field)?.shape ?? {})] as const,
);

function schemaAt(path: string[]): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>(
    (schema, key) => (schema && objectIn(schema))?.shape[key],
    usageSchema,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
