import Table from "cli-table3";
import pc from "picocolors";
import { fold, hanging, labelled, terminalWidth, visibleLength } from "../output/text";
import { duration, plural } from "../output/format";
import { roundedMinutes, worseIn } from "./frontier";
import { differenceText, directionText, gatewayText, settingText } from "./setting";
import { percentOf } from "./targets";
import { dollars, downtime, percentText, rate, wholeDollars } from "./texts";
import { keepsDatabase, type ExplainedTradeOff } from "./tradeOff";
import type { Evaluated, Frontier, LeftOut } from "./types";

export interface RenderOptions {
  /** Name every dominated setting, every reason, and both frontiers. */
  all?: boolean;
  /** Columns. @default the terminal's, or 100 */
  width?: number;
}

/** Where there is no terminal to say how wide it is. */
export const pageWidth = 100;

/** Reasons and dominated settings that are named without `--all`. */
const brief = 5;

type Column = (of: Evaluated) => number;

const modelled: Column = (of) => of.modelledMinutes;
const slaComposite: Column = (of) => of.slaCompositeMinutes;

/** The whole trade-off for a terminal. */
export function renderTradeOff(of: ExplainedTradeOff, options: RenderOptions = {}): string {
  const width = options.width ?? terminalWidth() ?? pageWidth;
  const all = options.all === true;
  return [
    ...head(of, width),
    "",
    ...present(of, width),
    "",
    ...(of.evaluated.length > 0
      ? [
          ...frontierBlocks(of, width),
          ...explained(width),
          "",
          ...dominatedBlock(of, all, width),
          "",
        ]
      : []),
    ...leftOutBlock("Left out", "break a rule, by the first one", of.invalid, all, width),
    ...(of.unknown.length > 0
      ? leftOutBlock("Unknown", "have unknown figures, by what is missing", of.unknown, all, width)
      : []),
  ].join("\n");
}

function head(of: ExplainedTradeOff, width: number): string[] {
  const sum = (reasons: LeftOut[]): number =>
    reasons.reduce((total, { settings }) => total + settings, 0);
  const unknown = of.unknown.length > 0 ? `, ${sum(of.unknown)} unknown` : "";
  const text =
    `${of.domain}: ${of.evaluated.length} settings evaluated in ${(of.milliseconds / 1000).toFixed(1)} s ` +
    `around its config, ${sum(of.invalid)} left out${unknown}; RDS classes of ${of.families.join(", ")}`;
  return [hanging(`${pc.bold(of.stack)}  `, text, width)];
}

/** What the installation has now, and what dominates it. */
function present(of: ExplainedTradeOff, width: number): string[] {
  const { current } = of;
  if (!current) {
    const why = "could not be evaluated: see below what was left out, and why";
    return [hanging(`${pc.bold("Now")}  `, `${settingText(of.present)}: ${why}.`, width, "     ")];
  }
  const differs = current.differs === undefined ? "" : ` (but ${current.differs})`;
  return [
    pc.bold("Now"),
    ...labelled(
      [
        ["Setting", settingText(current.setting) + differs],
        ["Cost", costText(current)],
        ["Writes", pathText(current.modelledMinutes, current.slaCompositeMinutes)],
        ["Reads", pathText(current.modelledReadMinutes, current.slaCompositeReadMinutes)],
        ["RTO and RPO", recoveryText(current)],
        ["Verdict", verdict(of, current)],
      ].map(([name = "", text = ""]): [string, string] => [pc.dim(name), text]),
      width,
    ),
  ];
}

export function costText({ usd, uncertaintyUsd }: Evaluated): string {
  const doubt = uncertaintyUsd > 0 ? ` (± ${dollars(uncertaintyUsd)} from estimated prices)` : "";
  return `${dollars(usd)} a month${doubt}`;
}

export function pathText(model: number, contract: number): string {
  const text = (minutes: number): string =>
    `${percentText(percentOf(minutes))} (${downtime(minutes)} min a month)`;
  return `modelled ${text(model)}; by SLA ${text(contract)}`;
}

