import assert from "node:assert/strict";
import fc from "fast-check";
import { minutesPerMonth } from "../../../insight/availability/arithmetic";
import type { AvailabilityInputs } from "../../../insight/availability/inputs";
import { fleet, tierNames } from "../../../insight/availability/disruptions";
import { serviceLevelFigures } from "../../../insight/availability/model";
import { carries } from "../../../insight/availability/paths";
import type {
  Figure,
  InstallationShape,
  RegionShape,
  ServiceLevelFigures,
} from "../../../insight/availability/types";
import { alone, atMost, inputs, pair, regionShapes, someInputs, withValues } from "./support";

const modes = fc.constantFrom("none" as const, "oneWay" as const, "twoWay" as const);
const shareOfFirst = fc.double({ min: 0, max: 1, noNaN: true });
const installations: fc.Arbitrary<InstallationShape> = fc.oneof(
  regionShapes.map(alone),
  fc
    .tuple(regionShapes, modes, shareOfFirst, regionShapes)
    .map(([first, mode, share, second]) => pair(first, mode, share, second)),
);

function figures({ read, write }: ServiceLevelFigures): Figure[] {
  return [read.slaComposite, read.modelled, write.slaComposite, write.modelled];
}

/** In all four figures, `worse` is out at least as long as `better`. */
function notBetter(
  worse: InstallationShape,
  better: InstallationShape,
  given: AvailabilityInputs = inputs,
): void {
  const names = ["read slaComposite", "read modelled", "write slaComposite", "write modelled"];
  const above = figures(serviceLevelFigures(worse, given));
  figures(serviceLevelFigures(better, given)).forEach((figure, i) => {
    const bound = above[i]?.minutesPerMonth ?? 0;
    assert.ok(
      atMost(figure.minutesPerMonth, bound),
      `${names[i]}: ${figure.minutesPerMonth} > ${bound}`,
    );
  });
}

/** Every zone alone carries the load, so that fleets do not shrink where zones are added. */
function carriedByEachZone(region: RegionShape): RegionShape {
  const tier = ({ minPerZone, maxPerZone, needed }: RegionShape["web"]) => ({
    minPerZone,
    maxPerZone,
    needed: Math.min(needed, minPerZone),
  });
  return { ...region, web: tier(region.web), app: tier(region.app) };
}

