import assert from "node:assert/strict";
import fc from "fast-check";
import {
  dominates,
  canReplace,
  dominated,
  frontier,
  worseIn,
} from "../../../insight/tradeoff/frontier";
import type { Evaluated, Setting } from "../../../insight/tradeoff/types";

const base: Setting = {
  azCount: 2,
  regionCount: 1,
  edition: "standard",
  instanceClass: "db.r6i.xlarge",
  minPerAz: 1,
  natGateways: "single",
};

/** A setting with the same of everything but what is said. */
function point(values: Partial<Evaluated>, setting: Partial<Setting> = {}): Evaluated {
  return {
    setting: { ...base, ...setting },
    usd: 100,
    uncertaintyUsd: 0,
    modelledMinutes: 10,
    slaCompositeMinutes: 20,
    modelledReadMinutes: 10,
    slaCompositeReadMinutes: 20,
    rtoMinutes: 60,
    rpoMinutes: 5,
    zoneRtoMinutes: 2,
    zoneRpoMinutes: 0,
    instanceRtoMinutes: 2,
    instanceRpoMinutes: 0,
    current: false,
    ...values,
  };
}

const minutes = (of: Evaluated): number => of.modelledMinutes;

// Few different values, so that equal cost, equal minutes and equal points are common.
const small = fc.integer({ min: 1, max: 8 });
const endless = fc.option(small, { nil: null });
const settings = fc.record({
  azCount: fc.constantFrom(1 as const, 2 as const, 3 as const),
  regionCount: fc.constantFrom(1 as const, 2 as const),
  edition: fc.constantFrom("web" as const, "standard" as const, "enterprise" as const),
  instanceClass: fc.constantFrom("db.r6i.large", "db.r6i.xlarge", "db.r6i.2xlarge", "db.m5.xlarge"),
  minPerAz: fc.integer({ min: 1, max: 3 }),
  natGateways: fc.constantFrom("none" as const, "single" as const, "onePerAz" as const),
});
const anyPoint: fc.Arbitrary<Evaluated> = fc
  .record({
    usd: small,
    modelledMinutes: small,
    slaCompositeMinutes: small,
    modelledReadMinutes: small,
    rtoMinutes: endless,
    rpoMinutes: endless,
    setting: settings,
  })
  .map(({ setting, ...values }) => point(values, setting));
const points = fc.array(anyPoint, { maxLength: 40 });

/** By definition, without a sort: one is no worse in both and better in one. */
function under(one: Evaluated, other: Evaluated): boolean {
  return (
    one.usd <= other.usd &&
    minutes(one) <= minutes(other) &&
    (one.usd < other.usd || minutes(one) < minutes(other))
  );
}

describe("the frontier", () => {
  it("holds nothing that another setting is under, and misses nothing that none is under", () => {
    fc.assert(
      fc.property(points, (all) => {
        const { points: found } = frontier(all, minutes);
        for (const one of found) assert.ok(!all.some((other) => under(other, one)));
        for (const one of all.filter((each) => !all.some((other) => under(other, each)))) {
          const here = found.filter(
            (each) => each.usd === one.usd && minutes(each) === minutes(one),
          );
          assert.equal(here.length, 1);
        }
      }),
    );
  });

  it("goes from the cheapest to the least downtime, each step at its price per minute", () => {
    fc.assert(
      fc.property(points, (all) => {
        const { points: found, steps } = frontier(all, minutes);
        assert.equal(steps.length, Math.max(0, found.length - 1));
        for (const [index, { from, to, usdPerMinute }] of steps.entries()) {
          assert.equal(from, found[index]);
          assert.equal(to, found[index + 1]);
          assert.ok(to.usd > from.usd && minutes(to) < minutes(from));
          const avoided = minutes(from) - minutes(to);
          assert.ok(Math.abs(usdPerMinute * avoided - (to.usd - from.usd)) < 1e-9);
        }
      }),
    );
  });

  it("keeps the first of equals", () => {
    const [one, twin] = [point({}), point({})];
    assert.deepEqual(frontier([one, twin], minutes).points, [one]);
    assert.equal(frontier([one, twin], minutes).points[0], one);
    assert.equal(frontier([twin, one], minutes).points[0], twin);
  });

  it("prices a step that is known", () => {
    const all = [
      point({ usd: 100, modelledMinutes: 50 }),
      point({ usd: 190, modelledMinutes: 20 }),
    ];
    assert.equal(frontier(all, minutes).steps[0]?.usdPerMinute, 3);
  });

  it("counts minutes in hundredths: less than that is worth no step", () => {
    const cheap = point({ usd: 100, modelledMinutes: 7.891 });
    const same = point({ usd: 200, modelledMinutes: 7.888 });
    const less = point({ usd: 300, modelledMinutes: 7.88 });
    const { points: found, steps } = frontier([less, same, cheap], minutes);
    assert.deepEqual(found, [cheap, less]);
    assert.ok(Math.abs((steps[0]?.usdPerMinute ?? 0) - 200 / 0.01) < 1e-6);
    assert.deepEqual(dominated([same, cheap]), [{ setting: same, by: cheap }]);
  });

  it("is empty without settings", () => {
    assert.deepEqual(frontier([], minutes), { points: [], steps: [] });
  });
});

