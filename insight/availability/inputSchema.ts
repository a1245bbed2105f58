import { z } from "zod";
import { isRecord } from "../../config/problems";

/** Every input of the model and its unit; the values are in insight/data/availability.yaml. */
export const inputUnits = {
  "sla.route53": "percent",
  "sla.loadBalancer": "percent",
  "sla.ec2TwoZones": "percent",
  "sla.ec2Instance": "percent",
  "sla.rdsMultiAz": "percent",
  "sla.rdsSingle": "percent",
  "instance.failuresPerYear": "per year",
  "instance.bootMinutes": "minutes",
  "instance.noticeMinutes": "minutes",
  "instance.warmUpSeconds": "seconds",
  "loadBalancer.detectionSeconds": "seconds",
  "loadBalancer.failuresPerYear": "per year",
  "loadBalancer.outageMinutes": "minutes",
  "zone.failuresPerYear": "per year",
  "zone.outageMinutes": "minutes",
  "zone.capacityShortShare": "share",
  "region.failuresPerYear": "per year",
  "region.outageMinutes": "minutes",
  "database.failuresPerYear": "per year",
  "database.failoverSeconds": "seconds",
  "database.reconnectSeconds": "seconds",
  "database.failoverFailsShare": "share",
  "database.manualRepairMinutes": "minutes",
  "database.recoverMinutes": "minutes",
  "database.storageLossPerYear": "per year",
  "database.restoreMinutes": "minutes",
  "database.logMinutes": "minutes",
  "maintenance.perYear": "per year",
  "maintenance.multiAzSeconds": "seconds",
  "maintenance.singleMinutes": "minutes",
  "beta.instance": "beta",
  "beta.zone": "beta",
  "beta.region": "beta",
  "dns.ttlSeconds": "seconds",
  "dns.resolverSlackSeconds": "seconds",
  "dns.alarmDelaySeconds": "seconds",
  "people.detectMinutes": "minutes",
  "people.decideMinutes": "minutes",
  "failover.drainMinutes": "minutes",
  "failover.promoteMinutes": "minutes",
  "replication.lagMinutes": "minutes",
  "corruption.noticeMinutes": "minutes",
  "global.failuresPerYear": "per year",
  "global.outageMinutes": "minutes",
  "deploy.failuresPerYear": "per year",
} as const;

export type InputKey = keyof typeof inputUnits;
export type InputUnit = (typeof inputUnits)[InputKey];

export const inputKeys = Object.keys(inputUnits) as InputKey[];

/** What a value of a unit may be, as a schema and in words. */
export const unitRules: Record<InputUnit, { schema: z.ZodNumber; allowed: string }> = {
  percent: {
    schema: z.number().min(50).max(100),
    allowed: "a percentage from 50 to 100, e.g. 99.95",
  },
  "per year": { schema: z.number().min(0).max(365), allowed: "a number per year from 0 to 365" },
  minutes: {
    schema: z.number().min(0).max(43_800),
    allowed: "minutes from 0 to 43800, which is a month",
  },
  seconds: { schema: z.number().min(0).max(86_400), allowed: "seconds from 0 to 86400" },
  share: { schema: z.number().min(0).max(1), allowed: "a share from 0 to 1" },
  // At 0 nothing ever fails for a common reason, and two of anything look perfect.
  beta: {
    schema: z.number().gt(0).max(1),
    allowed: "a share above 0 and up to 1: there is always a common cause",
  },
};

export const confidences = ["official", "secondary", "memory", "judgement", "program"] as const;

/** How far an input can be trusted; `program`: this project's own components set it. */
export type Confidence = (typeof confidences)[number];

const provenance = {
  source: z.string().trim().min(1),
  date: z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/),
  confidence: z.enum(confidences),
};

function row(key: InputKey) {
  const unit = inputUnits[key];
  return z.strictObject({ value: unitRules[unit].schema, unit: z.literal(unit), ...provenance });
}

/** The shipped file: every input, no other, each with its origin. */
export const inputFileSchema = z.strictObject({
  inputs: z.strictObject(
    Object.fromEntries(inputKeys.map((key) => [key, row(key)])) as Record<
      InputKey,
      ReturnType<typeof row>
    >,
  ),
  outOfPath: z.record(
    z.string(),
    z.strictObject({
      value: unitRules.percent.schema,
      unit: z.literal("percent"),
      ...provenance,
      why: z.string().trim().min(1),
    }),
  ),
});

export type InputFile = z.infer<typeof inputFileSchema>;

/** The project's own file: any of the inputs, each as a number or with the source that it has. */
export const ownInputsSchema = z.strictObject(
  Object.fromEntries(inputKeys.map((key) => [key, replacement(key).optional()])) as Record<
    InputKey,
    z.ZodOptional<ReturnType<typeof replacement>>
  >,
);

export type OwnInputs = z.infer<typeof ownInputsSchema>;

function replacement(key: InputKey) {
  return z.preprocess(
    (given) => (isRecord(given) ? given : { value: given }),
    z.strictObject({
      value: unitRules[inputUnits[key]].schema,
      source: provenance.source.optional(),
    }),
  );
}
