import type { Point } from "./elk";
import { spaces, type RegionGrid } from "./grid";
import { neededSize, type Box } from "./text";
import type { Topology, TopologyEdge } from "./types";

const laneStep = 20;
const backupStep = 18;

/** How much room lines need that run below the databases, and below the services. */
export function lanesBelow(graph: Topology): { height: number; services: number } {
  const count = graph.edges.filter(({ kind }) => kind === "replication").length;
  const copies = graph.edges.filter(({ kind }) => kind === "backup").length;
  return {
    height: count === 0 ? 0 : count * laneStep + 4,
    services: copies > 1 ? copies * backupStep : 0,
  };
}

/**
 * What runs across the rows: look-ups, calls of AWS APIs, the standby, replication and copied
 * backups. Replication runs in lanes of its own below the databases, through the peering.
 */
export function routes(
  graph: Topology,
  columns: RegionGrid[],
  placed: Map<string, Box>,
  databasesBottom: number,
): { edges: { edge: TopologyEdge; parts: Point[][] }[]; peering?: Box } {
  const lanes = laneOrder(graph.edges.filter(({ kind }) => kind === "replication"));
  const laneY = (edge: TopologyEdge): number =>
    databasesBottom + 18 + laneStep * lanes.findIndex(({ id }) => id === edge.id);
  const crossing = lanes.filter((edge) => regionOf(edge.from) !== regionOf(edge.to));
  const peering = peeringBox(graph, columns, crossing.map(laneY));
  const copies = graph.edges.filter(({ kind }) => kind === "backup");
  const edges = graph.edges.flatMap((edge) => {
    const from = placed.get(edge.from);
    const to = placed.get(edge.to);
    if (!from || !to) return [];
    if (edge.kind === "lookup") return [{ edge, parts: [lookup(from, to)] }];
    if (edge.kind === "replication") {
      const sides = [isRight(columns, edge.from), isRight(columns, edge.to)] as const;
      return [{ edge, parts: replication(edge, from, to, laneY(edge), sides, peering) }];
    }
    if (edge.kind === "backup" && copies.length > 1) {
      const y = from.y + from.height + backupStep * (copies.indexOf(edge) + 1);
      return [{ edge, parts: [below(from, to, y)] }];
    }
    if (["api", "standby", "backup"].includes(edge.kind)) {
      return [{ edge, parts: [straight(from, to)] }];
    }
    return [];
  });
  return { edges, peering };
}

/** What stays in a region runs inside of what leaves it, so that the two don't cross. */
function laneOrder(edges: TopologyEdge[]): TopologyEdge[] {
  const leaves = ({ from, to }: TopologyEdge): number => (regionOf(from) === regionOf(to) ? 0 : 1);
  return [...edges].sort((a, b) => leaves(a) - leaves(b));
}

function regionOf(id: string): string {
  return id.split("/")[0] ?? "";
}

function isRight(columns: RegionGrid[], id: string): boolean {
  return columns.find(({ region }) => region.name === regionOf(id))?.sideIsRight ?? true;
}

function peeringBox(graph: Topology, columns: RegionGrid[], lanes: number[]): Box | undefined {
  const node = graph.nodes.find(({ kind }) => kind === "peering");
  const [first] = columns;
  if (!node || !first || lanes.length === 0) return undefined;
  const { width, height } = neededSize(node);
  const left = first.x + first.width;
  const middle = (Math.min(...lanes) + Math.max(...lanes)) / 2;
  const x = Math.round(left + (spaces.betweenRegions - width) / 2);
  return { x, y: Math.round(middle - height / 2), width, height };
}

function lookup(from: Box, to: Box): Point[] {
  if (to.x >= from.x + from.width) return straight(from, to);
  const x = Math.round(from.x + from.width / 2);
  return [
    { x, y: from.y + from.height },
    { x, y: to.y },
  ];
}

/** A level line between two cards side by side, in the middle of the lower one's height. */
function straight(from: Box, to: Box): Point[] {
  const low = from.height <= to.height ? from : to;
  const y = Math.round(low.y + low.height / 2);
  const rightwards = to.x > from.x;
  return [
    { x: rightwards ? from.x + from.width : from.x, y },
    { x: rightwards ? to.x : to.x + to.width, y },
  ];
}

function below(from: Box, to: Box, y: number): Point[] {
  const a = Math.round(from.x + from.width / 2);
  const b = Math.round(to.x + to.width / 2);
  return [
    { x: a, y: from.y + from.height },
    { x: a, y },
    { x: b, y },
    { x: b, y: to.y + to.height },
  ];
}

function replication(
  edge: TopologyEdge,
  from: Box,
  to: Box,
  lane: number,
  sides: readonly [fromIsRight: boolean, toIsRight: boolean],
  peering: Box | undefined,
): Point[][] {
  const reads = regionOf(edge.from) !== regionOf(edge.to);
  const adjacent = !reads && !sides[0];
  if (adjacent) return [straight(from, to)];
  // Ports below the cards: reads and writes of one card have their own.
  const start = { x: from.x + 30, y: from.y + from.height };
  const end = {
    x: reads && sides[1] ? to.x + to.width - 30 : to.x + (reads ? 30 : 60),
    y: to.y + to.height,
  };
  const way = [start, { x: start.x, y: lane }, { x: end.x, y: lane }, end];
  if (!reads || !peering) return [way];
  const rightwards = end.x > start.x;
  const near = { x: rightwards ? peering.x : peering.x + peering.width, y: lane };
  const far = { x: rightwards ? peering.x + peering.width : peering.x, y: lane };
  return [
    [start, { x: start.x, y: lane }, near],
    [far, { x: end.x, y: lane }, end],
  ];
}
