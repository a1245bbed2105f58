import { z } from "zod";
import { key } from "../../config/keys";

/** What the owner demands of the whole installation; `npm run plan` says whether it is met. */
export const objectivesSchema = z.strictObject({
  availability: key(z.number().min(50).max(99.9999).optional(), {
    description:
      "Least share of time in which requests that write are answered, in percent of a month, as modelled in docs/availability-model.md.",
    allowed: "a percentage from 50 to 99.9999",
    example: "99.9",
    defaultText: "no objective",
    hint: (value) =>
      typeof value === "number" && value > 0 && value <= 1
        ? "write it in percent: 99.9, not 0.999"
        : undefined,
  }),
  rtoMinutes: key(z.number().min(0.5).max(43_200).optional(), {
    description:
      "Longest time until requests are answered again after any of the disruptions, in minutes.",
    allowed: "minutes from 0.5 to 43200 (30 days)",
    example: "60",
    defaultText: "no objective",
  }),
  rpoMinutes: key(z.number().min(0).max(43_200).optional(), {
    description:
      "Longest span of newest changes that any of the disruptions may lose, in minutes; 0 allows none.",
    allowed: "minutes from 0 to 43200 (30 days)",
    example: "5",
    defaultText: "no objective",
  }),
  monthlyBudgetUsd: key(z.number().min(1).max(10_000_000).optional(), {
    description:
      "Most that the whole installation, all its regions, may cost in a month, in USD, by docs/cost-model.md.",
    allowed: "USD from 1 to 10000000",
    example: "9000",
    defaultText: "no objective",
  }),
  disruption: key(z.enum(["instance", "zone", "region"]).default("region"), {
    description:
      "The largest disruption that rtoMinutes and rpoMinutes hold for; smaller ones are included, corrupted data is not.",
    allowed: "instance, zone or region",
    example: "zone",
  }),
});
