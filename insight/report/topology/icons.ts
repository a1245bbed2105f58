import type { NodeKind } from "./types";

// Drawn for this picture on a field of 20 by 20, as strokes only.
const rack = "M3 3.5h14v5H3zM3 11.5h14v5H3zM6 6h.01M6 14h.01M9.5 6H14M9.5 14H14";
const drum = "M3.5 5c0-3 13-3 13 0v10c0 3-13 3-13 0zM3.5 5c0 3 13 3 13 0M3.5 10c0 3 13 3 13 0";

const paths: Record<NodeKind, string> = {
  clients: "M4 4h12v9H4zM1.5 16.5h17M8 13v3.5M12 13v3.5",
  dns: "M10 2a8 8 0 1 0 0 16a8 8 0 1 0 0-16M2 10h16M10 2c-5 5-5 11 0 16M10 2c5 5 5 11 0 16",
  internetGateway: "M3 18V9a7 7 0 0 1 14 0v9M10 18V8M6.5 11.5L10 8l3.5 3.5",
  transitGateway:
    "M10 6.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7M10 1.5v5M10 13.5v5M1.5 10h5M13.5 10h5",
  directConnect: "M2 17V6l4-3v14zM18 17V6l-4-3v14zM6 9h8M6 13h8",
  privateGateway: "M3 18V9a7 7 0 0 1 14 0v9M8 11.5h4v4H8zM8.5 11.5V10a1.5 1.5 0 0 1 3 0v1.5",
  nat: "M2.5 5h8v10h-8zM6.5 10h11M14 6.5l3.5 3.5L14 13.5",
  balancer:
    "M2 10h5M7 10L16 4M7 10h10M7 10l9 6M13 3l3.5.8-1 3.4M15 8l2.5 2-2.5 2M15.5 12.8l1 3.4-3.5.8",
  fleet: rack,
  servers: rack,
  database: drum,
  standby: drum,
  replication: "M2.5 7h12M11 3.5L14.5 7 11 10.5M17.5 13h-12M9 9.5L5.5 13 9 16.5",
  endpoints: "M6 2v5M14 2v5M3.5 7h13v3a6.5 5.5 0 0 1-13 0zM10 15.5V19",
  peering: "M8 6H6a4 4 0 0 0 0 8h2M12 6h2a4 4 0 0 1 0 8h-2M6.5 10h7",
  keys: "M6.5 6a4 4 0 1 0 0 8a4 4 0 1 0 0-8M10.5 10H18M15 10v3.5M18 10v2.5",
  logs: "M4.5 2h8l3 3v13h-11zM7.5 8h5M7.5 11h5M7.5 14h5",
  alarms: "M4 14.5c2-2 1-8 6-9.5c5 1.5 4 7.5 6 9.5zM8.5 17a1.6 1.6 0 0 0 3 0M10 5V3",
  backups: "M3.5 10a6.5 6.5 0 1 1 2 4.7M3.5 10L1.5 7.5M3.5 10L6 7.8M10 6.5V10l2.5 2",
  copiedBackups: "M3 3h10v10H3zM7 13v4h10V7h-4",
};

/** The icon of a kind as SVG, at a place, `size` px wide. */
export function icon(kind: NodeKind, x: number, y: number, size: number, css: string): string {
  const scale = size / 20;
  const at = `translate(${x} ${y})${scale === 1 ? "" : ` scale(${scale})`}`;
  return `<path class="${css}" transform="${at}" d="${paths[kind]}"/>`;
}