describe("dominated settings", () => {
  it("are exactly those that some other one beats", () => {
    fc.assert(
      fc.property(points, (all) => {
        const found = dominated(all);
        const expected = all.filter((one) => all.some((other) => dominates(other, one)));
        assert.deepEqual(
          found.map(({ setting }) => setting),
          expected,
        );
      }),
    );
  });

  it("are told with one that beats them, is not beaten itself, and is the cheapest of these", () => {
    fc.assert(
      fc.property(points, (all) => {
        for (const { setting, by } of dominated(all)) {
          assert.ok(dominates(by, setting));
          assert.ok(!all.some((other) => dominates(other, by)));
          const rivals = all.filter((other) => dominates(other, setting));
          assert.equal(by.usd, Math.min(...rivals.map(({ usd }) => usd)));
        }
      }),
    );
  });

  it("never beat themselves, nor each other", () => {
    fc.assert(
      fc.property(anyPoint, anyPoint, (one, other) => {
        assert.ok(!dominates(one, one));
        assert.ok(!(dominates(one, other) && dominates(other, one)));
      }),
    );
  });

  it("are beaten in both minutes and cost", () => {
    fc.assert(
      fc.property(points, (all) => {
        for (const { setting, by } of dominated(all)) {
          assert.ok(by.usd <= setting.usd);
          assert.ok(by.modelledMinutes <= setting.modelledMinutes);
          assert.ok(by.slaCompositeMinutes <= setting.slaCompositeMinutes);
        }
      }),
    );
  });

  it("are none of two equal ones", () => {
    assert.deepEqual(dominated([point({}), point({})]), []);
  });

  it("are beaten by the same for less money", () => {
    const [cheap, dear] = [point({ usd: 90 }), point({ usd: 100 })];
    assert.deepEqual(dominated([dear, cheap]), [{ setting: dear, by: cheap }]);
  });

  it("are not beaten by one that recovers more slowly, or not at all", () => {
    const two = point({ usd: 200, rtoMinutes: 30 });
    assert.deepEqual(dominated([two, point({ usd: 100, rtoMinutes: 31 })]), []);
    assert.deepEqual(dominated([two, point({ usd: 100, rtoMinutes: null })]), []);
    assert.equal(dominated([two, point({ usd: 100, rtoMinutes: 30 })]).length, 1);
  });

  it("are not beaten by one that answers reads for a shorter time", () => {
    const two = point({ usd: 200, modelledReadMinutes: 5 });
    assert.deepEqual(dominated([two, point({ usd: 100, modelledReadMinutes: 6 })]), []);
  });

  it("are not beaten by a smaller database, another family, a lower edition or no way out", () => {
    const dear = point({ usd: 200 });
    const rivals: Partial<Setting>[] = [
      { instanceClass: "db.r6i.large" },
      { instanceClass: "db.m5.4xlarge" },
      { edition: "web" },
      { natGateways: "none" },
    ];
    const safer = point({ usd: 200 }, { natGateways: "onePerAz" });
    assert.deepEqual(dominated([safer, point({})]), []);
    const idle = point({ usd: 200 }, { natGateways: "onePerAz", azCount: 1 });
    assert.equal(dominated([idle, point({})]).length, 1);
    for (const setting of rivals) assert.deepEqual(dominated([dear, point({}, setting)]), []);
    const more: Partial<Setting>[] = [
      { instanceClass: "db.r6i.2xlarge" },
      { edition: "enterprise" },
      { natGateways: "onePerAz" },
    ];
    for (const setting of more) assert.equal(dominated([dear, point({}, setting)]).length, 1);
  });

  it("are worse in nothing than what they are beaten by, and what is worse has a name", () => {
    fc.assert(
      fc.property(anyPoint, anyPoint, (one, other) => {
        if (dominates(one, other)) assert.deepEqual(worseIn(one, other), []);
        else if (one.usd < other.usd) assert.notDeepEqual(worseIn(one, other), []);
      }),
    );
  });

  it("are beaten along a chain by its end: taking each other's place is transitive", () => {
    fc.assert(
      fc.property(anyPoint, anyPoint, anyPoint, (one, two, three) => {
        if (canReplace(one, two) && canReplace(two, three)) assert.ok(canReplace(one, three));
      }),
    );
  });
});
