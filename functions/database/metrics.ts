export const metricNamespace = "PePlatform/Replication";

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
