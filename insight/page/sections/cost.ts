import type { LineItem, StackCost } from "../../cost/types";
import type { InstallationView } from "../data";
import { breakable, html, mark, table, type Column, type Markup, type Row } from "../html";
import { measure } from "./service";
import { topic } from "./topic";

/** By stack, by component and by line; doubtful prices are named as such. */
export function cost({ domain, figures }: InstallationView): Markup {
  const { stacks } = figures;
  const lines = stacks.flatMap((stack) =>
    stack.lines.map((line) => ({ stack: stack.stack, line })),
  );
  const body = html`${missing(stacks)} ${byStack(domain, figures)} ${byComponent(domain, stacks)}
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

function missing(stacks: StackCost[]): Markup | undefined {
  const all = stacks.flatMap((stack) => stack.missing);
  if (all.length === 0) return undefined;
  return html`<p>${mark("bad", "Too low")} Prices are missing, so the total is too low:</p>
    <ul>
      ${all.map(({ message }) => html`<li>${message}</li>`)}
    </ul>`;
}

function byStack(
  domain: string,
  { stacks, totalUsd, doubtUsd }: InstallationView["figures"],
): Markup {
  const sum = (of: (stack: StackCost) => number): number =>
    stacks.reduce((total, stack) => total + of(stack), 0);
  const row = (name: string, values: number[], source: string, kind?: string): Row => ({
    cells: [name, ...values.map(cents), source],
    ...(kind === undefined ? {} : { kind }),
  });
  const rows = stacks.map((stack) =>
    row(
      `${stack.stack}, ${stack.region}`,
      [
        stack.totalUsd,
        stack.doubtUsd,
        stack.doubtfulUsd,
        stack.windowsLicenceUsd,
        stack.sqlServerLicenceUsd,
      ],
      stack.usageFile ?? "no file: all assumed",
    ),
  );
  const total = row(
    "Total",
    [
      totalUsd,
      doubtUsd,
      sum((stack) => stack.doubtfulUsd),
      sum((stack) => stack.windowsLicenceUsd),
      sum((stack) => stack.sqlServerLicenceUsd),
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
      { head: "Doubtful lines", number: true },
      { head: "Windows licences", number: true },
      { head: "SQL Server licences", number: true },
      { head: "Usage from" },
    ],
    stacks.length > 1 ? [...rows, total] : rows,
    { note: "USD for a month of 730 hours, list prices without tax" },
  );
}

function byComponent(domain: string, stacks: StackCost[]): Markup {
  const sums = new Map<string, number[]>();
  stacks.forEach(({ lines }, index) => {
    for (const { component, usd: amount } of lines) {
      const row = sums.get(component) ?? stacks.map(() => 0);
      row[index] = (row[index] ?? 0) + amount;
      sums.set(component, row);
    }
  });
  const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);
  const sorted = [...sums].toSorted(([, one], [, other]) => total(other) - total(one));
  const all = total(sorted.map(([, values]) => total(values)));
  const columns: Column[] = [
    { head: "Component" },
    ...stacks.map(({ stack }) => ({ head: stack, number: true })),
    ...(stacks.length > 1 ? [{ head: "Together", number: true }] : []),
    { head: "Share" },
  ];
  const rows = sorted.map(([component, values]) => ({
    cells: [
      component,
      ...values.map(cents),
      ...(stacks.length > 1 ? [cents(total(values))] : []),
      share(total(values), all),
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
        html`${line.component}<br /><span class="note">${stack}</span>`,
        number(line.quantity),
        html`${price(line.unitUsd)}
          <span class="note">/ ${line.unit}</span
          >${line.modifier !== undefined && html`<br /><span class="note">× ${price(line.factor)}: ${line.modifier}</span>`}`,
        html`<strong>${cents(line.usd)}</strong>`,
        standing(line),
      ],
      ...(line.doubt ? { kind: "doubtful" } : {}),
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
  return html`${mark("warn", `Doubtful ± ${Math.round(doubt.margin * 100)} %`)} ${doubt.text}<br />${from}`;
}

function number(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 4 : 1 });
}

function price(value: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 6 });
}
