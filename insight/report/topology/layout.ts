import { areasOf, headsOf, idleRegions, type PlacedArea, type RowsAt } from "./areas";
import { layOut, type ElkResult, type Line, type Point, type Slot } from "./elk";
import { aroundDns, entryParts, entrySlot, placeEntry, type Entry } from "./entry";
import { entryX, grids, lineX, rowOf, serverInset, spaces, span, type RegionGrid } from "./grid";
import { placeLabel, type Label } from "./labels";
import { legend, type PlacedLegend } from "./legend";
import { lanesBelow, routes } from "./routes";
import { cardTexts, neededSize, textBox, textWidth, type Box, type PlacedText } from "./text";
import type { Topology, TopologyEdge, TopologyNode } from "./types";

export interface PlacedNode {
  node: TopologyNode;
  box: Box;
}

/** An edge as drawn: in parts where it passes through a card on its way. */
export interface PlacedEdge {
  edge: TopologyEdge;
  parts: Point[][];
  label?: Label;
}

/** The picture as geometry, in px. */
export interface Layout {
  width: number;
  height: number;
  heading: PlacedText[];
  /** From the outside in. */
  areas: PlacedArea[];
  nodes: PlacedNode[];
  edges: PlacedEdge[];
  legend: PlacedLegend;
}

const headingHeight = 40;

/** Gives every part of the graph its place. The same graph always gets the same. */
export async function layoutOf(graph: Topology): Promise<Layout> {
  const columns = grids(graph);
  const entry = entryParts(graph, columns);
  const slots = level([...entrySlot(entry), ...columns.flatMap((grid) => slotsOf(graph, grid))]);
  const heads = headsOf(slots, columns);
  const lines = linesOf(graph, columns, entry);
  const result = await layOut(slots, lines, heads);
  for (const box of result.boxes.values()) box.y += headingHeight;
  for (const points of result.lines.values()) for (const point of points) point.y += headingHeight;
  return assemble(graph, columns, entry, slots, result);
}

/** Cards of one row are equally high. */
function level(slots: Slot[]): Slot[] {
  return slots.map((slot) => {
    const row = slots.filter((other) => other.row === slot.row);
    return { ...slot, height: Math.max(...row.map(({ height }) => height)) };
  });
}

/** Cards that stand in rows; a fleet stands for its servers. */
function slotsOf(graph: Topology, grid: RegionGrid): Slot[] {
  const own = graph.nodes.filter(({ region }) => region === grid.region.name);
  return own.flatMap((node): Slot[] => {
    const row = rowOf(node);
    if (!row) return [];
    const { height, width } = neededSize(node);
    if (row === "gateway") {
      return [
        { id: node.id, row, x: entryX(graph, grid) - 95, width: Math.max(190, width), height },
      ];
    }
    return [{ id: node.id, row, ...span(grid, node.zones ?? []), height }];
  });
}

function linesOf(graph: Topology, columns: RegionGrid[], entry: Entry): Line[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  return graph.edges.flatMap((edge): Line[] => {
    const grid = columns.find(({ region }) => edge.to.startsWith(`${region.name}/`));
    if (!grid || !["request", "health", "egress"].includes(edge.kind)) return [];
    const from = nodes.get(edge.from);
    const to = nodes.get(edge.to);
    if (!from || !to) return [];
    const center = entryX(graph, grid);
    if (edge.from === "clients" || edge.from === "dns") {
      const side = grid.index === 0 ? 1 : -1;
      const [fromX, toX] =
        edge.from === "clients"
          ? [entry.clientX[grid.index], center]
          : [entry.dnsX[grid.index], center + 50 * side];
      return [{ id: edge.id, from: "entry", fromX: fromX ?? 0, to: edge.to, toX }];
    }
    if (edge.kind === "egress") {
      const x = lineX(grid, from.zones?.[0] ?? "");
      const at = x < center ? Math.max(x, center - 80) : center + 50;
      // Outward, but laid out from the gateway down, like everything else.
      return [{ id: edge.id, from: edge.to, fromX: at, to: edge.from, toX: x }];
    }
    if (edge.to.endsWith("/web-balancer")) {
      return [{ id: edge.id, from: edge.from, fromX: center, to: edge.to, toX: center }];
    }
    const zoned = from.kind === "servers" ? from : to;
    const x = lineX(grid, zoned.zones?.[0] ?? "");
    const toX = to.kind === "database" ? lineX(grid, to.zones?.[0] ?? "") : x;
    return [{ id: edge.id, from: from.parent ?? from.id, fromX: x, to: to.parent ?? to.id, toX }];
  });
}

