import { replicationPlan, type Following } from "../../stacks/replicationPlan";
import { serviceLevel } from "../../stacks/serviceLevel";
import { regionFinder, type PeerOwned, type PeerRead } from "../plan/crossRegion";
import { shortType } from "../plan/inventory";
import type { PlannedResource } from "../plan/plan";
import { isActive, type StackReport } from "./report";
import { together } from "../output/text";

/** Stacks that are the regions of one installation. */
export interface Installation {
  domain: string;
  /** The home region's first. */
  stacks: StackReport[];
}

/** One row of what a reader should know of an installation: what it is about, and the facts. */
export type Fact = [label: string, text: string];

/** By domain, in the order of the first stack of each. */
export function installations(reports: StackReport[]): Installation[] {
  const found = new Map<string, StackReport[]>();
  for (const report of reports) {
    found.set(report.config.domain, [...(found.get(report.config.domain) ?? []), report]);
  }
  const place = ({ config }: StackReport): number => config.regions.indexOf(config.region);
  return [...found].map(([domain, stacks]) => ({
    domain,
    stacks: stacks.toSorted((one, other) => place(one) - place(other)),
  }));
}

/**
 * How the regions of an installation work together. Also for one of its stacks alone, with what is
 * known from there.
 */
export function facts({ stacks }: Installation): Fact[] {
  const [first] = stacks;
  if (!first) return [];
  const { config } = stacks.find(isActive) ?? first;
  const names = stackNames(stacks);
  const label = (region: string): string => {
    const stack = names.get(region);
    return stack === undefined ? region : `${region} (${stack})`;
  };
  // The label stands once, before the first of its facts.
  const row = (name: string, texts: (string | undefined)[]): Fact[] =>
    texts
      .filter((text) => text !== undefined)
      .map((text, index): Fact => [index === 0 ? name : "", text]);
  const { regions, regionCount } = config;
  const active = regions.slice(0, regionCount);
  const home = regions[0] ?? "";
  return [
    ["Regions", active.map((name) => label(name) + (name === home ? ", home" : "")).join("; ")],
    ["Writer", writerText(first, active, label)],
    ...row("Replication", stacks.map(flowText)),
    ...row("Peering", stacks.map(peeringText)),
    ...row("Backups", stacks.map(backupText)),
    ...stacks.flatMap((report): Fact[] => [
      ...row(`${report.stack} reads`, [readsText(report)]),
      ...row(`${report.stack} owns`, [ownsText(report)]),
    ]),
    ...orders(stacks, names),
  ];
}

/** Region to stack; of a stack that is not among the reports only where another one names it. */
function stackNames(stacks: StackReport[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { config } of stacks) {
    const other = config.regions.find((region) => region !== config.region);
    if (other !== undefined && config.peerStack !== undefined) names.set(other, config.peerStack);
  }
  for (const { stack, config } of stacks) names.set(config.region, stack);
  return names;
}

function writerText(
  { config }: StackReport,
  active: string[],
  label: (region: string) => string,
): string {
  const { mode, writer, ownership } = config.replication;
  const [one = ""] = active;
  const frozen = config.database.appAccess === "readOnly" ? ", frozen: nobody writes" : "";
  if (active.length < 2) return `${one} alone; nothing crosses regions${frozen}`;
  if (mode === "none") return `each region its own database; nothing is copied${frozen}`;
  if (mode === "twoWay") {
    const shares = active.map((region) => {
      if (!ownership) return region;
      if ("tables" in ownership) return `${region} ${tableText(ownership.tables[region] ?? [])}`;
      return `${region} rows with ${ownership.tenantColumn} = ${ownership.values[region] ?? ""}`;
    });
    return `both, each its own rows: ${shares.join("; ")}${frozen}`;
  }
  const reader = active.find((region) => region !== writer) ?? "";
  return `${label(writer)}${frozen}; ${reader} has a copy that its application reads only`;
}

/** The flow of changes into a stack's region. */
function flowText(report: StackReport): string | undefined {
  const { follows } = report.replication;
  if (!follows) return undefined;
  const lead = `${follows.region} → ${report.config.region}, owned by ${report.stack}`;
  const instance = find(report, "aws:dms/replicationInstance:ReplicationInstance");
  if (!instance) return `${lead}: not yet, the other region's stack is not up`;
  const { replicationInstanceClass, engineVersion, allocatedStorage, multiAz } = instance.inputs;
  return (
    `${lead}: ${shareText(follows)}; ${follows.fullLoad ? "full load, then changes" : "changes only"}; ` +
    `DMS ${text(engineVersion)} on ${text(replicationInstanceClass)}, ${text(allocatedStorage)} GiB, ` +
    (multiAz === true ? "Multi-AZ" : "no standby")
  );
}

function shareText({ tables, filter }: Following): string {
  return filter
    ? `${tableText(tables)} where ${filter.column} = ${filter.value}`
    : tableText(tables);
}

