import { stripVTControlCharacters } from "node:util";

/** Columns that a text takes up: colours take none. */
export function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Words that stay on one line. */
export function together(...words: string[]): string {
  return words.join(" ").replaceAll(" ", "\u00a0");
}

/** As much of a text as fits, colours at its end not expected. */
export function cut(text: string, longest: number): string {
  const over = visibleLength(text) - longest;
  return over > 0 ? `${text.slice(0, text.length - over - 1)}…` : text;
}

/**
 * Breaks a text at spaces, so that no line is longer than `width` columns unless one word is.
 * @param rest columns of the second and later lines. @default width
 */
export function wrap(text: string, width: number, rest = width): string[] {
  return fold(text.split(" "), " ", width, rest).map((line) => line.replaceAll("\u00a0", " "));
}

/** Joins parts into as few lines as fit; a part is never broken. */
export function fold(parts: string[], separator: string, width: number, rest = width): string[] {
  const [first = "", ...others] = parts;
  const lines: string[] = [];
  let line = first;
  for (const part of others) {
    const longer = `${line}${separator}${part}`;
    if (visibleLength(longer) <= (lines.length === 0 ? width : rest)) {
      line = longer;
    } else {
      lines.push(line);
      line = part;
    }
  }
  return [...lines, line];
}

/** A first line's beginning, and the text behind it with later lines below their own beginning. */
export function hanging(lead: string, text: string, width: number, indent = "  "): string {
  const [first = "", ...others] = wrap(
    text,
    width - visibleLength(lead),
    width - visibleLength(indent),
  );
  return [`${lead}${first}`, ...others.map((line) => `${indent}${line}`)].join("\n");
}

/** Rows of a label and a text beside it, which is wrapped. */
export function labelled(rows: [label: string, text: string][], width: number): string[] {
  const label = Math.max(...rows.map(([name]) => visibleLength(name)));
  const indent = " ".repeat(label + 4);
  return rows.map(([name, text]) => {
    const gap = " ".repeat(label - visibleLength(name) + 2);
    return hanging(`  ${name}${gap}`, text, width, indent);
  });
}

/**
 * Columns of the terminal; without one, lines are as long as they are: whoever reads them by
 * program has one finding or resource per line.
 */
export function terminalWidth(): number | undefined {
  return process.stdout.columns;
}
