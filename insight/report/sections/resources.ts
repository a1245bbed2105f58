import type { PageData, ResourceRow } from "../data";
import { breakable, html, table, type Markup } from "../html";

/** Every resource of every stack, with a search field that a script brings to life. */
export function resources({ resources: all }: PageData): Markup {
  const columns = [
    { head: "Name" },
    { head: "Type" },
    { head: "Component" },
    { head: "Stack" },
    { head: "Inputs that matter", wide: true },
  ];
  const rows = all.map((row) => ({ cells: cells(row) }));
  return html`<section id="resources" aria-labelledby="resources-title">
    <h2 id="resources-title">Resources</h2>
    <p>
      All ${all.length} resources that the stacks would consist of, with the inputs that matter. An
      arrow names the resource whose id or ARN will stand there. Secrets read <code>[secret]</code>.
    </p>
    <div class="search script-only">
      <label for="search">Search by name, type, component, stack or input</label>
      <input
        type="search"
        id="search"
        autocomplete="off"
        spellcheck="false"
        aria-describedby="search-count"
      />
      <p id="search-count" role="status" aria-live="polite">${all.length} resources</p>
    </div>
    <div class="tall" id="resource-table">
      ${table("Resources of all stacks", columns, rows, { quiet: true })}
    </div>
  </section>`;
}

function cells({ stack, region, component, type, name, flags, inputs }: ResourceRow) {
  return [
    html`${name}${flags.map((flag) => html` <span class="flag">${flag}</span>`)}`,
    html`<span class="note">${breakable(type)}</span>`,
    component,
    html`${stack}<br /><span class="note">${region}</span>`,
    html`<span class="inputs"
      >${inputs.map(([key, value], index) => html`${index > 0 && "  "}<span class="key">${key}</span>=${value}`)}</span
    >`,
  ];
}
