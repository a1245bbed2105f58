import { anchor, html, type Content, type Markup } from "../html";

/** One topic of an installation's chapter, as its own section below an h3. */
export function topic(domain: string, title: string, body: Content): Markup {
  const id = anchor(domain, title);
  return html`<section id="${id}" class="topic" aria-labelledby="${id}-title">
    <h3 id="${id}-title">${title}</h3>
    ${body}
  </section>`;
}
