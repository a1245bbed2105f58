import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import { parse, YAMLParseError } from "yaml";
import { UserError } from "./mistake";
import { isRecord } from "./problems";

/** The folder that holds Pulumi.yaml: above this file, also when it runs precompiled. */
export let projectRoot = findRoot(__dirname) ?? dirname(__dirname);

/**
 * Reads another folder's stack files, usage and prices from now on.
 * @returns the folder until now.
 * @internal for tests
 */
export function useProject(folder: string): string {
  const before = projectRoot;
  projectRoot = folder;
  return before;
}

function findRoot(folder: string): string | undefined {
  if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : findRoot(above);
}

export interface StackConfig {
  /** Engine form: `pe-platform:azCount` to `3`; objects and lists as JSON text. */
  raw: Record<string, string>;
  /** Keys with an encrypted value in the file. Only the engine can read it: `raw` lacks it. */
  secretKeys: string[];
}

/** The project's name, from Pulumi.yaml. */
export function projectName(root = projectRoot): string {
  const { name } = readYaml(root, "Pulumi.yaml");
  if (typeof name !== "string") throw new UserError("Pulumi.yaml has no `name`.");
  return name;
}

/** Names of all stacks that have a file, in alphabetical order. */
export function listStacks(root = projectRoot): string[] {
  return readdirSync(root)
    .map((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/** The stack's config as the engine would hand it to the program: file values over defaults. */
export function readStackConfig(stack: string, root = projectRoot): Record<string, string> {
  return readStack(stack, root).raw;
}

/**
 * As {@link readStackConfig}, with the keys that are encrypted.
 * @param edit changes the file's values before they are read, for a trial.
 * @throws UserError for an unknown stack name (naming the known ones) or unreadable YAML.
 */
export function readStack(
  stack: string,
  root = projectRoot,
  edit = (config: Record<string, unknown>) => config,
): StackConfig {
  const stacks = listStacks(root);
  if (!stacks.includes(stack)) throw new UserError(unknownStack(stack, stacks));
  const project = readYaml(root, "Pulumi.yaml");
  const name = projectName(root);
  const file = stackFile(stack, root);
  const raw: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [key, entry] of entries(project.config, "Pulumi.yaml")) {
    const value = projectValue(entry);
    if (value !== undefined && value !== null) raw[qualified(name, key)] = engineText(value);
  }
  const own = edit(Object.fromEntries(entries(readYaml(root, file).config, file)));
  for (const [key, value] of Object.entries(own)) {
    if (value === undefined) continue;
    const full = qualified(name, key);
    if (hasSecret(value)) secretKeys.push(full);
    if (!isSecretNode(value)) raw[full] = engineText(withoutSecrets(value));
  }
  return { raw, secretKeys };
}

/** The name of a stack's file, of which YAML has two spellings. */
export function stackFile(stack: string, root = projectRoot): string {
  const yaml = `Pulumi.${stack}.yaml`;
  return existsSync(join(root, yaml)) ? yaml : `Pulumi.${stack}.yml`;
}

function unknownStack(stack: string, stacks: string[]): string {
  if (stacks.length === 0) return `There is no stack "${stack}": no Pulumi.<stack>.yaml exists.`;
  const near = closest(stack, stacks);
  const hint = distance(stack, near) <= 3 ? ` Did you mean ${near}?` : "";
  return `There is no stack "${stack}"; the stacks are ${stacks.join(", ")}.${hint}`;
}

function readYaml(root: string, file: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = parse(readFileSync(join(root, file), "utf8"));
  } catch (error) {
    if (error instanceof YAMLParseError) {
      throw new UserError(`${file} is not valid YAML: ${error.message.split("\n", 1).join("")}`);
    }
    throw new UserError(`${file} cannot be read: ${(error as Error).message}`);
  }
  if (content === null || content === undefined) return {};
  if (!isRecord(content)) throw new UserError(`${file} must hold keys and values.`);
  return content;
}

function entries(config: unknown, file: string): [string, unknown][] {
  if (config === undefined || config === null) return [];
  if (!isRecord(config)) throw new UserError(`\`config\` in ${file} must hold keys and values.`);
  return Object.entries(config);
}

/** Pulumi.yaml declares a key with `default` (own keys) or `value` (other namespaces), or plainly. */
function projectValue(entry: unknown): unknown {
  if (!isRecord(entry)) return entry;
  return entry.value ?? entry.default;
}

/** Keys without a namespace belong to the project; `ns:config:key` is the older spelling. */
function qualified(project: string, key: string): string {
  if (!key.includes(":")) return `${project}:${key}`;
  return key.replace(":config:", ":");
}

/** The engine keeps every value as text: scalars as written, the rest as JSON. */
function engineText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isSecretNode(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}

function hasSecret(value: unknown): boolean {
  if (isSecretNode(value)) return true;
  if (Array.isArray(value)) return value.some(hasSecret);
  return isRecord(value) && Object.values(value).some(hasSecret);
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isSecretNode(item)).map(withoutSecrets);
  if (!isRecord(value)) return value;
  const readable = Object.entries(value).filter(([, item]) => !isSecretNode(item));
  return Object.fromEntries(readable.map(([key, item]) => [key, withoutSecrets(item)]));
}
