import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { reportDocument } from "../../insight/report/document";
import { realPage } from "../insight/report/reportPage";
import { openPage, startBrowser, type Watched } from "./chromium";

interface Box {
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What axe-core says of one rule that is broken. */
interface Violation {
  id: string;
  impact: string;
  help: string;
  nodes: { html: string; failureSummary: string }[];
}

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// Expressions are texts: the tests' own types know no browser.
const drawn = `[...document.querySelectorAll("figure")].map((figure) => {
  const { x, y, width, height } = figure.getBoundingClientRect();
  return { name: figure.closest("section").id + " " + (figure.dataset.column ?? ""), x, y, width, height };
})`;

const openAll = `document.querySelectorAll("details").forEach((item) => (item.open = true))`;
const fewRows = `document.querySelectorAll("tbody tr:nth-child(n + 11)").forEach((row) => row.remove())`;

describe("the report in a browser", function () {
  this.timeout(120_000);
  let browser: Browser;
  let folder = "";
  let url = "";
  const opened: Page[] = [];

  before(async function () {
    browser = await startBrowser(this);
    folder = mkdtempSync(join(tmpdir(), "pe-report-"));
    const file = join(folder, "report.html");
    writeFileSync(file, reportDocument(await realPage()));
    url = pathToFileURL(file).href;
  });
  afterEach(async () => {
    for (const page of opened.splice(0)) await page.context().close();
  });
  after(async () => {
    await browser?.close();
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  });

  async function open(options?: BrowserContextOptions): Promise<Watched> {
    const watched = await openPage(browser, url, options);
    opened.push(watched.page);
    return watched;
  }

  const sized = (width: number) => ({ viewport: { width, height: 900 } });

  for (const width of [390, 1024, 1920]) {
    describe(`at ${width} px`, () => {
      let watched: Watched;
      before(async () => {
        watched = await openPage(browser, url, sized(width));
      });
      after(() => watched.page.context().close());

      for (const colorScheme of ["light", "dark"] as const) {
        it(`is whole, ${colorScheme}: pictures and charts side by side or below`, async () => {
          const { page, requests, complaints } = watched;
          await page.emulateMedia({ colorScheme });
          const boxes = await page.evaluate<Box[]>(drawn);
          const { installations } = await realPage();
          assert.equal(boxes.length, installations.length * 3, "a picture and two charts for each");
          for (const { name, x, width: wide, height } of boxes) {
            assert.ok(wide > 250 && height > 150, `${name} is ${wide} × ${height}`);
            assert.ok(x >= 0 && x + wide <= width + 0.5, `${name} stands out of the page`);
          }
          for (const [index, one] of boxes.entries()) {
            for (const other of boxes.slice(index + 1)) {
              const apart =
                one.x + one.width <= other.x ||
                other.x + other.width <= one.x ||
                one.y + one.height <= other.y ||
                other.y + other.height <= one.y;
              assert.ok(apart, `${one.name} and ${other.name} overlap`);
            }
          }
          assert.deepEqual(complaints, []);
          assert.deepEqual(requests, [url]);
        });
      }

      it("never scrolls sideways, with everything open", async () => {
        await watched.page.evaluate(openAll);
        const [needed, given] = await watched.page.evaluate<[number, number]>(
          `[document.documentElement.scrollWidth, document.documentElement.clientWidth]`,
        );
        assert.ok(needed <= given, `${needed} px in ${given} px`);
      });
    });
  }

  it("draws charts with a line, dots and a mark for the present setting", async () => {
    const { page } = await open(sized(1024));
    for (const chart of await page.locator("svg.chart").all()) {
      assert.ok((await chart.locator("path[stroke='var(--accent)']").count()) >= 1);
      assert.ok((await chart.locator("path[fill='var(--dot)']").count()) > 50);
      assert.equal(await chart.locator(".point.current").count(), 1);
    }
    const strokes = await page.evaluate<string[]>(
      `[...document.querySelectorAll("svg.chart path[stroke='var(--accent)']")].map((path) => getComputedStyle(path).stroke)`,
    );
    for (const stroke of strokes) assert.match(stroke, /^rgb\(/);
  });

  it("finds resources by several words, counts them, and shows all again", async () => {
    const { page } = await open(sized(1024));
    const visible = page.locator("#resource-table tbody tr:visible");
    const all = (await realPage()).resources;
    const wanted = all.filter(
      ({ stack, type }) => stack === "prod-west" && /replication/i.test(type),
    ).length;
    assert.ok(wanted > 0);
    await page.getByLabel(/^Search/).fill("prod-WEST  dms/replication");
    await page.locator("#resource-table tbody tr[hidden]").first().waitFor({ state: "attached" });
    for (const row of await visible.allTextContents()) {
      assert.match(row, /prod-west/);
      assert.match(row, /dms\/replication/);
    }
    const found = await visible.count();
    assert.equal(
      await page.getByRole("status").textContent(),
      `${found} of ${all.length} resources`,
    );
    await page.getByLabel(/^Search/).fill("no such thing");
    await page.locator("#search-count", { hasText: /^\s*0 of/ }).waitFor();
    await page.getByLabel(/^Search/).press("Escape");
    assert.equal(await visible.count(), all.length);
  });

  it("changes the theme by a choice, and remembers it", async () => {
    const { page } = await open({ ...sized(1024), colorScheme: "light" });
    const background = () =>
      page.evaluate<string>(`getComputedStyle(document.documentElement).backgroundColor`);
    const light = await background();
    await page.getByText("Dark", { exact: true }).click();
    const dark = await background();
    assert.notEqual(dark, light);
    await page.reload();
    assert.equal(await background(), dark);
    await page.getByText("System", { exact: true }).click();
    assert.equal(await background(), light);
  });

  it("works where nothing may be remembered", async () => {
    const { page } = await open(sized(1024));
    await page.addInitScript(
      `Object.defineProperty(window, "localStorage", { get() { throw new Error("denied"); } })`,
    );
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.reload();
    await page.getByText("Dark", { exact: true }).click();
    await page.getByLabel(/^Search/).fill("kms");
    await page.locator("#resource-table tr[hidden]").first().waitFor({ state: "attached" });
    assert.deepEqual(complaints, []);
  });

  it("leads the keyboard to the chart's points, and says what each is", async () => {
    const { page } = await open(sized(1024));
    const container = page.locator(".chart-figure .scroll").last();
    await container.focus();
    await page.keyboard.press("Tab");
    const focused = () =>
      page.evaluate<string>(`document.activeElement.getAttribute("aria-label") ?? ""`);
    const tip = page.locator("#tip");
    const first = await focused();
    assert.match(first, /zone.*a month.*Writes, modelled/);
    assert.ok(await tip.isVisible());
    assert.match((await tip.textContent()) ?? "", /a month/);
    await page.keyboard.press("ArrowRight");
    assert.notEqual(await focused(), first);
    assert.ok(await tip.isVisible());
    await page.keyboard.press("Home");
    assert.equal(await focused(), first);
    await page.keyboard.press("Escape");
    assert.ok(await tip.isHidden());
  });

  it("shows a dot's figures under the pointer, inside the window", async () => {
    const { page } = await open(sized(390));
    const dot = page.locator("svg.chart path[fill='var(--dot)']").first();
    await dot.scrollIntoViewIfNeeded();
    await dot.hover({ force: true });
    const tip = page.locator("#tip");
    await tip.waitFor({ state: "visible" });
    const box = await tip.boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= 390, JSON.stringify(box));
  });

  it("sorts cost lines by any column, numbers as numbers", async () => {
    const { page } = await open(sized(1920));
    const lines = page.locator("details.lines").last();
    await lines.locator("summary").click();
    const column = lines.locator("tbody tr td:nth-child(5)");
    const amounts = async (): Promise<number[]> =>
      (await column.allTextContents()).map((text) => Number(text.replaceAll(",", "")));
    const before = await amounts();
    assert.deepEqual(
      before,
      before.toSorted((a, b) => b - a),
    );
    const head = lines.getByRole("button", { name: "USD a month" });
    await head.click();
    await head.click();
    assert.deepEqual(
      await amounts(),
      before.toSorted((a, b) => a - b),
    );
    assert.equal(await lines.locator("th[aria-sort='ascending']").count(), 1);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [390, 1920]) {
      it(`has no serious mistake for axe-core, ${colorScheme}, ${width} px`, async () => {
        const { page } = await open({ ...sized(width), colorScheme });
        await page.evaluate(openAll);
        // The rows of a table are alike, and axe looks at each for a long time.
        if (!process.env.PE_FULL) await page.evaluate(fewRows);
        await page.evaluate(axe);
        const violations = await page.evaluate<Violation[]>(
          `axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations)`,
        );
        const told = violations
          .filter(({ impact }) => ["serious", "critical"].includes(impact))
          .map(({ id, nodes }) => `${id} ×${nodes.length}: ${nodes[0]?.html.slice(0, 160)}`);
        assert.deepEqual(told, []);
      });
    }
  }

  it("prints everything: all sections, and what is folded on the screen", async () => {
    const { page } = await open(sized(1024));
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const empty = await page.evaluate<string[]>(
      `[...document.querySelectorAll("main section")].filter((item) => item.getBoundingClientRect().height < 20).map(({ id }) => id)`,
    );
    assert.deepEqual(empty, []);
    const folded = await page.evaluate<number>(
      `[...document.querySelectorAll("details td")].filter((cell) => cell.getClientRects().length === 0).length`,
    );
    assert.equal(folded, 0);
    const background = await page.evaluate<string>(
      `getComputedStyle(document.documentElement).backgroundColor`,
    );
    assert.equal(background, "rgb(255, 255, 255)", "paper is white");
    assert.ok(await page.locator(".side").isHidden());
  });

  it("can be read without a script; only what needs one is gone", async () => {
    const { page, complaints } = await open({ ...sized(1024), javaScriptEnabled: false });
    assert.ok(await page.getByRole("heading", { name: "Summary" }).isVisible());
    assert.ok(await page.locator("svg.chart").first().isVisible());
    assert.ok(await page.locator("#search").isHidden());
    assert.deepEqual(complaints, []);
  });

  it("runs no script that is not its own", async () => {
    const { page } = await open(sized(1024));
    const ran = await page.evaluate<boolean>(`new Promise((resolve) => {
      const script = document.createElement("script");
      script.textContent = "window.foreign = true";
      document.body.append(script);
      setTimeout(() => resolve(window.foreign === true), 50);
    })`);
    assert.equal(ran, false);
  });
});
