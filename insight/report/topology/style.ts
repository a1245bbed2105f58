/**
 * The picture's colours, as CSS custom properties: name without `--topology-`, light value, dark
 * value. A page that sets none of them gets the light ones.
 */
export const colours = {
  paper: ["#ffffff", "#11161d"],
  ink: ["#17212e", "#e8edf3"],
  muted: ["#4c5b6e", "#a5b2c2"],
  card: ["#ffffff", "#1a222d"],
  border: ["#8593a5", "#5d6b7d"],
  region: ["#f4f6f9", "#151c25"],
  vpc: ["#ffffff", "#11171f"],
  public: ["#fdf3dc", "#2b2412"],
  private: ["#e6f0fb", "#13243a"],
  isolated: ["#e5f4ea", "#12291d"],
  "public-ink": ["#7a5300", "#e8c170"],
  "private-ink": ["#1a4f8b", "#8fc0f5"],
  "isolated-ink": ["#17603a", "#84d3a5"],
  request: ["#1f5fae", "#6fb1f7"],
  data: ["#157347", "#5fcf94"],
  egress: ["#8a5a00", "#d9a441"],
  lookup: ["#6a4fb3", "#b6a2f2"],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

export type Colour = keyof typeof colours;

/** `var(--topology-ink, #17212e)`. */
export function colour(name: Colour): string {
  return `var(--topology-${name}, ${colours[name][0]})`;
}

const font =
  'system-ui, "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans", "Noto Sans", sans-serif';

/** Line kinds by colour and dash. */
const lines = {
  request: ["request", "", "1.8"],
  lookup: ["lookup", "2 4", "1.6"],
  health: ["lookup", "2 4", "1.6"],
  egress: ["egress", "7 4", "1.4"],
  api: ["muted", "7 4", "1.3"],
  standby: ["data", "7 4", "1.6"],
  replication: ["data", "", "2.2"],
  backup: ["data", "2 4", "1.6"],
} as const satisfies Record<string, readonly [Colour, dash: string, width: string]>;

export type LineKind = keyof typeof lines;

export function lineColour(kind: LineKind): Colour {
  return lines[kind][0];
}

/** Rules for everything inside the picture with this id, and nothing outside of it. */
export function styleRules(id: string): string {
  const rule = (selector: string, body: string): string => `#${id} ${selector}{${body}}`;
  const fill = (name: Colour): string => `fill:${colour(name)}`;
  const kinds = Object.entries(lines).map(([kind, [name, dash, width]]) =>
    rule(
      `.line-${kind}`,
      `stroke:${colour(name)};stroke-width:${width}${dash === "" ? "" : `;stroke-dasharray:${dash}`}`,
    ),
  );
  const subnets = (["public", "private", "isolated"] as const).flatMap((kind) => [
    rule(`.band-${kind}`, `${fill(kind)};fill-opacity:.5`),
    rule(
      `.subnet-${kind}`,
      `${fill(kind)};stroke:${colour(`${kind}-ink`)};stroke-width:.7;stroke-opacity:.5`,
    ),
    rule(`.text-${kind}`, fill(`${kind}-ink`)),
  ]);
  const labels = Object.keys(lines).map((kind) =>
    rule(`.label-${kind}`, fill(lineColour(kind as LineKind))),
  );
  return [
    rule("text", `font-family:${font};${fill("ink")}`),
    rule(".t-line", `font-size:12px;${fill("muted")}`),
    rule(".t-label", "font-size:12px"),
    rule(".t-title", "font-size:13px;font-weight:600"),
    rule(".t-head", "font-size:15px;font-weight:700"),
    rule(".middle", "text-anchor:middle"),
    rule(".end", "text-anchor:end"),
    rule(".paper", fill("paper")),
    rule(".region", `${fill("region")};stroke:${colour("border")};stroke-width:1.3`),
    rule(".unused", `fill:none;stroke:${colour("border")};stroke-width:1.3;stroke-dasharray:8 6`),
    rule(".vpc", `${fill("vpc")};stroke:${colour("border")};stroke-width:1.2`),
    rule(".zone", `fill:none;stroke:${colour("border")};stroke-width:1;stroke-dasharray:5 4`),
    ...subnets,
    rule(".faint", "opacity:.45"),
    rule(".card", `${fill("card")};stroke:${colour("border")};stroke-width:1.2`),
    rule(
      ".card-fleet",
      `${fill("private")};stroke:${colour("request")};stroke-width:1;stroke-dasharray:6 3`,
    ),
    rule(".card-standby", "stroke-dasharray:5 3"),
    rule(
      ".icon",
      `fill:none;stroke:${colour("ink")};stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round`,
    ),
    rule(".spare", "opacity:.3"),
    rule(".line", "fill:none"),
    ...kinds,
    ...labels,
    rule(".t-label.label", "font-weight:600"),
  ].join("\n");
}
