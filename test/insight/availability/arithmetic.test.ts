import assert from "node:assert/strict";
import fc from "fast-check";
import {
  binomialPmf,
  binomialCdf,
  minutesPerMonth,
  minutesPerYear,
  parallel,
  series,
} from "../../../insight/availability/arithmetic";
import { withCommonCause } from "./support";

function near(actual: number, expected: number, by: number): void {
  assert.ok(Math.abs(actual - expected) <= by, `${actual} is not within ${by} of ${expected}`);
}

function yearlyMinutes(availability: number): number {
  return (1 - availability) * 365 * 24 * 60;
}

// Examples that others published, recomputed.
describe("availability arithmetic: published examples", () => {
  it("AWS Reliability Pillar: three dependencies of 99.99 % are 99.97 %, 2 h 37 min 47 s a year", () => {
    const one = 0.9999;
    assert.equal((series([one, one, one]) * 100).toFixed(2), "99.97");
    // 52 min 37 s and three times that, in years of 365.25 days, which the notes take.
    near(yearlyMinutes(one) * (365.25 / 365), 52 + 37 / 60, 0.05);
    near(yearlyMinutes(series([one, one, one])) * (365.25 / 365), 157 + 47 / 60, 0.1);
  });

  it("AWS Reliability Pillar: two of 99.9 % beside each other are 99.9999 %", () => {
    near(parallel([0.999, 0.999]), 0.999999, 1e-12);
  });

  it("Microsoft: 99.95 % and 99.99 % in a row are 99.94 %", () => {
    assert.equal((series([0.9995, 0.9999]) * 100).toFixed(2), "99.94");
  });

  it("Microsoft: a database or a queue is 99.99999 %, behind a site of 99.95 % about 99.95 %", () => {
    const either = parallel([0.9999, 0.999]);
    near(either, 0.9999999, 1e-12);
    assert.equal((series([0.9995, either]) * 100).toFixed(2), "99.95");
  });

  it("Brooker: two of 92 % are 99.36 %, three 99.95 %", () => {
    near(parallel([0.92, 0.92]), 0.9936, 1e-12);
    assert.equal((parallel([0.92, 0.92, 0.92]) * 100).toFixed(2), "99.95");
  });

  it("Calculus of Service Availability: of 53 minutes five dependencies of 99.999 % take 26", () => {
    const budget = yearlyMinutes(0.9999);
    const dependencies = yearlyMinutes(series(Array.from({ length: 5 }, () => 0.99999)));
    assert.equal(Math.round(budget), 53);
    assert.equal(Math.round(dependencies), 26);
    // The article takes rounded minutes from each other.
    near(budget - dependencies, 27, 0.8);
  });

  it("AWS Reliability Pillar: the table of downtime per year", () => {
    const table: [number, number][] = [
      [0.99, 3 * 1440 + 15 * 60],
      [0.999, 8 * 60 + 45],
      [0.9995, 4 * 60 + 22],
      [0.9999, 52],
      [0.99999, 5],
    ];
    for (const [availability, minutes] of table) {
      assert.ok(Math.floor(yearlyMinutes(availability)) - minutes <= 0.6 * 60, `${availability}`);
      assert.ok(yearlyMinutes(availability) >= minutes, `${availability}`);
    }
  });

  it("an Availability and Beyond approximation is close to the exact k of n", () => {
    // C(n, s + 1)(1 − a)^(s + 1), s = n − k spare units.
    near(3 * 0.001 ** 2, binomialCdf(1, 3, 0.999), 3e-9);
    near(20 * 0.0005 ** 3, binomialCdf(3, 6, 0.9995), 1e-8);
  });
});

describe("availability arithmetic: rules", () => {
  const availability = fc.double({ min: 0, max: 1, noNaN: true });
  const units = fc.integer({ min: 1, max: 60 });

  it("a month has 730 hours, a year twelve months", () => {
    assert.equal(minutesPerMonth, 730 * 60);
    assert.equal(minutesPerYear, 12 * minutesPerMonth);
  });

  it("nothing in a row never fails, nothing beside each other never works", () => {
    assert.equal(series([]), 1);
    assert.equal(parallel([]), 0);
  });

  it("one of n is parallel, n of n is a series", () => {
    fc.assert(
      fc.property(units, availability, (n, a) => {
        const all = Array.from({ length: n }, () => a);
        near(1 - binomialCdf(0, n, a), parallel(all), 1e-9);
        near(1 - binomialCdf(n - 1, n, a), series(all), 1e-9);
      }),
    );
  });

  it("the chances of every number of units add up to 1", () => {
    fc.assert(
      fc.property(units, availability, (n, a) => {
        let sum = 0;
        for (let up = 0; up <= n; up++) sum += binomialPmf(up, n, a);
        near(sum, 1, 1e-9);
        near(binomialCdf(n, n, a), 1, 1e-9);
        assert.equal(binomialCdf(-1, n, a), 0);
      }),
    );
  });

  it("one more unit never lowers, one more that is needed never raises", () => {
    fc.assert(
      fc.property(units, units, availability, (n, k, a) => {
        assert.ok(binomialCdf(k - 1, n + 1, a) <= binomialCdf(k - 1, n, a) + 1e-12);
        assert.ok(binomialCdf(k, n, a) >= binomialCdf(k - 1, n, a) - 1e-12);
      }),
    );
  });

  it("a common cause keeps redundancy from being worth more than its share", () => {
    // Two units of 99 %: 99.99 % if independent, but 5 % of a unit's failures take both.
    near(withCommonCause(1, 2, 0.01, 1e-9), 1e-4, 1e-9);
    near(withCommonCause(1, 2, 0.01, 0.05), 0.05 * 0.01 + (0.95 * 0.01) ** 2, 1e-12);
    assert.equal(withCommonCause(1, 2, 0.01, 1), 0.01);
    near(withCommonCause(1, 1, 0.01, 0.3), 0.01, 1e-12);
  });
});
