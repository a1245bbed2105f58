import pc from "picocolors";
import { regionFinder } from "../plan/crossRegion";
import type { InstallationFigures } from "../figures/figures";
import { facts, installations } from "../figures/installations";
import { flags, isCreated, tree, type TreeNode } from "../plan/inventory";
import { keyInputs } from "../plan/keyInputs";
import type { PlannedResource } from "../plan/plan";
import { referrer } from "../plan/references";
import { activeZones, isActive, type StackReport } from "../figures/report";
import { plural } from "./format";
import { factLines, nextLines, verdictLines } from "./installationBlock";
import { cut, fold, hanging, terminalWidth, visibleLength } from "./text";

const legend =
  "nothing was created; → names the resource whose id or ARN will stand there, or the other " +
  "region's stack and what it offers.";

/** One stack in detail: its component tree with the inputs that matter. */
export function renderStack(report: StackReport, figures: InstallationFigures[] = []): string {
  const { config, stack, plan, inventory } = report;
  const groups = installations([report]);
  const protectedCount = inventory.protected.length;
  const width = terminalWidth() ?? Infinity;
  const what = [config.region, zonesText(report), config.exposure, config.domain].join(", ");
  return [
    hanging(`${pc.bold(stack)}  `, what, width),
    `${plural(inventory.total, "resource")}, ${protectedCount} protected`,
    "",
    ...groups.flatMap((group) => verdictLines(group, figures)),
    "",
    ...tree(plan).flatMap((node) => renderNode(node, "", "", nodeText(plan))),
    ...outputLines(report),
    "",
    ...groups.flatMap((group) => factLines(facts(group))),
    "",
    hanging("Planned offline: ", legend, width),
    ...nextLines([
      [`npm run tradeoff -- ${stack}`, "the settings around it: what each avoided minute costs"],
      [`npm run up:local -- ${stack}`, "brings it up on this machine"],
    ]),
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
