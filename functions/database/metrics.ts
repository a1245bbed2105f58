import type { CaptureState } from "./captureJob";
import type { CopyState } from "./upkeep";

export const metricNamespace = "PePlatform/Replication";

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

type Unit = "Seconds" | "Bytes" | "Count" | "None";

/**
 * A log line from which CloudWatch makes metrics (Embedded Metric Format), so that the function
 * needs no way to CloudWatch's API.
 */
export function metricLine(
  dimensions: Record<string, string>,
  now: number,
  measured: Record<string, [value: number | undefined, unit: Unit]>,
  words: Record<string, unknown> = {},
): string {
  const known = Object.entries(measured).filter(([, [value]]) => value !== undefined);
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [Object.keys(dimensions)],
          Metrics: known.map(([Name, [, Unit]]) => ({ Name, Unit })),
        },
      ],
    },
    ...dimensions,
    ...Object.fromEntries(known.map(([name, [value]]) => [name, value])),
    ...words,
  });
}
