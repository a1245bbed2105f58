import type { InstallationView } from "../data";
import type { Hop } from "../hops";
import { html, mark, table, trusted, type Markup } from "../html";
import { topic } from "./topic";

/** The architecture, in a container that scrolls where the screen is narrow. */
export function picture({ domain, picture: svg }: InstallationView): Markup | undefined {
  if (svg === undefined) return undefined;
  const body = html`<figure class="picture">
    <div class="scroll" role="region" tabindex="0" aria-label="Architecture of ${domain}">
      ${trusted(svg)}
    </div>
  </figure>`;
  return topic(domain, "Architecture", body);
}

/** Hop by hop: where a request goes, by which port, and what protects it. */
export function requestPath({ domain, paths }: InstallationView): Markup | undefined {
  if (paths.length === 0) return undefined;
  const body = paths.map(({ stack, region, request, replication }) => [
    hopTable(`Request path in ${region} (${stack})`, request),
    replication.length > 0 && hopTable(`Changes into ${region} (${stack})`, replication),
  ]);
  return topic(domain, "Request path", html`${body}`);
}

function hopTable(caption: string, hops: Hop[]): Markup {
  const columns = [
    { head: "Hop", number: true },
    { head: "From" },
    { head: "To" },
    { head: "Port", number: true },
    { head: "On the wire" },
    { head: "Because of", wide: true },
  ];
  const rows = hops.map(({ from, to, port, encryption, encrypted, proof }, index) => ({
    cells: [
      index + 1,
      from,
      to,
      port,
      html`${encrypted ? mark("good", "Encrypted") : mark("warn", "Not encrypted")} ${encryption}`,
      html`<span class="note">${proof}</span>`,
    ],
  }));
  return table(caption, columns, rows);
}

/** The network's whole security policy. */
export function flows({ domain, flows: all }: InstallationView): Markup | undefined {
  if (all.length === 0) return undefined;
  const columns = [
    { head: "From" },
    { head: "To" },
    { head: "TCP port", number: true },
    { head: "Why", wide: true },
    { head: "Region" },
    { head: "Stack" },
  ];
  const rows = all.map(({ stack, region, from, to, port, reason }) => ({
    cells: [from, to, port, reason, region, stack],
  }));
  const body = html`<p>All that the security groups let through; nothing else is possible.</p>
    <details>
      <summary>${all.length} allowed flows</summary>
      ${table(`Allowed flows of ${domain}`, columns, rows, { quiet: true })}
    </details>`;
  return topic(domain, "Allowed flows", body);
}

/** How the regions work together, and what is valid but worth knowing. */
export function worthKnowing({ domain, facts, stacks }: InstallationView): Markup {
  const found = new Map<string, string[]>();
  for (const { stack, warnings } of stacks) {
    for (const { message } of warnings) found.set(message, [...(found.get(message) ?? []), stack]);
  }
  const warnings = [...found].map(
    ([message, of]) => html`<li>${mark("warn", of.join(", "))} ${message}</li>`,
  );
  const rows = facts.map(
    ([label, text]) =>
      html`${label !== "" && html`<dt>${label}</dt>`}
        <dd>${text}</dd>`,
  );
  const body = html`${
      warnings.length > 0
        ? html`<ul class="plain spaced">
            ${warnings}
          </ul>`
        : html`<p>No warnings.</p>`
    }
    <h4>How it works together</h4>
    <dl class="facts">${rows}</dl>`;
  return topic(domain, "Warnings and facts", body);
}
