import { z } from "zod";

/** What people and tools read about a key: error messages, docs/config.md, Pulumi.yaml. */
export interface KeyAbout {
  /** One sentence; units included. */
  description: string;
  /** Completes "use …": the allowed values in words. */
  allowed: string;
  /** A valid value as written in a stack file. */
  example: string;
  /** What to do about a particular wrong value. */
  hint?: (value: unknown) => string | undefined;
  /** Completes the default column where the default depends on something else. */
  defaultText?: string;
}

const about = z.registry<KeyAbout>();

/** Attaches the description to a finished schema (defaults and optionality included). */
export function key<T extends z.ZodType>(schema: T, text: KeyAbout): T {
  about.add(schema, text);
  return schema;
}

/** The description, where the schema has one. */
export function keyText(schema: z.core.$ZodType): KeyAbout | undefined {
  return about.get(schema as z.ZodType);
}

/** @throws Error when a schema was declared without {@link key}: a mistake in this program. */
export function aboutKey(schema: z.core.$ZodType): KeyAbout {
  const text = keyText(schema);
  if (text === undefined) throw new Error("A config key has no description.");
  return text;
}

/** The schema inside defaults and optionality. */
export function innerSchema(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return innerSchema(schema.unwrap());
  }
  return schema;
}

/** True when nothing at all may be said about the key, not even by a default. */
export function isOptional(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodOptional;
}

/** The default, if the schema itself has one. */
export function defaultOf(schema: z.core.$ZodType): unknown {
  return schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
}

/** True where leaving the key out has a meaning of its own. */
export function hasDefault(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
}

export type EngineType = "string" | "integer" | "number" | "boolean" | "array" | "object" | "map";

/** The type under which Pulumi.yaml declares the key; a map, whose keys are free, stands deeper. */
export function engineType(schema: z.core.$ZodType): EngineType {
  const inner = innerSchema(schema);
  if (inner instanceof z.ZodObject) return "object";
  if (inner instanceof z.ZodRecord) return "map";
  if (inner instanceof z.ZodArray || inner instanceof z.ZodTuple) return "array";
  if (inner instanceof z.ZodBoolean) return "boolean";
  if (inner instanceof z.ZodNumberFormat) return "integer";
  if (inner instanceof z.ZodNumber) return "number";
  if (inner instanceof z.ZodLiteral) {
    return typeof [...inner.values][0] === "number" ? "integer" : "string";
  }
  return "string";
}
