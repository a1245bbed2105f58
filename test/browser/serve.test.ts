import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { ProjectCopy } from "../support/projectCopy";
import { openPage, startBrowser } from "./chromium";

describe("npm run report -- --serve", function () {
  this.timeout(120_000);
  let browser: Browser;
  let copy: ProjectCopy | undefined;
  let server: ChildProcess | undefined;
  let url = "";
  const ended = (): Promise<number | null> =>
    new Promise((resolve) => server?.once("exit", (code) => resolve(code)));
  const edit = (from = "", to = ""): void => {
    copy?.edit("cost-saver", (text) => text.replace(from, to));
  };

  before(async function () {
    browser = await startBrowser(this);
    copy = new ProjectCopy();
    const args = [join("scripts", "run.mjs"), "report", "cost-saver", "--serve", "--port", "0"];
    const started = spawn(process.execPath, args, {
      cwd: copy.folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    server = started;
    url = await new Promise<string>((resolve, reject) => {
      let told = "";
      for (const stream of [started.stdout, started.stderr]) {
        stream.on("data", (part: Buffer) => {
          told += part.toString();
          const [, address] = /Report: (http:\S+)/.exec(told) ?? [];
          if (address) resolve(address);
        });
      }
      started.once("exit", () => reject(new Error(told)));
    });
  });
  after(async () => {
    if (server && server.exitCode === null) server.kill("SIGKILL");
    await browser?.close();
    copy?.remove();
  });

  it("follows an edit: picture, cost and availability move, and say what they were", async () => {
    const { page, requests, complaints } = await openPage(browser, url);
    const price = page.locator(".price strong");
    const before = (await price.textContent()) ?? "";
    const zones = () => page.locator("svg.topology").innerHTML();
    const picture = await zones();
    assert.match(before, /^\s*\$\d/);
    edit("pe-platform:azCount: 1", "pe-platform:azCount: 2");
    await page.locator(".price .was").waitFor();
    const after = (await price.textContent()) ?? "";
    assert.ok(after.includes(`was ${before.trim()}`), after);
    assert.notEqual(await zones(), picture);
    assert.ok((await page.locator("td .was").count()) > 0, "availability moved");
    assert.deepEqual(complaints, []);
    for (const request of requests) assert.ok(request.startsWith(url), request);
    await page.context().close();
  });

  it("tells a mistake in the page, in its own words, and recovers from it", async () => {
    const { page } = await openPage(browser, url);
    edit("pe-platform:azCount: 1", "pe-platform:azCount: 9");
    await page.getByText("Mistakes to correct").waitFor();
    assert.match((await page.locator("main").textContent()) ?? "", /azCount: .*9/);
    edit("config:", "config: [");
    await page.getByText("is not valid YAML").waitFor();
    edit();
    await page.locator(".price strong").waitFor();
    await page.context().close();
  });

  it("tells a damaged file of assumptions in the page, too", async () => {
    const { page } = await openPage(browser, url);
    const file = join(copy?.folder ?? "", "assumptions", "availability.yaml");
    writeFileSync(file, "zone.failuresPerYer: 1\n");
    await page.getByText("Did you mean zone.failuresPerYear?").waitFor();
    rmSync(file);
    await page.locator(".price strong").waitFor();
    await page.context().close();
  });

  it("ends at Ctrl-C without an error", async () => {
    const code = ended();
    server?.kill("SIGINT");
    assert.equal(await code, 0);
  });
});
