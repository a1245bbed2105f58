import assert from "node:assert/strict";
import fc from "fast-check";
import { readInputs } from "../../../insight/availability/inputs";
import { serviceLevelFigures } from "../../../insight/availability/model";
import { installationShape } from "../../../insight/availability/shape";
import type { RegionShape } from "../../../insight/availability/types";
import { planCostComponents } from "../../../insight/cost/costComponents";
import { priced } from "../../../insight/cost/priced";
import { readPrices } from "../../../insight/cost/priceTable";
import { readUsage } from "../../../insight/cost/usage";
import type { StackPlan } from "../../../insight/plan/plan";
import { describeStack, isActive, type StackReport } from "../../../insight/figures/report";
import { changedRaw, changesFor } from "../../../insight/tradeoff/edits";
import { readInstallation, type SourceStack } from "../../../insight/tradeoff/installation";
import { settingText } from "../../../insight/tradeoff/setting";
import { tradeOff } from "../../../insight/tradeoff/tradeOff";
import type { Evaluated, Setting } from "../../../insight/tradeoff/types";
import { knownUsd } from "../../support/knownUsd";
import { runs } from "../../support/runs";
import { addUsage, withSmallStack } from "./project";

const today = new Date("2026-11-25");
const prices = readPrices();

/** What a stack costs by its plan, and the plan. */
async function planned(source: SourceStack, project: string, setting: Setting, root?: string) {
  const raw = changedRaw(source.raw, project, changesFor(source.config, setting));
  const report = await describeStack(source.stack, raw);
  const { usage } = readUsage(source.stack, root);
  const costComponents = planCostComponents(report.plan, usage);
  const { region } = report.config;
  return {
    report,
    usage,
    cost: priced({ name: source.stack, region, costComponents, usage }, prices, today),
  };
}

const ofType = ({ resources }: StackPlan, type: string) =>
  resources.filter((resource) => resource.type === type);

/** What the model was told of a region, read from the region's plan. */
function assertShape({ plan }: StackReport, shape: RegionShape): void {
  // A stack's resources elsewhere, by provider aws-peer, are none of these.
  const groups = ofType(plan, "aws:autoscaling/group:Group");
  const servers = [shape.web, shape.app].map(({ minPerZone }) => minPerZone * shape.zones);
  assert.deepEqual(
    groups.map(({ inputs }) => Number(inputs.minSize)).toSorted(),
    servers.toSorted(),
  );
  for (const { inputs } of groups) {
    assert.equal((inputs.vpcZoneIdentifiers as unknown[]).length, shape.zones);
  }
  const [database] = ofType(plan, "aws:rds/instance:Instance");
  assert.equal(database?.inputs.multiAz === true, shape.database.multiAz);
  assert.equal(database?.inputs.backupRetentionPeriod, shape.database.backupRetentionDays);
  const gateways = ofType(plan, "aws:ec2/natGateway:NatGateway").length;
  const expected = { none: 0, single: 1, onePerAz: 3 };
  assert.equal(gateways, expected[shape.natGateways]);
}

async function assertAgrees(stack: string, sample: Evaluated[], root?: string): Promise<void> {
  const installation = readInstallation(stack, root);
  const inputs = readInputs();
  for (const { setting, usd, uncertaintyUsd, modelledMinutes } of sample) {
    const stacks: Awaited<ReturnType<typeof planned>>[] = [];
    for (const source of installation.stacks) {
      stacks.push(await planned(source, installation.project, setting, root));
    }
    const sum = (of: (cost: (typeof stacks)[number]["cost"]) => number): string =>
      stacks.reduce((total, { cost }) => total + of(cost), 0).toFixed(2);
    const name = settingText(setting);
    assert.deepEqual(
      stacks.flatMap(({ cost }) => cost.missing),
      [],
      name,
    );
    assert.equal(
      sum(({ total }) => knownUsd(total)),
      usd.toFixed(2),
      name,
    );
    assert.equal(
      sum((cost) => cost.uncertaintyUsd),
      uncertaintyUsd.toFixed(2),
      name,
    );
    const shape = installationShape(
      stacks.map(({ report, usage }) => ({ config: report.config, usage })),
    );
    const { regions } = shape;
    const { minutesPerMonth } = serviceLevelFigures(shape, inputs).write.modelled;
    assert.equal(minutesPerMonth.toFixed(6), modelledMinutes.toFixed(6), name);
    const active = stacks.filter(({ report }) => isActive(report));
    assert.equal(active.length, regions.length, name);
    for (const [index, { report }] of active.entries()) assertShape(report, regions[index]!);
  }
}

const pick = (all: Evaluated[], numRuns: number, seed: number): Evaluated[] =>
  fc.sample(fc.shuffledSubarray(all, { minLength: numRuns, maxLength: numRuns }), {
    numRuns: 1,
    seed,
  })[0]!;

describe("the trade-off and the program's plan", function () {
  // A plan takes about a second, and two regions are two plans.
  this.timeout(300_000);

  it("agree to the cent, and in what decides availability", async () => {
    const east = await tradeOff("prod-east", undefined, { today });
    const saver = await tradeOff("cost-saver", undefined, { today });
    const sample = pick(east.evaluated, runs(28, 9), runs(2026, 2));
    const values = (of: (setting: Setting) => unknown): number =>
      new Set(sample.map(({ setting }) => of(setting))).size;
    // Every value of every decision is in the sample.
    assert.deepEqual(
      [
        values(({ regionCount }) => regionCount),
        values(({ azCount }) => azCount),
        values(({ edition }) => edition),
        values(({ natGateways }) => natGateways),
        values(({ minPerAz }) => minPerAz),
      ],
      [2, 3, 3, 3, 4],
    );
    await assertAgrees("prod-east", sample);
    await assertAgrees("cost-saver", pick(saver.evaluated, runs(12, 5), 1125));
  });

  it("agree where another region's prices are taken, for any region", async () => {
    await withSmallStack("eu-west-1", async (root) => {
      addUsage(root, "pricesOf: us-east-1\n");
      const { evaluated, unknown } = await tradeOff("small", root, { today });
      assert.deepEqual(unknown, []);
      assert.ok(evaluated.length >= 500);
      await assertAgrees("small", pick(evaluated, runs(4, 2), 7), root);
    });
  });
});
