import Table from "cli-table3";
import pc from "picocolors";
import type { InstallationProblem } from "../../stacks/installation";
import type { StackCost } from "../cost/types";
import { regionFinder } from "../plan/crossRegion";
import { figureFacts } from "./figureLines";
import type { InstallationFigures } from "../figures/figures";
import { briefSum } from "./format";
import {
  facts,
  installations,
  tableText,
  type Fact,
  type Installation,
} from "../figures/installations";
import { flags, isCreated, tree, type TreeNode } from "../plan/inventory";
import { keyInputs } from "../plan/keyInputs";
import type { PlannedResource } from "../plan/plan";
import { referrer } from "../plan/references";
import { activeZones, databaseRole, isActive, isFailure, isReport } from "../figures/report";
import type { StackFailure, StackReport, StackResult } from "../figures/report";
import { cut, fold, hanging, labelled, terminalWidth, visibleLength } from "./text";

const legend =
  "nothing was created; → names the resource whose id or ARN will stand there, or the other " +
  "region's stack and what it offers.";

/** Lines of facts where there is no terminal to say how wide it is. */
const pageWidth = 100;

const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** The overview: stacks side by side, then what to know about them. */
export function renderOverview(
  results: StackResult[],
  problems: InstallationProblem[],
  figures: InstallationFigures[] = [],
): string {
  const reports = results.filter(isReport);
  const failures = results.filter(isFailure);
  const groups = installations(reports);
  return [
    ...(reports.length > 0 ? [overviewTable(groups, figures), ""] : []),
    ...groups.flatMap((group) => [
      pc.bold(group.domain),
      ...factLines([...facts(group), ...costAndLevel(group, figures)]),
      "",
    ]),
    ...notes(reports),
    ...problems.map(renderProblem),
    ...failures.map(renderFailure),
    totals(reports, failures),
  ].join("\n");
}

export function renderProblem({ stacks, key, message }: InstallationProblem): string {
  return `${pc.red("✖")} ${pc.bold(stacks.join(", "))}: ${key}: ${message}`;
}

function factLines(all: Fact[]): string[] {
  const rows = all.map(([name, text]): [string, string] => [pc.dim(name), text]);
  return labelled(rows, terminalWidth() ?? pageWidth);
}

/** What the installation costs and buys, and whether that is what was asked for. */
function costAndLevel({ domain }: Installation, figures: InstallationFigures[]): Fact[] {
  const own = figures.find((entry) => entry.domain === domain);
  if (!own) return [];
  const objectives = own.objectives.map(({ status, text }, index): Fact => [
    index === 0 ? "Objectives" : "",
    `${verdicts[status]}: ${text}`,
  ]);
  return [...figureFacts(own), ...objectives];
}

const verdicts = {
  met: pc.green("met"),
  missed: pc.red("missed"),
  unknown: pc.yellow("unknown"),
};

function overviewTable(groups: Installation[], figures: InstallationFigures[]): string {
  const reports = groups.flatMap(({ stacks }) => stacks);
  const table = new Table({
    head: ["", ...reports.map(({ stack }) => pc.bold(stack))],
    style: { head: [], border: pc.isColorSupported ? ["gray"] : [], compact: true },
    colAligns: ["left", ...reports.map(() => "right" as const)],
  });
  table.push([
    "Installation",
    ...groups.map(({ domain, stacks }) => ({
      content: domain,
      colSpan: stacks.length,
      hAlign: stacks.length > 1 ? ("center" as const) : ("right" as const),
    })),
  ]);
  const row = (name: string, cell: (report: StackReport) => string): void => {
    table.push([name, ...reports.map(cell)]);
  };
  row("Region", (report) => report.config.region + (isActive(report) ? "" : " (off)"));
  row("Zones", (report) => zoneCell(report));
  row("Exposure", ({ config }) => config.exposure);
  row("Database", (report) => roleCell(report));
  row("Replicates", (report) => replicationCell(report));
  const components = new Set(
    reports.flatMap(({ inventory }) => Object.keys(inventory.byComponent)),
  );
  for (const component of [...components].sort()) {
    row(component, ({ inventory }) => String(inventory.byComponent[component] ?? "–"));
  }
  const costs = new Map(figures.flatMap(({ stacks }) => stacks.map((cost) => [cost.stack, cost])));
  if (costs.size > 0) row(pc.bold("USD a month"), ({ stack }) => costCell(costs.get(stack)));
  row(pc.bold("Resources"), ({ inventory }) => pc.bold(String(inventory.total)));
  row("Warnings", ({ warnings }) =>
    warnings.length > 0 ? pc.yellow(String(warnings.length)) : pc.green("none"),
  );
  return table.toString();
}

function costCell(cost: StackCost | undefined): string {
  if (!cost) return "–";
  const text = briefSum(cost.total);
  return cost.total.known ? pc.bold(text) : pc.yellow(text);
}

/** What a stack's database is, in short lines: columns are narrow. */
function roleCell(report: StackReport): string {
  const { follows, writable } = report.replication;
  const role = databaseRole(report);
  if (role === undefined) return "–";
  const lines = role === "replica" && follows ? ["replica of", follows.region] : [role];
  const frozen = role !== "replica" && !writable ? ["(frozen)"] : [];
  return [...lines.map((line) => line.replace(/^writer and /, "writer and\n")), ...frozen].join(
    "\n",
  );
}

