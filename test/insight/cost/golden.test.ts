import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planCostComponents } from "../../../insight/cost/costComponents";
import { priced } from "../../../insight/cost/priced";
import { readPrices } from "../../../insight/cost/priceTable";
import type { LineItem, StackCost } from "../../../insight/cost/types";
import { costName } from "../../../insight/output/costNames";
import { readUsage } from "../../../insight/cost/usage";
import { planStack } from "../../../insight/plan/offlinePlan";
import { listStacks, readStack } from "../../../config/stackFiles";
import { parseConfig } from "../../../stacks/config/platformConfig";
import { today } from "./support";
import { knownUsd } from "../../support/knownUsd";

// What each stack costs, line by line, on a fixed day: a change of a price, an assumption or a
// quantity shows in review. UPDATE_GOLDEN=1 npm test -- test/insight/cost/golden.test.ts writes the files anew.
const folder = join(__dirname, "..", "..", "golden");

describe("golden bills", () => {
  for (const stack of listStacks()) {
    it(`${stack} costs what test/golden/cost.${stack}.txt lists`, async () => {
      const config = parseConfig(readStack(stack).raw, stack);
      const { usage } = readUsage(stack);
      const costComponents = planCostComponents(await planStack(stack), usage);
      const cost = priced(
        { name: stack, region: config.region, costComponents, usage },
        readPrices(),
        today,
      );
      const file = join(folder, `cost.${stack}.txt`);
      const actual = text(cost);
      if (process.env.UPDATE_GOLDEN) writeFileSync(file, actual);
      assert.ok(existsSync(file), `${file} is missing: run with UPDATE_GOLDEN=1`);
      const expected = readFileSync(file, "utf8").replaceAll("\r\n", "\n");
      assert.equal(actual, expected);
      assertSum(expected);
    });
  }
});

function text(cost: StackCost): string {
  const head = [
    `stack ${cost.stack} in ${cost.region}, a month of 730 h`,
    `total ${knownUsd(cost.total).toFixed(2)} USD, ± ${cost.uncertaintyUsd.toFixed(2)}`,
    `of estimated prices ${cost.estimatedUsd.toFixed(2)}`,
    `Windows licences ${knownUsd(cost.windowsLicence).toFixed(2)}`,
    `SQL Server licences ${knownUsd(cost.sqlServerLicence).toFixed(2)}`,
    ...cost.missing.map(({ message }) => `missing: ${message}`),
    "",
  ];
  const components = [...new Set(cost.lines.map(({ component }) => component))];
  const body = components.flatMap((component) => [
    costName(component),
    ...cost.lines.filter((line) => line.component === component).map(lineText),
  ]);
  return `${[...head, ...body].join("\n")}\n`;
}

function lineText({
  usd,
  what,
  quantity,
  unitUsd,
  unit,
  how,
  doubt,
  region,
  factor,
}: LineItem): string {
  const amount = usd.toFixed(2).padStart(10);
  const product = `${Number(quantity.toPrecision(6))} × ${Number(unitUsd.toPrecision(6))} per ${unit}`;
  const off = doubt ? `  [${doubt.reason} ±${Math.round(100 * doubt.margin)} %]` : "";
  const part = factor === 1 ? "" : ` × ${factor}`;
  return `${amount}  ${what}: ${product}${part} in ${region} (${how})${off}`;
}

/** The file by itself: its lines are its total. */
function assertSum(file: string): void {
  const [, total = ""] = /^total ([\d.]+) USD/m.exec(file) ?? [];
  const amounts = [...file.matchAll(/^ +(\d+\.\d\d) {2}/gm)].map(([, usd]) => Number(usd));
  assert.ok(amounts.length > 50);
  const cents = amounts.reduce((sum, usd) => sum + Math.round(100 * usd), 0);
  assert.equal(cents, Math.round(100 * Number(total)));
}
