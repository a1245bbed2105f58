import type { Slot } from "./elk";
import { bandTitles, rows, spaces, zoneTitle, type RegionGrid, type Row } from "./grid";
import { textWidth, type Box, type PlacedText } from "./text";
import type { Topology, TopologyRegion } from "./types";

/** A frame around cards: what it is, its title, and what lies inside of what. */
export interface PlacedArea {
  id: string;
  kind: "region" | "vpc" | "band" | "zone" | "subnet";
  parent?: string;
  box: Box;
  /** Of a subnet or a band: public, private or isolated. */
  subnet?: string;
  faint: boolean;
  texts: PlacedText[];
  detail: string;
}

const regionHead = 34;
const vpcHead = 24;
const zoneHead = 22;
const bandHead = 22;

/** Titles of regions, VPCs, zones and bands need room above the first row that they hold. */
export function headsOf(slots: Slot[], columns: RegionGrid[]): Partial<Record<Row, number>> {
  const used = rows.filter((row) => slots.some((slot) => slot.row === row));
  const kinds = new Set(columns.flatMap(({ region }) => region.subnets.map(({ kind }) => kind)));
  const heads: Partial<Record<Row, number>> = {};
  const [firstInside] = used.filter((row) => row !== "entry" && row !== "gateway");
  const privateRow = used.find(
    (row) => row === (kinds.has("public") ? "web-fleet" : "web-balancer"),
  );
  if (used.includes("gateway")) heads.gateway = regionHead;
  if (privateRow) heads[privateRow] = bandHead;
  if (used.includes("database")) heads.database = bandHead;
  if (firstInside) heads[firstInside] = vpcHead + zoneHead + bandHead;
  return heads;
}

export type RowsAt = Map<Row, { top: number; bottom: number }>;

