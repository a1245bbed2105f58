import type { CopyState } from "./upkeep";

export const metricNamespace = "PePlatform/Replication";

/**
 * A log line from which CloudWatch makes metrics (Embedded Metric Format), so that the function
 * needs no way to CloudWatch's API. Undefined when nothing was measured.
 */
export function metricLine(
  database: string,
  region: string,
  { copyAgeSeconds, behindSeconds }: CopyState,
  now: number,
): string | undefined {
  const values = {
    ...(copyAgeSeconds === undefined ? {} : { CopyAge: copyAgeSeconds }),
    ...(behindSeconds === undefined ? {} : { HeartbeatBehind: behindSeconds }),
  };
  const names = Object.keys(values);
  if (names.length === 0) return undefined;
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [["Database", "Source"]],
          Metrics: names.map((Name) => ({ Name, Unit: "Seconds" })),
        },
      ],
    },
    Database: database,
    Source: region,
    ...values,
  });
}
