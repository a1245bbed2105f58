import type { StackReport } from "../../figures/report";
import { icon } from "./icons";
import { layoutOf, nodeTexts, type Layout, type PlacedEdge, type PlacedNode } from "./layout";
import type { PlacedArea } from "./areas";
import type { Point } from "./elk";
import { fingerprint, topology } from "./model";
import { lineColour, colour, styleRules, type LineKind } from "./style";
import { iconBox, type Box, type PlacedText } from "./text";
import type { Topology } from "./types";

export interface TopologyOptions {
  /**
   * Prefix of all ids in the picture: needed where a page shows the same picture twice.
   *
   * @default made of what is shown, so different pictures differ
   */
  id?: string;
}

/**
 * One architecture picture of one installation, found in the plans of its stacks: an `<svg>` to
 * put into a page, or by `svgFile` into a file of its own. The same reports give the same text.
 *
 * Its colours are the custom properties `--topology-…` (see topologyStyle.ts), light unless set.
 *
 * @param reports all stacks of one installation, in any order.
 * @throws Error for none, for stacks of several installations, or for two of one region.
 */
export async function topologySvg(
  reports: StackReport[],
  options: TopologyOptions = {},
): Promise<string> {
  const graph = topology(reports);
  return draw(graph, await layoutOf(graph), options.id ?? `topology-${fingerprint(graph)}`);
}

function draw(graph: Topology, layout: Layout, id: string): string {
  const { width, height } = layout;
  const kinds = [...new Set(layout.edges.map(({ edge }) => edge.kind))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" id="${id}" class="topology" role="img"` +
      ` aria-labelledby="${id}-title ${id}-desc" width="${width}" height="${height}"` +
      ` viewBox="0 0 ${width} ${height}">`,
    `<title id="${id}-title">${escape(graph.title)}</title>`,
    `<desc id="${id}-desc">${escape(graph.description)}</desc>`,
    `<defs>${kinds.map((kind) => marker(id, kind)).join("")}</defs>`,
    `<style>${styleRules(id)}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...layout.heading.map((item) => text(item)),
    ...layout.areas.map(area),
    ...layout.edges.map((edge) => line(id, edge)),
    ...layout.nodes.map(card),
    ...layout.edges.map(label),
    ...legendParts(layout),
    "</svg>",
  ].join("\n");
}

function marker(id: string, kind: LineKind): string {
  const fill = colour(lineColour(kind));
  return (
    `<marker id="${id}-${kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8"` +
    ` markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">` +
    `<path d="M0 .8L9.5 5 0 9.2z" style="fill:${fill}"/></marker>`
  );
}

function area({ kind, box, subnet, faint, texts, detail }: PlacedArea): string {
  const css =
    kind === "region" && faint
      ? "unused"
      : kind === "band" || kind === "subnet"
        ? `${kind}-${subnet ?? ""}`
        : kind;
  const corner = { region: 12, vpc: 10, band: 7, zone: 8, subnet: 5 }[kind];
  const ink = kind === "band" || kind === "subnet" ? `text-${subnet ?? ""}` : "";
  const dim = faint && kind !== "region" ? "faint" : "";
  const group = dim === "" ? "<g>" : `<g class="${dim}">`;
  const written = texts.map((item) => text(item, ink)).join("");
  return `${group}<title>${escape(detail)}</title>${rect(box, css, corner)}${written}</g>`;
}

function card(placed: PlacedNode): string {
  const { node, box } = placed;
  const corner = node.kind === "fleet" ? 8 : 6;
  const at = iconBox(node, box);
  const css = node.kind === "fleet" ? "card-fleet" : `card card-${node.kind}`;
  return [
    `<g><title>${escape(node.detail)}</title>`,
    rect(box, css, corner),
    at ? icon(node.kind, at.x, at.y, at.width, "icon") : "",
    ...serverIcons(placed),
    ...nodeTexts(placed).map((item) => text(item)),
    "</g>",
  ].join("");
}

const serverWidth = 17;

/** One icon per server that always runs, fainter ones for those that scaling may add. */
function serverIcons({ node, box }: PlacedNode): string[] {
  if (!node.servers) return [];
  const room = Math.floor((box.width - 14) / serverWidth);
  const { min, max } = node.servers;
  return Array.from({ length: Math.min(max, room) }, (_, index) => {
    const spare = index >= min ? "icon spare" : "icon";
    return icon("servers", box.x + 8 + index * serverWidth, box.y + 7, 14, spare);
  });
}

function line(id: string, { edge, parts }: PlacedEdge): string {
  const paths = parts.map((points, index) => {
    const last = index === parts.length - 1;
    // Egress is laid out towards the card that it comes from.
    const path = edge.kind === "egress" ? [...points].reverse() : points;
    const end = last ? ` marker-end="url(#${id}-${edge.kind})"` : "";
    return `<path class="line line-${edge.kind}" d="${rounded(path)}"${end}/>`;
  });
  const words = edge.label === "" ? edge.detail : `${edge.detail} (${edge.label})`;
  return `<g><title>${escape(words)}</title>${paths.join("")}</g>`;
}

/** Right-angled ways with soft corners. */
function rounded(points: Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  const steps = rest.map((point, index) => {
    const before = points[index];
    const after = rest[index + 1];
    if (!before || !after) return `L${point.x} ${point.y}`;
    const radius = Math.min(6, reach(before, point) / 2, reach(point, after) / 2);
    const a = toward(point, before, radius);
    const b = toward(point, after, radius);
    return `L${a.x} ${a.y}Q${point.x} ${point.y} ${b.x} ${b.y}`;
  });
  return `M${first.x} ${first.y}${steps.join("")}`;
}

function reach(a: Point, b: Point): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

function toward(from: Point, to: Point, by: number): Point {
  return {
    x: from.x + Math.sign(to.x - from.x) * by,
    y: from.y + Math.sign(to.y - from.y) * by,
  };
}

function label({ edge, label: placed }: PlacedEdge): string {
  return placed ? text(placed.text, `label label-${edge.kind}`) : "";
}

function legendParts({ legend }: Layout): string[] {
  return [
    ...legend.samples.map(
      ({ kind, line: points, text: words }) =>
        `<path class="line line-${kind}" d="${rounded(points)}"/>${text(words)}`,
    ),
    ...legend.notes.map((note) => text(note)),
  ];
}

function rect({ x, y, width, height }: Box, css: string, corner: number): string {
  return `<rect class="${css}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${corner}"/>`;
}

function text({ x, y, text: words, kind, anchor }: PlacedText, css = ""): string {
  const classes = [`t-${kind}`, ...(anchor ? [anchor] : []), ...(css === "" ? [] : [css])];
  return `<text class="${classes.join(" ")}" x="${x}" y="${y}">${escape(words)}</text>`;
}

function escape(words: string): string {
  const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return words.replace(/[&<>"]/g, (sign) => signs[sign] ?? sign);
}
