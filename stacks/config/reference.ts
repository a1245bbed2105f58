import { z } from "zod";
import { aboutKey, defaultOf, engineType, innerSchema, isOptional } from "../../config/keys";
import { rules } from "./rules";
import { configSchema, regionSchema } from "./schema";

/** One key as Pulumi.yaml declares it. */
export interface ProjectKey {
  type: string;
  items?: { type: string };
  /** The engine wants a value for every declared key: an empty one means not set. */
  default: unknown;
  description: string;
}

const required = "**required**";

/** The `config` section of Pulumi.yaml that the schema asks for. */
export function projectKeys(): Record<string, ProjectKey> {
  return Object.fromEntries(
    Object.entries(configSchema.shape).map(([name, schema]) => {
      const type = engineType(schema);
      const unset = type === "object" ? {} : "";
      const { description } = aboutKey(schema);
      const items = type === "array" ? { items: { type: "string" } } : {};
      return [name, { type, ...items, default: defaultOf(schema) ?? unset, description }];
    }),
  );
}

const listOf = (objects: { name: string }[]) => objects.map(({ name }) => `\`${name}\``).join(", ");

/** docs/config.md: every key, its type, default and allowed values, and the rules across keys. */
export function configReference(): string {
  const objects = Object.entries(configSchema.shape).flatMap(([name, schema]) => {
    const inner = innerSchema(schema);
    return inner instanceof z.ZodObject ? [{ name, schema, inner }] : [];
  });
  const sections = objects.flatMap(({ name, schema, inner }) => [
    `## ${name}`,
    aboutKey(schema).description,
    table(rows(inner, `${name}.`)),
  ]);
  const top = Object.entries(configSchema.shape).map(([name, schema]) => row(name, schema));
  return [
    "# Configuration",
    "<!-- Generated from stacks/config/schema.ts by `npm run config:docs`. -->",
    `Every key of \`Pulumi.<stack>.yaml\`, in the namespace \`pe-platform:\`. An unknown key is an error, and so is a value outside the allowed ones; all errors are reported at once, before anything is created. A stack file's object (${listOf(objects)}) replaces the one of \`Pulumi.yaml\` as a whole; keys left out of it take the defaults below.`,
    "No key takes a secret: all passwords are made, kept and rotated in Secrets Manager.",
    "## All keys",
    table([row("aws:region", regionSchema), ...top]),
    ...sections,
    "## Rules across keys",
    rules.map(({ about }) => `- ${about}`).join("\n"),
    "",
  ].join("\n\n");
}

function rows(schema: z.ZodObject, prefix: string): string[][] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const inner = innerSchema(field);
    if (!(inner instanceof z.ZodObject)) return [row(`${prefix}${name}`, field)];
    const nested = rows(inner, `${prefix}${name}.`);
    return isOptional(field) ? nested.map((cells) => onlyWith(name, cells)) : nested;
  });
}

// `artifact` as a whole may be left out; only then are its keys not required.
function onlyWith(owner: string, cells: string[]): string[] {
  return cells.map((cell) => (cell === required ? `required with ${owner}` : cell));
}

function row(name: string, schema: z.core.$ZodType): string[] {
  const { description, allowed } = aboutKey(schema);
  const type = engineType(schema);
  const what = type === "object" ? `see [${name}](#${name})` : allowed;
  return [`\`${name}\``, type, defaultCell(schema), what, description];
}

function defaultCell(schema: z.core.$ZodType): string {
  const { defaultText } = aboutKey(schema);
  const value = defaultOf(schema);
  if (value !== undefined) return `\`${Array.isArray(value) ? value.join(", ") : String(value)}\``;
  if (defaultText !== undefined) return defaultText;
  if (isOptional(schema)) return "none";
  return engineType(schema) === "object" ? "see below" : required;
}

function table(body: string[][]): string {
  const head = ["Key", "Type", "Default", "Allowed", "What it is"];
  const lines = [head, head.map(() => "---"), ...body];
  return lines.map((cells) => `| ${cells.map(escape).join(" | ")} |`).join("\n");
}

function escape(cell: string): string {
  return cell.replaceAll("|", "\\|");
}