/** The mode, and the tables that come and go. */
function replicationCell({ config, replication }: StackReport): string {
  const { peered, captures, follows, otherRegion = "" } = replication;
  if (!peered) return "–";
  const brief = (tables: string[]): string => {
    const [first = "", ...others] = tables.map((table) => cut(table, 20));
    const all = tables.length === 1 ? tableText(tables) : first;
    return cut(all, 20) + (others.length > 0 ? ` +${others.length}` : "");
  };
  return [
    config.replication.mode,
    ...(captures ? [brief(captures), `→ ${otherRegion}`] : []),
    ...(follows ? [brief(follows.tables), `← ${follows.region}`] : []),
  ].join("\n");
}

/** `3 (a b c)`: the letters say which of the region's zones. */
function zoneCell(report: StackReport): string {
  const zones = activeZones(report);
  return zones.length > 0
    ? `${zones.length} (${zones.map((zone) => zone.slice(-1)).join(" ")})`
    : "–";
}

/** One line per finding, with the stacks it applies to: most apply to several. */
function notes(reports: StackReport[]): string[] {
  const stacksOf = new Map<string, string[]>();
  for (const { stack, warnings } of reports) {
    for (const { message } of warnings) {
      stacksOf.set(message, [...(stacksOf.get(message) ?? []), stack]);
    }
  }
  const lines = [...stacksOf].map(([message, stacks]) => {
    const whose = stacks.length === reports.length && stacks.length > 1 ? "all" : stacks.join(", ");
    return warningLine(`${pc.bold(whose)}: ${message}`);
  });
  return lines.length > 0 ? [...lines, ""] : [];
}

/** On one line, or as wide as the terminal. */
function warningLine(text: string): string {
  return hanging(`${pc.yellow("!")} `, text, terminalWidth() ?? Infinity);
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

/** A failure as its sentences, without a trace; the program's own bugs say how to get one. */
export function renderFailure({ stack, message, isUserMistake }: StackFailure): string {
  const hint = isUserMistake ? "" : "\n  PE_DEBUG=1 shows where in the program this comes from.";
  return `${pc.red("✖")} ${pc.bold(stack)}: ${message}${hint}`;
}

/** One stack in detail: its component tree with the inputs that matter. */
export function renderStack(report: StackReport, figures: InstallationFigures[] = []): string {
  const { config, stack, plan, inventory, warnings } = report;
  const protectedCount = inventory.protected.length;
  const width = terminalWidth() ?? Infinity;
  const what = [config.region, zonesText(report), config.exposure, config.domain].join(", ");
  return [
    hanging(`${pc.bold(stack)}  `, what, width),
    `${plural(inventory.total, "resource")}, ${protectedCount} protected`,
    "",
    ...tree(plan).flatMap((node) => renderNode(node, "", "", nodeText(plan))),
    ...outputLines(report),
    "",
    ...installations([report]).flatMap((group) =>
      factLines([...facts(group), ...costAndLevel(group, figures)]),
    ),
    "",
    ...warnings.map(({ message }) => warningLine(message)),
    hanging("Planned offline: ", legend, width),
  ].join("\n");
}

function zonesText(report: StackReport): string {
  const zones = activeZones(report);
  return isActive(report) ? `${plural(zones.length, "zone")} (${zones.join(", ")})` : "not in use";
}

/** A resource's type and name, its marks and the inputs that matter, in this order. */
function nodeText(plan: StackReport["plan"]): (resource: PlannedResource) => string[] {
  const refer = referrer(plan);
  const regionOf = regionFinder(plan);
  const elsewhere = (resource: PlannedResource): string | undefined => {
    const region = regionOf(resource);
    return region === plan.region ? undefined : region;
  };
  return (resource) => [
    `${pc.cyan(resource.type)} ${isCreated(resource) ? resource.name : pc.bold(resource.name)}`,
    ...flags(resource, elsewhere).map((flag) => pc.magenta(`[${flag}]`)),
    ...keyInputs(resource, refer).map(([key, value]) => `${pc.dim(`${key}=`)}${value}`),
  ];
}

function renderNode(
  { resource, children }: TreeNode,
  lead: string,
  indent: string,
  partsOf: (resource: PlannedResource) => string[],
): string[] {
  const more = `${indent}${children.length > 0 ? "│  " : "   "}  `;
  const width = terminalWidth() ?? Infinity;
  const [first, rest] = [width - visibleLength(lead), width - visibleLength(more)];
  const [head = "", ...inputs] = partsOf(resource);
  const parts = [
    ...(visibleLength(head) > first ? head.split(" ") : [head]),
    ...inputs.map((part) => cut(part, rest)),
  ];
  const [line = "", ...others] = fold(parts, "  ", first, rest);
  const below = children.flatMap((child, index) => {
    const last = index === children.length - 1;
    return renderNode(
      child,
      `${indent}${last ? "└─ " : "├─ "}`,
      `${indent}${last ? "   " : "│  "}`,
      partsOf,
    );
  });
  return [`${lead}${line}`, ...others.map((other) => `${more}${other}`), ...below];
}

function outputLines({ plan }: StackReport): string[] {
  const names = Object.keys(plan.outputs);
  return names.length > 0
    ? ["", hanging("Outputs: ", names.sort().join(", "), terminalWidth() ?? Infinity)]
    : [];
}
