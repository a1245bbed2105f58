import assert from "node:assert/strict";
import fc from "fast-check";
import type { PageData } from "../../../insight/report/data";
import { reportDocument } from "../../../insight/report/document";
import { embedded, escape, html, trusted, type Content } from "../../../insight/report/html";
import { isSecret, type Json } from "../../../catalogue/json";
import { realPage } from "./reportPage";
import { knownUsd } from "../../support/knownUsd";

/** Every value of an attribute, in order. */
function attribute(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`\\s${name}="([^"]*)"`, "g"))].map(([, value = ""]) => value);
}

/** The document without what is no markup: styles, scripts and embedded data. */
function markupOf(text: string): string {
  return text.replace(/<(style|script)\b[^>]*>[^]*?<\/\1>/g, "");
}

describe("the report page", function () {
  this.timeout(120_000);
  let data: PageData;
  let text = "";
  let markup = "";
  before(async () => {
    data = await realPage();
    text = reportDocument(data);
    markup = markupOf(text);
  });

  it("shows every topic of every installation, and what is shared", () => {
    const titles = [
      ...["Architecture", "Request path", "Availability", "Recovery", "Single points of failure"],
      ...["Cost", "Trade-off", "Allowed flows", "Warnings and facts"],
    ];
    for (const { domain } of data.installations) {
      const start = markup.indexOf(`<section id="${domain.replaceAll(".", "-")}"`);
      assert.ok(start > 0, domain);
      const chapter = markup.slice(start);
      for (const title of titles) assert.match(chapter, new RegExp(`<h3[^>]*>${title}</h3>`));
    }
    for (const title of ["Summary", "Resources", "Assumptions"]) {
      assert.match(markup, new RegExp(`<h2[^>]*>${title}</h2>`));
    }
  });

  it("has the figures that the plan has: total, doubt, and both columns", () => {
    for (const { figures } of data.installations) {
      const { level } = figures;
      assert.ok(level);
      assert.ok(text.includes(`$${Math.round(knownUsd(figures.total)).toLocaleString("en-US")}`));
      for (const stack of figures.stacks) {
        const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
        assert.ok(text.includes(`>${knownUsd(stack.total).toLocaleString("en-US", cents)}</td>`));
        for (const line of stack.lines) assert.ok(text.includes(escape(line.what)), line.what);
      }
      for (const { how } of level.recovery) assert.ok(text.includes(escape(how)), how);
      for (const { what } of level.singlePoints) assert.ok(text.includes(escape(what)), what);
    }
  });

  it("lists every resource once, and every line at an estimated price as such in words", () => {
    const rows = /id="resource-table"[^]*?<tbody>([^]*?)<\/tbody>/.exec(markup)?.[1] ?? "";
    assert.equal(rows.match(/<tr/g)?.length, data.resources.length);
    const estimated = data.installations
      .flatMap(({ figures }) => figures.stacks)
      .flatMap(({ lines }) => lines)
      .filter(({ doubt }) => doubt !== undefined).length;
    assert.ok(estimated > 0);
    assert.equal(markup.match(/>Estimated ± [\d.]+ %</g)?.length, estimated);
  });

  it("has unique ids, and links that lead to one", () => {
    const ids = attribute(markup, "id");
    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
    );
    const links = attribute(markup, "href");
    assert.ok(links.length > 10);
    for (const link of links) assert.ok(ids.includes(link.slice(1)), link);
    const referred = ["aria-labelledby", "aria-describedby", "for"].flatMap((name) =>
      attribute(markup, name).flatMap((value) => value.split(" ")),
    );
    for (const id of referred) assert.ok(ids.includes(id), id);
  });

  it("has one h1, and headings that skip no level", () => {
    const levels = [...markup.matchAll(/<h([1-6])[\s>]/g)].map(([, level]) => Number(level));
    assert.equal(levels.filter((level) => level === 1).length, 1);
    levels.forEach((level, index) => {
      if (index > 0) assert.ok(level <= levels[index - 1]! + 1, `heading ${index} is h${level}`);
    });
  });

  it("has a caption and scoped heads in every table", () => {
    const tables = [...markup.matchAll(/<table>([^]*?)<\/table>/g)].map(([, inner = ""]) => inner);
    assert.ok(tables.length > 20);
    for (const inner of tables) {
      assert.match(inner, /^\s*<caption[^>]*>\s*<span>\s*\S/);
      for (const [head] of inner.matchAll(/<th[\s>][^>]*>?/g))
        assert.match(head, /scope="(col|row)"/);
    }
  });

  it("loads nothing from anywhere, and allows no script but its own", () => {
    assert.doesNotMatch(markup, /<(link|img|iframe|object|embed|script|video|audio|base|form)\b/i);
    assert.doesNotMatch(markup, /\s(src|srcset|action|poster|xlink:href|on[a-z]+)\s*=/i);
    assert.doesNotMatch(text, /@import|url\((?!#|&quot;#)/i);
    for (const link of attribute(markup, "href")) assert.match(link, /^#/);
    const [policy = ""] = attribute(text, "content").filter((value) => value.includes("-src"));
    assert.match(policy, /default-src &#39;none&#39;/);
    assert.match(policy, /script-src &#39;sha256-/);
    assert.doesNotMatch(policy, /script-src[^;]*unsafe|connect-src/);
  });

  it("stays small enough to be sent by mail", () => {
    assert.ok(text.length < 3_000_000, `${text.length} characters`);
  });

  it("has no secret of any plan", () => {
    const secrets = new Set<string>();
    const collect = (value: Json, within: boolean): void => {
      if (isSecret(value)) return collect(value.$secret, true);
      if (typeof value === "string" && within && value.length >= 8) secrets.add(value);
      if (typeof value === "object" && value !== null) {
        for (const item of Object.values(value)) collect(item, within);
      }
    };
    for (const { stacks } of data.installations) {
      for (const { plan } of stacks) {
        for (const { inputs, outputs } of plan.resources) {
          collect(inputs, false);
          collect(outputs, false);
        }
      }
    }
    assert.ok(secrets.size > 0, "the plans have secrets");
    for (const secret of secrets)
      assert.ok(!text.includes(escape(secret)) && !text.includes(secret));
  });

  it("escapes whatever text it is given, from every source", () => {
    const nasty = fc.oneof(
      fc.constantFrom("<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>"),
      fc.constantFrom(`"' onmouseover='alert(1)`, "]]>--><!--", "${alert(1)}&lt;"),
      fc.string({ unit: "grapheme", maxLength: 12 }),
    );
    fc.assert(
      fc.property(nasty, (tail) => {
        const payload = `<zq a="'${tail}`;
        const shown = reportDocument(hostile(data, payload));
        assert.ok(!shown.includes("<zq"), "as it is");
        assert.ok(!shown.includes('zq a="'), "with open quotes");
        assert.ok(shown.split(escape(payload)).length > 1000, "it is shown, escaped");
      }),
      { numRuns: 5 },
    );
  });

  it("shows a failing stack and keeps the others", () => {
    const failures = [
      {
        stack: "broken",
        message: "1 problem in Pulumi.broken.yaml\n  - azCount: 9 <is> not allowed",
        ...{ problems: [], isUserMistake: true, error: undefined },
      },
    ];
    const problems: PageData["problems"] = [
      { stacks: ["a", "b"], key: "network.cidrBlock", message: "overlaps" },
    ];
    const shown = markupOf(reportDocument({ ...data, failures, problems }));
    assert.match(shown, /broken is left out/);
    assert.match(shown, /azCount: 9 &lt;is&gt; not allowed/);
    assert.match(shown, /network\.cidrBlock/);
    assert.match(shown, /href="#mistakes"/);
    assert.match(shown, /<h2[^>]*>Summary<\/h2>/);
  });

  it("says what is wrong when there is nothing to show", () => {
    const none = markupOf(reportDocument({ ...data, installations: [], resources: [] }));
    assert.match(none, /No stack could be planned/);
  });
});

/** The same data with a text behind every text that comes from a file, a plan or a model. */
function hostile(data: PageData, payload: string): PageData {
  const known = new Map<object, unknown>();
  const spoil = <T>(value: T): T => {
    if (typeof value === "string") return (value + payload) as T;
    if (typeof value !== "object" || value === null) return value;
    const before = known.get(value);
    if (before !== undefined) return before as T;
    const copy: unknown = Array.isArray(value) ? [] : {};
    known.set(value, copy);
    for (const [key, item] of Object.entries(value)) {
      (copy as Record<string, unknown>)[key] = spoil(item as unknown);
    }
    return copy as T;
  };
  return {
    ...data,
    project: spoil(data.project),
    installations: data.installations.map((view) => ({
      ...view,
      domain: spoil(view.domain),
      stacks: view.stacks.map((report) => ({
        ...report,
        stack: spoil(report.stack),
        warnings: spoil(report.warnings),
      })),
      figures: spoil(view.figures),
      paths: spoil(view.paths),
      flows: spoil(view.flows),
      facts: spoil(view.facts),
      usage: spoil(view.usage),
      tradeOff: spoil(view.tradeOff),
    })),
    resources: spoil(data.resources),
    sources: { ...data.sources, inputs: spoil(data.sources.inputs) },
  };
}

describe("html templates", () => {
  it("escape any text in content and in attributes", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const { text } = html`<p title="${value}">${value}</p>`;
        const [, title, content] = /^<p title="([^"<>']*)">([^"<>']*)<\/p>$/.exec(text) ?? [];
        assert.equal(title, content);
        const back = (content ?? "")
          .replaceAll("&lt;", "<")
          .replaceAll("&gt;", ">")
          .replaceAll("&quot;", '"')
          .replaceAll("&#39;", "'")
          .replaceAll("&amp;", "&");
        assert.equal(back, value);
      }),
    );
  });

  it("leave markup as it is, join lists and drop what is not there", () => {
    const items: Content[] = ["<a>", html`<b>b</b>`, undefined, false, 3, trusted("<i>")];
    assert.equal(html`${items}`.text, "&lt;a&gt;<b>b</b>3<i>");
  });

  it("embed data that no text can end", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, tail) => {
        const data = { value, tail: `</script><!--${tail}` };
        const { text } = embedded("x", data);
        const [, inner = ""] = /^<script[^>]*>([^]*)<\/script>$/.exec(text) ?? [];
        assert.ok(!inner.includes("<"));
        assert.deepEqual(JSON.parse(inner), JSON.parse(JSON.stringify(data)));
      }),
    );
  });
});
