import type { Figure, PathFigures, Recovery } from "../../availability/types";
import { duration, percent } from "../../output/format";
import type { InstallationView } from "../data";
import { html, table, type Markup } from "../html";
import { topic } from "./topic";

type Level = NonNullable<InstallationView["figures"]["level"]>;
type ColumnName = keyof PathFigures;

const about: Record<ColumnName, { title: string; text: string }> = {
  slaComposite: {
    title: "By SLA",
    text: "The product of AWS's service level agreements along the path within one region. It leaves out what they exclude, maintenance among it. No agreement covers two regions together, so a second region does not change it.",
  },
  modelled: {
    title: "Modelled",
    text: "From failure rates, the capacity really configured, fail-over times, common causes and maintenance. An estimate on the inputs below, not a promise.",
  },
};

/** Reads and writes in two columns that are never mixed, with what takes each down. */
export function availability({ domain, figures: { level } }: InstallationView): Markup | undefined {
  if (!level) return undefined;
  const body = html`<div class="columns">
      ${(["modelled", "slaComposite"] as const).map((name) => column(level, name, domain))}
    </div>
    <p>What caps the figure by SLA: <strong>${level.cap.what}</strong>.</p>
    <ul class="note">
      ${level.notes.map((note) => html`<li>${note}</li>`)}
    </ul>`;
  return topic(domain, "Availability", body);
}

function column(level: Level, name: ColumnName, domain: string): Markup {
  const { title, text } = about[name];
  const paths = [
    ["Writes", level.write[name]],
    ["Reads", level.read[name]],
  ] as const;
  return html`<div class="panel">
    <h4>${title}</h4>
    <p class="note">${text}</p>
    ${table(
      `${title} availability of ${domain}`,
      [
        { head: "Path" },
        { head: "Availability", number: true },
        { head: "Down a month", number: true },
        { head: "Down a year", number: true },
      ],
      paths.map(([path, figure]) => ({
        cells: [
          path,
          html`<strong>${percent(figure.availability)}</strong>`,
          duration(figure.minutesPerMonth),
          duration(figure.minutesPerYear),
        ],
      })),
      { quiet: true },
    )}
    ${paths.map(([path, figure], index) => parts(`${title}: what takes ${path.toLowerCase()} down`, figure, index === 0))}
  </div>`;
}

function parts(title: string, figure: Figure, open: boolean): Markup | undefined {
  if (figure.parts.length === 0) return undefined;
  const most = Math.max(...figure.parts.map(({ minutesPerMonth }) => minutesPerMonth));
  const rows = figure.parts.map(({ what, minutesPerMonth, source }) => ({
    cells: [what, minuteBar(minutesPerMonth, most), html`<span class="note">${source}</span>`],
  }));
  const columns = [{ head: "Cause", wide: true }, { head: "Minutes a month" }, { head: "From" }];
  return html`<details${open && trueAttribute}><summary>${title.replace(/^.*: w/, "W")}</summary>
${table(title, columns, rows, { quiet: true })}</details>`;
}

const trueAttribute = html` open`;

/** A number with a bar as long as its share of the most. */
export function minuteBar(minutes: number, most: number): Markup {
  return measure(minuteText(minutes), most > 0 ? minutes / most : 0);
}

export function minuteText(minutes: number): string {
  if (minutes === 0) return "0";
  if (minutes < 0.001) return "< 0.001";
  return minutes.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}

/** A number, and a bar that only decorates it. */
export function measure(text: string, share: number): Markup {
  const width = (Math.min(1, Math.max(0, share)) * 100).toFixed(1);
  return html`<span class="measure"
    ><span>${text}</span
    ><span class="bar" aria-hidden="true"><span style="width:${width}%"></span></span
  ></span>`;
}

const disruptionNames: Record<Recovery["disruption"], string> = {
  instance: "A server or database instance",
  zone: "A zone",
  region: "A region",
  corruption: "Data, by corruption",
};

/** RTO and RPO for each disruption, and the strategy's name. */
export function recovery({ domain, figures: { level } }: InstallationView): Markup | undefined {
  if (!level) return undefined;
  const rows = level.recovery.map((entry) => ({
    cells: [
      disruptionNames[entry.disruption],
      bound(entry.readRtoMinutes),
      bound(entry.writeRtoMinutes),
      bound(entry.rpoMinutes),
      entry.how,
      html`<span class="note">${entry.source}</span>`,
    ],
  }));
  const columns = [
    { head: "Loss of" },
    { head: "Reads back in (RTO)", number: true },
    { head: "Writes back in (RTO)", number: true },
    { head: "Changes lost (RPO)", number: true },
    { head: "How it comes back", wide: true },
    { head: "From" },
  ];
  const body = html`<p>Strategy: <strong>${level.strategy.name}</strong>. ${level.strategy.why}</p>
    ${table(`Recovery of ${domain} by disruption`, columns, rows, { quiet: true })}`;
  return topic(domain, "Recovery", body);
}

function bound(minutes: number | null): Markup | string {
  return minutes === null ? html`<strong>unbounded</strong>` : duration(minutes);
}

export function singlePoints({ domain, figures: { level } }: InstallationView): Markup | undefined {
  if (!level) return undefined;
  const most = Math.max(0, ...level.singlePoints.map(({ minutesPerMonth }) => minutesPerMonth));
  const rows = level.singlePoints.map(({ what, why, minutesPerMonth, remedy }) => ({
    cells: [what, minuteBar(minutesPerMonth, most), why, remedy ?? "None within this program."],
  }));
  const columns = [
    { head: "What has no twin" },
    { head: "Minutes a month" },
    { head: "What its failure means", wide: true },
    { head: "What gives it a twin", wide: true },
  ];
  const body =
    rows.length > 0
      ? table(`Single points of failure of ${domain}`, columns, rows, { quiet: true })
      : html`<p>Everything on the path has a twin.</p>`;
  return topic(domain, "Single points of failure", body);
}
