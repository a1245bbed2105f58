import Table from "cli-table3";
import pc from "picocolors";
import type { InstallationProblem } from "../../stacks/installation";
import type { StackCost } from "../cost/types";
import type { InstallationFigures } from "../figures/figures";
import { facts, installations, type Installation } from "../figures/installations";
import { activeZones, databaseRole, isActive, isFailure, isReport } from "../figures/report";
import type { StackFailure, StackReport, StackResult } from "../figures/report";
import { briefSum, plural } from "./format";
import {
  factLines,
  nextLines,
  renderFailure,
  renderProblem,
  verdictLines,
} from "./installationBlock";

/**
 * The overview: each installation's verdict, its stacks, and how its regions work together.
 * @param components adds how many resources each component has, by stack. @default false
 */
export function renderOverview(
  results: StackResult[],
  problems: InstallationProblem[],
  figures: InstallationFigures[] = [],
  components = false,
): string {
  const reports = results.filter(isReport);
  const failures = results.filter(isFailure);
  const groups = installations(reports);
  const wrong = [...failures.map(renderFailure), ...problems.map(renderProblem)];
  return [
    ...(wrong.length > 0 ? [...wrong, ""] : []),
    ...groups.flatMap((group) => [title(group), ...verdictLines(group, figures), ""]),
    ...(reports.length > 0 ? [stackTable(groups, figures), ""] : []),
    ...(components && reports.length > 0 ? [componentTable(reports), ""] : []),
    ...groups.flatMap((group) => [pc.bold(group.domain), ...factLines(facts(group)), ""]),
    totals(reports, failures),
    ...nextLines(next(groups, components)),
  ].join("\n");
}

function title({ domain, stacks }: Installation): string {
  return `${pc.bold(domain)}  ${stacks.map(({ stack }) => stack).join(", ")}`;
}

/** A row per stack: 80 columns, whatever their number. */
function stackTable(groups: Installation[], figures: InstallationFigures[]): string {
  const costs = new Map(figures.flatMap(({ stacks }) => stacks.map((cost) => [cost.stack, cost])));
  const table = plainTable(
    ["Stack", "Region", "Zones", "Entry", "Database", "USD/month", "Resources"],
    [false, false, false, false, false, true, true],
  );
  for (const report of groups.flatMap(({ stacks }) => stacks)) {
    const { stack, config, inventory } = report;
    table.push([
      pc.bold(stack),
      config.region,
      isActive(report) ? zoneLetters(report) : "off",
      config.exposure,
      databaseWord(report),
      costCell(costs.get(stack)),
      String(inventory.total),
    ]);
  }
  return table.toString();
}

function componentTable(reports: StackReport[]): string {
  const counts = reports.map(({ inventory }) => inventory.byComponent);
  const names = [...new Set(counts.flatMap((byComponent) => Object.keys(byComponent)))].sort();
  const table = plainTable(
    ["Resources of", ...reports.map(({ stack }) => stack)],
    [false, ...reports.map(() => true)],
  );
  for (const name of names) {
    table.push([name, ...counts.map((byComponent) => String(byComponent[name] ?? "–"))]);
  }
  return table.toString();
}

function plainTable(head: string[], numbers: boolean[]): Table.Table {
  const nothing = ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid"];
  const lines = ["bottom-left", "bottom-right", "left", "left-mid", "mid", "mid-mid"];
  const right = ["right", "right-mid"];
  return new Table({
    head: head.map((text) => pc.dim(text)),
    chars: {
      ...Object.fromEntries([...nothing, ...lines, ...right].map((name) => [name, ""])),
      middle: "  ",
    },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: numbers.map((number) => (number ? ("right" as const) : ("left" as const))),
  });
}

function costCell(cost: StackCost | undefined): string {
  if (!cost) return "–";
  const text = briefSum(cost.total);
  return cost.total.known ? text : pc.yellow(text);
}

/** What a stack's database is. */
function databaseWord(report: StackReport): string {
  const role = databaseRole(report);
  if (role === undefined) return "–";
  if (role !== "replica" && !report.replication.writable) return "frozen";
  return role === "writer and replica" ? "two-way" : role;
}

/** Which of the region's zones. */
function zoneLetters(report: StackReport): string {
  return activeZones(report)
    .map((zone) => zone.slice(-1))
    .join(" ");
}

function totals(reports: StackReport[], failures: StackFailure[]): string {
  const resources = reports.reduce((sum, { inventory }) => sum + inventory.total, 0);
  const types = new Set(reports.flatMap(({ inventory }) => Object.keys(inventory.byType)));
  const failed =
    failures.length > 0 ? `; ${plural(failures.length, "stack")} could not be planned` : "";
  return (
    `${plural(reports.length, "stack")}, ${plural(resources, "resource")} of ` +
    `${plural(types.size, "type")}${failed}. Planned offline: nothing was created.`
  );
}

function next(groups: Installation[], components: boolean): [string, string][] {
  const stack = groups.at(-1)?.stacks[0]?.stack ?? "<stack>";
  const commands: [string, string][] = [
    [`npm start -- ${stack}`, "one stack, resource by resource"],
    [`npm run tradeoff -- ${stack}`, "the settings around it: what each avoided minute costs"],
    ["npm start -- --components", "resources by component"],
  ];
  return components ? commands.slice(0, -1) : commands;
}
