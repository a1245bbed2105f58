import {
  inOrder,
  logComponents,
  type Count,
  type ResourceCounts,
  type LogComponent,
} from "../../catalogue/resourceCounts";
import { daysPerMonth, formatCount, kept } from "./quantities";
import { linesOf, type CostComponent } from "./types";
import type { Usage } from "./usageSchema";

/** Logs, alarms, keys, secrets, names, buckets and functions: small each, and always there. */
export function otherCosts(counts: ResourceCounts, usage: Usage): CostComponent[] {
  return [
    ...logs(counts, usage),
    ...archive(counts, usage),
    ...counted(counts.alarms, counts.region, "alarms", "cloudwatch:alarm"),
    ...counted(counts.metrics, counts.region, "own metrics", "cloudwatch:metric"),
    ...mail(counts, usage),
    ...keys(counts, usage),
    ...counted(counts.secrets, counts.region, "secrets", "secrets:secret"),
    ...secretCalls(counts, usage),
    ...names(counts, usage),
    ...functions(counts, usage),
    ...counts.unknown.map(({ component: type, region, count }): CostComponent =>
      linesOf("Stack", region)(
        `resources of type ${type}`,
        `${unknownType}${type}`,
        count,
        `${count} in the plan`,
      ),
    ),
  ];
}

/** Begins the price key of resources whose type nobody has decided on. */
export const unknownType = "type:";

function counted(counts: Count[], own: string, what: string, priceKey: string): CostComponent[] {
  return inOrder(counts).map(({ component, region, count }) => ({
    region,
    component,
    what: region === own ? what : `${what} in ${region}`,
    priceKey,
    quantity: count,
    how: `${count}`,
  }));
}

const logNames: Record<LogComponent, string> = {
  WebTier: "logs of web servers",
  AppTier: "logs of app servers",
  SqlServerCluster: "logs of SQL Server",
  DatabaseFunction: "logs of the database function",
  Network: "flow logs",
};

function logs({ logDays, database, region }: ResourceCounts, { logs: own, database: data }: Usage) {
  const written: Record<LogComponent, number> = {
    WebTier: own.webGiB,
    AppTier: own.appGiB,
    SqlServerCluster: own.databaseGiB,
    DatabaseFunction: own.functionsGiB,
    Network: own.flowGiB,
  };
  const lines = logComponents.flatMap((component) => {
    const days = logDays[component];
    if (days === undefined) return [];
    return logLines({ region, component }, logNames[component], written[component], days, own);
  });
  const seconds = database?.monitoringSeconds ?? 0;
  if (seconds === 0) return lines;
  // RDS makes this group, which keeps 30 days (Amazon RDS User Guide, "Enhanced Monitoring").
  const place = { region, component: "SqlServerCluster" };
  const samples = data.monitoringGiB * (60 / seconds);
  return [...lines, ...logLines(place, "samples of Enhanced Monitoring", samples, 30, own)];
}

function logLines(
  place: Pick<CostComponent, "region" | "component">,
  what: string,
  gibPerMonth: number,
  days: number,
  { storedShare }: Usage["logs"],
): CostComponent[] {
  return [
    {
      ...place,
      what,
      priceKey: "logs:ingestion",
      quantity: gibPerMonth,
      how: `${formatCount(gibPerMonth)} GiB`,
    },
    {
      ...place,
      what: `${what}, kept`,
      priceKey: "logs:storage",
      quantity: kept(gibPerMonth, days, storedShare),
      how: `${formatCount(gibPerMonth)} GiB × ${days} days × ${formatCount(storedShare)} compressed`,
    },
  ];
}

function archive(
  { archiveDays, artifacts, region }: ResourceCounts,
  usage: Usage,
): CostComponent[] {
  const { artifactGiB, putsPerMonth, getsPerMonth } = usage.s3;
  const { loadBalancerGiB } = usage.logs;
  const lines: CostComponent[] = [];
  if (archiveDays !== undefined) {
    lines.push(
      linesOf("LogArchive", region)(
        "access logs of the load balancers, kept",
        "s3:storage",
        loadBalancerGiB * (archiveDays / daysPerMonth),
        `${formatCount(loadBalancerGiB)} GiB × ${archiveDays} days`,
      ),
    );
  }
  if (!artifacts) return lines;
  const line = linesOf("ArtifactStore", region);
  lines.push(
    line("site packages", "s3:storage", artifactGiB, `${formatCount(artifactGiB)} GiB`),
    line("PUT requests to S3", "s3:put", putsPerMonth / 1000, formatCount(putsPerMonth)),
    line("GET requests to S3", "s3:get", getsPerMonth / 10_000, formatCount(getsPerMonth)),
  );
  return lines;
}

