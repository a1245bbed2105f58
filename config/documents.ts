import { closest, distance } from "fastest-levenshtein";
import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { UserError } from "./mistake";
import { locatedLine, offsetOf } from "./positions";
import { isRecord, problemCount, shown } from "./problems";

/** One mistake of a document, by the path of its key. */
export interface PathProblem {
  path: string[];
  message: string;
}

/** A kind of YAML file that people write beside the stack files. */
export interface DocumentKind<T> {
  schema: z.ZodType<T>;
  /** Completes "must hold keys and values". */
  example: string;
  /** What an issue means to the file's owner. */
  problemsOf: (issue: z.core.$ZodIssue, content: unknown) => PathProblem[];
}

/**
 * Reads a document; an empty one is one without keys.
 * @param file as it is to be called in messages.
 * @throws UserError with every mistake at once, in the file's order, each with its line and column.
 */
export function readDocument<T>(text: string, file: string, kind: DocumentKind<T>): T {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const [broken] = document.errors;
  if (broken) {
    const [first = ""] = broken.message.split("\n", 1);
    throw new UserError(`${file} is not valid YAML: ${first}`);
  }
  const content = (document.toJS() as unknown) ?? {};
  if (!isRecord(content)) {
    throw new UserError(
      `${file} must hold keys and values, such as ${kind.example}, not ${shown(content)}.`,
    );
  }
  const parsed = kind.schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .flatMap((issue) => kind.problemsOf(issue, content))
    .map((problem) => ({ ...problem, offset: offsetOf(document.contents, problem.path) ?? 0 }))
    .toSorted((one, other) => one.offset - other.offset);
  const lines = problems.map(({ path, message, offset }) => {
    const { line, col: column } = lineCounter.linePos(offset);
    return `  - ${locatedLine({ file, line, column, key: path.join("."), message })}`;
  });
  throw new UserError([`${problemCount(problems)} in ${file}:`, ...lines].join("\n"));
}

/** The name that was probably meant. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_]/g, "");
  const near = closest(plain(name), names.map(plain));
  if (distance(plain(name), near) > Math.max(2, name.length / 3)) return undefined;
  return names.find((one) => plain(one) === near);
}
