import Table from "cli-table3";
import pc from "picocolors";
import type { InstallationProblem } from "../stacks/installation";
import { flags, isCreated, tree, type TreeNode } from "./inventory";
import { keyInputs, referrer, type Referrer } from "./keyInputs";
import { activeZones, isActive, isFailure, isReport } from "./report";
import type { StackFailure, StackReport, StackResult } from "./report";

const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** The overview: stacks side by side, then what to know about them. */
export function renderOverview(results: StackResult[], problems: InstallationProblem[]): string {
  const reports = results.filter(isReport);
  const failures = results.filter(isFailure);
  return [
    ...(reports.length > 0 ? [overviewTable(reports), ""] : []),
    ...notes(reports),
    ...problems.map(renderProblem),
    ...failures.map(renderFailure),
    totals(reports, failures),
  ].join("\n");
}

export function renderProblem({ stacks, key, message }: InstallationProblem): string {
  return `${pc.red("✖")} ${pc.bold(stacks.join(", "))}: ${key}: ${message}`;
}

function overviewTable(reports: StackReport[]): string {
  const table = new Table({
    head: ["", ...reports.map(({ stack }) => pc.bold(stack))],
    style: { head: [], border: pc.isColorSupported ? ["gray"] : [], compact: true },
    colAligns: ["left", ...reports.map(() => "right" as const)],
  });
  const row = (name: string, cell: (report: StackReport) => string): void => {
    table.push([name, ...reports.map(cell)]);
  };
  row("Region", (report) => report.config.region + (isActive(report) ? "" : " (off)"));
  row("Zones", (report) => zoneCell(report));
  row("Exposure", ({ config }) => config.exposure);
  const components = new Set(
    reports.flatMap(({ inventory }) => Object.keys(inventory.byComponent)),
  );
  for (const component of [...components].sort()) {
    row(component, ({ inventory }) => String(inventory.byComponent[component] ?? "–"));
  }
  row(pc.bold("Resources"), ({ inventory }) => pc.bold(String(inventory.total)));
  row("Warnings", ({ warnings }) =>
    warnings.length > 0 ? pc.yellow(String(warnings.length)) : pc.green("none"),
  );
  return table.toString();
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
    return `${pc.yellow("!")} ${pc.bold(whose)}: ${message}`;
  });
  return lines.length > 0 ? [...lines, ""] : [];
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
export function renderStack(report: StackReport): string {
  const { config, stack, plan, inventory, warnings } = report;
  const protectedCount = inventory.protected.length;
  return [
    `${pc.bold(stack)}  ${config.region}, ${zonesText(report)}, ${config.exposure}, ${config.domain}`,
    `${plural(inventory.total, "resource")}, ${protectedCount} protected`,
    "",
    ...tree(plan).flatMap((node) => renderNode(node, "", "", referrer(plan))),
    ...outputLines(report),
    "",
    ...warnings.map(({ message }) => `${pc.yellow("!")} ${message}`),
    "Planned offline: nothing was created; → names the resource whose id or ARN will stand there.",
  ].join("\n");
}

function zonesText(report: StackReport): string {
  const zones = activeZones(report);
  return isActive(report) ? `${plural(zones.length, "zone")} (${zones.join(", ")})` : "not in use";
}

function renderNode(node: TreeNode, lead: string, indent: string, refer: Referrer): string[] {
  const { resource, children } = node;
  const inputs = keyInputs(resource, refer).map(([key, value]) => `${pc.dim(`${key}=`)}${value}`);
  const name = isCreated(resource) ? resource.name : pc.bold(resource.name);
  const marks = flags(resource).map((flag) => pc.magenta(`[${flag}]`));
  const line = [`${lead}${pc.cyan(resource.type)} ${name}`, ...marks, ...inputs].join("  ");
  const below = children.flatMap((child, index) => {
    const last = index === children.length - 1;
    return renderNode(
      child,
      `${indent}${last ? "└─ " : "├─ "}`,
      `${indent}${last ? "   " : "│  "}`,
      refer,
    );
  });
  return [line, ...below];
}

function outputLines({ plan }: StackReport): string[] {
  const names = Object.keys(plan.outputs);
  return names.length > 0 ? ["", `Outputs: ${names.sort().join(", ")}`] : [];
}