function mail(
  { mail: on, region }: ResourceCounts,
  { alarms: { mailsPerMonth } }: Usage,
): CostComponent[] {
  if (!on) return [];
  const paid = Math.max(0, mailsPerMonth - 1000);
  return [
    linesOf("Alarms", region)(
      "alarm mails over the free ones",
      "sns:email",
      paid / 100_000,
      `${formatCount(mailsPerMonth)}, 1,000 free`,
    ),
  ];
}

function keys(
  { keys: counts, keysRotate, region }: ResourceCounts,
  { kms }: Usage,
): CostComponent[] {
  if (counts.length === 0) return [];
  const rotations = keysRotate ? kms.rotations : 0;
  const lines = counted(counts, region, "KMS keys", "kms:key").map((line) => ({
    ...line,
    quantity: line.quantity * (1 + rotations),
    how: `${line.how} ${line.quantity === 1 ? "key" : "keys"}${rotations > 0 ? `, each with ${rotations} of its rotations` : ""}`,
  }));
  return [
    ...lines,
    linesOf("EncryptionKeys", region)(
      "requests to KMS",
      "kms:requests",
      kms.requestsPerMonth / 10_000,
      formatCount(kms.requestsPerMonth),
    ),
  ];
}

function secretCalls({ secrets, region }: ResourceCounts, usage: Usage): CostComponent[] {
  if (!secrets.some(({ component }) => component === "DatabaseLogin")) return [];
  const { callsPerMonth } = usage.secrets;
  return [
    linesOf("DatabaseLogin", region)(
      "calls to Secrets Manager",
      "secrets:requests",
      callsPerMonth / 10_000,
      formatCount(callsPerMonth),
    ),
  ];
}

function names({ zones, entry, region }: ResourceCounts, { dns }: Usage): CostComponent[] {
  const lines = counted(zones, region, "hosted zones", "route53:zone");
  if (!entry) return lines;
  const line = linesOf("RegionalEntry", region);
  lines.push(line("health check", "route53:health-check", 1, "1"));
  if (entry.options > 0) {
    lines.push(
      line(
        "options of the health check",
        "route53:health-check-option",
        entry.options,
        "HTTPS, and a look every 10 s instead of 30",
      ),
    );
  }
  // Queries that an alias record of a load balancer answers are free (Amazon Route 53 Pricing).
  if (entry.publicNames) {
    lines.push(
      line(
        "queries that no alias record answers",
        "route53:queries",
        dns.otherQueriesPerMonth / 1_000_000,
        formatCount(dns.otherQueriesPerMonth),
      ),
    );
  }
  return lines;
}

function functions({ databaseFunction, region }: ResourceCounts, usage: Usage): CostComponent[] {
  if (!databaseFunction) return [];
  const { memoryMiB, runsPerMonth: runs } = databaseFunction;
  const { secondsPerRun, failedCallsPerMonth } = usage.functions;
  const line = linesOf("DatabaseFunction", region);
  const lines: CostComponent[] = [
    line(
      "failed calls in the queue",
      "sqs:requests",
      failedCallsPerMonth / 1_000_000,
      formatCount(failedCallsPerMonth),
    ),
  ];
  if (runs === 0) return lines;
  lines.push(
    line(
      "runs of the database function",
      "lambda:requests",
      runs / 1_000_000,
      `${formatCount(runs)}, one a minute`,
    ),
    line(
      "time of the database function",
      "lambda:gb-second-arm",
      (runs * secondsPerRun * memoryMiB) / 1024,
      `${formatCount(runs)} runs × ${formatCount(secondsPerRun)} s × ${memoryMiB} MiB`,
    ),
  );
  return lines;
}
