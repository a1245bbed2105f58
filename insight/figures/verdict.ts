import { exitCodes, worstExit, type ExitCode } from "../../config/exitCodes";
import type { InstallationFigures } from "./figures";

/** What the figures say of a command's end: fine, missed or unknown. */
export function figuresExit(figures: readonly InstallationFigures[]): ExitCode {
  const results = figures.flatMap(({ objectives }) => objectives.map(({ status }) => status));
  return worstExit([
    results.includes("missed") ? exitCodes.missed : exitCodes.fine,
    results.includes("unknown") || figures.some(({ total }) => !total.known)
      ? exitCodes.unknown
      : exitCodes.fine,
  ]);
}

/** Per installation with an unknown cost, the line that says so and what to do. */
export function unknownLines(figures: readonly InstallationFigures[]): string[] {
  return figures.flatMap(({ domain, total }) => {
    if (total.known) return [];
    const messages = [...new Set(total.missing.map(({ message }) => message))];
    const [first = "", ...others] = messages;
    const more = others.length > 0 ? ` (and ${others.length} more, see "No price")` : "";
    return [`✖ ${domain}: its cost is unknown. ${first}${more}`];
  });
}
