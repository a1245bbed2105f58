import { costName } from "../../output/costNames";
import { addSums, atLeast, componentSums, monthlySum } from "../../cost/sums";
import type { LineItem, StackCost, MonthlySum } from "../../cost/types";
import { briefSum } from "../../output/format";
import type { InstallationView } from "../data";
import { breakable, html, mark, table, type Column, type Markup, type Row } from "../html";
import { measure } from "./service";
import { topic } from "./topic";

/** By stack, by component and by line; estimated prices are named as such. */
export function cost({ domain, figures }: InstallationView): Markup {
  const { stacks } = figures;
  const lines = stacks.flatMap((stack) =>
    stack.lines.map((line) => ({ stack: stack.stack, line })),
  );
  const body = html`${missingPrices(stacks)} ${byStack(domain, figures)}
    ${byComponent(domain, stacks)}
    <details class="lines">
      <summary>${lines.length} cost lines with quantity, price and source</summary>
      ${lineTable(domain, lines)}
    </details>`;
  return topic(domain, "Cost", body);
}

/** To the cent, for a sum that can be checked. */
export function cents(amount: number): string {
  return amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

const exact = (sum: MonthlySum): string => briefSum(sum, cents);

function missingPrices(stacks: StackCost[]): Markup | undefined {
  const all = stacks.flatMap((stack) => stack.missing);
  if (all.length === 0) return undefined;
  return html`<p>${mark("bad", "Unknown")} Prices are missing, so the total is unknown:</p>
    <ul>
      ${all.map(({ message }) => html`<li>${message}</li>`)}
    </ul>`;
}

function byStack(
  domain: string,
  { stacks, total: all, uncertaintyUsd }: InstallationView["figures"],
): Markup {
  const row = (name: string, sums: MonthlySum[], source: string, kind?: string): Row => ({
    cells: [name, ...sums.map(exact), source],
    ...(kind === undefined ? {} : { kind }),
  });
  const rows = stacks.map((stack) =>
    row(
      `${stack.stack}, ${stack.region}`,
      [
        stack.total,
        monthlySum([stack.uncertaintyUsd], stack.missing),
        monthlySum([stack.estimatedUsd], stack.missing),
        stack.windowsLicence,
        stack.sqlServerLicence,
      ],
      stack.usageFile ?? "no file: all assumed",
    ),
  );
  const missing = stacks.flatMap((stack) => stack.missing);
  const total = row(
    "Total",
    [
      all,
      monthlySum([uncertaintyUsd], missing),
      monthlySum(
        stacks.map(({ estimatedUsd }) => estimatedUsd),
        missing,
      ),
      addSums(stacks.map(({ windowsLicence }) => windowsLicence)),
      addSums(stacks.map(({ sqlServerLicence }) => sqlServerLicence)),
    ],
    "",
    "total",
  );
  return table(
    `Cost of ${domain} by stack`,
    [
      { head: "Stack" },
      { head: "USD a month", number: true },
      { head: "± by doubt", number: true },
      { head: "Estimated lines", number: true },
      { head: "Windows licences", number: true },
      { head: "SQL Server licences", number: true },
      { head: "Usage from" },
    ],
    stacks.length > 1 ? [...rows, total] : rows,
    { note: "USD for a month of 730 hours, list prices without tax" },
  );
}

function byComponent(domain: string, stacks: StackCost[]): Markup {
  const each = stacks.map((stack) => componentSums([stack]));
  const together = [...componentSums(stacks)];
  const sorted = together.toSorted(([, one], [, other]) => atLeast(other) - atLeast(one));
  const all = addSums(together.map(([, sum]) => sum));
  const columns: Column[] = [
    { head: "Component" },
    ...stacks.map(({ stack }) => ({ head: stack, number: true })),
    ...(stacks.length > 1 ? [{ head: "Together", number: true }] : []),
    { head: "Share" },
  ];
  const rows = sorted.map(([component, sum]) => ({
    cells: [
      costName(component),
      ...each.map((sums) => exact(sums.get(component) ?? monthlySum([], []))),
      ...(stacks.length > 1 ? [exact(sum)] : []),
      all.known && sum.known ? share(sum.usd, all.usd) : "unknown",
    ],
  }));
  return table(`Cost of ${domain} by component`, columns, rows, { note: "USD a month" });
}

function share(part: number, all: number): Markup {
  const of = all > 0 ? part / all : 0;
  return measure(`${(of * 100).toFixed(1)} %`, of);
}

function lineTable(domain: string, lines: { stack: string; line: LineItem }[]): Markup {
  const columns: Column[] = [
    { head: sortable("What"), wide: true },
    { head: sortable("Component") },
    { head: sortable("Quantity"), number: true },
    { head: sortable("Unit price"), number: true },
    { head: sortable("USD a month"), number: true },
    { head: sortable("Price"), wide: true },
  ];
  const rows = lines
    .toSorted((one, other) => other.line.usd - one.line.usd)
    .map(({ stack, line }) => ({
      cells: [
        html`${line.what}<br /><span class="note">${line.how}</span>`,
        html`${costName(line.component)}<br /><span class="note">${stack}</span>`,
        number(line.quantity),
        html`${price(line.unitUsd)}
          <span class="note">/ ${line.unit}</span
          >${line.modifier !== undefined && html`<br /><span class="note">× ${price(line.factor)}: ${line.modifier}</span>`}`,
        html`<strong>${cents(line.usd)}</strong>`,
        standing(line),
      ],
      ...(line.doubt ? { kind: "estimated" } : {}),
    }));
  return table(`Cost lines of ${domain}`, columns, rows, { quiet: true });
}

/** Becomes a button where there is a script. */
function sortable(text: string): Markup {
  return html`<span data-sort>${text}</span>`;
}

function standing({ doubt, price: { source, date } }: LineItem): Markup {
  const from = html`<span class="note">${breakable(source)}${date !== null && `, ${date}`}</span>`;
  if (!doubt) return html`${mark("good", "Sound")} ${from}`;
  return html`${mark("warn", `Estimated ± ${Math.round(doubt.margin * 100)} %`)} ${doubt.text}<br />${from}`;
}

function number(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 4 : 1 });
}

function price(value: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 6 });
}