/** `all tables`, or the patterns, at most so many. */
export function tableText(tables: string[], most = 6): string {
  if (tables.length === 1 && tables[0] === "%.%") return "all tables";
  const more = tables.length > most ? ` and ${tables.length - most} more` : "";
  return tables.slice(0, most).join(", ") + more;
}

function peeringText(report: StackReport): string | undefined {
  if (!report.replication.ownsPeering) return undefined;
  const regionOf = regionFinder(report.plan);
  const { region } = report.config;
  const inside = report.plan.resources.filter(
    ({ component }) => component && shortType(component.type) === "RegionPeering",
  );
  // A route in one region leads to the other region's subnets.
  const leadingFrom = (own: boolean): string[] =>
    distinct(
      inside
        .filter(({ type }) => type === "aws:ec2/route:Route")
        .filter((route) => (regionOf(route) === region) === own)
        .map(({ inputs }) => text(inputs.destinationCidrBlock)),
    );
  const ports = distinct(
    inside
      .filter(({ type }) => type.endsWith(":SecurityGroupIngressRule"))
      .map(({ inputs }) => text(inputs.fromPort)),
  );
  if (inside.length === 0) return undefined;
  const other = report.replication.otherRegion ?? "";
  return (
    `owned by ${report.stack}: ${other} ${leadingFrom(true).join(", ")} ↔ ` +
    `${region} ${leadingFrom(false).join(", ")}; isolated subnets only, port ${ports.join(", ")}`
  );
}

function backupText(report: StackReport): string | undefined {
  const type = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";
  const copy = find(report, type);
  if (!copy) return undefined;
  const source = text(copy.inputs.sourceDbInstanceArn).split(":")[3] ?? "";
  const days = text(copy.inputs.retentionPeriod);
  return `of ${source} also kept in ${report.config.region} (${report.stack}), ${days} days`;
}

function readsText({ crossRegion }: StackReport): string | undefined {
  const all = crossRegion.filter((entry): entry is PeerRead => entry.kind === "reads");
  const [first] = all;
  if (!first) return undefined;
  const topics = all.map((entry) => `${entry.what} (for ${componentsText(entry.for)})`);
  return `from ${first.stack}: ${topics.join("; ")}`;
}

function ownsText({ crossRegion }: StackReport): string | undefined {
  const all = crossRegion.filter((entry): entry is PeerOwned => entry.kind === "owns");
  const providers = [...new Set(all.map(({ provider }) => provider))];
  const texts = providers.map((provider) => {
    const own = all.filter((entry) => entry.provider === provider);
    const total = own.reduce((sum, { resources }) => sum + resources, 0);
    const parts = own.map(({ component, resources }) => together(component, String(resources)));
    const [first] = own;
    const held = first?.untouched ? ", left as they are" : "";
    return `in ${first?.region}, by provider ${provider}, ${total} resources${held}: ${parts.join(", ")}`;
  });
  return texts.length > 0 ? texts.join("; ") : undefined;
}

/** `AllowedFlow ×6, RegionPeering peering`: one by its name, more by their number. */
function componentsText(components: string[]): string {
  const byType = new Map<string, string[]>();
  for (const component of components) {
    const [type = ""] = component.split(" ");
    byType.set(type, [...(byType.get(type) ?? []), component]);
  }
  return [...byType]
    .map(([type, all]) => together(all.length === 1 ? (all[0] ?? type) : `${type} ×${all.length}`))
    .join(", ");
}

/** In which order the two stacks come and go, and why. */
function orders(stacks: StackReport[], names: Map<string, string>): Fact[] {
  const [first] = stacks;
  if (!first) return [];
  const { config } = first;
  const [home = "", other = ""] = config.regions.map((region) => names.get(region));
  const left = stacks.find((report) => !isActive(report));
  if (left) return [["Next up", `${left.stack}, which that empties, then ${home}`]];
  if (config.regionCount < 2 || home === "" || other === "") return [];
  const atHome = { ...config, region: config.regions[0] ?? "" };
  const away = { ...config, region: config.regions[1] ?? "" };
  const follows = replicationPlan(atHome, serviceLevel(atHome)).follows !== undefined;
  const { ownsPeering } = replicationPlan(away, serviceLevel(away));
  if (!ownsPeering && config.hostedZone !== "create") {
    return [["Up, destroy", "in any order: neither stack needs the other"]];
  }
  const again = follows ? `, then ${home} again: it follows ${away.region}` : "";
  return [
    ["First up", `${home}, then ${other}${again}`],
    [
      "Destroy",
      `${other}, then ${home}; before, \`pulumi up\` in both with protect and ` +
        "database.deletionProtection false",
    ],
  ];
}

function find({ plan }: StackReport, type: string): PlannedResource | undefined {
  return plan.resources.find((resource) => resource.type === type);
}

function distinct(values: string[]): string[] {
  return [...new Set(values)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