function assemble(
  graph: Topology,
  columns: RegionGrid[],
  entry: Entry,
  slots: Slot[],
  { boxes, lines }: ElkResult,
): Layout {
  const rowsAt: RowsAt = new Map();
  for (const { id, row, height } of slots) {
    const top = boxes.get(id)?.y ?? 0;
    rowsAt.set(row, { top, bottom: Math.max(top + height, rowsAt.get(row)?.bottom ?? 0) });
  }
  const lanes = lanesBelow(graph);
  const placed = new Map<string, Box>(boxes);
  for (const [id, box] of placeEntry(entry, boxes.get("entry"))) placed.set(id, box);
  placed.delete("entry");
  placeServers(graph, columns, placed);
  const areas = columns.flatMap((grid) => areasOf(grid, rowsAt, lanes.height));
  const servicesTop =
    Math.max(
      0,
      ...areas.filter(({ kind }) => kind === "vpc").map(({ box }) => box.y + box.height),
    ) + 12;
  placeBeside(graph, columns, placed, servicesTop);
  const bottom = servicesBottom(columns, placed, servicesTop) + 10 + lanes.services;
  for (const { kind, box } of areas) if (kind === "region") box.height = bottom - box.y;
  const right = Math.max(360, ...columns.map(({ x, width }) => x + width));
  areas.push(...idleRegions(graph, columns, areas, right, bottom));
  const edges = graph.edges.map((edge) => ({ edge, parts: [lines.get(edge.id) ?? []] }));
  const own = routes(graph, columns, placed, rowsAt.get("database")?.bottom ?? 0);
  const clients = placed.get("clients");
  for (const item of edges) {
    const found = own.edges.find(({ edge }) => edge.id === item.edge.id);
    if (found) item.parts = found.parts;
    if (clients && item.edge.kind === "request" && item.edge.from === "clients") {
      item.parts = item.parts.map((points) => aroundDns(clients, points));
    }
  }
  if (own.peering) placed.set("peering", own.peering);
  const drawn = edges.filter(({ parts }) => parts.some((part) => part.length > 1));
  const nodes = graph.nodes.flatMap((node) => {
    const box = placed.get(node.id);
    return box ? [{ node, box }] : [];
  });
  const width = Math.max(right, ...areas.map(({ box }) => box.x + box.width)) + spaces.margin;
  const heading = headingOf(graph);
  const total = Math.max(bottom, ...areas.map(({ box }) => box.y + box.height), 80);
  const under = legend(
    drawn.map(({ edge }) => edge.kind),
    graph,
    width,
    total + 14,
  );
  return {
    width,
    height: under.bottom + 10,
    heading,
    areas,
    nodes,
    edges: labelled(drawn, nodes, areas, heading),
    legend: under,
  };
}

function headingOf({ domain, regions }: Topology): PlacedText[] {
  const active = regions.filter(({ state }) => state !== "unused").length;
  const count = `${active} ${active === 1 ? "region" : "regions"} in use`;
  return [
    { x: spaces.margin, y: 26, text: domain, kind: "head" },
    { x: spaces.margin + textWidth(domain, "head") + 10, y: 26, text: count, kind: "line" },
  ];
}

/** Servers stand inside their fleet's frame, one card per zone. */
function placeServers(graph: Topology, columns: RegionGrid[], placed: Map<string, Box>): void {
  for (const node of graph.nodes) {
    const grid = columns.find(({ region }) => region.name === node.region);
    const frame = placed.get(node.parent ?? "");
    const x = grid?.zones.get(node.zones?.[0] ?? "");
    if (!grid || !frame || x === undefined) continue;
    placed.set(node.id, {
      x: x + serverInset,
      y: frame.y + 24,
      width: grid.cell - 2 * serverInset,
      height: frame.height - 24 - serverInset,
    });
  }
}

/** Endpoints and replication beside the zones, regional services under the VPC. */
function placeBeside(
  graph: Topology,
  columns: RegionGrid[],
  placed: Map<string, Box>,
  servicesTop: number,
): void {
  for (const grid of columns) {
    const id = (name: string): string => `${grid.region.name}/${name}`;
    const web = placed.get(id("web-fleet"));
    const app = placed.get(id("app-fleet"));
    const database = placed.get(id("database"));
    const node = (name: string): TopologyNode | undefined =>
      graph.nodes.find((item) => item.id === id(name));
    const endpoints = node("endpoints");
    if (endpoints && web && app) {
      const height = Math.max(neededSize(endpoints).height, app.y + app.height - web.y);
      placed.set(endpoints.id, { ...grid.side, y: web.y, height });
    }
    const replication = node("replication");
    if (replication && database) {
      placed.set(replication.id, { ...grid.side, y: database.y, height: database.height });
    }
    const height = Math.max(0, ...grid.services.map((item) => neededSize(item.node).height));
    for (const { node: service, x, width } of grid.services) {
      placed.set(service.id, { x, y: servicesTop, width, height });
    }
  }
}

function servicesBottom(columns: RegionGrid[], placed: Map<string, Box>, top: number): number {
  const boxes = columns.flatMap(({ services }) =>
    services.flatMap(({ node }) => placed.get(node.id) ?? []),
  );
  return Math.max(top, ...boxes.map(({ y, height }) => y + height));
}

/** Labels where there is room; of lines that mean the same in every zone, the first has it. */
function labelled(
  edges: PlacedEdge[],
  nodes: PlacedNode[],
  areas: PlacedArea[],
  heading: PlacedText[],
): PlacedEdge[] {
  const texts = [...heading, ...areas.flatMap((area) => area.texts)];
  const boxes = [...nodes.map(({ box }) => box), ...texts.map(textBox)];
  const lines = [...edges.flatMap(({ parts }) => parts), ...areas.map(({ box }) => outline(box))];
  const told = new Set<string>();
  return edges.map((item) => {
    const { edge, parts } = item;
    const group = [edge.kind, edge.from, edge.to].join(" ").replace(/(servers|nat)\/\S+/g, "$1");
    if (edge.label === "" || told.has(group)) return item;
    const label = placeLabel(edge.label, parts, { boxes, lines });
    if (!label) return item;
    told.add(group);
    boxes.push(label.box);
    return { ...item, label };
  });
}

function outline({ x, y, width, height }: Box): Point[] {
  const [right, bottom] = [x + width, y + height];
  return [
    { x, y },
    { x: right, y },
    { x: right, y: bottom },
    { x, y: bottom },
    { x, y },
  ];
}

/** Every text of the picture that stands on a card. */
export function nodeTexts({ node, box }: PlacedNode): PlacedText[] {
  return cardTexts(node, box);
}
