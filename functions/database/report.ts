import type { CaptureState } from "./captureJob";
import { metricLine } from "./metrics";
import { notCopiedLine } from "./notCopied";
import type { DatabaseAnswer, DesiredDatabase } from "./request";
import type { CopyState, UpkeepAnswer } from "./upkeep";

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

/** What was measured of a copy of `region`'s database. Undefined when nothing was. */
export function copyLine(
  database: string,
  region: string,
  { copyAgeSeconds, behindSeconds }: CopyState,
  now: number,
): string | undefined {
  if (copyAgeSeconds === undefined && behindSeconds === undefined) return undefined;
  return metricLine({ Database: database, Source: region }, now, {
    CopyAge: [copyAgeSeconds, "Seconds"],
    HeartbeatBehind: [behindSeconds, "Seconds"],
  });
}

/**
 * What was measured of a writer. That the log waits for capture (`REPLICATION`) is usual between
 * two rounds; together with a log that grows, it says whose fault that is.
 */
export function captureLine(
  database: string,
  { runs, logUsedBytes, logWaitsFor }: CaptureState,
  now: number,
): string {
  const waits = logWaitsFor === undefined ? undefined : Number(logWaitsFor === "REPLICATION");
  return metricLine(
    { Database: database },
    now,
    {
      CaptureRuns: [Number(runs), "None"],
      LogUsed: [logUsedBytes, "Bytes"],
      LogWaitsForCapture: [waits, "None"],
    },
    { LogWaitsFor: logWaitsFor },
  );
}
