import { z } from "zod";

/** What people read about a key of the usage file. */
export interface UsageKeyAbout {
  /** e.g. `GiB/month`; empty for words. */
  unit: string;
  /** One sentence. */
  description: string;
  /** Completes "use …". */
  allowed: string;
}

const registry = z.registry<UsageKeyAbout>();

/** @throws Error when a key was declared without a description: a mistake in this program. */
export function aboutUsageKey(schema: z.core.$ZodType): UsageKeyAbout {
  const about = registry.get(schema as z.ZodType);
  if (about === undefined) throw new Error("A usage key has no description.");
  return about;
}

function about<T extends z.ZodType>(schema: T, text: UsageKeyAbout): T {
  registry.add(schema, text);
  return schema;
}

function amount(assumed: number, unit: string, description: string) {
  const allowed = "a number of 0 or more";
  return about(z.number().nonnegative().default(assumed), { unit, description, allowed });
}

function share(assumed: number, description: string) {
  const allowed = "a number from 0 to 1";
  return about(z.number().min(0).max(1).default(assumed), { unit: "0 to 1", description, allowed });
}

function percent(description: string) {
  const allowed = "a number from 0 to 100";
  return about(z.number().min(0).max(100), { unit: "%", description, allowed });
}

function tierServers(tier: "web" | "app") {
  return z
    .strictObject({
      needed: about(z.int().min(1).default(1), {
        unit: "servers",
        description: `${tier === "web" ? "Web" : "App"} servers that carry this region's load, all zones together.`,
        allowed: "a whole number of 1 or more",
      }),
      average: about(z.number().nonnegative().optional(), {
        unit: "servers",
        description:
          "Servers over a month on average, where scaling runs more than always run. Never counted above the config's `instancesPerAz.max`.",
        allowed: "a number of 0 or more",
      }),
    })
    .prefault({});
}

function commitment(what: string, kinds: [string, ...string[]]) {
  return z
    .strictObject({
      kind: about(z.enum(kinds).default(kinds[0]), {
        unit: "",
        description: `What was bought for ${what}; names the discount in the output.`,
        allowed: kinds.join(" or "),
      }),
      coveragePercent: percent(`Share of the hours of ${what} that the commitment covers.`),
      discountPercent: percent("Discount that your own contract or AWS's price page gives."),
    })
    .optional();
}

function licence(what: string) {
  return about(z.enum(["included", "own"]).default("included"), {
    unit: "",
    description: `\`own\`: what-if without the ${what} licence in AWS's price.`,
    allowed: "included or own",
  });
}

function officeHours(tier: string) {
  return about(z.number().min(0).max(168).optional(), {
    unit: "h/week",
    description: `What-if: the ${tier} servers run only so many hours of a week of 168.`,
    allowed: "a number from 0 to 168",
  });
}

/**
 * Everything that the bill depends on and the config does not say, for one stack and a month of
 * 730 h. The defaults are assumptions for a mid-size private-equity platform, measured nowhere.
 */
