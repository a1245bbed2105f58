/** Text that is HTML already; all else is escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template: lists are joined, `undefined` and `false` are left out. */
export type Content = Markup | string | number | undefined | false | Content[];

/** Escaped for element content and for quoted attributes alike. */
export function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A template whose values are escaped unless they are {@link Markup}. */
export function html(parts: TemplateStringsArray, ...values: Content[]): Markup {
  const texts = parts.map(
    (part, index) => part + (index < values.length ? show(values[index]) : ""),
  );
  return new Markup(texts.join(""));
}

function show(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Markup) return content.text;
  if (Array.isArray(content)) return content.map(show).join("");
  return escape(String(content));
}

/** Takes a text as HTML: only for what this program has made itself. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/** Data for the page's script. `<` could end the element, so it is written as an escape. */
export function embedded(id: string, data: unknown): Markup {
  const text = JSON.stringify(data)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
  return trusted(`<script type="application/json" id="${escape(id)}">${text}</script>`);
}

/** A name that can stand in an `id` and behind `#`, made of any text. */
export function anchor(...parts: string[]): string {
  return parts
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

export interface Column {
  head: Content;
  /** Numbers stand at the right edge. */
  number?: boolean;
  /** Text that may get long gets the room. */
  wide?: boolean;
}

export interface Row {
  /** The first one heads the row. */
  cells: Content[];
  /** CSS classes, e.g. `current`. */
  kind?: string;
}

export interface TableOptions {
  /** Behind the caption. */
  note?: Content;
  /** The caption is for screen readers: what stands above says the same. @default false */
  quiet?: boolean;
}

/**
 * A table in a container of its own that scrolls sideways, so that the page never does.
 * @param caption says what it holds; also names the container for screen readers.
 */
export function table(
  caption: string,
  columns: Column[],
  rows: Row[],
  { note, quiet = false }: TableOptions = {},
): Markup {
  const head = columns.map(
    ({ head: text, number, wide }) =>
      html`<th scope="col" class="${classes(number && "number", wide && "wide")}">${text}</th>`,
  );
  const body = rows.map(
    ({ cells, kind }) =>
      html`<tr class="${kind ?? ""}">
        ${cells.map((cell, index) => tableCell(cell, columns[index], index))}
      </tr>`,
  );
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
    <table>
      <caption class="${classes(quiet && "quiet")}">
        <span>${caption}${note !== undefined && html` <span class="note">${note}</span>`}</span>
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

function tableCell(cell: Content, column: Column | undefined, index: number): Markup {
  const kind = classes(column?.number && "number", column?.wide && "wide");
  return index === 0
    ? html`<th scope="row" class="${kind}">${cell}</th>`
    : html`<td class="${kind}">${cell}</td>`;
}

/** Names that are set, joined. */
export function classes(...names: (string | false | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}

/** Lets a long name break where its parts end. */
export function breakable(name: string): Markup {
  return new Markup(escape(name).replace(/[:/.]/g, "$&<wbr>"));
}

/** A mark with its word: colour alone says nothing to many readers. */
export function mark(kind: "good" | "bad" | "warn", word: string): Markup {
  return html`<span class="mark ${kind}">${word}</span>`;
}
