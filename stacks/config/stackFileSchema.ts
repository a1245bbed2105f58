import { z } from "zod";
import { innerSchema, keyText } from "../../config/keys";
import { namespace } from "./reader";
import { configSchema, regionSchema } from "./schema";

/** The schema that editors check stack files against, from the project's root. */
export const schemaFile = "docs/stack.schema.json";

/** The first line of every stack file, by which editors with a YAML language server find it. */
export const schemaComment = `# yaml-language-server: $schema=${schemaFile}`;

/**
 * The JSON schema (draft 7, the newest that YAML editors know) of `Pulumi.<stack>.yaml`. It knows
 * names, types, ranges and defaults; what a function checks, and rules across keys, only the
 * program does. Other providers' keys may be anything.
 */
export function stackFileSchema(): Record<string, unknown> {
  const own = Object.entries(configSchema.shape).map(([name, schema]) => [
    `${namespace}:${name}`,
    jsonSchema(schema),
  ]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Pulumi.<stack>.yaml",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: { "aws:region": jsonSchema(regionSchema), ...Object.fromEntries(own) },
        patternProperties: { [`^(?!${namespace}:)`]: {} },
        additionalProperties: false,
      },
    },
  };
}

function jsonSchema(schema: z.core.$ZodType): Record<string, unknown> {
  const json = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    override({ zodSchema, jsonSchema: part }) {
      const text = keyText(zodSchema);
      if (text) part.description = `${text.description} Allowed: ${text.allowed}.`;
      // An object's own default says nothing: its keys have theirs.
      if (innerSchema(zodSchema) instanceof z.ZodObject) delete part.default;
      // The reader takes YAML's number for such a text: `version: 2022`.
      if (part.type === "string" && part.enum?.every((value) => /^\d+$/.test(String(value)))) {
        delete part.type;
        part.enum = [...part.enum, ...part.enum.map(Number)];
      }
    },
  });
  delete json.$schema;
  return json;
}
