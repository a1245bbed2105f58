import assert from "node:assert/strict";
import type { Figure, Recovery, ServiceLevelFigures } from "../../../insight/availability/types";
import { monthlySum } from "../../../insight/cost/sums";
import type { MissingPrice } from "../../../insight/cost/types";
import { checkObjectives, worstRecovery } from "../../../insight/figures/objectives";

const figure = (availability: number): Figure => ({
  availability,
  minutesPerMonth: (1 - availability) * 43_800,
  minutesPerYear: (1 - availability) * 525_600,
  parts: [],
});

const recovery = (
  disruption: Recovery["disruption"],
  readRtoMinutes: number | null,
  writeRtoMinutes: number | null,
  rpoMinutes: number | null,
): Recovery => ({
  disruption,
  readRtoMinutes,
  writeRtoMinutes,
  rpoMinutes,
  how: "",
  source: "",
});

/** Reads are better than writes; a region's loss has no bound; corrupted data takes longest. */
const level: ServiceLevelFigures = {
  read: { modelled: figure(0.9999), slaComposite: figure(0.9991) },
  write: { modelled: figure(0.9995), slaComposite: figure(0.9991) },
  recovery: [
    recovery("instance", 1, 1, 0),
    recovery("zone", 2, 3, 0),
    recovery("region", 3, null, null),
    recovery("corruption", 400, 400, 5),
  ],
  strategy: { name: "", why: "" },
  singlePoints: [],
  cap: { what: "", availability: 1 },
  notes: [],
};

const sum = (usd: number) => monthlySum([usd], []);

const unpriced: MissingPrice = {
  priceKey: "*",
  region: "eu-west-1",
  what: "everything in eu-west-1",
  message: "There are no prices for eu-west-1.",
  components: ["WebTier"],
  lines: 40,
};

describe("Objectives", () => {
  const check = (objectives: Parameters<typeof checkObjectives>[0]) =>
    checkObjectives(objectives, level, sum(9000)).map(({ key, value, status }) => [
      key,
      value,
      status,
    ]);

  it("has no result for what is not demanded", () => {
    assert.deepEqual(check({ disruption: "region" }), []);
  });

  it("compares the modelled availability of writes, in percent", () => {
    assert.deepEqual(check({ availability: 99.95, disruption: "region" }), [
      ["availability", 99.95, "met"],
    ]);
    assert.deepEqual(check({ availability: 99.96, disruption: "region" }), [
      ["availability", 99.95, "missed"],
    ]);
  });

  it("takes the worst of reads and writes up to the disruption named, never corrupted data", () => {
    assert.deepEqual(worstRecovery(level, "instance"), { rtoMinutes: 1, rpoMinutes: 0 });
    assert.deepEqual(worstRecovery(level, "zone"), { rtoMinutes: 3, rpoMinutes: 0 });
    assert.deepEqual(worstRecovery(level, "region"), { rtoMinutes: null, rpoMinutes: null });
  });

  it("misses an objective for time where there is no bound", () => {
    const demanded = { rtoMinutes: 43_200, rpoMinutes: 43_200 };
    assert.deepEqual(check({ ...demanded, disruption: "region" }), [
      ["rtoMinutes", null, "missed"],
      ["rpoMinutes", null, "missed"],
    ]);
    assert.deepEqual(check({ rtoMinutes: 3, rpoMinutes: 0, disruption: "zone" }), [
      ["rtoMinutes", 3, "met"],
      ["rpoMinutes", 0, "met"],
    ]);
  });

  it("holds the budget against the installation's total, the limit included", () => {
    assert.deepEqual(check({ monthlyBudgetUsd: 9000, disruption: "region" }), [
      ["monthlyBudgetUsd", 9000, "met"],
    ]);
    assert.deepEqual(check({ monthlyBudgetUsd: 8999, disruption: "region" }), [
      ["monthlyBudgetUsd", 9000, "missed"],
    ]);
  });

  it("does not call a budget met of which a part has no price, but missed where the rest is over", () => {
    const budget = (usd: number) =>
      checkObjectives(
        { monthlyBudgetUsd: 6000, disruption: "region" },
        level,
        monthlySum([usd], [unpriced]),
      ).map(({ value, status, text }) => [value, status, text]);
    assert.deepEqual(budget(0), [
      [null, "unknown", "cost: unknown (40 cost lines without a price) (at most 6,000)"],
    ]);
    assert.equal(budget(6000)[0]?.[1], "unknown");
    assert.equal(budget(6000.01)[0]?.[1], "missed");
  });

  it("knows nothing of availability and recovery where no region is in use", () => {
    const demanded = { availability: 99, rtoMinutes: 60, rpoMinutes: 5, monthlyBudgetUsd: 10 };
    const results = checkObjectives(
      { ...demanded, disruption: "zone" },
      "no region is in use",
      sum(5),
    );
    assert.deepEqual(
      results.map(({ value, status }) => [value, status]),
      [...Array.from({ length: 3 }, () => [null, "unknown"]), [5, "met"]],
    );
    assert.match(results[0]?.text ?? "", /: unknown, no region is in use \(at least 99 %\)$/);
  });

  it("says what was demanded and what is reached", () => {
    const [one] = checkObjectives({ rtoMinutes: 15, disruption: "region" }, level, sum(0));
    assert.equal(one?.text, "recovery after the loss of a region: unbounded (at most 15 min)");
  });
});
