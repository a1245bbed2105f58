import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { serve, type Served } from "../../../insight/report/serve";
import { watchFiles } from "../../../insight/report/watchFiles";

interface Answer {
  status: number;
  text: string;
  headers: IncomingMessage["headers"];
}

function ask(url: string, path = "/", host?: string, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const sent = request(new URL(path, url), { method, headers }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => (text += part.toString()));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers });
      });
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** Names of the events that the server sends, as they come. */
function listen(url: string): { events: string[]; end: () => void } {
  const events: string[] = [];
  const sent = request(new URL("/events", url), (response) => {
    response.on("data", (part: Buffer) => {
      for (const [, name = ""] of part.toString().matchAll(/^event: (.*)$/gm)) events.push(name);
    });
    response.on("error", () => undefined);
  });
  sent.on("error", () => undefined);
  sent.end();
  return { events, end: () => sent.destroy() };
}

async function until(met: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !met(); waited += 10) {
    assert.ok(waited < 5000, `never happened: ${what}`);
    await pause(10);
  }
}

describe("the served report", () => {
  let served: Served | undefined;
  let change: () => void = () => undefined;
  let watching = false;
  let builds = 0;
  let build: () => Promise<string>;
  beforeEach(async () => {
    builds = 0;
    build = () => Promise.resolve(`page ${builds}`);
    served = await serve({
      port: 0,
      build: () => {
        builds += 1;
        return build();
      },
      watch: (onChange) => {
        change = onChange;
        watching = true;
        return () => (watching = false);
      },
    });
  });
  afterEach(async () => {
    await served?.close();
  });
  const url = (): string => served?.url ?? "";

  it("is on the loopback address, kept by nobody and read by no other site", async () => {
    assert.match(url(), /^http:\/\/127\.0\.0\.1:\d+\/$/);
    const { status, text, headers } = await ask(url());
    assert.equal(status, 200);
    assert.equal(text, "page 1");
    assert.equal(headers["access-control-allow-origin"], undefined);
    assert.equal(headers["cache-control"], "no-store");
    assert.equal(headers["x-frame-options"], "DENY");
    assert.equal(headers["cross-origin-resource-policy"], "same-origin");
  });

  it("answers to its own names only: a foreign name pointed here gets nothing", async () => {
    const { port } = new URL(url());
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`]) {
      assert.equal((await ask(url(), "/", host)).status, 200, host);
    }
    for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1.evil.example"]) {
      for (const path of ["/", "/events"]) {
        const { status, text } = await ask(url(), path, host);
        assert.ok(status >= 400, host);
        assert.doesNotMatch(text, /page/);
      }
    }
  });

  it("has one page, and takes nothing in", async () => {
    assert.equal((await ask(url(), "/etc/passwd")).status, 404);
    assert.equal((await ask(url(), "/../Pulumi.yaml")).status, 404);
    assert.equal((await ask(url(), "/", undefined, "POST")).status, 405);
    assert.equal((await ask(url(), "/favicon.ico")).status, 204);
  });

  it("builds anew after a change, and tells who listens", async () => {
    const listener = listen(url());
    await until(() => listener.events.includes("version"), "the greeting");
    change();
    await until(() => listener.events.includes("reload"), "the reload");
    assert.deepEqual(listener.events.slice(-2), ["working", "reload"]);
    assert.equal((await ask(url())).text, "page 2");
    listener.end();
  });

  it("builds once more for any number of changes during a build", async () => {
    await ask(url());
    let finish: () => void = () => undefined;
    build = () => new Promise((resolve) => (finish = () => resolve(`page ${builds}`)));
    change();
    await until(() => builds === 2, "the second build");
    for (let n = 0; n < 5; n++) change();
    finish();
    await until(() => builds === 3, "the third build");
    finish();
    await pause(50);
    assert.equal(builds, 3);
    assert.equal((await ask(url())).text, "page 3");
  });

  it("goes on after a build that failed", async () => {
    await ask(url());
    build = () => Promise.reject(new Error("out of order"));
    change();
    await pause(20);
    const { status, text } = await ask(url());
    assert.equal(status, 500);
    assert.match(text, /out of order/);
    build = () => Promise.resolve("whole again");
    change();
    await pause(20);
    assert.equal((await ask(url())).text, "whole again");
  });

  it("says in one sentence that a port is taken", async () => {
    const port = Number(new URL(url()).port);
    const second = serve({ port, build, watch: () => () => undefined });
    await assert.rejects(second, {
      message: `Port ${port} is taken: choose another one, e.g. --port ${port + 1}, or end what uses it.`,
    });
  });

  it("ends at once, also while somebody listens", async () => {
    const listener = listen(url());
    await until(() => listener.events.length > 0, "the greeting");
    const address = url();
    await served?.close();
    served = undefined;
    assert.equal(watching, false);
    await assert.rejects(ask(address));
    listener.end();
  });
});

describe("the watch over config and assumptions", () => {
  let root = "";
  let changes = 0;
  let end: () => void = () => undefined;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "pe-watch-"));
    writeFileSync(join(root, "Pulumi.yaml"), "name: x\n");
    writeFileSync(join(root, "Pulumi.one.yaml"), "config: {}\n");
    mkdirSync(join(root, "insight", "prices"), { recursive: true });
    changes = 0;
    end = watchFiles(root, () => (changes += 1));
  });
  afterEach(() => {
    end();
    rmSync(root, { recursive: true, force: true });
  });

  it("tells of a stack file, a price file and a folder that comes later, once each", async () => {
    writeFileSync(join(root, "Pulumi.one.yaml"), "config: { a: 1 }\n");
    await until(() => changes === 1, "the stack file");
    writeFileSync(join(root, "insight", "prices", "us-east-1.json"), "{}");
    await until(() => changes === 2, "the price file");
    mkdirSync(join(root, "assumptions"));
    await pause(300);
    writeFileSync(join(root, "assumptions", "usage.one.yaml"), "{}");
    await until(() => changes === 3, "the usage file");
    await pause(300);
    assert.equal(changes, 3);
  });

  it("is silent about other files, and about a file that is only touched", async () => {
    writeFileSync(join(root, "notes.txt"), "x");
    utimesSync(join(root, "Pulumi.one.yaml"), new Date(), new Date());
    writeFileSync(join(root, "Pulumi.one.yaml"), "config: {}\n");
    await pause(400);
    assert.equal(changes, 0);
  });
});