/** Everything that frames cards in one region, from the outside in. */
export function areasOf(grid: RegionGrid, at: RowsAt, laneHeight: number): PlacedArea[] {
  const { region, vpc } = grid;
  const kinds = (["public", "private", "isolated"] as const).filter((kind) =>
    region.subnets.some((subnet) => subnet.kind === kind),
  );
  const hasPublic = kinds.includes("public");
  const inside = {
    public: ["nat", "web-balancer"] as Row[],
    private: [
      ...(hasPublic ? [] : ["web-balancer" as const]),
      "web-fleet",
      "app-balancer",
      "app-fleet",
    ] as Row[],
    isolated: ["database"] as Row[],
  };
  const bands = kinds.flatMap((kind) => {
    const found = inside[kind].flatMap((row) => at.get(row) ?? []);
    if (found.length === 0) return [];
    const top = Math.min(...found.map((row) => row.top)) - bandHead;
    const bottom = Math.max(...found.map((row) => row.bottom)) + spaces.band;
    return [{ kind, top, bottom: kind === "isolated" ? bottom + laneHeight : bottom }];
  });
  const bandsTop = Math.min(...bands.map(({ top }) => top));
  const bandsBottom = Math.max(...bands.map(({ bottom }) => bottom));
  const vpcTop = bandsTop - vpcHead - zoneHead;
  const vpcBox = { ...vpc, y: vpcTop, height: bandsBottom + 10 - vpcTop };
  const regionTop = (at.get("gateway")?.top ?? vpcTop) - regionHead;
  const id = region.name;
  const regionArea: PlacedArea = {
    id,
    kind: "region",
    box: { x: grid.x, y: regionTop, width: grid.width, height: 0 },
    faint: false,
    texts: regionTexts(region, grid.x, grid.width, regionTop),
    detail: `Region ${id}, ${region.note}`,
  };
  const vpcArea: PlacedArea = {
    id: `${id}/vpc`,
    kind: "vpc",
    parent: id,
    box: vpcBox,
    faint: false,
    texts: [{ x: vpc.x + 9, y: vpcTop + 17, text: `VPC ${region.vpcCidr ?? ""}`, kind: "line" }],
    detail: `VPC ${region.vpcCidr ?? ""}`,
  };
  const bandAreas = bands.map(({ kind, top, bottom }): PlacedArea => {
    const text = bandTitles[kind];
    return {
      id: `${id}/${kind}`,
      kind: "band",
      parent: vpcArea.id,
      subnet: kind,
      box: {
        x: vpc.x + spaces.vpc,
        y: top,
        width: vpc.width - 2 * spaces.vpc,
        height: bottom - top,
      },
      faint: false,
      texts: [{ x: grid.side.x + 4, y: top + 15, text, kind: "title" }],
      detail: `${text} subnets`,
    };
  });
  const zoneAreas = region.zones.map((zone): PlacedArea => {
    const x = (grid.zones.get(zone.name) ?? 0) - spaces.zone;
    const y = bandsTop - zoneHead;
    const title = { x: x + spaces.zone, y: y + 15, text: zoneTitle(zone), kind: "label" as const };
    return {
      id: `${id}/zone/${zone.name}`,
      kind: "zone",
      parent: vpcArea.id,
      box: { x, y, width: grid.cell + 2 * spaces.zone, height: bandsBottom + 5 - y },
      faint: zone.idle,
      texts: [title],
      detail: `Zone ${zone.name}${zone.idle ? ", laid out, no servers" : ""}`,
    };
  });
  const subnetAreas = region.subnets.flatMap(({ kind, zone, cidr }): PlacedArea[] => {
    const band = bands.find((item) => item.kind === kind);
    const x = (grid.zones.get(zone) ?? 0) - spaces.zone + 4;
    if (!band) return [];
    const y = band.top + 3;
    const height = band.bottom - (kind === "isolated" ? laneHeight : 0) - 3 - y;
    const faint = region.zones.find(({ name }) => name === zone)?.idle ?? false;
    return [
      {
        id: `${id}/${kind}/${zone}`,
        kind: "subnet",
        parent: `${id}/zone/${zone}`,
        subnet: kind,
        box: { x, y, width: grid.cell + 2 * spaces.zone - 8, height },
        faint,
        texts: [{ x: x + 3, y: y + 13, text: cidr, kind: "line" }],
        detail: `${bandTitles[kind]} subnet ${cidr} in ${zone}`,
      },
    ];
  });
  return [regionArea, vpcArea, ...bandAreas, ...zoneAreas, ...subnetAreas];
}

function regionTexts(
  { name, note }: TopologyRegion,
  x: number,
  width: number,
  top: number,
): PlacedText[] {
  return [
    { x: x + 12, y: top + 21, text: name, kind: "head" },
    { x: x + width - 12, y: top + 21, text: note, kind: "line", anchor: "end" },
  ];
}

/** Empty, dashed boxes beside what runs. */
export function idleRegions(
  graph: Topology,
  columns: RegionGrid[],
  areas: PlacedArea[],
  right: number,
  bottom: number,
): PlacedArea[] {
  const top = areas.find(({ kind }) => kind === "region")?.box.y ?? 50;
  let x = columns.length > 0 ? right + 40 : spaces.margin;
  return graph.regions
    .filter(({ state }) => state !== "active")
    .map((region) => {
      const lines = region.note.split(/ · |, /);
      const widths = lines.map((line) => textWidth(line, "line"));
      const width = Math.max(textWidth(region.name, "head"), ...widths) + 40;
      const height = columns.length > 0 ? bottom - top : 150;
      const middle = top + height / 2;
      const texts: PlacedText[] = [
        { x: x + width / 2, y: middle - 16, text: region.name, kind: "head", anchor: "middle" },
        ...lines.map((text, index) => ({
          x: x + width / 2,
          y: middle + 6 + 17 * index,
          text,
          kind: "line" as const,
          anchor: "middle" as const,
        })),
      ];
      const box = { x, y: top, width, height };
      x += width + 40;
      const detail = `Region ${region.name}, ${region.note}`;
      return { id: region.name, kind: "region", box, faint: true, texts, detail };
    });
}
