import type { Point, Slot } from "./elk";
import { entryX, type RegionGrid } from "./grid";
import { neededSize, type Box } from "./text";
import type { Topology, TopologyNode } from "./types";

/** Clients and Route 53, which stand above the regions as one slot. */
export interface Entry {
  clients?: TopologyNode;
  dns?: TopologyNode;
  x: number;
  width: number;
  height: number;
  /** Places inside of the slot. */
  boxes: Map<string, Box>;
  /** Where the lines to each region leave the slot. */
  clientX: number[];
  dnsX: number[];
}

const between = 30;
const beside = 70;
const outside = 56;

/**
 * Over one region the clients stand above its entry and Route 53 beside them; over two, both stand
 * in the middle and the clients' lines run around Route 53.
 */
export function entryParts(graph: Topology, columns: RegionGrid[]): Entry {
  const clients = graph.nodes.find(({ id }) => id === "clients");
  const dns = graph.nodes.find(({ id }) => id === "dns");
  const [first, second] = columns;
  const none = { x: 0, width: 0, height: 0, boxes: new Map<string, Box>(), clientX: [], dnsX: [] };
  if (!clients || !dns || !first) return none;
  const a = neededSize(clients);
  const b = neededSize(dns);
  if (!second) {
    const x = Math.max(first.x, Math.round(entryX(graph, first) - a.width / 2));
    const height = Math.max(a.height, b.height);
    const dnsLeft = x + a.width + beside;
    return {
      clients,
      dns,
      x,
      width: a.width + beside + b.width,
      height,
      boxes: new Map([
        ["clients", { x, y: 0, width: a.width, height }],
        ["dns", { x: dnsLeft, y: 0, width: b.width, height }],
      ]),
      clientX: [entryX(graph, first)],
      dnsX: [dnsLeft + 40],
    };
  }
  const inner = Math.max(a.width, b.width);
  const width = inner + 2 * outside;
  const center = Math.round((first.x + second.x + second.width) / 2);
  const x = center - width / 2;
  const half = inner / 2;
  return {
    clients,
    dns,
    x,
    width,
    height: a.height + between + b.height,
    boxes: new Map([
      ["clients", { x: center - half, y: 0, width: inner, height: a.height }],
      ["dns", { x: center - half, y: a.height + between, width: inner, height: b.height }],
    ]),
    clientX: [x + 20, x + width - 20],
    dnsX: [center - half + 30, center + half - 30],
  };
}

export function entrySlot({ clients, x, width, height }: Entry): Slot[] {
  return clients ? [{ id: "entry", row: "entry", x, width, height }] : [];
}

/** The cards inside the slot, once that has its place. */
export function placeEntry(entry: Entry, slot: Box | undefined): [string, Box][] {
  return [...entry.boxes].map(([id, box]) => [id, { ...box, y: box.y + (slot?.y ?? 0) }]);
}

/** From the side of the clients' card to where ELK's line begins. */
export function aroundDns(clients: Box, points: Point[]): Point[] {
  const [start] = points;
  if (!start || (start.x > clients.x && start.x < clients.x + clients.width)) return points;
  const y = Math.round(clients.y + clients.height / 2);
  const side = start.x < clients.x ? clients.x : clients.x + clients.width;
  return [{ x: side, y }, { x: start.x, y }, ...points.slice(1)];
}
