import { spaces } from "./grid";
import type { Point } from "./elk";
import { textWidth, type PlacedText } from "./text";
import type { EdgeKind, Topology } from "./types";

export interface PlacedLegend {
  samples: { kind: EdgeKind; line: Point[]; text: PlacedText }[];
  notes: PlacedText[];
  bottom: number;
}

const words: Partial<Record<EdgeKind, string>> = {
  request: "request",
  lookup: "DNS, health check",
  egress: "way out, 443 TLS",
  api: "AWS APIs, 443 TLS",
  standby: "synchronous copy",
  replication: "replication",
  backup: "copied backups",
};

/** What the kinds of line mean, of those that are there, and what the picture cannot know. */
export function legend(
  kinds: EdgeKind[],
  graph: Topology,
  width: number,
  top: number,
): PlacedLegend {
  const samples: PlacedLegend["samples"] = [];
  let x: number = spaces.margin;
  let y = top + 8;
  for (const [kind, meaning] of Object.entries(words) as [EdgeKind, string][]) {
    if (!kinds.includes(kind)) continue;
    const text = kind === "lookup" && !kinds.includes("health") ? "DNS" : meaning;
    const wide = 34 + textWidth(text, "line") + 22;
    if (x + wide > width - spaces.margin && x > spaces.margin) {
      x = spaces.margin;
      y += 18;
    }
    samples.push({
      kind,
      line: [
        { x, y },
        { x: x + 28, y },
      ],
      text: { x: x + 34, y: y + 4, text, kind: "line" },
    });
    x += wide;
  }
  const notes: PlacedText[] = [];
  if (graph.nodes.some(({ kind }) => kind === "database")) {
    const two = graph.nodes.some(({ kind }) => kind === "standby");
    const text = `RDS chooses the ${two ? "zones of database and standby" : "database's zone"}.`;
    const fits = x + textWidth(text, "line") <= width - spaces.margin;
    if (!fits) y += 18;
    notes.push({ x: fits ? x : spaces.margin, y: y + 4, text, kind: "line" });
  }
  return { samples, notes, bottom: y + 8 };
}
