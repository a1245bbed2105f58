import { doubtOf, margins } from "../../cost/priceTable";
import type { LineItem } from "../../cost/types";
import type { InstallationView, PageData } from "../data";
import { breakable, html, mark, table, type Markup, type Row } from "../html";
import { minuteText } from "./service";

/** What all figures stand on: inputs with their origin, usage, and the prices' ages. */
export function assumptions(data: PageData): Markup {
  return html`<section id="assumptions" aria-labelledby="assumptions-title">
    <h2 id="assumptions-title">Assumptions</h2>
    ${prices(data)} ${usage(data)} ${inputs(data)}
  </section>`;
}

function prices({ installations, sources, today }: PageData): Markup {
  const { regions, rows } = sources.prices;
  const ages = regions.map((region): Row => {
    const all = rows(region);
    const estimated = all.filter((row) => doubtOf(row, today));
    const dates = all.flatMap(({ date }) => (date === null ? [] : [date])).sort();
    return {
      cells: [
        region,
        all.length,
        estimated.length,
        dates[0] ?? "–",
        dates.at(-1) ?? "–",
        all.length - dates.length,
      ],
    };
  });
  const columns = [
    { head: "Region" },
    { head: "Prices", number: true },
    { head: "Estimated", number: true },
    { head: "Oldest", number: true },
    { head: "Newest", number: true },
    { head: "Without a date", number: true },
  ];
  return html`<section
    class="topic"
    id="assumptions-prices"
    aria-labelledby="assumptions-prices-title"
  >
    <h3 id="assumptions-prices-title">Prices</h3>
    <p>
      List prices from <code>insight/prices</code>; ages count from
      ${today.toISOString().slice(0, 10)}. A price is estimated when it is older than a year, from
      memory or a third party, computed, or another region's. By how much it may be off is a
      judgement: ${percentText(margins.memory)} from memory, ${percentText(margins.secondary)} from
      a third party, ${percentText(margins.otherRegion)} of another region,
      ${percentText(margins.derived)} computed, ${percentText(margins.oldPerYear)} for each begun
      year beyond the first and ${percentText(margins.oldAtMost)} at most.
    </p>
    ${table("Prices by region", columns, ages, { quiet: true })} ${estimatedLines(installations)}
  </section>`;
}

const percentText = (share: number): string => `${Math.round(share * 100)} %`;

/** The estimated prices that a figure really uses, the weightiest first. */
function estimatedLines(installations: InstallationView[]): Markup | undefined {
  const found = new Map<string, { line: LineItem; usd: number }>();
  for (const { figures } of installations) {
    for (const line of figures.stacks.flatMap(({ lines }) => lines)) {
      if (!line.doubt) continue;
      const key = `${line.region} ${line.priceKey}`;
      const before = found.get(key)?.usd ?? 0;
      found.set(key, { line, usd: before + line.usd * line.doubt.margin });
    }
  }
  if (found.size === 0) return undefined;
  const rows = [...found.values()]
    .toSorted((one, other) => other.usd - one.usd)
    .map(({ line, usd }) => ({
      cells: [
        html`<code>${line.priceKey}</code>`,
        line.region,
        html`${line.unitUsd.toLocaleString("en-US", { maximumFractionDigits: 6 })}
          <span class="note">/ ${line.unit}</span>`,
        usd.toFixed(2),
        line.doubt?.text ?? "",
        html`<span class="note"
          >${breakable(line.price.source)}${line.price.date !== null && `, ${line.price.date}`}</span
        >`,
      ],
    }));
  const columns = [
    { head: "Price" },
    { head: "Region" },
    { head: "USD", number: true },
    { head: "± USD a month", number: true },
    { head: "Doubt", wide: true },
    { head: "Source", wide: true },
  ];
  return html`<details>
    <summary>${found.size} estimated prices are in use</summary>
    ${table("Estimated prices in use", columns, rows, { quiet: true })}
  </details>`;
}

function usage({ installations }: PageData): Markup {
  return html`<section
    class="topic"
    id="assumptions-usage"
    aria-labelledby="assumptions-usage-title"
  >
    <h3 id="assumptions-usage-title">Usage</h3>
    <p>
      What the bill depends on and the config does not say, for each stack and a month: from
      <code>assumptions/usage.&lt;stack&gt;.yaml</code>, where it is marked, else assumed and
      measured nowhere.
    </p>
    ${installations.map(usageTable)}
  </section>`;
}

function usageTable({ domain, figures, usage: all }: InstallationView): Markup {
  const columns = [
    { head: "Key" },
    ...figures.stacks.map(({ stack }) => ({ head: stack, number: true })),
    { head: "Unit" },
    { head: "What it is", wide: true },
  ];
  const rows = all.map(({ key, unit, description, values }) => ({
    cells: [
      html`<code>${key}</code>`,
      ...values.map(({ text, assumed }) =>
        assumed ? text : html`<strong>${text}</strong> <span class="note">set</span>`,
      ),
      html`<span class="note">${unit}</span>`,
      description,
    ],
  }));
  return html`<details>
    <summary>Usage of ${domain}</summary>
    ${table(`Usage of ${domain}`, columns, rows, { quiet: true })}
  </details>`;
}

function inputs({ sources }: PageData): Markup {
  const { rows: all, leftOut, file } = sources.inputs;
  const rows = all.map(({ key, value, unit, source, date, confidence, replaces }) => ({
    cells: [
      html`<code>${key}</code>`,
      html`${minuteText(value)}${replaces !== undefined && html`<br /><span class="note">instead of ${minuteText(replaces)}</span>`}`,
      html`<span class="note">${unit}</span>`,
      confidenceMark(confidence, replaces !== undefined),
      html`<span class="note">${breakable(source)}, ${date}</span>`,
    ],
  }));
  const columns = [
    { head: "Input" },
    { head: "Value", number: true },
    { head: "Unit" },
    { head: "Standing" },
    { head: "Source", wide: true },
  ];
  const left = leftOut.map(({ key, value, source, date, why }) => ({
    cells: [
      html`<code>${key}</code>`,
      `${value} %`,
      why,
      html`<span class="note">${breakable(source)}, ${date}</span>`,
    ],
  }));
  return html`<section
    class="topic"
    id="assumptions-availability"
    aria-labelledby="assumptions-availability-title"
  >
    <h3 id="assumptions-availability-title">Availability inputs</h3>
    <p>
      ${file === undefined ? html`The shipped inputs; <code>assumptions/availability.yaml</code> may replace them.` : html`The shipped inputs, some replaced by <code>${file}</code>.`}
    </p>
    <details>
      <summary>${rows.length} inputs with their sources</summary>
      ${table("Inputs of the availability model", columns, rows, { quiet: true })}
    </details>
    ${
      left.length > 0 &&
      html`<details>
        <summary>${left.length} agreements that do not count</summary>
        ${table("Agreements left out of the figure by SLA", [{ head: "Agreement" }, { head: "Promises", number: true }, { head: "Why it does not count", wide: true }, { head: "Source", wide: true }], left, { quiet: true })}
      </details>`
    }
  </section>`;
}

function confidenceMark(confidence: string, own: boolean): Markup {
  if (own) return mark("good", "your own");
  const kind = confidence === "official" || confidence === "program" ? "good" : "warn";
  return mark(kind, confidence);
}
