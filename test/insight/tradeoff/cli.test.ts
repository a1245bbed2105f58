import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listStacks, projectRoot } from "../../../config/stackFiles";
import { here, runCommandHere, spawnCommand, type Command } from "../../support/command";
import { ProjectCopy } from "../../support/projectCopy";
import { addSmallStack, addUsage } from "./project";

const run = (...args: string[]) => here("tradeoff", ...args);

describe("npm run tradeoff", function () {
  this.timeout(60_000);

  it("prints the present setting, the frontiers, what is dominated and what is left out", () => {
    const { stdout, stderr, status } = spawnCommand(projectRoot, "tradeoff", "prod-east");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^prod-east {2}platform\.example\.com: \d{3,} settings evaluated in/);
    for (const part of [
      "Now",
      "Cost against modelled",
      "Cost against downtime by AWS's SLAs",
      "Dominated",
    ]) {
      assert.match(stdout, new RegExp(`^${part}`, "m"));
    }
    assert.match(stdout, /^Left out {2}\d+ settings/m);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(stdout, /\u001b\[/);
  });

  it("answers targets with the edit", async () => {
    const { stdout, status } = await run("prod-east", "--budget", "20000", "--keep", "database");
    assert.equal(status, 0);
    assert.match(stdout, /^Targets {2}writes 99\.95 % \(modelled\), RTO .* budget \$20,000/ms);
    assert.match(stdout, /^Cheapest {2}/m);
    assert.match(stdout, /^--- a\/Pulumi\.prod-east\.yaml$/m);
    assert.doesNotMatch(stdout, /^[-+] +edition:/m);
  });

  it("exits 3 when an option asks for less than the stack's objectives, and says so first", async () => {
    const { stdout, status } = await run("prod-east", "--availability", "90", "--rto", "9999h");
    assert.equal(status, 3);
    assert.match(stdout, /✖ Misses an objective: recovery after the loss .*?^Cheapest/ms);
  });

  it("exits 3 when nothing meets the targets, and says why", async () => {
    const { stdout, status } = await run(
      "cost-saver",
      "--availability",
      "99.99999",
      "--budget",
      "$10",
    );
    assert.equal(status, 3);
    assert.match(stdout, /✖ No setting reaches 99\.99999 % of writes; the best is/);
    assert.match(stdout, /✖ No setting costs \$10\.00 a month or less/);
  });

  it("prints JSON alone with --json", async () => {
    const { stdout, status } = await run("cost-saver", "--json", "--budget", "10");
    const json = JSON.parse(stdout) as { stack: string; answer: { unreachable: string[] } };
    assert.equal(json.stack, "cost-saver");
    assert.equal(json.answer.unreachable.length, 1);
    assert.equal(status, 3);
  });

  it("says in one line what is wrong with the arguments", async () => {
    const cases: [args: string[], says: RegExp][] = [
      [[], new RegExp(`^Name a stack: ${listStacks().join(", ")}\\.`)],
      [["prod-est"], /^There is no stack "prod-est"; .* Did you mean prod-east\?\n$/],
      [["prod-east", "--buget", "3"], /^There is no option --buget: .* Did you mean --budget\?\n$/],
      [["prod-east", "cost-saver"], /^Name one stack, not 2: prod-east, cost-saver\.\n$/],
      [["prod-east", "--rto", "15"], /^--rto is "15": a unit is missing/],
      [["prod-east", "--keep", "size"], /^--keep does not know size: use zones, /],
    ];
    for (const [args, says] of cases) {
      const { stdout, stderr, status } = await run(...args);
      assert.equal(status, 1, args.join(" "));
      assert.match(stderr, says);
      assert.equal(stdout, "");
    }
  });

  it("explains itself", async () => {
    const { stdout, status } = await run("--help");
    assert.equal(status, 0);
    for (const option of [
      "--availability",
      "--rto",
      "--rpo",
      "--budget",
      "--keep",
      "--write",
      "--json",
    ]) {
      assert.ok(stdout.includes(option), option);
    }
  });
});

