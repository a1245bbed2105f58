/** A value as it stands in a plan: plain JSON. Secrets are `{ "$secret": value }`. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, Json>;

/** A secret as it stands in a plan. */
export function isSecret(value: Json | undefined): value is { $secret: Json } {
  return typeof value === "object" && value !== null && "$secret" in value;
}

/** The value itself, whether or not it is marked as a secret. */
export function reveal(value: Json | undefined): Json | undefined {
  return isSecret(value) ? value.$secret : value;
}

/** Replaces every secret by `[secret]`: for everything that is shown or written to disk. */
export function redact(value: JsonObject): JsonObject;
export function redact(value: Json): Json;
export function redact(value: Json): Json {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(item)]));
  }
  return value;
}

/** The value at a path; of a list (`key[]`) all that there are. */
export function valueAt(value: Json | undefined, path: string[]): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined || value === undefined) return value;
  const key = step.replace("[]", "");
  const shown = reveal(value);
  if (typeof shown !== "object" || shown === null || Array.isArray(shown)) return undefined;
  const next = shown[key];
  if (!step.endsWith("[]")) return valueAt(next, rest);
  if (!Array.isArray(next)) return undefined;
  const found = next.map((item) => valueAt(item, rest)).filter((item) => item !== undefined);
  return found.length > 1 ? found : found[0];
}

// Each reads a value as what it should be, or as nothing of that kind.

export function text(value: Json | undefined, otherwise = ""): string {
  const shown = reveal(value);
  return typeof shown === "string" ? shown : otherwise;
}

export function texts(value: Json | undefined): string[] {
  return list(value).filter((item) => typeof item === "string");
}

export function list(value: Json | undefined): Json[] {
  const shown = reveal(value);
  return Array.isArray(shown) ? shown : [];
}

export function object(value: Json | undefined): JsonObject {
  const shown = reveal(value);
  return typeof shown === "object" && shown !== null && !Array.isArray(shown) ? shown : {};
}

export function number(value: Json | undefined): number {
  const shown = reveal(value);
  return typeof shown === "number" ? shown : 0;
}

/** The JSON document in a text; undefined for any other text. */
export function parsed(value: Json | undefined): Json | undefined {
  try {
    return JSON.parse(text(value)) as Json;
  } catch {
    return undefined;
  }
}