describe("availability model: what always holds", () => {
  it("figures are from 0 to 1, in minutes of the month and year, with parts that add up", () => {
    fc.assert(
      fc.property(installations, someInputs, (shape, given) => {
        for (const figure of figures(serviceLevelFigures(shape, given))) {
          assert.ok(figure.availability >= 0 && figure.availability <= 1);
          const minutes = (1 - figure.availability) * minutesPerMonth;
          assert.ok(Math.abs(minutes - figure.minutesPerMonth) < 1e-6);
          assert.ok(Math.abs(12 * figure.minutesPerMonth - figure.minutesPerYear) < 1e-6);
          const sum = figure.parts.reduce((total, part) => total + part.minutesPerMonth, 0);
          assert.ok(Math.abs(sum - figure.minutesPerMonth) < 1e-6, `${sum}`);
          assert.ok(figure.parts.every((part) => part.minutesPerMonth >= 0 && part.source !== ""));
          const names = figure.parts.map(({ what }) => what);
          assert.equal(new Set(names).size, names.length);
          figure.parts.reduce((before, part) => {
            assert.ok(part.minutesPerMonth <= before.minutesPerMonth);
            return part;
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  it("stays so with rates and times at the ends of what may be set", () => {
    const all = Object.fromEntries(
      inputs.rows.map(({ key, unit }) => [
        key,
        { percent: 50, "per year": 365, minutes: 43_800, seconds: 86_400, share: 1, beta: 1 }[unit],
      ]),
    );
    const none = Object.fromEntries(
      inputs.rows.map(({ key, unit }) => [
        key,
        unit === "percent" ? 100 : unit === "beta" ? 1e-9 : 0,
      ]),
    );
    fc.assert(
      fc.property(installations, (shape) => {
        for (const given of [withValues(all), withValues(none)]) {
          for (const { availability, minutesPerMonth: minutes } of figures(
            serviceLevelFigures(shape, given),
          )) {
            assert.ok(availability >= 0 && availability <= 1 && Number.isFinite(minutes));
          }
        }
      }),
    );
    assert.equal(serviceLevelFigures(pair(), withValues(none)).write.modelled.availability, 1);
  });

  it("recovery has one row per disruption, bounds that are not negative, and a sentence", () => {
    fc.assert(
      fc.property(installations, someInputs, (shape, given) => {
        const { recovery, strategy, singlePoints } = serviceLevelFigures(shape, given);
        assert.deepEqual(
          recovery.map(({ disruption }) => disruption),
          ["instance", "zone", "region", "corruption"],
        );
        for (const { readRtoMinutes, writeRtoMinutes, rpoMinutes, how } of recovery) {
          for (const bound of [readRtoMinutes, writeRtoMinutes, rpoMinutes]) {
            assert.ok(bound === null || (Number.isFinite(bound) && bound >= 0));
          }
          assert.match(how, /^[A-Z].*\.$/);
        }
        assert.match(strategy.why, /\.$/);
        for (const { why, minutesPerMonth: minutes } of singlePoints) {
          assert.match(why, /\.$/);
          assert.ok(minutes >= 0 && minutes <= minutesPerMonth);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("availability model: what a change can never do", () => {
  it("more zones never lower any figure, where each zone's servers carry the load", () => {
    fc.assert(
      fc.property(regionShapes, someInputs, (any, given) => {
        const region = carriedByEachZone(any);
        const of = (zones: number): InstallationShape => alone({ ...region, zones });
        notBetter(of(1), of(2), given);
        notBetter(of(2), of(3), given);
      }),
      { numRuns: 300 },
    );
  });

  it("zones as azCount has them (a standby from two on) never lower any figure", () => {
    fc.assert(
      fc.property(regionShapes, (any) => {
        const region = carriedByEachZone(any);
        const of = (zones: number): InstallationShape =>
          alone({ ...region, zones, database: { ...region.database, multiAz: zones > 1 } });
        notBetter(of(1), of(2));
        notBetter(of(2), of(3));
      }),
    );
  });

  it("more servers never lower any figure", () => {
    const tiers = fc.constantFrom("web" as const, "app" as const);
    fc.assert(
      fc.property(regionShapes, tiers, someInputs, (region, name, given) => {
        const { minPerZone, maxPerZone, needed } = region[name];
        const more = {
          minPerZone: minPerZone + 1,
          maxPerZone: Math.max(maxPerZone, minPerZone + 1),
          needed,
        };
        notBetter(alone(region), alone({ ...region, [name]: more }), given);
        const room = { minPerZone, maxPerZone: maxPerZone + 1, needed };
        notBetter(alone(region), alone({ ...region, [name]: room }), given);
      }),
      { numRuns: 300 },
    );
  });

  it("a standby of the database never lowers any figure", () => {
    fc.assert(
      fc.property(regionShapes, someInputs, (region, given) => {
        const of = (multiAz: boolean): InstallationShape =>
          alone({ ...region, database: { ...region.database, multiAz } });
        notBetter(of(false), of(true), given);
      }),
      { numRuns: 300 },
    );
  });

  it("removing a region that is like the other never raises any figure, reads or writes", () => {
    fc.assert(
      fc.property(regionShapes, modes, shareOfFirst, someInputs, (region, mode, share, given) => {
        notBetter(alone(region), pair(region, mode, share), given);
      }),
      { numRuns: 300 },
    );
  });

  it("clients of a region never have worse reads for the other one, be it ever so weak", () => {
    fc.assert(
      fc.property(regionShapes, regionShapes, modes, shareOfFirst, (one, other, mode, share) => {
        // What stands still all the time hides what both regions share.
        const [first, second] = [carriedByEachZone(one), carriedByEachZone(other)];
        const minutes = (shape: InstallationShape): number =>
          serviceLevelFigures(shape, inputs).read.modelled.minutesPerMonth;
        const apart = share * minutes(alone(first)) + (1 - share) * minutes(alone(second));
        assert.ok(atMost(minutes(pair(first, mode, share, second)), apart));
      }),
      { numRuns: 300 },
    );
  });

  it("a second region, be it ever so weak, never lowers the writer's writes", () => {
    fc.assert(
      fc.property(regionShapes, regionShapes, someInputs, (first, second, given) => {
        const minutes = (shape: InstallationShape): number =>
          serviceLevelFigures(shape, given).write.modelled.minutesPerMonth;
        assert.ok(atMost(minutes(pair(first, "oneWay", 0.5, second)), minutes(alone(first))));
      }),
      { numRuns: 300 },
    );
  });

  it("the region that is left never carries more than its most servers can", () => {
    fc.assert(
      fc.property(regionShapes, regionShapes, modes, (first, second, mode) => {
        const shape = pair(first, mode, 0.5, second);
        for (const left of shape.regions) {
          const wait = carries(shape, left, inputs);
          const both = tierNames.map((name) => ({
            load: first[name].needed + second[name].needed,
            always: fleet(left, name).servers,
            most: left[name].maxPerZone * left.zones,
          }));
          assert.equal(Number.isFinite(wait), !both.some(({ load, most }) => load > most));
          assert.equal(wait === 0, !both.some(({ load, always }) => load > always));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("more load in one region never raises reads' availability, with the servers as they are", () => {
    const tiers = fc.constantFrom("web" as const, "app" as const);
    const load = fc.integer({ min: 1, max: 24 });
    const numbers = fc.tuple(load, load);
    fc.assert(
      fc.property(
        fc.tuple(regionShapes, regionShapes),
        fc.tuple(modes, shareOfFirst),
        fc.tuple(tiers, numbers, fc.boolean()),
        someInputs,
        ([one, two], [mode, share], [name, [a, b], atHome], given) => {
          // Load beyond what always runs makes more run, and then a zone may fail where none could.
          const runs = one[name].minPerZone * one.zones;
          const of = (needed: number): InstallationShape => {
            const loaded = { ...one, [name]: { ...one[name], needed: Math.min(needed, runs) } };
            return atHome ? pair(loaded, mode, share, two) : pair(two, mode, share, loaded);
          };
          const minutes = (shape: InstallationShape): number =>
            serviceLevelFigures(shape, given).read.modelled.minutesPerMonth;
          assert.ok(atMost(minutes(of(Math.min(a, b))), minutes(of(Math.max(a, b)))));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("a larger common cause never raises a figure of what is redundant", () => {
    const keys = fc.constantFrom(
      "beta.instance" as const,
      "beta.zone" as const,
      "beta.region" as const,
    );
    const beta = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(regionShapes, keys, beta, beta, (any, key, a, b) => {
        // A zone's servers more than the load needs, in two zones at least, and a standby.
        const region = carriedByEachZone({
          ...any,
          zones: Math.max(2, any.zones),
          database: { ...any.database, multiAz: true },
        });
        const of = (value: number): number[] =>
          figures(serviceLevelFigures(pair(region), withValues({ [key]: value }))).map(
            ({ minutesPerMonth: minutes }) => minutes,
          );
        const low = of(Math.min(a, b));
        of(Math.max(a, b)).forEach((minutes, i) => assert.ok(atMost(low[i] ?? 0, minutes)));
      }),
      { numRuns: 300 },
    );
  });

  it("worse agreements never raise a figure by SLA, and move no modelled one", () => {
    const keys = fc.constantFrom(
      ...inputs.rows.map(({ key }) => key).filter((key) => key.startsWith("sla.")),
    );
    fc.assert(
      fc.property(installations, keys, (shape, key) => {
        const given = serviceLevelFigures(shape, inputs);
        const worse = serviceLevelFigures(shape, withValues({ [key]: 99 }));
        assert.ok(worse.read.slaComposite.availability <= given.read.slaComposite.availability);
        assert.deepEqual(worse.read.modelled, given.read.modelled);
        assert.deepEqual(worse.write.modelled, given.write.modelled);
      }),
    );
  });
});
