import { z } from "zod";
import { planSchema } from "./planSchema";
import { tradeOffSchema } from "../tradeoff/schema";

/** The published schemas of the commands' JSON: file, from the project's root, to its whole text. */
export function outputSchemas(): Record<string, string> {
  const file = (title: string, schema: z.ZodType): string =>
    `${JSON.stringify({ title, ...z.toJSONSchema(schema, { reused: "ref" }) }, null, 2)}\n`;
  return {
    "docs/plan.schema.json": file("npm start -s -- [stack] --json", planSchema),
    "docs/tradeoff.schema.json": file("npm run tradeoff -s -- <stack> --json", tradeOffSchema),
  };
}
