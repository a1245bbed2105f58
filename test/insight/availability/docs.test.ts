import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { minutesPerMonth } from "../../../insight/availability/arithmetic";
import {
  ownChangeMinutes,
  replaceMinutes,
  rollMinutes,
} from "../../../insight/availability/durations";
import { serviceLevelFigures } from "../../../insight/availability/model";
import { clientsMoved } from "../../../insight/availability/paths";
import { installationShape, type ShapeStack } from "../../../insight/availability/shape";
import type { Figure } from "../../../insight/availability/types";
import { readUsage } from "../../../insight/cost/usage";
import { inputs, stack } from "./support";

const text = readFileSync(
  join(__dirname, "..", "..", "..", "docs", "availability-model.md"),
  "utf8",
);

function used(name: string, changes: Record<string, string> = {}): ShapeStack {
  return stack(name, changes, readUsage(name).usage);
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function figureText({ availability, minutesPerMonth: minutes }: Figure): string {
  return `${(availability * 100).toFixed(3)} %, ${minutes.toFixed(1)} min`;
}

function bound(minutes: number | null): string {
  return minutes === null ? "unbounded" : `${Number(minutes.toFixed(2))} min`;
}

/** Tables are one cell per column here and padded there. */
function squeezed(markdown: string): string {
  return markdown.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
}

function assertHas(markdown: string): void {
  assert.ok(
    squeezed(text).includes(squeezed(markdown)),
    `docs/availability-model.md lacks what follows; put it there:\n\n${markdown}\n`,
  );
}

const one = { regionCount: "1" };
const cases: [string, ShapeStack[]][] = [
  ["cost-saver", [used("cost-saver")]],
  ["prod-east alone (`regionCount: 1`)", [used("prod-east", one)]],
  ["prod-east and prod-west", [used("prod-east"), used("prod-west")]],
];

describe("docs/availability-model.md", () => {
  const level = (stacks: ShapeStack[]) => serviceLevelFigures(installationShape(stacks), inputs);

  it("has every input as it is shipped", () => {
    const rows = inputs.rows.map(({ key, value, unit, confidence, date, source }) => [
      `\`${key}\``,
      `${value} ${unit === "percent" ? "%" : unit === "beta" ? "share" : unit}`,
      confidence,
      date,
      source,
    ]);
    assertHas(table(["Input", "Value", "Confidence", "Date", "Source"], rows));
  });

  it("has what is left out as it is shipped", () => {
    const rows = inputs.leftOut.map(({ key, value, confidence, why }) => [
      `\`${key}\``,
      `${value} %`,
      confidence,
      why,
    ]);
    assertHas(table(["Agreement", "Value", "Confidence", "Why it does not count"], rows));
  });

  it("has the stacks' availability as it is", () => {
    const rows = cases.map(([name, stacks]) => {
      const { read, write } = level(stacks);
      return [
        name,
        figureText(write.slaComposite),
        figureText(read.modelled),
        figureText(write.modelled),
      ];
    });
    assertHas(table(["Installation", "By SLA", "Modelled, reads", "Modelled, writes"], rows));
  });

  it("has the stacks' recovery as it is", () => {
    const rows = cases.flatMap(([name, stacks]) =>
      level(stacks).recovery.map((row) => [
        name,
        row.disruption,
        bound(row.readRtoMinutes),
        bound(row.writeRtoMinutes),
        bound(row.rpoMinutes),
      ]),
    );
    assertHas(table(["Installation", "Disruption", "RTO, reads", "RTO, writes", "RPO"], rows));
  });

  it("follows one figure by hand: the loss of a region in prod", () => {
    const [, , [, prod]] = cases as [unknown, unknown, [string, ShapeStack[]]];
    const shape = installationShape(prod);
    const { values } = inputs;
    const perMonth = values["region.failuresPerYear"] / 12;
    const outage = values["region.outageMinutes"];
    const beta = values["beta.region"];
    const region = shape.regions[0];
    assert.ok(region);
    const moved = clientsMoved(region, inputs) + replaceMinutes(inputs);
    const minutes = perMonth * (beta * outage + (1 - beta) * moved);
    const part = level(prod).read.modelled.parts.find(({ what }) => what === "region");
    assert.ok(Math.abs((part?.minutesPerMonth ?? 0) - minutes) < 0.01);
    assertHas(
      `0.2 / 12 × (${beta} × ${outage} + ${1 - beta} × ${moved}) = ${minutes.toFixed(2)} minutes`,
    );
    assert.equal(minutesPerMonth, 43_800);
  });

  it("follows a change of one's own by hand", () => {
    const { values } = inputs;
    const boot = values["instance.bootMinutes"];
    const warmUp = values["instance.warmUpSeconds"] / 60;
    const detect = values["people.detectMinutes"];
    const [roll, change] = [rollMinutes(inputs), ownChangeMinutes(inputs)];
    assertHas(`3 × (${boot} + ${warmUp}) = ${roll} minutes`);
    assertHas(`${detect} + ${roll} = ${change} minutes`);
    const part = level(cases[0]?.[1] ?? []).read.modelled.parts.find(({ what }) =>
      what.startsWith("own changes"),
    );
    const monthly = (values["deploy.failuresPerYear"] * change) / 12;
    assert.ok(Math.abs((part?.minutesPerMonth ?? 0) - monthly) < 1e-9);
    assertHas(`${monthly.toFixed(1)} minutes a month`);
  });
});
