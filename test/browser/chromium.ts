import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser to test with: PE_CHROMIUM, else the first on PATH; undefined where there is none. */
export function findChromium(): string | undefined {
  const named = process.env.PE_CHROMIUM;
  if (named) return named;
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts the browser, or skips the suite and says why. */
export async function startBrowser(suite: Mocha.Context): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    process.stdout.write(
      "    skipped: there is no Chromium; install one (apt-get install chromium) or name it in PE_CHROMIUM\n",
    );
    return suite.skip();
  }
  // As root, Chromium refuses to start with its sandbox; it opens nothing but the tests' own pages.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args });
}

/** A page that remembers what it asked for and what it complained about. */
export interface Watched {
  page: Page;
  /** URLs of everything that was loaded, or tried. */
  requests: string[];
  /** Errors and warnings of the console, and uncaught exceptions. */
  complaints: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, requests, complaints };
}
