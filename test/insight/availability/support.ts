import fc from "fast-check";
import { binomialCdf } from "../../../insight/availability/arithmetic";
import type { AvailabilityInputs } from "../../../insight/availability/inputs";
import { readInputs } from "../../../insight/availability/inputs";
import type { InputKey } from "../../../insight/availability/inputSchema";
import {
  healthChecks,
  type ShapeStack,
  type ShapeUsage,
} from "../../../insight/availability/shape";
import type { Figure, InstallationShape, RegionShape } from "../../../insight/availability/types";
import { readStack } from "../../../config/stackFiles";
import { parseConfig } from "../../../stacks/config/platformConfig";

export const inputs = readInputs();

/** Inputs with some values changed. */
export function withValues(changes: Partial<Record<InputKey, number>>): AvailabilityInputs {
  return { ...inputs, values: { ...inputs.values, ...changes } };
}

export function usage(needed = 1, share = 1): ShapeUsage {
  return { servers: { web: { needed }, app: { needed } }, clients: { share } };
}

/** A stack of this project, with keys changed. */
export function stack(
  name: string,
  changes: Record<string, string> = {},
  of: ShapeUsage = usage(),
): ShapeStack {
  const own = Object.fromEntries(
    Object.entries(changes).map(([key, value]) => [`pe-platform:${key}`, value]),
  );
  return { config: parseConfig({ ...readStack(name).raw, ...own }, name), usage: of };
}

/** Three zones with two servers each in both tiers, of which two are needed. */
export function region(changes: Partial<RegionShape> = {}): RegionShape {
  return {
    region: "us-east-1",
    zones: 3,
    web: { minPerZone: 2, maxPerZone: 4, needed: 2 },
    app: { minPerZone: 2, maxPerZone: 4, needed: 2 },
    database: { multiAz: true, backupRetentionDays: 14 },
    natGateways: "onePerAz",
    healthCheck: healthChecks.https,
    ...changes,
  };
}

export function alone(one: RegionShape = region()): InstallationShape {
  return {
    regions: [one],
    exposure: "public",
    replication: { mode: "none", writer: one.region, backupCopyDays: 0 },
    shares: [1],
  };
}

export function pair(
  first: RegionShape = region(),
  mode: InstallationShape["replication"]["mode"] = "oneWay",
  share = 0.5,
  second: RegionShape = first,
): InstallationShape {
  return {
    regions: [first, { ...second, region: "us-west-2" }],
    exposure: "public",
    replication: {
      mode,
      writer: first.region,
      backupCopyDays: mode === "none" ? 0 : 7,
    },
    shares: [share, 1 - share],
  };
}

export function partsOf({ parts }: Figure): Record<string, number> {
  return Object.fromEntries(parts.map(({ what, minutesPerMonth }) => [what, minutesPerMonth]));
}

const tierShapes = fc
  .tuple(
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 0, max: 8 }),
    fc.integer({ min: 1, max: 24 }),
  )
  .map(([minPerZone, more, needed]) => ({ minPerZone, maxPerZone: minPerZone + more, needed }));

export const regionShapes: fc.Arbitrary<RegionShape> = fc.record({
  region: fc.constant("us-east-1"),
  zones: fc.constantFrom(1, 2, 3),
  web: tierShapes,
  app: tierShapes,
  database: fc.record({ multiAz: fc.boolean(), backupRetentionDays: fc.constant(14) }),
  natGateways: fc.constantFrom("none" as const, "single" as const, "onePerAz" as const),
  startsNeedNat: fc.boolean(),
  healthCheck: fc.constantFrom(healthChecks.https, healthChecks.alarm),
});

/** Rates and times around the shipped ones; agreements as they are. */
export const someInputs: fc.Arbitrary<AvailabilityInputs> = fc
  .record(
    Object.fromEntries(
      inputs.rows
        .filter(({ unit }) => unit !== "percent")
        .map(({ key, value }) => [
          key,
          fc.double({ min: 0.5, max: 2, noNaN: true }).map((factor) => factor * value),
        ]),
    ),
  )
  .map((values) => withValues(values as Partial<Record<InputKey, number>>));

/** Less by no more than what adding up in another order changes. */
export function atMost(lower: number, upper: number): boolean {
  return lower <= upper + 1e-9;
}

/**
 * Unavailability of `units` of which `needed` must be up (formula 4): a share `beta` of a unit's
 * failures hits all at once, the rest is independent.
 */
export function withCommonCause(
  needed: number,
  units: number,
  unavailability: number,
  beta: number,
): number {
  const independent = binomialCdf(needed - 1, units, 1 - (1 - beta) * unavailability);
  return Math.min(1, beta * unavailability + independent);
}
