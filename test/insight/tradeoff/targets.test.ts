import assert from "node:assert/strict";
import fc from "fast-check";
import {
  meets,
  parseKeep,
  parseTargets,
  percentOf,
  type Targets,
} from "../../../insight/tradeoff/targets";
import { duration } from "../../../insight/output/format";
import { percentText } from "../../../insight/tradeoff/texts";
import type { Evaluated } from "../../../insight/tradeoff/types";

const setting = {
  azCount: 2,
  regionCount: 1,
  edition: "standard",
  instanceClass: "db.r6i.xlarge",
  minPerAz: 1,
  natGateways: "single",
} as const;

const of = (values: Partial<Evaluated>): Evaluated => ({
  setting,
  usd: 1000,
  uncertaintyUsd: 0,
  modelledMinutes: 21.9,
  slaCompositeMinutes: 40,
  modelledReadMinutes: 20,
  slaCompositeReadMinutes: 40,
  rtoMinutes: null,
  rpoMinutes: 10,
  zoneRtoMinutes: 4,
  zoneRpoMinutes: 3,
  instanceRtoMinutes: 2,
  instanceRpoMinutes: 1,
  current: false,
  ...values,
});

const message = (options: Parameters<typeof parseTargets>[0]): string => {
  try {
    parseTargets(options);
  } catch (error) {
    assert.equal((error as Error).name, "UserError");
    return (error as Error).message;
  }
  return assert.fail(`${JSON.stringify(options)} was taken`);
};

describe("targets", () => {
  it("are read with their units", () => {
    assert.deepEqual(parseTargets({ availability: 99.95, rto: "15m", rpo: "5m", budget: 9000 }), {
      availability: 99.95,
      rtoMinutes: 15,
      rpoMinutes: 5,
      monthlyBudgetUsd: 9000,
      disruption: "region",
    });
    assert.equal(parseTargets({ rto: "90s" }).rtoMinutes, 1.5);
    assert.equal(parseTargets({ rto: "1.5h" }).rtoMinutes, 90);
    assert.equal(parseTargets({ rpo: 0 }).rpoMinutes, 0);
    assert.equal(parseTargets({ availability: "99.9%" }).availability, 99.9);
    assert.equal(parseTargets({ budget: "$9,000.50" }).monthlyBudgetUsd, 9000.5);
    assert.equal(parseTargets({ rto: "5m", disruption: "zone" }).disruption, "zone");
  });

  it("are the stack's objectives, each unless an option says otherwise", () => {
    const objectives = { availability: 99.9, rtoMinutes: 60, disruption: "zone" } as const;
    assert.deepEqual(parseTargets({}, objectives), objectives);
    assert.deepEqual(parseTargets({ rto: "2h", budget: 10 }, objectives), {
      ...objectives,
      rtoMinutes: 120,
      monthlyBudgetUsd: 10,
    });
    assert.equal(parseTargets({ disruption: "region" }, objectives).disruption, "region");
  });

  it("are none without options", () => {
    assert.deepEqual(parseTargets({}), { disruption: "region" });
  });

  it("are refused with what to write instead", () => {
    assert.match(message({ rto: 15 }), /^--rto is "15": a unit is missing: 15m is minutes/);
    assert.match(message({ rto: "15d" }), /^--rto is "15d": write a time with its unit/);
    assert.match(message({ rpo: true }), /^--rpo has no value: /);
    assert.match(message({ rpo: "-5m" }), /^--rpo is "-5m"/);
    assert.match(message({ availability: 0.9995 }), /at most 1 %: write percent/);
    assert.match(message({ availability: 100.1 }), /above 1 and up to 100/);
    assert.match(message({ availability: "high" }), /^--availability is "high"/);
    assert.match(message({ budget: 0 }), /^--budget is "0": write US dollars/);
    assert.match(message({ budget: "9k" }), /^--budget is "9k"/);
    assert.match(message({ budget: "9,00" }), /^--budget is "9,00"/);
    assert.match(message({ rto: "5m", disruption: "zon" }), /Did you mean zone\?$/);
    assert.match(message({ rto: ["5m", "6m"] }), /^--rto is "5m and 6m"/);
    assert.match(message({ disruption: "zone" }), /^--disruption says for what --rto and --rpo/);
  });

  it("are refused all at once", () => {
    const lines = message({ availability: 0, rto: "x", rpo: "y", budget: -1, disruption: "z" });
    assert.equal(lines.split("\n").length, 5);
  });

  it("are met by equality, and a recovery without bound meets none", () => {
    const met = (targets: Partial<Targets>): boolean =>
      meets(of({}), { disruption: "region", ...targets });
    assert.equal(percentOf(21.9), 99.95);
    assert.ok(met({ availability: 99.95 }));
    assert.ok(!met({ availability: 99.951 }));
    assert.ok(met({ monthlyBudgetUsd: 1000 }));
    assert.ok(!met({ monthlyBudgetUsd: 999.99 }));
    assert.ok(!met({ rtoMinutes: 1e9 }));
    assert.ok(met({}));
  });

  it("hold for the disruptions up to the one named", () => {
    const rpo = (rpoMinutes: number, disruption: Targets["disruption"]): boolean =>
      meets(of({}), { rpoMinutes, disruption });
    assert.ok(rpo(10, "region") && !rpo(9, "region"));
    assert.ok(rpo(3, "zone") && !rpo(2, "zone"));
    assert.ok(rpo(1, "instance") && !rpo(0, "instance"));
  });

  it("are never met by less: a stricter target leaves no setting that a milder one refuses", () => {
    fc.assert(
      fc.property(
        fc.float({ min: 0, max: 1000, noNaN: true }),
        fc.float({ min: 2, max: 100, noNaN: true }),
        fc.float({ min: 2, max: 100, noNaN: true }),
        (modelledMinutes, one, other) => {
          const [mild, strict] = [Math.min(one, other), Math.max(one, other)];
          const row = of({ modelledMinutes });
          const met = (availability: number): boolean =>
            meets(row, { availability, disruption: "region" });
          if (met(strict)) assert.ok(met(mild));
        },
      ),
    );
  });
});

describe("what is kept", () => {
  it("is named by words, `database` for edition and class", () => {
    assert.deepEqual(parseKeep(undefined), []);
    assert.deepEqual(parseKeep("database,nat"), ["edition", "instanceClass", "natGateways"]);
    assert.deepEqual(parseKeep(["class", "database"]), ["instanceClass", "edition"]);
  });

  it("is refused when nobody knows it", () => {
    assert.throws(() => parseKeep("databse"), /does not know databse: .* Did you mean database\?$/);
    assert.throws(() => parseKeep(true), /^UserError: --keep has no value/);
    assert.throws(() => parseKeep("constructor"), /does not know constructor/);
  });
});

describe("texts of figures", () => {
  it("never round an availability up to a target that it misses", () => {
    assert.equal(percentText(99.9499), "99.949 %");
    assert.equal(percentText(99.95), "99.950 %");
    assert.equal(percentText(100), "100.000 %");
  });

  it("say times as people do", () => {
    assert.deepEqual([null, 0, 1.5, 15, 240, 2.5].map(duration), [
      "unbounded",
      "0",
      "90 s",
      "15 min",
      "4 h",
      "2.5 min",
    ]);
  });
});
