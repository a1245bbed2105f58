import { z } from "zod";
import { innerSchema } from "../../../config/keys";

/** Every key with a value of its own, objects opened. */
export function leaves(schema: z.ZodObject, prefix = ""): [string, z.core.$ZodType][] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const inner = innerSchema(field);
    return inner instanceof z.ZodObject
      ? leaves(inner, `${prefix}${name}.`)
      : [[`${prefix}${name}`, field] as [string, z.core.$ZodType]];
  });
}
