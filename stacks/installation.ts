import type { ObjectivesConfig, OwnershipConfig, PlatformConfig } from "./config/platformConfig";
import { overlaps } from "./config/formats";

/** One stack as its config stands. */
export interface InstallationStack {
  stack: string;
  config: PlatformConfig;
}

/** Two stacks of one installation that contradict each other. */
export interface InstallationProblem {
  stacks: [string, string];
  key: string;
  message: string;
}

/**
 * Checks stacks against each other. Stacks that share `domain` are the regions of one installation:
 * they must agree on what the installation is, differ in region and addresses, and name each other.
 * @returns no entry when all is well; stacks of different installations are never compared.
 */
export function crossCheck(stacks: InstallationStack[]): InstallationProblem[] {
  return stacks.flatMap((one, index) =>
    stacks
      .slice(index + 1)
      .filter((other) => other.config.domain === one.config.domain)
      .flatMap((other) => comparePair(one, other)),
  );
}

/** What both stacks must have the same, as text for the comparison and the message. */
const agreements: [key: string, text: (config: PlatformConfig) => string][] = [
  ["regions", ({ regions }) => list(regions)],
  ["regionCount", ({ regionCount }) => String(regionCount)],
  ["exposure", ({ exposure }) => exposure],
  ["hostedZone", ({ hostedZone }) => hostedZone],
  ["database.name", ({ database }) => database.name],
  ["replication.mode", ({ replication }) => replication.mode],
  ["replication.tables", ({ replication }) => list(replication.tables.toSorted())],
  ["replication.exclude", ({ replication }) => list(replication.exclude.toSorted())],
  ["replication.ownership", ({ replication }) => ownershipText(replication.ownership)],
  ["objectives", ({ objectives }) => objectivesText(objectives)],
];

function comparePair(one: InstallationStack, other: InstallationStack): InstallationProblem[] {
  const stacks: [string, string] = [one.stack, other.stack];
  const problem = (key: string, message: string): InstallationProblem => ({ stacks, key, message });
  const problems: InstallationProblem[] = [];
  const shared = `${one.stack} and ${other.stack} share the domain ${one.config.domain}`;
  for (const [key, text] of agreements) {
    const [mine, theirs] = [text(one.config), text(other.config)];
    if (mine === theirs) continue;
    problems.push(
      problem(
        key,
        `${shared} but not ${key}: ${mine} and ${theirs}. Set the same in both, or give one its own domain.`,
      ),
    );
  }
  const [writer, otherWriter] = [one.config.replication.writer, other.config.replication.writer];
  // Where regions differ, so does the default; that has been said.
  if (writer !== otherWriter && list(one.config.regions) === list(other.config.regions)) {
    problems.push(
      problem(
        "replication.writer",
        `is ${writer} in ${one.stack} and ${otherWriter} in ${other.stack}, as it is for a while in a fail-over: run \`pulumi up\` in the new writer's stack first, then set the same writer in the other and run it there.`,
      ),
    );
  }
  if (one.config.region === other.config.region) {
    problems.push(
      problem(
        "aws:region",
        `${shared} and the region ${one.config.region}: an installation has one stack per region. Move one, or give it its own domain.`,
      ),
    );
  }
  if (overlaps(one.config.network.cidrBlock, other.config.network.cidrBlock)) {
    problems.push(
      problem(
        "network.cidrBlock",
        `${one.config.network.cidrBlock} of ${one.stack} overlaps ${other.config.network.cidrBlock} of ${other.stack}, so the regions could never be connected: choose another /16 for the one not yet created.`,
      ),
    );
  }
  return [...problems, ...peerProblems(one, other), ...peerProblems(other, one)];
}

function peerProblems(from: InstallationStack, to: InstallationStack): InstallationProblem[] {
  const { peerStack, regionCount } = from.config;
  const unset = peerStack === undefined && regionCount < 2;
  if (unset || peerStack === to.stack) return [];
  const found = peerStack === undefined ? "is missing" : `is ${peerStack}`;
  return [
    {
      stacks: [from.stack, to.stack],
      key: "peerStack",
      message: `${found} in ${from.stack}, whose other region is the stack ${to.stack}: set peerStack to ${to.stack}.`,
    },
  ];
}

function list(values: string[]): string {
  return `[${values.join(", ")}]`;
}

// In a fixed order: two files may list the same in different ones.
function ownershipText(ownership: OwnershipConfig | undefined): string {
  if (!ownership) return "none";
  if ("tables" in ownership) {
    return byRegion(ownership.tables, (patterns) => list(patterns.toSorted()));
  }
  return `${ownership.tenantColumn} ${byRegion(ownership.values, (value) => value)}`;
}

function objectivesText(objectives: ObjectivesConfig): string {
  const set = Object.entries(objectives)
    .filter(([, value]) => value !== undefined)
    .toSorted(([one], [other]) => one.localeCompare(other));
  return `{ ${set.map(([key, value]) => `${key}: ${String(value)}`).join(", ")} }`;
}

function byRegion<T>(values: Record<string, T>, text: (value: T) => string): string {
  const regions = Object.entries(values).toSorted(([one], [other]) => one.localeCompare(other));
  return `{ ${regions.map(([region, value]) => `${region}: ${text(value)}`).join(", ")} }`;
}
