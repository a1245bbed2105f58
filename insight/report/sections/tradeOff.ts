import { duration, percent, usd } from "../../output/format";
import { differenceText, settingText } from "../../tradeoff/setting";
import type { Frontier, LeftOut, TradeOff } from "../../tradeoff/types";
import { frontierChart, minutesOf, settingLines, type ChartColumn } from "../chart";
import type { InstallationView } from "../data";
import { anchor, embedded, html, mark, table, type Markup } from "../html";
import { topic } from "./topic";

const titles: Record<ChartColumn, string> = {
  modelled: "Cost against modelled downtime of writes",
  slaComposite: "Cost against downtime of writes by SLA",
};

/** What other settings would cost and hold: two charts with their data as tables. */
export function tradeOff({ domain, tradeOff: of }: InstallationView): Markup {
  if (typeof of === "string") return topic(domain, "Trade-off", html`<p>${of}</p>`);
  const id = anchor("chart", domain);
  const charts = (["modelled", "slaComposite"] as const).map((column) => {
    const title = `${titles[column]}, ${domain}`;
    return {
      column,
      ...frontierChart(of, column, `${title}; the table below has the same figures`),
    };
  });
  const figures = charts.map(
    ({ column, svg }) =>
      html`<figure class="chart-figure" data-chart="${id}" data-column="${column}">
        <figcaption>${titles[column]}</figcaption>
        <ul class="legend">
          <li>best with any database</li>
          ${of.keepingDatabase && html`<li class="keeping">best with this edition and class</li>`}
          <li class="setting">a setting</li>
        </ul>
        <div class="scroll" role="region" tabindex="0" aria-label="${titles[column]}: chart">
          ${svg}
        </div>
      </figure>`,
  );
  const data = {
    lines: of.evaluated.map((item) => settingLines(item).join("\n")),
    dots: Object.fromEntries(charts.map(({ column, dots }) => [column, dots])),
  };
  const beyond = Math.max(...charts.map((chart) => chart.beyond));
  const body = html`${intro(of)}
    <p class="note">
      A line joins the settings that no other one dominates in cost and downtime: the frontier.
      <span class="script-only"
        >Point at a dot, or move along the frontier with the arrow keys.</span
      >
      ${beyond > 0 && `${beyond} settings that cost far more than the frontier's best are not drawn.`}
    </p>
    <div class="columns">${figures}</div>
    ${frontierTables(of, domain)}
    ${leftOut("settings left out by the config's own rules", of.invalid)}
    ${leftOut("settings with unknown figures", of.unknown)} ${embedded(id, data)}`;
  return topic(domain, "Trade-off", body);
}

function intro(of: TradeOff): Markup {
  const { current, dominated } = of;
  const beaten = current && dominated.find(({ setting }) => setting === current);
  const best = (["modelled", "slaComposite"] as const).filter(
    (column) => current && of[column].points.includes(current),
  );
  const verdict =
    beaten && current
      ? html`${mark("warn", "Dominated")} Another setting is better in cost and in both downtimes:
        ${differenceText(current.setting, beaten.by.setting)}, $${usd(beaten.by.usd)} a month
        instead of $${usd(current.usd)}.`
      : best.length > 0
        ? html`${mark("good", "On the frontier")} Nothing
          cheaper${of.unknown.length > 0 && " that could be judged"} is down for less
          (${best.join(" and ")}).`
        : html`No single setting dominates it, but some cheaper one is down for less.`;
  return html`<p>
      <strong>${of.evaluated.length.toLocaleString("en-US")} settings</strong> of zones, regions,
      edition, database class, servers and NAT gateways, all else as configured; ${dominated.length}
      of them are dominated: another one is at least as good in everything, and better in something.
    </p>
    ${current && html`<p>Now: ${settingText(current.setting)}${current.differs !== undefined && ` (but ${current.differs})`}. ${verdict}</p>`}`;
}

/** The present database first: another edition or class is a bigger step than a number. */
function frontierTables(of: TradeOff, domain: string): Markup[] {
  return (["modelled", "slaComposite"] as const).flatMap((column) => {
    const named = (which: string): string =>
      `Frontier of ${domain}, ${column} downtime of writes, ${which}`;
    const keeping = of.keepingDatabase?.[column];
    return [
      ...(keeping
        ? [frontierTable(of, keeping, column, named("with this edition and class"))]
        : []),
      frontierTable(of, of[column], column, named("with any database")),
    ];
  });
}

function frontierTable(
  of: TradeOff,
  { points, steps }: Frontier,
  column: ChartColumn,
  caption: string,
): Markup {
  const shown =
    of.current && !points.includes(of.current)
      ? [...points, of.current].toSorted((one, other) => one.usd - other.usd)
      : points;
  const rate = new Map(steps.map(({ to, usdPerMinute }) => [to, usdPerMinute]));
  const columns = [
    { head: "Setting", wide: true },
    { head: "USD a month", number: true },
    { head: "Availability", number: true },
    { head: "Down a month", number: true },
    { head: "USD per avoided minute", number: true },
    { head: "Region lost: back in", number: true },
    { head: "Changes lost", number: true },
  ];
  const rows = shown.map((item) => ({
    cells: [
      html`${settingText(item.setting)}${item.current && html` ${mark("good", "now")}`}${!points.includes(item) && html` <span class="note">not on this frontier</span>`}`,
      html`${usd(item.usd)}${item.uncertaintyUsd > 0 && html` <span class="note">±&nbsp;${usd(item.uncertaintyUsd)}</span>`}`,
      percent(1 - minutesOf[column](item) / 43_800),
      duration(minutesOf[column](item)),
      rateText(rate.get(item)),
      duration(item.rtoMinutes),
      duration(item.rpoMinutes),
    ],
    ...(item.current ? { kind: "current" } : {}),
  }));
  return table(caption, columns, rows);
}

function rateText(usdPerMinute: number | undefined): string {
  return usdPerMinute === undefined ? "–" : usd(usdPerMinute);
}

function leftOut(what: string, reasons: LeftOut[]): Markup | undefined {
  const count = reasons.reduce((sum, { settings }) => sum + settings, 0);
  if (count === 0) return undefined;
  return html`<details>
    <summary>${count} ${what}</summary>
    <ul>
      ${reasons.map(({ reason, settings }) => html`<li>${settings}: ${reason}</li>`)}
    </ul>
  </details>`;
}
