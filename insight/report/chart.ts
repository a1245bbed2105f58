import { init, type EChartsOption, type SeriesOption } from "echarts";
import { duration, percent, usd } from "../output/format";
import { settingText } from "../tradeoff/setting";
import type { Evaluated, TradeOff } from "../tradeoff/types";
import { classes, html, trusted, type Markup } from "./html";

/** Which of the two downtimes a chart shows. */
export type ChartColumn = "modelled" | "slaComposite";

/** Of the drawing, which scales with the page. */
const size = { width: 640, height: 400 };
const monthMinutes = 43_800;

/** A chart, and where its dots are. */
export interface Chart {
  svg: Markup;
  /** x, y and index among the evaluated settings, for each dot. */
  dots: [x: number, y: number, index: number][];
  /** Settings so dear that they are not drawn. */
  beyond: number;
}

export const minutesOf: Record<ChartColumn, (of: Evaluated) => number> = {
  modelled: (of) => of.modelledMinutes,
  slaComposite: (of) => of.slaCompositeMinutes,
};

/**
 * Cost against downtime of writes, drawn on the server: every setting a dot, the frontier a stair.
 * Colours are the page's own variables, so that it follows the theme. The frontier's points and the
 * present setting can be focused; arrow keys move between them.
 *
 * @param label names the chart for screen readers.
 */
export function frontierChart(of: TradeOff, column: ChartColumn, label: string): Chart {
  const drawn = draw(of, column);
  const at = (item: Evaluated): Place => drawn.places.get(item) ?? [0, 0];
  const { any, keeping } = frontiersOf(of, column);
  const marked = new Set([...any, ...keeping, ...(of.current ? [of.current] : [])]);
  const marks = [...marked]
    .toSorted((one, other) => one.usd - other.usd)
    .map((item, order) =>
      point(item, at(item), order, { any: any.includes(item), keeping: keeping.includes(item) }),
    );
  const dots = of.evaluated.flatMap((item, index): Chart["dots"] => {
    const place = drawn.places.get(item);
    return place ? [[...place, index]] : [];
  });
  const svg = html`<svg
    viewBox="0 0 ${size.width} ${size.height}"
    role="group"
    aria-label="${label}"
    class="chart"
  >
    <g aria-hidden="true">${trusted(drawn.inner)}</g>
    ${of.current && nowLabel(at(of.current))}
    <g class="points">${marks}</g>
  </svg>`;
  return { svg, dots, beyond: of.evaluated.length - dots.length };
}

/** The settings of both frontiers: with any database, and with the present edition and class. */
export function frontiersOf(
  of: TradeOff,
  column: ChartColumn,
): { any: Evaluated[]; keeping: Evaluated[] } {
  return { any: of[column].points, keeping: of.keepingDatabase?.[column].points ?? [] };
}

/** Of a setting, all that the page says when it is pointed at: one line each. */
export function settingLines(of: Evaluated): string[] {
  const share = (minutes: number): string =>
    `${percent(1 - minutes / monthMinutes)}, ${duration(minutes)} down a month`;
  return [
    settingText(of.setting) + (of.current ? " (the present setting)" : ""),
    `$${usd(of.usd)} a month${of.uncertaintyUsd > 0 ? ` ± $${usd(of.uncertaintyUsd)}` : ""}`,
    `Writes, modelled: ${share(of.modelledMinutes)}`,
    `Writes, by SLA: ${share(of.slaCompositeMinutes)}`,
    `Loss of a region: ${lossText(of.rtoMinutes, of.rpoMinutes)}`,
    `Loss of a zone: ${lossText(of.zoneRtoMinutes, of.zoneRpoMinutes)}`,
  ];
}

function lossText(rto: number | null, rpo: number | null): string {
  if (rto === null) return "no recovery action, wait for AWS";
  const lost = rpo === 0 ? "nothing" : `${duration(rpo)} of changes`;
  return `back in ${duration(rto)}, ${lost} lost`;
}

function point(
  of: Evaluated,
  [x, y]: Place,
  order: number,
  on: { any: boolean; keeping: boolean },
): Markup {
  const frontiers = [on.any && "any database", on.keeping && "this database"].filter(Boolean);
  const place = frontiers.length > 0 ? `Best with ${frontiers.join(" and ")}` : "On no frontier";
  const lines = [...settingLines(of), place];
  const kind = classes("point", !on.any && on.keeping && "keeping", of.current && "current");
  return html`<g
    class="${kind}"
    role="img"
    tabindex="${order === 0 ? 0 : -1}"
    aria-label="${lines.join("; ")}"
    data-lines="${lines.join("\n")}"
    transform="translate(${x} ${y})"
    ><circle class="target" r="11" /><circle class="dot" r="${of.current ? 6 : 4.5}"
  /></g>`;
}

/** Beside the present setting's point, on the side with more room. */
function nowLabel([x, y]: Place): Markup {
  const left = x > size.width * 0.75;
  return html`<text
    class="now"
    aria-hidden="true"
    x="${left ? x - 11 : x + 11}"
    y="${y - 9}"
    text-anchor="${left ? "end" : "start"}"
    >now</text
  >`;
}

type Place = [x: number, y: number];