export function recoveryText(of: Evaluated): string {
  const both = (rto: number | null, rpo: number | null): string =>
    `${duration(rto)} and ${duration(rpo)}`;
  return `${both(of.rtoMinutes, of.rpoMinutes)} if a region is lost; ${both(of.zoneRtoMinutes, of.zoneRpoMinutes)} if a zone is`;
}

/** Whether another setting is better, and in what sense. */
function verdict(of: ExplainedTradeOff, current: Evaluated): string {
  const beaten = of.dominated.find(({ setting }) => setting === current);
  if (beaten) {
    const saved = current.usd - beaten.by.usd;
    const gained =
      roundedMinutes(current.modelledMinutes) - roundedMinutes(beaten.by.modelledMinutes);
    const how = [
      ...(saved > 0 ? [`costs ${dollars(saved)} a month less`] : []),
      ...(gained > 0 ? [`is down ${downtime(gained)} min a month less`] : []),
    ];
    const better = how.length > 0 ? how.join(" and ") : "is better";
    return `dominated: ${differenceText(current.setting, beaten.by.setting)} ${better}, and nothing that is measured gets worse.`;
  }
  const lines = [of.keepingDatabase?.modelled, of.modelled];
  const cheaper = lines
    .map((line) =>
      line?.points.find(
        (point) =>
          point !== current &&
          point.usd < current.usd &&
          roundedMinutes(point.modelledMinutes) <= roundedMinutes(current.modelledMinutes),
      ),
    )
    .find((point) => point !== undefined);
  if (!cheaper) {
    const which = of.unknown.length > 0 ? "none that could be judged" : "no setting";
    return `on the frontier: ${which} costs less without being down longer.`;
  }
  const [less, now] = [
    roundedMinutes(cheaper.modelledMinutes),
    roundedMinutes(current.modelledMinutes),
  ];
  const time =
    less === now ? "is down as long" : `is down ${downtime(now - less)} min a month less`;
  return (
    `not dominated, but ${differenceText(current.setting, cheaper.setting)} costs ` +
    `${dollars(current.usd - cheaper.usd)} a month less, ${time}, and is worse in ` +
    `${worseIn(cheaper, current).join(", ")}.`
  );
}

/** Both kinds of downtime; of the modelled, with the present database first: that is an edit away. */
function frontierBlocks(of: ExplainedTradeOff, width: number): string[] {
  const kept = of.evaluated.every(({ setting }) => keepsDatabase(setting, of.present));
  const which = kept ? "with the database as it is" : "every database";
  const model = "Cost against modelled downtime of writes";
  const contract = `Cost against downtime by AWS's SLAs, ${which}`;
  return [
    ...(kept
      ? []
      : frontierBlock(
          `${model}, with the database as it is`,
          of.keepingDatabase?.modelled,
          modelled,
          width,
        )),
    ...frontierBlock(`${model}, ${which}`, of.modelled, modelled, width),
    ...frontierBlock(contract, of.slaComposite, slaComposite, width),
  ];
}

function frontierBlock(
  title: string,
  frontier: Frontier | undefined,
  minutes: Column,
  width: number,
): string[] {
  if (!frontier || frontier.points.length === 0) return [];
  const lines = fold(title.split(" "), " ", width);
  return [...lines.map((line) => pc.bold(line)), frontierTable(frontier, minutes, width), ""];
}

/** One line per setting where that fits, else two. */
function frontierTable(frontier: Frontier, minutes: Column, width: number): string {
  const wide = tableText(frontier, minutes, true);
  return visibleLength(wide.split("\n", 1).join("")) <= width
    ? wide
    : tableText(frontier, minutes, false);
}

