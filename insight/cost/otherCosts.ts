import {
  inOrder,
  logComponents,
  type Count,
  type ResourceCounts,
  type LogComponent,
} from "../../catalogue/resourceCounts";
import { daysPerMonth, formatCount, kept } from "./quantities";
import type { CostComponent } from "./types";
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
    ...counts.unknown.map(({ component: type, region, count }): CostComponent => ({
      region,
      component: "Stack",
      what: `resources of type ${type}`,
      priceKey: `${unknownType}${type}`,
      quantity: count,
      how: `${count} in the plan`,
    })),
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
    lines.push({
      region,
      component: "LogArchive",
      what: "access logs of the load balancers, kept",
      priceKey: "s3:storage",
      quantity: loadBalancerGiB * (archiveDays / daysPerMonth),
      how: `${formatCount(loadBalancerGiB)} GiB × ${archiveDays} days`,
    });
  }
  if (!artifacts) return lines;
  const base = { region, component: "ArtifactStore" };
  lines.push(
    {
      ...base,
      what: "site packages",
      priceKey: "s3:storage",
      quantity: artifactGiB,
      how: `${formatCount(artifactGiB)} GiB`,
    },
    {
      ...base,
      what: "PUT requests to S3",
      priceKey: "s3:put",
      quantity: putsPerMonth / 1000,
      how: formatCount(putsPerMonth),
    },
    {
      ...base,
      what: "GET requests to S3",
      priceKey: "s3:get",
      quantity: getsPerMonth / 10_000,
      how: formatCount(getsPerMonth),
    },
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
    {
      region,
      component: "Alarms",
      what: "alarm mails over the free ones",
      priceKey: "sns:email",
      quantity: paid / 100_000,
      how: `${formatCount(mailsPerMonth)}, 1,000 free`,
    },
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
    {
      region,
      component: "EncryptionKeys",
      what: "requests to KMS",
      priceKey: "kms:requests",
      quantity: kms.requestsPerMonth / 10_000,
      how: formatCount(kms.requestsPerMonth),
    },
  ];
}

function secretCalls({ secrets, region }: ResourceCounts, usage: Usage): CostComponent[] {
  if (!secrets.some(({ component }) => component === "DatabaseLogin")) return [];
  const { callsPerMonth } = usage.secrets;
  return [
    {
      region,
      component: "DatabaseLogin",
      what: "calls to Secrets Manager",
      priceKey: "secrets:requests",
      quantity: callsPerMonth / 10_000,
      how: formatCount(callsPerMonth),
    },
  ];
}

function names({ zones, entry, region }: ResourceCounts, { dns }: Usage): CostComponent[] {
  const lines = counted(zones, region, "hosted zones", "route53:zone");
  if (!entry) return lines;
  const base = { region, component: "RegionalEntry" };
  lines.push({
    ...base,
    what: "health check",
    priceKey: "route53:health-check",
    quantity: 1,
    how: "1",
  });
  if (entry.options > 0) {
    lines.push({
      ...base,
      what: "options of the health check",
      priceKey: "route53:health-check-option",
      quantity: entry.options,
      how: "HTTPS, and a look every 10 s instead of 30",
    });
  }
  // Queries that an alias record of a load balancer answers are free (Amazon Route 53 Pricing).
  if (entry.publicNames) {
    lines.push({
      ...base,
      what: "queries that no alias record answers",
      priceKey: "route53:queries",
      quantity: dns.otherQueriesPerMonth / 1_000_000,
      how: formatCount(dns.otherQueriesPerMonth),
    });
  }
  return lines;
}

function functions({ databaseFunction, region }: ResourceCounts, usage: Usage): CostComponent[] {
  if (!databaseFunction) return [];
  const { memoryMiB, runsPerMonth: runs } = databaseFunction;
  const { secondsPerRun, failedCallsPerMonth } = usage.functions;
  const base = { region, component: "DatabaseFunction" };
  const lines: CostComponent[] = [
    {
      ...base,
      what: "failed calls in the queue",
      priceKey: "sqs:requests",
      quantity: failedCallsPerMonth / 1_000_000,
      how: formatCount(failedCallsPerMonth),
    },
  ];
  if (runs === 0) return lines;
  lines.push(
    {
      ...base,
      what: "runs of the database function",
      priceKey: "lambda:requests",
      quantity: runs / 1_000_000,
      how: `${formatCount(runs)}, one a minute`,
    },
    {
      ...base,
      what: "time of the database function",
      priceKey: "lambda:gb-second-arm",
      quantity: (runs * secondsPerRun * memoryMiB) / 1024,
      how: `${formatCount(runs)} runs × ${formatCount(secondsPerRun)} s × ${memoryMiB} MiB`,
    },
  );
  return lines;
}
