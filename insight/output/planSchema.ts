import { z } from "zod";

// What `npm start -s -- --json` prints, as published in docs/plan.schema.json. `schemaVersion` goes up
// when a property is removed or changes its meaning.

/** USD per month (730 h); null where a price is missing. */
const usd = z.number().nullable().describe("USD per month of 730 h; null where a price is missing");
export const minutes = z
  .number()
  .nullable()
  .describe("Minutes; null: no recovery action, unbounded");
export const names = z.array(z.string());
const counts = z.record(z.string(), z.number());

const problem = z.strictObject({
  key: z.string().describe("Of the config, dotted, e.g. database.instanceClass"),
  message: z.string(),
});
const placed = problem.extend({
  file: z.string().optional(),
  line: z.number().optional(),
  column: z.number().optional(),
});
export const betweenStacks = problem.extend({ stacks: names });

const figure = z.strictObject({
  availability: z.number().describe("0 to 1"),
  minutesPerMonth: z.number(),
  minutesPerYear: z.number(),
  parts: z
    .array(z.strictObject({ what: z.string(), minutesPerMonth: z.number(), source: z.string() }))
    .describe("What takes it down, the worst first"),
});
const path = z.strictObject({
  modelled: figure,
  slaComposite: figure.describe("By AWS's SLAs"),
});

const level = z.strictObject({
  read: path,
  write: path,
  recovery: z.array(
    z.strictObject({
      disruption: z.enum(["instance", "zone", "region", "corruption"]),
      readRtoMinutes: minutes,
      writeRtoMinutes: minutes,
      rpoMinutes: minutes,
      how: z.string(),
      source: z.string(),
    }),
  ),
  strategy: z.strictObject({ name: z.string(), why: z.string() }),
  singlePoints: z
    .array(
      z.strictObject({
        what: z.string(),
        why: z.string(),
        minutesPerMonth: z.number(),
        remedy: z.string().optional(),
      }),
    )
    .describe("Single points of failure, the worst first"),
  cap: z
    .strictObject({ what: z.string(), availability: z.number() })
    .describe("The dependency that caps the figure by SLA"),
  notes: names,
});

const line = z.strictObject({
  component: z.string(),
  region: z.string(),
  what: z.string(),
  how: z.string().describe("How the quantity comes about"),
  quantity: z.number(),
  unit: z.string(),
  unitUsd: z.number(),
  factor: z.number().describe("Share of the list price that is paid"),
  modifier: z.string().nullable(),
  usd: z.number(),
  licence: z.enum(["Windows", "SQL Server"]).nullable(),
  priceKey: z.string(),
  price: z.strictObject({
    source: z.string(),
    date: z.string().nullable(),
    confidence: z.string(),
  }),
  doubt: z.record(z.string(), z.unknown()).nullable().describe("Why the price is an estimate"),
});

const total = {
  totalUsd: usd,
  atLeastUsd: z.number().optional().describe("With totalUsd null alone: what has a price"),
  uncertaintyUsd: z.number().describe("± USD per month, by estimated prices"),
};

const stackCost = z.strictObject({
  stack: z.string(),
  region: z.string(),
  ...total,
  estimatedUsd: z.number().describe("USD per month of the lines at estimated prices"),
  windowsLicenceUsd: usd,
  sqlServerLicenceUsd: usd,
  usageFile: z.string().nullable().describe("null: the default usage"),
  missing: z.array(
    z.strictObject({ priceKey: z.string(), region: z.string(), message: z.string() }),
  ),
  byComponent: z.record(z.string(), usd),
  lines: z.array(line).optional().describe("When one stack was asked for"),
});

export const objective = z.strictObject({
  key: z.enum(["availability", "rtoMinutes", "rpoMinutes", "monthlyBudgetUsd"]),
  target: z.number().describe("Percent, minutes or USD"),
  value: z.number().nullable().describe("null: unbounded, or unknown"),
  status: z.enum(["met", "missed", "unknown"]),
  text: z.string(),
});

