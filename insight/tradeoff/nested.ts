/** An object with the value at a path inside it. */
export function withValue(
  object: Record<string, unknown>,
  path: string[],
  value: unknown,
): Record<string, unknown> {
  const [key = "", ...inner] = path;
  return {
    ...object,
    [key]: inner.length === 0 ? value : withValue(asObject(object[key]), inner, value),
  };
}

/** Files may hold an object as JSON text; "" is not set. */
export function asObject(value: unknown): Record<string, unknown> {
  const read: unknown = typeof value === "string" && value !== "" ? JSON.parse(value) : value;
  const isObject = typeof read === "object" && read !== null && !Array.isArray(read);
  return isObject ? (read as Record<string, unknown>) : {};
}
