import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { aboutKey, engineType, hasDefault, innerSchema, isOptional } from "./keys";
import { isRecord, isSecretName, isSecretValue, shown, type Problem } from "./problems";

/** A project's own keys, and what its readers get wrong. */
export interface ConfigProject {
  /** The project's name and the namespace of its keys. */
  namespace: string;
  schema: z.ZodObject;
  /** Names people bring from elsewhere (in lower case), and what this project has instead. */
  knownMisnames: Record<string, string>;
  /** Completes the advice on a key that looks like a secret: where secrets are. */
  secrets: string;
  /** Namespaces of other projects, which here are mistakes. */
  others?: string[];
}

/** Reads every key by itself, so that one wrong value hides no other. */
export function readKeys(
  project: ConfigProject,
  raw: Record<string, string>,
  problems: Problem[],
): Record<string, unknown> {
  const own: [name: string, value: unknown][] = [];
  for (const [full, text] of Object.entries(raw)) {
    const [space, name] = splitKey(project, full);
    if (space === project.namespace) own.push([name, fromEngine(project.schema, name, text)]);
    else checkForeign(project, full, space, problems);
  }
  return readObject(project, project.schema, Object.fromEntries(own), "", problems) ?? {};
}

function splitKey({ namespace }: ConfigProject, full: string): [space: string, name: string] {
  const colon = full.indexOf(":");
  return colon < 0 ? [namespace, full] : [full.slice(0, colon), full.slice(colon + 1)];
}

/** Other namespaces belong to their providers, but for two mistakes that would go unnoticed. */
function checkForeign(
  { namespace, others = [] }: ConfigProject,
  full: string,
  space: string,
  problems: Problem[],
): void {
  if (/^aws:(accessKey|secretKey|token)$/.test(full)) {
    const message =
      "holds a credential (not shown). Remove it, and replace it at AWS if it was ever " +
      "committed: the AWS provider takes credentials from the environment (AWS_PROFILE, SSO, OIDC).";
    problems.push({ key: full, message });
  } else if (others.includes(space) || distance(space, namespace) <= 3) {
    problems.push({ key: full, message: `unknown namespace. Did you mean ${namespace}?` });
  }
}

/** The engine's text as the value it stands for; what does not parse stays text. */
function fromEngine(root: z.ZodObject, name: string, text: string): unknown {
  const schema = field(root, name);
  const type = schema && engineType(schema);
  if (text === "null") return null;
  if (text === "") return isUnsetText(schema) ? undefined : null;
  if (type === undefined || type === "string") return text;
  if (type === "integer" && !/^-?\d+(\.\d+)?$/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// Pulumi.yaml's default for a text without one of its own is "": not set. Elsewhere the engine makes it
// of a key without a value.
function isUnsetText(schema: z.core.$ZodType | undefined): boolean {
  return schema === undefined || (engineType(schema) === "string" && !hasDefault(schema));
}

function field(schema: z.ZodObject, name: string): z.core.$ZodType | undefined {
  return Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
}

function readObject(
  project: ConfigProject,
  schema: z.ZodObject,
  value: unknown,
  path: string,
  problems: Problem[],
): Record<string, unknown> | undefined {
  if (!isRecord(value)) {
    const message = `${shown(value)} is not allowed: write ${Object.keys(schema.shape).join(", ")} indented below it.`;
    problems.push({ key: path, message });
    return undefined;
  }
  for (const name of Object.keys(value))
    checkName(project, schema, name, join(path, name), problems);
  return Object.fromEntries(
    Object.entries(schema.shape).map(([name, inner]) => {
      const given = Object.hasOwn(value, name) ? value[name] : undefined;
      return [name, readField(project, inner, given, join(path, name), problems)];
    }),
  );
}

function readField(
  project: ConfigProject,
  schema: z.core.$ZodType,
  value: unknown,
  path: string,
  problems: Problem[],
): unknown {
  const inner = innerSchema(schema);
  if (value === null) {
    problems.push({ key: path, message: emptiness(schema, path) });
    return undefined;
  }
  if (inner instanceof z.ZodObject) {
    if (isOptional(schema) && (value === undefined || isUnset(value, path))) return undefined;
    return readObject(project, inner, value ?? {}, path, problems);
  }
  if (inner instanceof z.ZodRecord && innerSchema(inner.valueType) instanceof z.ZodObject) {
    return readMap(project, schema, inner, value, path, problems);
  }
  const secret = secretProblem(value);
  if (secret !== undefined) {
    problems.push({ key: path, message: secret });
    return undefined;
  }
  const parsed = z.safeParse(schema, asWritten(inner, value));
  if (parsed.success) return parsed.data;
  for (const [key, wrong] of wrongParts(parsed.error.issues, path, value)) {
    problems.push({ key, message: refusal(schema, path, wrong) });
  }
  return undefined;
}

// Pulumi.yaml's default for an object is {}: not set.
function isUnset(value: unknown, path: string): boolean {
  return !path.includes(".") && isRecord(value) && Object.keys(value).length === 0;
}

/** Objects by name: names are free within the map's own rule, what stands below each is not. */
function readMap(
  project: ConfigProject,
  schema: z.core.$ZodType,
  inner: z.ZodRecord,
  value: unknown,
  path: string,
  problems: Problem[],
): Record<string, unknown> | undefined {
  if (value === undefined || !isRecord(value)) {
    problems.push({ key: path, message: refusal(schema, path, value) });
    return undefined;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      const at = join(path, name);
      if (!z.safeParse(inner.keyType, name).success) {
        const message = `is not allowed as a name: use ${aboutKey(inner.keyType).allowed}.`;
        problems.push({ key: at, message });
      }
      return [name, readField(project, inner.valueType, entry, at, problems)];
    }),
  );
}

