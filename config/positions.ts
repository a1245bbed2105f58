import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { problemCount, type Problem } from "./problems";
import { stackFile } from "./stackFiles";

/** A problem of a stack file, and where it stands: the nearest place that the file has. */
export interface Located extends Problem {
  file: string;
  /** From 1; absent where the file has nothing of the key. */
  line?: number;
  column?: number;
}

/** The problems of a stack's config with their places in its file. */
export function located(
  stack: string,
  problems: Problem[],
  root: string,
  namespace: string,
): Located[] {
  const file = stackFile(stack, root);
  if (!existsSync(join(root, file))) return [];
  const counter = new LineCounter();
  const text = readFileSync(join(root, file), "utf8");
  const config = parseDocument(text, { lineCounter: counter }).get("config", true);
  return problems.map((problem) => {
    const offset = offsetOf(config, pathOf(problem.key, namespace));
    if (offset === undefined) return { ...problem, file };
    const { line, col } = counter.linePos(offset);
    return { ...problem, file, line, column: col };
  });
}

/** How many there are, then a line for each. */
export function locatedText(problems: Located[]): string {
  return [problemCount(problems), ...problems.map(locatedLine)].join("\n  - ");
}

/** One line for a person, which editors and terminals open at its place. */
export function locatedLine({ file, line, column, key, message }: Located): string {
  return `${[file, line, column].filter((part) => part !== undefined).join(":")}: ${key}: ${message}`;
}

/** `network.clientCidrs[0]` as `pe-platform:network`, `clientCidrs`, `0`. */
function pathOf(key: string, namespace: string): string[] {
  const [first = "", ...rest] = key.split(/[.[\]]+/).filter((part) => part !== "");
  return [first.includes(":") ? first : `${namespace}:${first}`, ...rest];
}

/** Where a path begins in a YAML node, as far as the node has it. */
export function offsetOf(node: unknown, path: string[]): number | undefined {
  let [at, offset] = [node, undefined as number | undefined];
  for (const step of path) {
    if (isMap(at)) {
      const pair = at.items.find(({ key }) => isScalar(key) && key.value === step);
      if (!pair || !isScalar(pair.key)) break;
      [at, offset] = [pair.value, pair.key.range?.[0]];
    } else if (isSeq(at)) {
      const item: unknown = at.items[Number(step)];
      if (!isScalar(item)) break;
      [at, offset] = [item, item.range?.[0]];
    } else break;
  }
  return offset;
}