describe("npm run tradeoff, in a copy of the project", function () {
  this.timeout(120_000);
  const copy = new ProjectCopy();
  const small = join(copy.folder, "Pulumi.small.yaml");
  after(() => copy.remove());
  before(() => addSmallStack(copy.folder, "eu-west-1"));
  const inCopy = (command: Command, ...args: string[]) =>
    runCommandHere(copy.folder, command, ...args);

  it("names no cheapest without prices, says what to do, and answers once that is done", async () => {
    const before = readFileSync(small, "utf8");
    const none = await inCopy("tradeoff", "small", "--write");
    assert.equal(none.status, 5, none.stderr);
    assert.match(
      none.stderr,
      /^✖ small: (\d+) of \1 settings could not be judged, .*`pricesOf: us-east-1` in assumptions\/usage\.small\.yaml/m,
    );
    assert.doesNotMatch(none.stdout, /Cheapest|nothing to edit/);
    assert.equal(readFileSync(small, "utf8"), before);

    addUsage(copy.folder, "pricesOf: us-east-1\n");
    const answered = await inCopy("tradeoff", "small", "--write");
    assert.equal(answered.status, 0, answered.stderr);
    assert.match(answered.stdout, /^Written: Pulumi\.small\.yaml$/m);
    const after = readFileSync(small, "utf8");
    assert.notEqual(after, before);
    for (const comment of before.match(/#.*/g) ?? []) assert.ok(after.includes(comment), comment);
    assert.equal((await inCopy("plan", "small")).status, 0);

    const again = await inCopy("tradeoff", "small", "--write", "--json");
    assert.equal(again.status, 0, again.stderr);
    const { answer } = JSON.parse(again.stdout) as {
      answer: { written: string[]; cheapest: { diff: string; edits: unknown[] } };
    };
    assert.deepEqual([answer.written, answer.cheapest.diff], [[], ""]);
    assert.equal(readFileSync(small, "utf8"), after);
  });

  it("edits both files of a pair, so that the plan reaches the objectives", async () => {
    const json = await inCopy("tradeoff", "prod-west", "--json");
    const { answer } = JSON.parse(json.stdout) as { answer: { cheapest: { diff: string } | null } };
    assert.equal(json.status, answer.cheapest ? 0 : 3);
    for (const stack of ["prod-east", "prod-west"]) {
      copy.edit(stack, (text) =>
        text
          .replace(/rtoMinutes: \d+/, "rtoMinutes: 600")
          .replace(/monthlyBudgetUsd: \d+/, "monthlyBudgetUsd: 100000"),
      );
    }
    const { status, stdout, stderr } = await inCopy("tradeoff", "prod-west", "--write");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^Written: Pulumi\.prod-east\.yaml, Pulumi\.prod-west\.yaml$/m);
    for (const stack of ["prod-east", "prod-west"]) {
      const plan = await inCopy("plan", stack);
      assert.equal(plan.status, 0, plan.stderr);
    }
  });

  it("writes nothing that misses an objective, or that it cannot edit in place", async () => {
    copy.reset();
    const before = readFileSync(join(copy.folder, "Pulumi.prod-east.yaml"), "utf8");
    const missed = await inCopy(
      "tradeoff",
      "prod-east",
      "--availability",
      "90",
      "--rto",
      "9999h",
      "--write",
    );
    assert.equal(missed.status, 2);
    assert.match(
      missed.stderr,
      /^✖ Nothing is written, because the answer misses the stack's objectives/m,
    );
    assert.equal(readFileSync(join(copy.folder, "Pulumi.prod-east.yaml"), "utf8"), before);

    copy.edit("cost-saver", (text) =>
      text.replace("pe-platform:network:", "pe-platform:network: &net"),
    );
    const odd = await inCopy("tradeoff", "cost-saver", "--write");
    assert.equal(odd.status, 2, odd.stderr);
    assert.match(
      odd.stderr,
      /^✖ Pulumi\.cost-saver\.yaml must be edited by hand, because pe-platform:network has an anchor \(&net\).*: set .*natGateways.*\nNothing is written\.$/m,
    );
  });
});
