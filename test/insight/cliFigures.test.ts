import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommandHere } from "../support/command";
import { ProjectCopy } from "../support/projectCopy";

interface Report {
  installations: {
    domain: string;
    totalUsd: number | null;
    atLeastUsd?: number;
    stacks: {
      stack: string;
      totalUsd: number | null;
      byComponent: Record<string, number | null>;
      lines?: { usd: number }[];
    }[];
    level: { write: { modelled: { availability: number } } } | null;
    objectives: { key: string; status: string }[];
  }[];
  figuresError?: string;
}

describe("npm start, on cost and service level", function () {
  this.timeout(90_000);
  let copy: ProjectCopy;

  before(() => {
    copy = new ProjectCopy();
  });
  after(() => {
    copy.remove();
  });
  beforeEach(() => {
    copy.reset();
  });

  const start = (...args: string[]) => runCommandHere(copy.folder, "plan", ...args);

  /** A stack whose objectives are these alone. */
  function demand(stack: string, objectives: string): void {
    copy.edit(stack, (text) => {
      const without = text.replace(/ {2}pe-platform:objectives:\n( {4}.*\n)*/, "");
      return `${without}  pe-platform:objectives: ${objectives}\n`;
    });
  }

  it("says for every installation what it costs, how available it is and how it recovers", async () => {
    const { stdout, status } = await start();
    assert.equal(status, 0, stdout);
    for (const domain of ["small", "platform"]) {
      const block =
        new RegExp(`(?:^|\n)${domain}\\.example\\.com {2}.*\n(( {2}.*\n)+)`).exec(stdout)?.[1] ??
        "";
      for (const label of ["Cost", "Available", "Recovery", "Strategy", "Objectives"]) {
        assert.match(block, new RegExp(`^ {2}${label} `, "m"), domain);
      }
    }
  });

  it("sums components and stacks to the totals, to the cent", async () => {
    const { installations } = JSON.parse((await start("--json")).stdout) as Report;
    const cents = (amounts: (number | null)[]): number =>
      amounts.reduce<number>((sum, amount) => sum + Math.round((amount ?? NaN) * 100), 0);
    for (const { totalUsd, stacks } of installations) {
      assert.equal(cents(stacks.map((one) => one.totalUsd)), cents([totalUsd]));
      for (const stack of stacks) {
        assert.equal(cents(Object.values(stack.byComponent)), cents([stack.totalUsd]), stack.stack);
      }
    }
  });

  it("bills the other region too where one stack is asked for, line by line", async () => {
    const { installations } = JSON.parse((await start("prod-west", "--json")).stdout) as Report;
    assert.deepEqual(
      installations.map(({ stacks }) => stacks.map(({ stack }) => stack)),
      [["prod-east", "prod-west"]],
    );
    const all = JSON.parse((await start("--json")).stdout) as Report;
    const same = all.installations.find(({ domain }) => domain === installations[0]?.domain);
    assert.equal(installations[0]?.totalUsd, same?.totalUsd);
    for (const { lines = [] } of installations[0]?.stacks ?? []) assert.ok(lines.length > 20);
  });

  it("exits with 3 where an objective is missed, and says which", async () => {
    demand("cost-saver", "{ availability: 99.9999, monthlyBudgetUsd: 5000 }");
    const { stdout, status } = await start("cost-saver");
    assert.equal(status, 3);
    assert.match(stdout, /Objectives +missed: availability of writes, modelled: /);
    assert.match(stdout, /\n +met: cost: /);
    const json = await start("cost-saver", "--json");
    assert.equal(json.status, 3);
    const [one] = (JSON.parse(json.stdout) as Report).installations;
    assert.deepEqual(
      one?.objectives.map(({ key, status }) => [key, status]),
      [
        ["availability", "missed"],
        ["monthlyBudgetUsd", "met"],
      ],
    );
    const comment = await start("cost-saver", "--markdown");
    assert.equal(comment.status, 3);
    assert.match(comment.stdout, /❌ 1 objective missed\./);
  });

  it("shows the plan, and says what is wrong with the figures, when their files are damaged", async () => {
    const usage = join(copy.folder, "assumptions", "usage.cost-saver.yaml");
    const kept = readFileSync(usage, "utf8");
    try {
      writeFileSync(usage, "traffik:\n  requestsPerMonth: -1\n");
      const { stdout, stderr, status } = await start("cost-saver");
      assert.equal(status, 1);
      assert.match(stdout, /^cost-saver {2}us-east-1/);
      assert.match(stderr, /traffik/);
      assert.doesNotMatch(stdout + stderr, /\n\s+at /);
    } finally {
      writeFileSync(usage, kept);
    }
  });

  /** A region of which the price table has nothing. */
  const moved = (text: string): string => text.replaceAll("us-east-1", "eu-west-1");

  it("calls no budget met in a region without prices, in any form, and says what to do", async () => {
    copy.edit("cost-saver", moved);
    const text = await start("cost-saver");
    assert.equal(text.status, 5, text.stderr);
    // Route 53's alarm and its topic's key are in us-east-1 wherever the stack is.
    assert.match(
      text.stdout,
      /\n {2}Cost +unknown \(at least 1\.10 USD a month, \d+ cost lines\s+without a price\):/,
    );
    assert.match(text.stdout, /\n +unknown: cost: unknown /);
    assert.doesNotMatch(text.stdout, /\b0 USD|met: cost/);
    assert.match(
      text.stderr,
      /^✖ small\.example\.com: its cost is unknown\. There are no prices for eu-west-1: run `npm run prices:refresh`[^\n]*\n$/,
    );
    const comment = await start("cost-saver", "--markdown");
    assert.equal(comment.status, 5);
    assert.match(comment.stdout, /\n❓ 1 objective unknown\.\n/);
    assert.match(comment.stdout, /### small\.example\.com: unknown \(/);
    assert.match(comment.stdout, /\* ❓ unknown: cost: /);
    assert.doesNotMatch(comment.stdout, /✅ cost|✅ 4/);
    const json = await start("cost-saver", "--json");
    assert.equal(json.status, 5);
    const [one] = (JSON.parse(json.stdout) as Report).installations;
    assert.equal(one?.totalUsd, null);
    assert.deepEqual(
      one?.objectives.map(({ status }) => status),
      ["met", "met", "met", "unknown"],
    );
    for (const stack of one?.stacks ?? []) {
      assert.equal(stack.totalUsd, null);
      const { EntryAlarms: elsewhere, ...own } = stack.byComponent;
      assert.ok(Object.values(own).every((usd) => usd === null));
      assert.ok(typeof elsewhere === "number");
    }
  });

  it("lets a missed objective win over an unknown one, and a mistake over both", async () => {
    copy.edit("cost-saver", (text) =>
      moved(text).replace("availability: 99.9", "availability: 99.9999"),
    );
    assert.equal((await start("cost-saver")).status, 3);
    copy.set("prod-east", "azCount", "7");
    assert.equal((await start()).status, 1);
  });

  it("never passes over a missing price", async () => {
    copy.edit("cost-saver", (text) =>
      text.replaceAll("instanceType: t3.large", "instanceType: c5.9xlarge"),
    );
    const { stdout, stderr, status } = await start("cost-saver");
    assert.equal(status, 5);
    assert.match(stdout, /No price +There is no price for .*c5\.9xlarge/);
    assert.match(
      stdout,
      /Cost +unknown \(at least\s+[\d,]+\s+USD\s+a\s+month,\s+\d+\s+cost\s+lines?\s+without\s+a\s+price\)/,
    );
    assert.match(
      stderr,
      /^✖ small\.example\.com: its cost is unknown\. There is no price for .*\n$/,
    );
    const [one] = (JSON.parse((await start("cost-saver", "--json")).stdout) as Report)
      .installations;
    assert.equal(one?.totalUsd, null);
    assert.ok((one?.atLeastUsd ?? 0) > 0);
  });

  const mistakes: [string[], RegExp][] = [
    [["--json", "--markdown"], /^Choose one of --json and --markdown\.\n$/],
    [["--against"], /^--against needs its value: --against <commit>\.\n$/],
  ];
  for (const [args, sentence] of mistakes) {
    it(`answers "${args.join(" ")}" with one sentence and exit code 1`, async () => {
      const { stderr, stdout, status } = await start(...args);
      assert.equal(status, 1);
      assert.equal(stdout, "");
      assert.match(stderr, sentence);
    });
  }

  it("needs a repository to compare with a commit, and says so", async () => {
    const { stdout, stderr, status } = await start("cost-saver", "--against", "main");
    assert.equal(status, 1);
    assert.match(stdout, /^cost-saver {2}us-east-1/);
    assert.match(stderr, /There is no commit "main" to compare with/);
  });
});