/** An entry of `installations`: cost and service level. */
export const installationSchema = z.strictObject({
  domain: z.string(),
  ...total,
  stacks: z.array(stackCost),
  level: level.nullable().describe("null: no region in use"),
  objectives: z.array(objective),
});

/** `against`: with --against <commit>. */
export const againstSchema = z.strictObject({
  ref: z.string(),
  commit: z.string(),
  edits: z.array(
    z.strictObject({
      stack: z.string(),
      key: z.string(),
      before: z.string().nullable().describe("null: not set"),
      after: z.string().nullable(),
    }),
  ),
  notes: z
    .array(problem.extend({ stack: z.string(), refused: z.boolean() }))
    .describe("What a running stack makes of the edits"),
  added: names,
  removed: names,
  before: z.array(installationSchema),
  after: z.array(installationSchema),
  problems: names.describe("Stacks of that commit whose config is wrong, a sentence each"),
});

const replication = z.strictObject({
  mode: z.enum(["none", "oneWay", "twoWay"]).describe("As it takes effect: none with one region"),
  writer: z.string().describe("The region that takes writes"),
  role: z.string().nullable().describe("Of this database; null for an empty stack"),
  follows: z
    .strictObject({
      region: z.string(),
      tables: names,
      filter: z.strictObject({ column: z.string(), value: z.string() }).optional(),
      fullLoad: z.boolean(),
    })
    .optional()
    .describe("Where changes come from"),
  captures: names.optional().describe("Tables whose changes the other region gets"),
  peered: z.boolean(),
  ownsPeering: z.boolean(),
  crossRegion: z.array(
    z.discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("reads"),
        stack: z.string(),
        what: z.string(),
        fields: names.describe("Of the other stack's output `contract`"),
        for: names.describe("Components"),
      }),
      z.strictObject({
        kind: z.literal("owns"),
        region: z.string(),
        provider: z.string(),
        component: z.string(),
        resources: z.number(),
        untouched: z.boolean().describe("By replication.peerRegion"),
      }),
    ]),
  ),
});

const planned = z.strictObject({
  urn: z.string(),
  type: z.string(),
  name: z.string(),
  parent: z.string().nullable(),
  path: z.string(),
  component: z.strictObject({ type: z.string(), name: z.string() }).nullable(),
  created: z.boolean(),
  expanded: z.boolean().describe("Created by awsx"),
  options: z.record(z.string(), z.unknown()),
  inputs: z.record(z.string(), z.unknown()).describe("Ids, ARNs and addresses are made up"),
});

const stack = z.strictObject({
  stack: z.string(),
  region: z.string(),
  active: z.boolean(),
  regionCount: z.number(),
  zones: names,
  exposure: z.enum(["public", "private"]),
  domain: z.string(),
  resources: z.strictObject({
    total: z.number(),
    byComponent: counts,
    byNearest: counts,
    byType: counts,
    protected: names,
  }),
  replication,
  warnings: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  outputs: z.record(z.string(), z.unknown()),
  plan: z.array(planned).optional().describe("Every registration, when one stack was asked for"),
});

const failedStack = z.strictObject({
  stack: z.string(),
  error: z.strictObject({ message: z.string(), problems: z.array(placed) }),
});

/** `npm start -s -- [stack] --json`, also with --against. */
export const planSchema = z.strictObject({
  schemaVersion: z.literal(2),
  project: z.string(),
  stacks: z.array(z.union([stack, failedStack])),
  installations: z.array(installationSchema),
  figuresError: z.string().optional(),
  against: againstSchema.optional(),
  againstError: z.string().optional(),
  problems: z.array(betweenStacks),
  totals: z.strictObject({
    stacks: z.number(),
    failed: z.number(),
    resources: z.number(),
    warnings: z.number(),
  }),
});

export type InstallationJson = z.output<typeof installationSchema>;
export type AgainstJson = z.output<typeof againstSchema>;
export type PlanJson = z.output<typeof planSchema>;
