import ELK, { type ElkExtendedEdge, type ElkNode, type ElkPort } from "elkjs/lib/elk.bundled.js";
import { rows, spaces, type Row } from "./grid";
import type { Box } from "./text";

/** A card, or what stands for several, in its row. A row is equally high throughout. */
export interface Slot {
  id: string;
  row: Row;
  x: number;
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** A line from the bottom of one slot to the top of another, and where it leaves and arrives. */
export interface Line {
  id: string;
  from: string;
  fromX: number;
  to: string;
  toX: number;
}

export interface ElkResult {
  boxes: Map<string, Box>;
  lines: Map<string, Point[]>;
}

// What the layout does: rows become layers, the columns are fixed beforehand (INTERACTIVE), and
// ELK finds the rows' distances and the right-angled ways of all lines between them.
const options = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.partitioning.activate": "true",
  "elk.separateConnectedComponents": "false",
  "elk.layered.cycleBreaking.strategy": "INTERACTIVE",
  "elk.layered.crossingMinimization.strategy": "INTERACTIVE",
  "elk.layered.nodePlacement.strategy": "INTERACTIVE",
  "elk.spacing.edgeNode": "8",
  "elk.spacing.edgeEdge": "10",
  "elk.spacing.nodeNode": String(spaces.gutter),
  "elk.layered.spacing.nodeNodeBetweenLayers": "34",
  "elk.layered.spacing.edgeNodeBetweenLayers": "18",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "12",
};

/**
 * Lays slots out in their rows and routes the lines.
 *
 * @param heads px to keep free above a row.
 */
export async function layOut(
  slots: Slot[],
  lines: Line[],
  heads: Partial<Record<Row, number>>,
): Promise<ElkResult> {
  if (slots.length === 0) return { boxes: new Map(), lines: new Map() };
  const children = slots.map(({ id, row, x, width, ...slot }): ElkNode => {
    const height = slot.height + (heads[row] ?? 0);
    return {
      id,
      x,
      y: rows.indexOf(row) * 1000,
      width,
      height,
      ports: ports(id, x, height, lines),
      layoutOptions: {
        "elk.portConstraints": "FIXED_POS",
        "elk.partitioning.partition": String(rows.indexOf(row)),
      },
    };
  });
  const edges = lines.map((line): ElkExtendedEdge => ({
    id: line.id,
    sources: [portId(line.from, line.fromX, "SOUTH")],
    targets: [portId(line.to, line.toX, "NORTH")],
  }));
  const elk = new ELK();
  const root = await elk.layout({ id: "root", layoutOptions: options, children, edges });
  return read(root, slots, lines, heads);
}

function portId(slot: string, x: number, side: string): string {
  return `${slot} ${side} ${x}`;
}

/** Lines that meet in one place share a port: ELK then draws them as one that branches. */
function ports(id: string, x: number, height: number, lines: Line[]): ElkPort[] {
  const found = lines.flatMap((line) => {
    const port = (at: number, y: number, side: string): ElkPort => ({
      id: portId(id, at, side),
      x: at - x,
      y,
      width: 0,
      height: 0,
      layoutOptions: { "elk.port.side": side },
    });
    if (line.from === id) return [port(line.fromX, height, "SOUTH")];
    return line.to === id ? [port(line.toX, 0, "NORTH")] : [];
  });
  return [...new Map(found.map((port) => [port.id, port])).values()];
}

/** ELK moves everything by its own padding; heads are taken off again. */
function read(
  root: ElkNode,
  slots: Slot[],
  lines: Line[],
  heads: Partial<Record<Row, number>>,
): ElkResult {
  const placed = new Map((root.children ?? []).map((child) => [child.id, child]));
  const [first] = slots;
  const shift = (first?.x ?? 0) - (placed.get(first?.id ?? "")?.x ?? 0);
  const boxes = new Map(
    slots.map(({ id, row, x, width, height }): [string, Box] => {
      const top = placed.get(id)?.y ?? 0;
      return [id, { x, y: Math.round(top) + (heads[row] ?? 0), width, height }];
    }),
  );
  const ways = new Map<string, Point[]>();
  for (const line of lines) {
    const [section] = root.edges?.find(({ id }) => id === line.id)?.sections ?? [];
    if (!section) continue;
    const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(
      ({ x, y }) => ({ x: Math.round(x + shift), y: Math.round(y) }),
    );
    ways.set(line.id, toBorders(points, boxes.get(line.from), boxes.get(line.to)));
  }
  return { boxes, lines: ways };
}

/** Draws the ends out, over the heads and to the cards themselves. */
function toBorders(points: Point[], from: Box | undefined, to: Box | undefined): Point[] {
  const start = points[0];
  const end = points.at(-1);
  if (start && from) start.y = from.y + from.height;
  if (end && to) end.y = to.y;
  return points;
}
