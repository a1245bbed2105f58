import { neededSize, textWidth } from "./text";
import type { Topology, TopologyNode, TopologyRegion } from "./types";

/** What the picture's parts keep between each other, in px. */
export const spaces = {
  margin: 16,
  /** Between two regions: room for the peering. */
  betweenRegions: 108,
  /** Between a region's border and its VPC. */
  region: 10,
  /** Between the VPC's border, the bands of subnets, zones and cards. */
  vpc: 8,
  band: 8,
  zone: 7,
  /** Between the cards of two zones. */
  gutter: 22,
  /** Between the zones and the column beside them. */
  side: 16,
  services: 8,
} as const;

/** Rows of cards from the clients down; those that a picture lacks are left out. */
export const rows = [
  "entry",
  "gateway",
  "nat",
  "web-balancer",
  "web-fleet",
  "app-balancer",
  "app-fleet",
  "database",
] as const;
export type Row = (typeof rows)[number];

/** The columns of one region. */
export interface RegionGrid {
  region: TopologyRegion;
  index: number;
  x: number;
  width: number;
  vpc: { x: number; width: number };
  /** Left edges of the zones' cards, by zone name. */
  zones: Map<string, number>;
  cell: number;
  side: { x: number; width: number };
  /** The column beside the zones is on their right; it faces the other region. */
  sideIsRight: boolean;
  services: { node: TopologyNode; x: number; width: number }[];
}

/** Where a vertical line of a zone runs: right of the subnet's address, at every tier. */
export function lineX(grid: RegionGrid, zone: string): number {
  return (grid.zones.get(zone) ?? 0) + grid.cell - 20;
}

/** Left and right end of what spans some zones. */
export function span(grid: RegionGrid, zones: string[]): { x: number; width: number } {
  const lefts = zones.map((zone) => grid.zones.get(zone)).filter((x) => x !== undefined);
  const x = Math.min(...lefts);
  return { x, width: Math.max(...lefts) + grid.cell - x };
}

/** The columns of all regions. Both have the same widths, so that they can be compared. */
export function grids(graph: Topology): RegionGrid[] {
  const cell = cellWidth(graph);
  const side = sideWidth(graph);
  const active = graph.regions.filter(({ state }) => state === "active");
  const services = active.map((region, index) => servicesOf(graph, region, index, active.length));
  const needed = services.map(
    (nodes) =>
      sum(nodes.map((node) => neededSize(node).width)) + spaces.services * (nodes.length - 1),
  );
  const between = (zones: number): number => zones * cell + (zones - 1) * spaces.gutter;
  const edge = spaces.vpc + spaces.band + spaces.zone;
  let x: number = spaces.margin;
  return active.map((region, index) => {
    const zones = region.zones.map(({ name }) => name);
    const inner = edge + between(zones.length) + spaces.zone + spaces.side + side + 2 * spaces.vpc;
    const vpcWidth = Math.max(inner, ...needed);
    const vpc = { x: x + spaces.region, width: vpcWidth };
    const sideIsRight = index === 0;
    const wide = side + vpcWidth - inner;
    const sideX = sideIsRight ? vpc.x + vpcWidth - 2 * spaces.vpc - wide : vpc.x + 2 * spaces.vpc;
    const first = sideIsRight ? vpc.x + edge : sideX + wide + spaces.side + spaces.zone;
    const grid: RegionGrid = {
      region,
      index,
      x,
      width: vpcWidth + 2 * spaces.region,
      vpc,
      zones: new Map(zones.map((zone, at) => [zone, first + at * (cell + spaces.gutter)])),
      cell,
      side: { x: sideX, width: wide },
      sideIsRight,
      services: spread(services[index] ?? [], vpc.x, vpcWidth),
    };
    x += grid.width + spaces.betweenRegions;
    return grid;
  });
}

/** The row of a card; undefined for what stands beside or inside of others. */
export function rowOf({ id, kind }: TopologyNode): Row | undefined {
  if (kind === "standby") return "database";
  const name = id.split("/")[1];
  return rows.find((row) => row === name);
}

/** Requests come in between the first two zones, where no card is in the way. */
export function entryX(graph: Topology, grid: RegionGrid): number {
  const balancer = graph.nodes.find(({ id }) => id === `${grid.region.name}/web-balancer`);
  const [first, second] = balancer?.zones ?? [...grid.zones.keys()];
  const left = grid.zones.get(first ?? "") ?? grid.vpc.x;
  return second === undefined ? left + grid.cell / 2 : left + grid.cell + spaces.gutter / 2;
}

/** Services side by side over the whole width. */
function spread(nodes: TopologyNode[], left: number, width: number): RegionGrid["services"] {
  const needed = nodes.map((node) => neededSize(node).width);
  const gaps = spaces.services * (nodes.length - 1);
  const spare = Math.floor((width - gaps - sum(needed)) / Math.max(1, nodes.length));
  let x = left;
  return nodes.map((node, index) => {
    const own = (needed[index] ?? 0) + spare;
    const placed = { node, x, width: own };
    x += own + spaces.services;
    return placed;
  });
}

/** What is copied to or from the other region comes next to it. */
function servicesOf(
  graph: Topology,
  { name }: TopologyRegion,
  index: number,
  count: number,
): TopologyNode[] {
  const kinds = ["keys", "logs", "alarms", "backups", "copiedBackups"];
  const nodes = kinds.flatMap((kind) =>
    graph.nodes.filter((node) => node.region === name && node.kind === kind),
  );
  return index === 1 && count > 1 ? nodes.reverse() : nodes;
}

function cellWidth({ nodes, regions }: Topology): number {
  const inCells = nodes.filter(({ kind }) =>
    ["nat", "servers", "database", "standby"].includes(kind),
  );
  const cards = inCells.map(
    (node) => neededSize(node).width + (node.kind === "servers" ? 2 * serverInset : 0),
  );
  const titles = regions.flatMap(({ zones }) =>
    zones.map((zone) => textWidth(zoneTitle(zone), "label")),
  );
  const addresses = regions.flatMap(({ subnets }) =>
    subnets.map(({ cidr }) => textWidth(cidr, "line") + 26),
  );
  return Math.max(120, ...cards, ...titles, ...addresses);
}

/** Between a fleet's border and its servers. */
export const serverInset = 6;

export function zoneTitle({ name, idle }: { name: string; idle: boolean }): string {
  return idle ? `${name} · idle` : name;
}

export const bandTitles = { public: "Public", private: "Private", isolated: "Isolated" } as const;

function sideWidth({ nodes }: Topology): number {
  const cards = nodes.filter(({ kind }) => kind === "replication" || kind === "endpoints");
  return Math.max(104, ...cards.map((node) => neededSize(node).width));
}

export function sum(numbers: number[]): number {
  return numbers.reduce((total, item) => total + item, 0);
}
