import { z } from "zod";
import { betweenStacks, minutes, names, objective } from "../output/planSchema";

// Published in docs/tradeoff.schema.json. `schemaVersion` goes up when a property is removed or changes
// its meaning.

const setting = z.strictObject({
  azCount: z.number(),
  regionCount: z.number(),
  edition: z.enum(["web", "standard", "enterprise"]),
  instanceClass: z.string(),
  minPerAz: z.number(),
  natGateways: z.enum(["none", "single", "onePerAz"]),
});
const index = z.number().int().min(0).describe("Index of settings");
const frontier = z.strictObject({
  points: z.array(index).describe("The cheapest first"),
  usdPerMinute: z.array(z.number()).describe("Of the step from each point to the next"),
});
const leftOut = z.array(z.strictObject({ reason: z.string(), settings: z.number() }));
const targets = z.strictObject({
  availability: z.number().optional(),
  rtoMinutes: z.number().optional(),
  rpoMinutes: z.number().optional(),
  monthlyBudgetUsd: z.number().optional(),
  disruption: z.enum(["instance", "zone", "region"]).optional(),
});
const choice = z.strictObject({
  setting: index,
  edits: z.array(
    z.strictObject({
      stack: z.string(),
      file: z.string(),
      changes: z.array(
        z.strictObject({ path: names, from: z.unknown().optional(), to: z.unknown().optional() }),
      ),
      refusal: z.string().optional().describe("Why it must be edited by hand"),
    }),
  ),
  diff: z.string().describe("Of all files, unified"),
  missed: z.array(objective.omit({ status: true })),
  cautions: names,
});

/** `npm run tradeoff -s -- <stack> --json`: times are minutes, money is USD a month of the installation. */
export const tradeOffSchema = z.strictObject({
  schemaVersion: z.literal(3),
  stack: z.string(),
  domain: z.string(),
  milliseconds: z.number(),
  families: names.describe("Of RDS classes"),
  present: setting,
  settings: z
    .array(
      z.strictObject({
        setting,
        usd: z.number().describe("USD per month of the whole installation"),
        uncertaintyUsd: z.number(),
        modelledMinutes: z.number().describe("Of writes, a month"),
        slaCompositeMinutes: z.number(),
        modelledReadMinutes: z.number(),
        slaCompositeReadMinutes: z.number(),
        rtoMinutes: minutes.describe("Worst of the loss of an instance, a zone and a region"),
        rpoMinutes: minutes,
        zoneRtoMinutes: minutes,
        zoneRpoMinutes: minutes,
        instanceRtoMinutes: minutes.optional(),
        instanceRpoMinutes: minutes.optional(),
        differs: z.string().optional().describe("What of the present one no setting says"),
        current: z.boolean(),
      }),
    )
    .describe("Every evaluated setting, the cheapest first"),
  frontiers: z.strictObject({
    modelled: frontier,
    slaComposite: frontier,
    modelledKeepingDatabase: frontier.optional(),
    slaCompositeKeepingDatabase: frontier.optional(),
  }),
  dominated: z.array(z.strictObject({ setting: index, by: index })),
  invalid: leftOut,
  unknown: leftOut.describe("For want of a price or of the second region's file"),
  objectives: targets,
  problems: z.array(betweenStacks),
  targets: targets.optional(),
  answer: z
    .strictObject({
      cheapest: choice.nullable(),
      keepingDatabase: choice.nullable(),
      unreachable: names,
      unknown: z.string().nullable().describe("Why there is no answer; null: there is"),
      written: names.describe("Files"),
    })
    .optional(),
});

export type TradeOffJson = z.output<typeof tradeOffSchema>;
