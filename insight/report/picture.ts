import { Resvg } from "@resvg/resvg-js";
import { colours, type Colour } from "./topology/style";

const known = Object.entries(colours) as [Colour, readonly [string, string]][];

/**
 * A picture of `topologySvg` as a file of its own: light, and dark where the reader's system is.
 * References nothing outside of itself.
 */
export function svgFile(svg: string): string {
  const set = (at: 0 | 1): string =>
    known.map(([name, pair]) => `--topology-${name}:${pair[at]}`).join(";");
  const style =
    `<style>svg.topology{${set(0)}}` +
    `@media (prefers-color-scheme: dark){svg.topology{${set(1)}}}</style>`;
  const head = /^<svg[^>]*>/.exec(svg)?.[0] ?? "";
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${style}${svg.slice(head.length)}\n`;
}

export interface PngOptions {
  /** @default the fonts of the system */
  loadSystemFonts?: boolean;
}

/**
 * A picture of `topologySvg` as PNG, in its light colours.
 *
 * @param width px; the height follows. @default twice the natural width
 * @throws Error on a machine without fonts: the picture would have no text.
 */
export function pngOf(svg: string, width?: number, options: PngOptions = {}): Promise<Buffer> {
  // The renderer knows no custom properties, and no system-ui: it would take a serif face.
  const plain = svg
    .replace(/var\(--[\w-]+,\s*([^)]+)\)/g, "$1")
    .replace(/font-family:[^;}]+/g, `font-family:${families}`);
  const font = { loadSystemFonts: options.loadSystemFonts ?? true };
  return Promise.resolve().then(() => {
    if (!hasFonts(font)) {
      throw new Error(
        "This machine has no fonts, so the picture would have no text. Install one " +
          "(Debian: fonts-dejavu-core), or write an SVG file instead.",
      );
    }
    const natural = Number(/^<svg[^>]* width="(\d+)"/.exec(plain)?.[1] ?? 1000);
    const resvg = new Resvg(plain, {
      font,
      fitTo: { mode: "width", value: width ?? 2 * natural },
    });
    return resvg.render().asPng();
  });
}

// The first that is there; any other face is a last resort.
const families = "Arial, Liberation Sans, DejaVu Sans, Noto Sans";

/** A text takes room only where there is a font for it. */
function hasFonts(font: { loadSystemFonts: boolean }): boolean {
  const probe = `<svg xmlns="http://www.w3.org/2000/svg" width="50" height="20"><text y="15">x</text></svg>`;
  const box = new Resvg(probe, { font }).getBBox();
  return box !== undefined && box.width > 0;
}
