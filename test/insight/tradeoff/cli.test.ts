import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { listStacks, projectRoot } from "../../../insight/stackFiles";

function run(...args: string[]) {
  return spawnSync(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", "insight/tradeoff/cli.ts", ...args],
    {
      cwd: projectRoot,
      env: { ...process.env, NO_COLOR: "1", PE_DEBUG: "" },
      encoding: "utf8",
    },
  );
}

describe("npm run tradeoff", function () {
  this.timeout(60_000);

  it("prints the present setting, the frontiers, what is dominated and what is left out", () => {
    const { stdout, stderr, status } = run("prod-east");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^prod-east {2}platform\.example\.com: \d{3,} settings evaluated in/);
    for (const part of ["Now", "Cost against modelled", "Cost against contractual", "Dominated"]) {
      assert.match(stdout, new RegExp(`^${part}`, "m"));
    }
    assert.match(stdout, /^Left out {2}\d+ settings/m);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(stdout, /\u001b\[/);
  });

  it("answers targets with the edit", () => {
    const { stdout, status } = run("prod-east", "--availability", "99", "--keep", "database");
    assert.equal(status, 0);
    assert.match(stdout, /^Targets {2}writes 99 % \(modelled\)$/m);
    assert.match(stdout, /^Cheapest {2}/m);
    assert.match(stdout, /^ {2}Pulumi\.prod-east\.yaml$/m);
    assert.doesNotMatch(stdout, /^ {6}edition:/m);
  });

  it("exits 3 when nothing meets the targets, and says why", () => {
    const { stdout, status } = run("cost-saver", "--availability", "99.99999", "--budget", "$10");
    assert.equal(status, 3);
    assert.match(stdout, /✖ No setting reaches 99\.99999 % of writes; the best is/);
    assert.match(stdout, /✖ No setting costs \$10\.00 a month or less/);
  });

  it("prints JSON alone with --json", () => {
    const { stdout, status } = run("cost-saver", "--json", "--budget", "10");
    const json = JSON.parse(stdout) as { stack: string; answer: { unreachable: string[] } };
    assert.equal(json.stack, "cost-saver");
    assert.equal(json.answer.unreachable.length, 1);
    assert.equal(status, 3);
  });

  it("says in one line what is wrong with the arguments", () => {
    const cases: [args: string[], says: RegExp][] = [
      [[], new RegExp(`^Name a stack: ${listStacks().join(", ")}\\.`)],
      [["prod-est"], /^There is no stack "prod-est"; .* Did you mean prod-east\?\n$/],
      [["prod-east", "--buget", "3"], /^There is no option --buget: .* Did you mean --budget\?\n$/],
      [["prod-east", "cost-saver"], /^Name one stack, not 2: prod-east, cost-saver\.\n$/],
      [["prod-east", "--rto", "15"], /^--rto is "15": a unit is missing/],
      [["prod-east", "--keep", "size"], /^--keep does not know size: use zones, /],
    ];
    for (const [args, says] of cases) {
      const { stdout, stderr, status } = run(...args);
      assert.equal(status, 1, args.join(" "));
      assert.match(stderr, says);
      assert.equal(stdout, "");
    }
  });

  it("explains itself", () => {
    const { stdout, status } = run("--help");
    assert.equal(status, 0);
    for (const option of ["--availability", "--rto", "--rpo", "--budget", "--keep", "--json"]) {
      assert.ok(stdout.includes(option), option);
    }
  });
});
