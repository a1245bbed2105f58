import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommandHere, spawnCommand } from "../../support/command";
import { ProjectCopy } from "../../support/projectCopy";

const root = join(__dirname, "..", "..", "..");

const report = (folder: string, ...args: string[]) => runCommandHere(folder, "report", ...args);

describe("npm run report", function () {
  this.timeout(120_000);
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "pe-report-"));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("writes one stack's installation, whole, and says what it does meanwhile", () => {
    const out = join(folder, "report.html");
    const { stdout, stderr, status } = spawnCommand(root, "report", "cost-saver", "--out", out);
    assert.equal(status, 0, stderr);
    assert.equal(stdout, `Report: ${out}\n`);
    assert.match(stderr, /^Planning cost-saver …\n(.* …\n)+$/);
    const text = readFileSync(out, "utf8");
    assert.match(text, /^<!doctype html>/);
    assert.match(text, /small\.example\.com/);
    assert.doesNotMatch(text, /platform\.example\.com<\/h2>/);
    assert.deepEqual(readdirSync(folder), ["report.html"], "no partial file is left");
  });

  it("writes the picture alone, as SVG and as PNG", async () => {
    const [svg, png] = [join(folder, "a.svg"), join(folder, "a.png")];
    const { stdout, stderr, status } = await report(root, "cost-saver", "--svg", svg, "--png", png);
    assert.equal(status, 0, stderr);
    assert.equal(stdout, `Picture: ${svg}\nPicture: ${png}\n`);
    assert.match(readFileSync(svg, "utf8"), /^<\?xml[^]*<svg [^]*<\/svg>\s*$/);
    assert.equal(readFileSync(png).subarray(1, 4).toString(), "PNG");
  });

  it("needs a stack for a picture where there are several installations", async () => {
    const { stderr, status } = await report(root, "--svg", join(folder, "b.svg"));
    assert.equal(status, 1);
    assert.match(
      stderr,
      /\nA picture is of one installation: name a stack, cost-saver or prod-east\.\n$/,
    );
    assert.ok(!existsSync(join(folder, "b.svg")));
  });

  const mistakes: [string[], RegExp][] = [
    [["prod-est"], /^There is no stack "prod-est"; .* Did you mean prod-east\?\n$/],
    [["--pgn", "1"], /^There is no option --pgn: .* Did you mean --png\?\n$/],
    [["a", "b"], /^Name one stack, not 2: a, b\.\n$/],
    [["--out"], /^--out needs its value: --out <file>\.\n$/],
    [["--out", "x", "--out", "y"], /^--out is given more than once: name one file\.\n$/],
    [["--out", "/nowhere/x.html"], /^\/nowhere\/x\.html cannot be written: there is no folder/],
    [["--out", tmpdir()], /cannot be written: it is a folder\.\n$/],
  ];
  for (const [args, sentence] of mistakes) {
    it(`answers "${args.join(" ")}" with one sentence and exit code 1`, async () => {
      const { stdout, stderr, status } = await report(root, ...args);
      assert.equal(status, 1);
      assert.equal(stdout, "");
      assert.match(stderr, sentence);
    });
  }

  it("writes no total and no met budget for a region without prices, and exits with 5", async () => {
    const copy = new ProjectCopy();
    try {
      copy.edit("cost-saver", (text) => text.replaceAll("us-east-1", "eu-west-1"));
      const { stdout, stderr, status } = await report(copy.folder, "cost-saver");
      assert.equal(status, 5, stderr);
      assert.match(stdout, /^Report: /);
      assert.match(
        stderr,
        /\n✖ small\.example\.com: its cost is unknown\. There are no prices for .*\n$/,
      );
      const text = readFileSync(join(copy.folder, ".local", "report.html"), "utf8");
      assert.match(text, /<strong>\s*Cost unknown\s*<\/strong\s*>/);
      assert.match(text, />Unknown<\/span>\s+cost: unknown \(/);
      assert.doesNotMatch(text, />Met<\/span>\s+cost:|\$0\b|>0\.00</);
    } finally {
      copy.remove();
    }
  });

  it("writes the page without a stack that fails, with its mistakes in it, and exits with 1", async () => {
    const copy = new ProjectCopy();
    try {
      copy.set("prod-east", "azCount", "7");
      const { stdout, stderr, status } = await report(copy.folder);
      assert.equal(status, 1);
      assert.match(stdout, /^Report: \.local\/report\.html\n$/);
      assert.match(
        stderr,
        /\n✖ prod-east: 1 problem\n {2}- Pulumi\.prod-east\.yaml:\d+:3: azCount: 7/,
      );
      assert.doesNotMatch(stderr, /\n\s+at /);
      const text = readFileSync(join(copy.folder, ".local", "report.html"), "utf8");
      assert.match(text, /prod-east is left out/);
      assert.match(text, /Incomplete<\/span>\s+Without prod-east, which could not be planned/);
      assert.match(text, /prod-west is a second region, and no valid stack/);
      assert.match(text, /<h2[^>]*>small\.example\.com<\/h2>/);
      const only = await report(copy.folder, "prod-east");
      assert.equal(only.status, 1);
      assert.equal(only.stdout, "", "nothing to show, nothing is written");
    } finally {
      copy.remove();
    }
  });
});