interface Drawn {
  /** Inside of the SVG element. */
  inner: string;
  /** In the drawing's units; a setting that is not there has none. */
  places: Map<Evaluated, Place>;
}

function draw(of: TradeOff, column: ChartColumn): Drawn {
  const { any, keeping } = frontiersOf(of, column);
  const most = dearest(of, [...any, ...keeping]);
  const shown = of.evaluated.filter((item) => item.usd <= most);
  const least = smallest(shown, column);
  const place = (item: Evaluated): Place => [
    item.usd,
    Math.log10(Math.max(minutesOf[column](item), least)),
  ];
  const chart = init(null, null, { renderer: "svg", ssr: true, ...size });
  try {
    chart.setOption(options(shown.map(place), any.map(place), keeping.map(place)));
    const inner = innerOf(chart.renderToSVGString());
    const places = shown.map((item): [Evaluated, Place] => {
      const [x = 0, y = 0] = chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, place(item));
      return [item, [round(x), round(y)]];
    });
    return { inner, places: new Map(places) };
  } finally {
    // It would else keep the process alive.
    chart.dispose();
  }
}

/** Far dearer settings than the best ones would press those together at the edge. */
function dearest({ current }: TradeOff, best: Evaluated[]): number {
  return 1.5 * Math.max(...best.map(({ usd: cost }) => cost), current?.usd ?? 0);
}

/** Nothing is drawn below it: a logarithm has no zero. */
function smallest(shown: Evaluated[], column: ChartColumn): number {
  const positive = shown.map(minutesOf[column]).filter((value) => value > 0);
  return positive.length > 0 ? Math.min(...positive) : 1;
}

function options(all: Place[], any: Place[], keeping: Place[]): EChartsOption {
  const ticks = decades(all.map(([, exponent]) => exponent));
  return {
    animation: false,
    textStyle: { fontFamily: "inherit" },
    grid: { left: 64, right: 24, top: 34, bottom: 54 },
    xAxis: {
      ...axis,
      type: "value",
      scale: true,
      name: "USD a month",
      nameLocation: "middle",
      nameGap: 34,
      axisLabel: { ...axis.axisLabel, formatter: (value: number) => usd(value) },
    },
    yAxis: {
      ...axis,
      // A logarithmic axis has ticks at powers of ten only, which may be one or none.
      type: "value",
      min: ticks.at(0),
      max: ticks.at(-1),
      axisTick: { ...axis.axisTick, customValues: ticks },
      name: "Minutes down a month",
      nameLocation: "end",
      nameGap: 14,
      nameTextStyle: { ...axis.nameTextStyle, align: "left", padding: [0, 0, 0, -56] },
      axisLabel: {
        ...axis.axisLabel,
        customValues: ticks,
        formatter: (exponent: number) =>
          (10 ** exponent).toLocaleString("en-US", { maximumSignificantDigits: 2 }),
      },
    },
    series: [
      {
        type: "scatter",
        silent: true,
        symbolSize: 4,
        itemStyle: { color: "var(--dot)" },
        data: all,
      },
      stair(keeping, "var(--second)", [6, 4]),
      stair(any, "var(--accent)", "solid"),
    ],
  };
}

/** Up to the next best setting nothing gets better, then all at once. */
function stair(data: Place[], color: string, type: "solid" | number[]): SeriesOption {
  const lineStyle = { color, width: 2, type };
  return { type: "line", step: "end", silent: true, symbol: "none", lineStyle, data };
}

const axis = {
  nameTextStyle: { color: "var(--muted)", fontSize: 13 },
  axisLine: { show: true, lineStyle: { color: "var(--edge)" } },
  axisTick: { lineStyle: { color: "var(--edge)" } },
  axisLabel: { color: "var(--muted)", fontSize: 13 },
  splitLine: { lineStyle: { color: "var(--line)" } },
};

/** Exponents of 1, 2, 5, 10, 20 … around all values; whole decades where those would be many. */
function decades(exponents: number[]): number[] {
  const low = Math.min(...exponents);
  const high = Math.max(...exponents);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const digits = high - low > 2.5 ? [1] : [1, 2, 5];
  const all: number[] = [];
  for (let decade = Math.floor(low); decade <= Math.ceil(high) + 1; decade += 1) {
    all.push(...digits.map((digit) => decade + Math.log10(digit)));
  }
  const first = Math.max(
    0,
    all.findLastIndex((tick) => tick < low),
  );
  const last = all.findIndex((tick) => tick > high);
  return all.slice(first, last + 1);
}

/** What is inside the SVG element; without styles for hovering, and ids that are unique on a page. */
let drawings = 0;
function innerOf(svg: string): string {
  const prefix = `chart${(drawings += 1)}-`;
  return svg
    .replace(/^[^]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<style[^]*?<\/style>/g, "")
    .replace(/ class="zr[^"]*"/g, "")
    .replace(/ ecmeta_[a-z_]+="[^"]*"/g, "")
    .replace(/ pointer-events="visible"/g, "")
    .replaceAll(/(id="|url\(#)(?=zr)/g, `$1${prefix}`)
    .replaceAll(/ style="font-size:(\d+)px;font-family:inherit;"/g, ' font-size="$1"');
}

const round = (value: number): number => Math.round(value * 10) / 10;
