import assert from "node:assert/strict";
import fc from "fast-check";
import { atLeast } from "../../../insight/cost/sums";
import type { PriceTable } from "../../../insight/cost/priceTable";
import {
  installationFigures,
  planned,
  readSources,
  type FigureSources,
  type FigureStack,
  type InstallationFigures,
} from "../../../insight/figures/figures";
import { readableStacks } from "../../../insight/figures/readableStacks";

const sources = readSources(new Date("2026-11-24T00:00:00Z"));
let stacks: FigureStack[];

/** The table without some of its rows. */
function without(prices: PriceTable, gone: Set<string>): PriceTable {
  const kept = (key: string, region: string): boolean => !gone.has(`${region} ${key}`);
  return {
    regions: prices.regions,
    find: (key, region) => (kept(key, region) ? prices.find(key, region) : undefined),
    rows: (region) => prices.rows(region).filter(({ key }) => kept(key, region)),
  };
}

describe("a table that lacks prices", function () {
  this.timeout(60_000);

  let whole: InstallationFigures[];
  /** Only rows that are in use can change anything. */
  let used: string[];

  before(async () => {
    stacks = await planned(readableStacks());
    whole = installationFigures(stacks, sources);
    const rows = whole.flatMap((one) =>
      one.stacks.flatMap(({ lines }) =>
        lines.flatMap(({ price, minusPrice }) =>
          [price, minusPrice].flatMap((row) => (row ? [`${row.region} ${row.key}`] : [])),
        ),
      ),
    );
    used = [...new Set(rows)];
  });

  it("never lowers a total that it shows, and makes no objective met", () => {
    fc.assert(
      fc.property(
        fc.subarray(used, { minLength: 1 }),
        fc.double({ min: 0.5, max: 1.5, noNaN: true }),
        (gone, scale) => {
          const budgets = stacks.map((entry, index) => {
            const of = whole.find(({ domain }) => domain === entry.config.domain);
            const monthlyBudgetUsd = atLeast(of?.total ?? { known: true, usd: index }) * scale;
            const objectives = { ...entry.config.objectives, monthlyBudgetUsd };
            return { ...entry, config: { ...entry.config, objectives } };
          });
          const before = installationFigures(budgets, sources);
          const poorer: FigureSources = {
            ...sources,
            prices: without(sources.prices, new Set(gone)),
          };
          installationFigures(budgets, poorer).forEach((is, index) => {
            const was = before[index];
            assert.ok(was?.total.known);
            // A price that two lines share is rounded in each: 529.79 in parts is 529.77 as a whole.
            const split = was.stacks.flatMap(({ lines }) => lines.filter((line) => line.minus));
            const least = was.total.usd - split.length * 0.015 - 1e-6;
            if (is.total.known) assert.ok(is.total.usd >= least, "a smaller sum as a total");
            is.objectives.forEach(({ key, status, target }, position) => {
              const close = key === "monthlyBudgetUsd" && target >= least && is.total.known;
              if (status === "met" && !close) {
                assert.equal(was.objectives[position]?.status, "met", key);
              }
            });
            for (const stack of is.stacks)
              assert.equal(stack.total.known, stack.missing.length === 0);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it("knows nothing of an installation whose other stack cannot be read", () => {
    const alone = stacks.filter(({ stack }) => stack !== "prod-west");
    const one = installationFigures(alone, sources).find(
      ({ stacks: [first] }) => first?.stack === "prod-east",
    );
    assert.equal(one?.total.known, false);
    assert.ok(one?.objectives.length);
    assert.ok(one.objectives.every(({ status }) => status === "unknown"));
  });

  it("leaves nothing known where it has no row at all", () => {
    const none = { ...sources, prices: without(sources.prices, new Set(used)) };
    for (const { total } of installationFigures(stacks, none)) assert.equal(total.known, false);
  });
});
