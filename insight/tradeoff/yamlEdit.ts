import { isAlias, isMap, isScalar, parseDocument, stringify, type Node, type Scalar } from "yaml";
import type { YAMLMap } from "yaml";
import { asObject, withValue } from "./nested";

/** A value that is not changed in place; the message says why, as the rest of a sentence. */
export class UneditableError extends Error {
  override name = "UneditableError";
}

/** What a key is set to: an object only where the key is new. */
export type YamlValue = string | number | Record<string, unknown>;

/**
 * A YAML text with one value set. Only the value's own characters change, or a line is added behind
 * its neighbours: comments, quotes, order and spaces stay as they are.
 * @throws UneditableError where the place is encrypted, shared by an alias, or no map.
 */
export function setInYaml(text: string, path: string[], value: YamlValue): string {
  let node: unknown = parseDocument(text).contents;
  for (const [depth, key] of path.entries()) {
    const rest = path.slice(depth);
    refuseShared(node, path.slice(0, depth));
    if (isScalar(node)) {
      const content = within(rest, value);
      if (node.value === null) return filled(text, node, content);
      const whole = JSON.stringify(withValue(asObject(node.value), rest, value));
      return replaced(text, node, whole);
    }
    if (!isMap(node)) throw new UneditableError(`${path[depth - 1] ?? "it"} holds no keys`);
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
    if (!pair) return added(text, node, key, within(rest.slice(1), value));
    node = pair.value;
  }
  refuseShared(node, path);
  if (!isScalar(node)) throw new UneditableError(`${path.join(".")} is no single value`);
  return node.value === null ? filled(text, node, value) : replaced(text, node, value);
}

function within(path: string[], value: YamlValue): YamlValue {
  const [key, ...inner] = path;
  return key === undefined ? value : { [key]: within(inner, value) };
}

function refuseShared(node: unknown, path: string[]): void {
  const name = path.slice(1).join(".");
  if (isAlias(node)) throw new UneditableError(`${name} is an alias (*${node.source})`);
  if ((isMap(node) || isScalar(node)) && node.anchor !== undefined) {
    throw new UneditableError(`${name} has an anchor (&${node.anchor}) that others may use`);
  }
  if (isMap(node) && node.items.length === 1 && node.has("secure")) {
    throw new UneditableError(`${name} is encrypted`);
  }
}

/** A value where there is only a key, or null. */
function filled(text: string, { range }: Scalar, value: YamlValue): string {
  const [from = 0, to = 0] = range ?? [];
  if (from < to) return spliced(text, from, to, inline(value));
  // An empty value is taken to stand where the next thing does, such as a comment.
  const colon = text.slice(0, from).trimEnd().length;
  return spliced(text, colon, colon, ` ${inline(value)}`);
}

/** Another value in the same quotes. */
function replaced(text: string, { range, type }: Scalar, value: YamlValue): string {
  const [from = 0, to = 0] = range ?? [];
  if (type === "QUOTE_DOUBLE") return spliced(text, from, to, JSON.stringify(String(value)));
  const plain = String(value);
  if (type === "QUOTE_SINGLE") {
    return spliced(text, from, to, `'${plain.replaceAll("'", "''")}'`);
  }
  if (type === "PLAIN") return spliced(text, from, to, inline(value));
  throw new UneditableError("a text over several lines holds it");
}

/** Another key of a map, behind its last one. */
function added(text: string, map: YAMLMap, key: string, value: YamlValue): string {
  if (map.flow === true) {
    const last = map.items.length > 0 ? end(map, true) : (map.range?.[0] ?? 0) + 1;
    const entry = `${inline(key)}: ${inline(value)}`;
    return spliced(text, last, last, map.items.length > 0 ? `, ${entry}` : ` ${entry} `);
  }
  const [first] = map.items;
  const start = isScalar(first?.key) ? (first.key.range?.[0] ?? 0) : 0;
  const indent = " ".repeat(start - (text.lastIndexOf("\n", start - 1) + 1));
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = stringify({ [key]: value }, { lineWidth: 0 })
    .trimEnd()
    .split("\n");
  const entry = lines.map((line) => `${indent}${line}${eol}`).join("");
  const last = end(map, false);
  const lineEnd = text.indexOf("\n", last);
  if (text[last - 1] === "\n") return spliced(text, last, last, entry);
  if (lineEnd < 0) return `${text}${eol}${entry}`;
  return spliced(text, lineEnd + 1, lineEnd + 1, entry);
}

/** Where a node's last character of content is: a block map's range goes on to the next key. */
function end(node: unknown, self: boolean): number {
  if (isMap(node) && (self || node.flow !== true)) {
    const last = node.items.at(-1);
    if (last) return Math.max(end(last.key, false), end(last.value, false));
  }
  return (node as Node | null)?.range?.[1] ?? 0;
}

function inline(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
}

function spliced(text: string, from: number, to: number, put: string): string {
  return text.slice(0, from) + put + text.slice(to);
}