export const usageSchema = z.strictObject({
  clients: z
    .strictObject({
      share: share(
        1,
        "Weight of this region among the installation's clients; the regions' weights are scaled to 1.",
      ),
    })
    .prefault({}),
  servers: z.strictObject({ web: tierServers("web"), app: tierServers("app") }).prefault({}),
  traffic: z
    .strictObject({
      requestsPerMonth: amount(5_000_000, "requests/month", "Requests of this region's clients."),
      requestKiB: amount(4, "KiB", "A request, headers included."),
      responseKiB: amount(60, "KiB", "An answer, headers included."),
      newConnectionsPerMonth: amount(
        500_000,
        "connections/month",
        "Connections that clients open to the web load balancer.",
      ),
      connectionSeconds: amount(60, "s", "How long a connection stays open, to either balancer."),
      internalCallsPerRequest: amount(1.5, "calls", "Calls to the app tier for a request."),
      internalRequestKiB: amount(2, "KiB", "Such a call."),
      internalResponseKiB: amount(20, "KiB", "The answer to such a call."),
      internalConnectionsPerMonth: amount(
        500_000,
        "connections/month",
        "Connections that web servers open to the app load balancer.",
      ),
    })
    .prefault({}),
  database: z
    .strictObject({
      queriesPerMonth: amount(30_000_000, "queries/month", "Queries of this region's app servers."),
      queryKiB: amount(1, "KiB", "A query with its parameters."),
      resultKiB: amount(8, "KiB", "A query's result."),
      filledShare: share(0.6, "Part of the database's storage that holds data."),
      changedGiB: amount(
        50,
        "GiB/month",
        "Changed data: what backups add, and what replication carries between regions.",
      ),
      fullLoadsPerMonth: amount(
        0,
        "loads/month",
        "How often replication copies all data anew; 0.1 is about once a year.",
      ),
      monitoringGiB: amount(
        0.27,
        "GiB/month",
        "Log data of Enhanced Monitoring at a sample a minute; shorter intervals have as much more.",
      ),
    })
    .prefault({}),
  network: z
    .strictObject({
      natGiB: amount(100, "GiB/month", "Data through the NAT gateways, both ways."),
      natOutGiB: amount(5, "GiB/month", "As much of it as goes out to the internet."),
      endpointGiB: amount(30, "GiB/month", "Data through the interface endpoints, both ways."),
    })
    .prefault({}),
  logs: z
    .strictObject({
      webGiB: amount(20, "GiB/month", "What web servers write: IIS, events, their own start."),
      appGiB: amount(20, "GiB/month", "The same of app servers."),
      databaseGiB: amount(2, "GiB/month", "SQL Server's error and agent logs."),
      flowGiB: amount(40, "GiB/month", "Flow logs of the VPC."),
      functionsGiB: amount(0.5, "GiB/month", "Logs of the function that looks after the database."),
      replicationGiB: amount(1, "GiB/month", "Logs of DMS, where this region has a copy."),
      loadBalancerGiB: amount(10, "GiB/month", "Access logs of both balancers in S3, compressed."),
      storedShare: share(
        0.15,
        "What remains of log data in CloudWatch once compressed (AWS's own pricing example).",
      ),
    })
    .prefault({}),
  dns: z
    .strictObject({
      otherQueriesPerMonth: amount(
        1_000_000,
        "queries/month",
        "Public queries that no alias record answers, such as for IPv6 addresses; the others are free.",
      ),
    })
    .prefault({}),
  secrets: z
    .strictObject({
      callsPerMonth: amount(100_000, "calls/month", "Calls to Secrets Manager."),
    })
    .prefault({}),
  kms: z
    .strictObject({
      requestsPerMonth: amount(500_000, "requests/month", "Requests to KMS, services' included."),
      rotations: about(z.int().min(0).max(2).default(2), {
        unit: "rotations",
        description:
          "Rotations that each key has behind it: the first two add a key's price each, later ones nothing.",
        allowed: "0, 1 or 2",
      }),
    })
    .prefault({}),
  s3: z
    .strictObject({
      artifactGiB: amount(1, "GiB", "Site packages, old versions included."),
      putsPerMonth: amount(60_000, "requests/month", "PUT requests, access logs included."),
      getsPerMonth: amount(20_000, "requests/month", "GET requests."),
    })
    .prefault({}),
  functions: z
    .strictObject({
      secondsPerRun: amount(
        1,
        "s",
        "A run of the database function, which comes every minute where regions replicate.",
      ),
      failedCallsPerMonth: amount(0, "calls/month", "Runs that end in the queue of failed calls."),
    })
    .prefault({}),
  alarms: z
    .strictObject({
      mailsPerMonth: amount(100, "mails/month", "Alarm mails; the first 1,000 are free."),
    })
    .prefault({}),
  purchase: z
    .strictObject({
      servers: commitment("servers", ["savingsPlan", "reservedInstances"]),
      database: commitment("the database", ["reservedInstances", "savingsPlan"]),
    })
    .prefault({}),
  licences: z
    .strictObject({ windows: licence("Windows"), sqlServer: licence("SQL Server") })
    .prefault({}),
  officeHours: z.strictObject({ web: officeHours("web"), app: officeHours("app") }).prefault({}),
  pricesOf: about(
    z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
      .optional(),
    {
      unit: "",
      description:
        "Take another region's prices, where this one has no price file; every line is then marked.",
      allowed: "a region that has a file in insight/prices, such as us-east-1",
    },
  ),
});

/** A stack's usage with every default filled in. */
export type Usage = z.output<typeof usageSchema>;

/** A key of the usage file, for tables and messages. */
export interface UsageKey extends UsageKeyAbout {
  /** Dotted, e.g. `traffic.requestKiB`. */
  key: string;
  /** Absent: the key has no default. */
  default?: unknown;
  required: boolean;
}

/** Every key in the order of its declaration. */
export function usageKeys(schema: z.ZodObject = usageSchema, prefix = ""): UsageKey[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const inner = objectIn(field);
    if (inner) return usageKeys(inner, `${prefix}${name}.`);
    const assumed = field instanceof z.ZodDefault ? field.def.defaultValue : undefined;
    const required = assumed === undefined && !(field instanceof z.ZodOptional);
    const text = aboutUsageKey(field);
    return [
      { key: prefix + name, ...text, required, ...(assumed !== undefined && { default: assumed }) },
    ];
  });
}

/** The object inside defaults and optionality. */
export function objectIn(schema: z.core.$ZodType): z.ZodObject | undefined {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) {
    return objectIn(schema.unwrap());
  }
  return undefined;
}
