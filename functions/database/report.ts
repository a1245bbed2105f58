import { captureLine, copyLine } from "./metrics";
import { notCopiedLine } from "./notCopied";
import type { DatabaseAnswer, DesiredDatabase } from "./request";
import type { UpkeepAnswer } from "./upkeep";

/**
 * Writes what a look has measured, and only then throws what failed: an alarm that gets no figures
 * says less than one that does.
 */
export function report(
  { host, role }: DesiredDatabase,
  { capture, copy, problem, ...answer }: UpkeepAnswer,
  now: number,
  write: (line: string) => void,
): DatabaseAnswer {
  const lines = [
    capture && captureLine(host, capture, now),
    copy && role?.follows && copyLine(host, role.follows.region, copy, now),
    notCopiedLine(host, answer.notCopied, now),
  ];
  for (const line of lines) if (line) write(line);
  if (problem) throw problem;
  return answer;
}