function tableText({ points, steps }: Frontier, minutes: Column, wide: boolean): string {
  const pairs = (cells: [string, string][]): string[] =>
    cells.flatMap(([first, second]) => (wide ? [first, second] : [`${first}\n${second}`]));
  const right = (count: number): "right"[] => Array.from({ length: count }, () => "right");
  const table = new Table({
    head: [
      ...pairs([
        ["USD", "±"],
        ["min", "up"],
      ]),
      "USD per\nmin less",
      "zones ×\nregions",
      wide ? "database" : "database\n",
      ...pairs([["servers", "NAT"]]),
    ],
    style: { head: [], border: pc.isColorSupported ? ["gray"] : [], compact: true },
    colAligns: [...right(wide ? 5 : 3), "left", "left", "left", "left"],
  });
  for (const [index, of] of points.entries()) {
    const { azCount, regionCount, edition, instanceClass, minPerAz } = of.setting;
    const step = steps[index - 1];
    const name = instanceClass.replace(/^db\./, "");
    table.push([
      ...pairs([
        [wholeDollars(of.usd), `±${wholeDollars(of.uncertaintyUsd)}`],
        [downtime(minutes(of)), percentText(percentOf(minutes(of)))],
      ]),
      step ? rate(step.usdPerMinute) : "",
      `${azCount} × ${regionCount}${of.current ? pc.green(wide ? " now" : "\nnow") : ""}`,
      wide ? `${edition} ${name}` : `${edition}\n${name}`,
      ...pairs([[`${minPerAz} per zone`, gatewayText(of.setting)]]),
    ]);
  }
  return table.toString();
}

function explained(width: number): string[] {
  const text =
    "USD: a month, all regions. min: downtime a month. USD per min less: what each minute avoided " +
    "costs against the row above. servers: of each tier, at least. The model does not know what " +
    "load a database carries, nor who needs the internet: --keep database,nat leaves these alone.";
  return fold(text.split(" "), " ", width).map((line) => pc.dim(line));
}

function dominatedBlock(of: ExplainedTradeOff, all: boolean, width: number): string[] {
  const { dominated, evaluated } = of;
  const text =
    `${dominated.length} of ${evaluated.length} settings are dominated: another one with the same database or more ` +
    "costs no more, is down no longer and recovers as fast, and is better in one of these.";
  return [
    hanging(`${pc.bold("Dominated")}  `, text, width),
    ...(all ? dominatedNames(of, width) : dominatedGroups(of, width)),
  ];
}

function dominatedNames({ dominated }: ExplainedTradeOff, width: number): string[] {
  return dominated.map(({ setting, by }) =>
    hanging(
      "  ",
      `${settingText(setting.setting)} (${dollars(setting.usd)}): ${differenceText(setting.setting, by.setting)} costs ${dollars(by.usd)}`,
      width,
      "    ",
    ),
  );
}

/** By what the better setting has otherwise: the commonest ways to pay for nothing. */
function dominatedGroups({ dominated }: ExplainedTradeOff, width: number): string[] {
  const groups = new Map<string, number[]>();
  for (const { setting, by } of dominated) {
    const how = directionText(setting.setting, by.setting);
    groups.set(how, [...(groups.get(how) ?? []), setting.usd - by.usd]);
  }
  const sorted = [...groups].toSorted(([, one], [, other]) => other.length - one.length);
  const more = dominated.length - sorted.slice(0, brief).flatMap(([, saved]) => saved).length;
  return [
    ...sorted.slice(0, brief).map(([how, saved]) => {
      const [least, most] = [Math.min(...saved), Math.max(...saved)];
      const [from, to] = [wholeDollars(least), wholeDollars(most)];
      const range = from === to ? `$${from}` : `$${from} to $${to}`;
      const lead = `  ${String(saved.length).padStart(4)}  `;
      return hanging(lead, `better with ${how}: ${range} a month less`, width, " ".repeat(8));
    }),
    ...(dominated.length > 0
      ? [
          more > 0
            ? `  … and ${more} in other ways: --all names each, and what dominates it.`
            : "  --all names each, and what dominates it.",
        ]
      : []),
  ];
}

function leftOutBlock(
  title: string,
  what: string,
  reasons: LeftOut[],
  all: boolean,
  width: number,
): string[] {
  const total = reasons.reduce((sum, { settings }) => sum + settings, 0);
  if (total === 0) return [`${pc.bold(title)}  none`];
  const shown = all ? reasons : reasons.slice(0, brief);
  const more = reasons.length - shown.length;
  return [
    hanging(`${pc.bold(title)}  `, `${plural(total, "setting")} ${what}:`, width),
    ...shown.map(({ reason, settings }) =>
      hanging(`  ${String(settings).padStart(4)}  `, reason, width, "        "),
    ),
    ...(more > 0 ? [`  … and ${more} more reasons: --all gives them.`] : []),
  ];
}
