import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../config/stackFiles";
import type { InstallationView, PageData } from "./data";
import { anchor, html, trusted, type Markup } from "./html";
import { assumptions } from "./sections/assumptions";
import { cost } from "./sections/cost";
import { flows, picture, requestPath, worthKnowing } from "./sections/path";
import { resources } from "./sections/resources";
import { availability, recovery, singlePoints } from "./sections/service";
import { failures, summary } from "./sections/summary";
import { tradeOff } from "./sections/tradeOff";
import { colours } from "./topology/style";

/** The whole report as one file that asks nothing of anybody. */
export function reportDocument(data: PageData): string {
  const title = `${data.project}: cost and availability`;
  const day = data.today.toISOString().slice(0, 10);
  const nothing = data.installations.length === 0;
  const body = html`<header class="top">
      <p class="kind">Report of ${day}, planned offline: nothing was created</p>
      <h1>${title}</h1>
    </header>
    ${failures(data)}
    ${nothing ? html`<p>No stack could be planned, so there is nothing to show.</p>` : [summary(data), data.installations.map(chapter), resources(data), assumptions(data)]}`;
  return page(title, navigation(data), body);
}

type Part = [title: string, of: (view: InstallationView) => Markup | undefined];

const parts: Part[] = [
  ["Architecture", picture],
  ["Request path", requestPath],
  ["Availability", availability],
  ["Recovery", recovery],
  ["Single points of failure", singlePoints],
  ["Cost", cost],
  ["Trade-off", tradeOff],
  ["Allowed flows", flows],
  ["Warnings and facts", worthKnowing],
];

function chapter(view: InstallationView): Markup {
  const id = anchor(view.domain);
  const stacks = view.stacks.map(({ stack, config }) => `${stack} in ${config.region}`).join("; ");
  return html`<section id="${id}" class="chapter" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${view.domain}</h2>
    <p class="sub">${stacks}</p>
    ${parts.map(([, of]) => of(view))}
  </section>`;
}

function navigation(data: PageData): Markup {
  const chapters = data.installations.map((view) => {
    const items = parts
      .filter(([, of]) => of(view) !== undefined)
      .map(([title]) => html`<li><a href="#${anchor(view.domain, title)}">${title}</a></li>`);
    return html`<li>
      <a href="#${anchor(view.domain)}">${view.domain}</a>
      <ul>
        ${items}
      </ul>
    </li>`;
  });
  const mistakes = data.failures.length + data.problems.length;
  return html`<nav aria-label="Contents">
    <ul>
      ${mistakes > 0 && html`<li><a href="#mistakes">Mistakes</a></li>`}
      ${
        data.installations.length > 0 &&
        html`<li><a href="#summary">Summary</a></li>
          ${chapters}
          <li><a href="#resources">Resources</a></li>
          <li><a href="#assumptions">Assumptions</a></li>`
      }
    </ul>
  </nav>`;
}

/** Works without the script: the choice then lasts as long as the page. */
const themes = html`<fieldset class="theme">
  <legend>Theme</legend>
  ${[
    ["system", "System"],
    ["light", "Light"],
    ["dark", "Dark"],
  ].map(
    ([value = "", label = ""], index) =>
      html`<input
          type="radio"
          name="theme"
          id="theme-${value}"
          value="${value}"
          ${index === 0 && html` checked`}
        /><label for="theme-${value}">${label}</label>`,
  )}
</fieldset>`;

function page(title: string, nav: Markup, body: Markup): string {
  const script = asset("script.js");
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy(script)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${[...styles.map(asset), pictureColours()].map(trusted)}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        <div class="frame">
          <aside class="side" aria-label="Contents and theme">${nav}${themes}</aside>
          <main id="main" tabindex="-1">${body}</main>
        </div>
        <div id="tip" class="tip" hidden></div>
        ${trusted(`<script>${script}</script>`)}
      </body>
    </html> `;
  return document.text;
}

/** In this order: a later one may take back what an earlier one says. */
const styles = ["style.css", "tables.css", "parts.css", "print.css"];

/** The picture's own colours, for both themes. */
function pictureColours(): string {
  const set = Object.entries(colours).map(
    ([name, [light, dark]]) => `--topology-${name}:light-dark(${light},${dark});`,
  );
  return `:root{${set.join("")}}`;
}

/** Nothing may be loaded; only this very script may run. */
function policy(script: string): string {
  const hash = createHash("sha256").update(script).digest("base64");
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${hash}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** From the source folder: what runs may have been compiled into another one. */
function asset(name: string): string {
  return readFileSync(join(projectRoot, "insight", "report", name), "utf8");
}