// YAML reads `version: 2022` as a number; for a key of text that is what was meant.
function asWritten(inner: z.core.$ZodType, value: unknown): unknown {
  return engineType(inner) === "string" && typeof value === "number" ? String(value) : value;
}

/** The wrong items of a list or map, or the value as a whole. */
function wrongParts(
  issues: z.core.$ZodIssue[],
  path: string,
  value: unknown,
): Map<string, unknown> {
  const parts = new Map<string, unknown>();
  for (const { path: at } of issues) {
    let [key, part] = [path, value];
    for (const step of at) {
      if (Array.isArray(part) && typeof step === "number" && step < part.length) {
        [key, part] = [`${key}[${step}]`, part[step]];
      } else if (isRecord(part) && typeof step === "string" && Object.hasOwn(part, step)) {
        [key, part] = [join(key, step), part[step]];
      } else break;
    }
    parts.set(key, part);
  }
  return parts;
}

export function refusal(schema: z.core.$ZodType, path: string, value: unknown): string {
  const { allowed, example, hint } = aboutKey(schema);
  const name = path.split(".").at(-1) ?? path;
  const sample = `for example \`${name}: ${example}\``;
  if (value === undefined) return `is missing: use ${allowed}, ${sample}.`;
  if (value === encrypted) {
    return "is encrypted, which no key of this project needs: set it without --secret.";
  }
  const advice = hint?.(asWritten(innerSchema(schema), value)) ?? quotesHint(schema, value);
  return `${shown(value)} is not allowed: use ${allowed}, ${sample}${advice ? ` (${advice})` : ""}.`;
}

/** YAML's null: a key with nothing behind it, which is no way to ask for the default. */
function emptiness(schema: z.core.$ZodType, path: string): string {
  const name = path.split(".").at(-1) ?? path;
  const inner = innerSchema(schema);
  const use =
    inner instanceof z.ZodObject
      ? `write ${Object.keys(inner.shape).join(", ")} indented below it`
      : `use ${aboutKey(schema).allowed}, for example \`${name}: ${aboutKey(schema).example}\``;
  const spare = isOptional(schema) || hasDefault(schema);
  return `is empty: ${use}${spare ? ", or take the key out for the default" : ""}.`;
}

function quotesHint(schema: z.core.$ZodType, value: unknown): string | undefined {
  const plain = typeof value === "string" && /^(-?\d+|true|false)$/.test(value);
  return plain && engineType(schema) !== "string" ? "without the quotes" : undefined;
}

// What an offline reader of a stack file finds in place of an encrypted value.
const encrypted = "[encrypted]";

function secretProblem(value: unknown): string | undefined {
  if (!holdsSecret(value)) return undefined;
  return (
    "holds what looks like a credential (not shown). Remove it, and replace it where it was " +
    "issued if it was ever committed: no key of this project takes a secret."
  );
}

function holdsSecret(value: unknown): boolean {
  if (typeof value === "string") return isSecretValue(value);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

function checkName(
  project: ConfigProject,
  schema: z.ZodObject,
  name: string,
  path: string,
  problems: Problem[],
): void {
  if (field(schema, name) !== undefined) return;
  if (isSecretName(name)) {
    const message =
      "looks like a secret (value not shown). Remove it, and change the secret if it was ever " +
      `committed: ${project.secrets}`;
    problems.push({ key: path, message });
    return;
  }
  problems.push({ key: path, message: `unknown key. ${advice(project, schema, name)}` });
}

function advice(
  { schema: root, knownMisnames }: ConfigProject,
  schema: z.ZodObject,
  name: string,
): string {
  const plain = name.toLowerCase().replace(/[-_]/g, "");
  const own = Object.hasOwn(knownMisnames, plain) ? knownMisnames[plain] : undefined;
  if (own !== undefined) return own;
  const [parent] = name.split(".");
  if (parent !== undefined && parent !== name && field(schema, parent)) {
    return `To set a key inside ${parent}: \`pulumi config set --path ${name} <value>\`.`;
  }
  const names = Object.keys(schema.shape);
  const begun = names.filter((other) => other.toLowerCase().startsWith(plain));
  if (plain.length >= 3 && begun.length === 1) return `Did you mean ${begun.join("")}?`;
  const near = closest(name, names);
  const close = distance(name.toLowerCase(), near.toLowerCase()) <= Math.max(2, name.length / 3);
  if (close) return `Did you mean ${near}?`;
  const owner = Object.entries(root.shape).find(([, inner]) => {
    const object = innerSchema(inner);
    return object instanceof z.ZodObject && field(object, name) !== undefined;
  });
  return owner && schema !== innerSchema(owner[1])
    ? `It belongs in ${owner[0]}: write ${owner[0]}.${name}.`
    : `The keys here are ${names.join(", ")}.`;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** Values of which any part may be missing. */
export type Partially<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: Partially<T[K]> }
    : T;
