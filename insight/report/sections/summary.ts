import type { Recovery } from "../../availability/types";
import { boundText, duration, percent, usd } from "../../output/format";
import { isActive } from "../../figures/report";
import type { InstallationView, PageData } from "../data";
import { anchor, html, mark, table, type Content, type Markup } from "../html";

/** What each installation costs and holds, side by side. */
export function summary(data: PageData): Markup {
  const cards = data.installations.map(card);
  return html`<section id="summary" aria-labelledby="summary-title">
    <h2 id="summary-title">Summary</h2>
    <div class="cards">${cards}</div>
  </section>`;
}

function card(view: InstallationView): Markup {
  const { domain, figures, lacking, stacks } = view;
  const { level, objectives, total } = figures;
  const id = anchor("summary", domain);
  return html`<article class="card" aria-labelledby="${id}">
    <h3 id="${id}"><a href="#${anchor(domain)}">${domain}</a></h3>
    <p class="sub">
      ${stacks.map(({ stack, config }, index) => html`${index > 0 && "; "}${stack} in ${config.region}`)}${shapeText(view)}
    </p>
    ${lacking.length > 0 && html`<p>${mark("bad", "Incomplete")} Without ${lacking.join(", ")}, which could not be planned: it would cost more, and figures for two regions do not hold.</p>`}
    <p class="price">
      <strong>${total.known ? dollars(total.usd) : "Cost unknown"}</strong
      >${total.known && " a month"}
      ${!total.known && html`<span class="note">${boundText(total, dollars)} (see its costs)</span>`}
      ${total.known && figures.uncertaintyUsd > 0 && html`<span class="note">± $${usd(figures.uncertaintyUsd)} from estimated prices</span>`}
    </p>
    ${level ? [availabilityTable(domain, level), recoveryTable(domain, level.recovery), strategy(level)] : html`<p>${mark("warn", "Not in use")} No region of it is in use.</p>`}
    ${objectives.length > 0 ? objectiveList(view) : html`<p class="note">No <code>objectives</code> are set in its config.</p>`}
  </article>`;
}

function shapeText({ stacks }: InstallationView): string {
  const active = stacks.filter(isActive);
  const zones = [...new Set(active.map(({ config }) => config.azCount))];
  const [count] = zones;
  if (count === undefined) return "";
  const each = active.length > 1 && zones.length === 1 ? " each" : "";
  return `; ${zones.join(" and ")} ${zones.length === 1 && count === 1 ? "zone" : "zones"}${each}`;
}

type Level = NonNullable<InstallationView["figures"]["level"]>;

function availabilityTable(domain: string, level: Level): Markup {
  const row = (name: string, of: Level["read"]): { cells: Content[] } => ({
    cells: [
      name,
      ...(["modelled", "slaComposite"] as const).map(
        (column) =>
          html`${percent(of[column].availability)}<br /><span class="note"
              >${duration(of[column].minutesPerMonth)} down a month</span
            >`,
      ),
    ],
  });
  return table(
    `Availability of ${domain}`,
    [{ head: "Availability" }, { head: "Modelled" }, { head: "By SLA" }],
    [row("Writes", level.write), row("Reads", level.read)],
    { quiet: true },
  );
}

function recoveryTable(domain: string, recovery: Recovery[]): Markup {
  return table(
    `Recovery of ${domain}`,
    [{ head: "Loss of" }, { head: "Writes back in" }, { head: "Changes lost" }],
    recovery
      .filter(({ disruption }) => disruption === "zone" || disruption === "region")
      .map(({ disruption, writeRtoMinutes, rpoMinutes }) => ({
        cells: [`a ${disruption}`, duration(writeRtoMinutes), duration(rpoMinutes)],
      })),
    { quiet: true },
  );
}

function strategy({ strategy: { name } }: Level): Markup {
  return html`<p>Disaster recovery: <strong>${name}</strong></p>`;
}

const dollars = (amount: number): string => `$${usd(amount)}`;

const verdicts = {
  met: mark("good", "Met"),
  missed: mark("bad", "Missed"),
  unknown: mark("warn", "Unknown"),
};

function objectiveList({ figures: { objectives } }: InstallationView): Markup {
  const items = objectives.map(({ status, text }) => html`<li>${verdicts[status]} ${text}</li>`);
  return html`<p class="label">Objectives</p>
    <ul class="plain">
      ${items}
    </ul>`;
}

/** What could not be shown, and what is wrong between stacks. */
export function failures({ failures: all, problems }: PageData): Markup | undefined {
  if (all.length === 0 && problems.length === 0) return undefined;
  return html`<section id="mistakes" class="mistakes" aria-labelledby="mistakes-title">
    <h2 id="mistakes-title">Mistakes to correct</h2>
    ${all.map(
      ({ stack, message }) =>
        html`<article>
          <h3>${stack} is left out</h3>
          <pre>${message}</pre>
        </article>`,
    )}
    ${
      problems.length > 0 &&
      html`<ul>
        ${problems.map(({ stacks, key, message }) => html`<li><strong>${stacks.join(", ")}</strong>: <code>${key}</code>: ${message}</li>`)}
      </ul>`
    }
  </section>`;
}
