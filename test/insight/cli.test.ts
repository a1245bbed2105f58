import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listStacks } from "../../insight/stackFiles";

const root = join(__dirname, "..", "..");

/** Runs the command as `npm start` does, without colours. */
function start(...args: string[]) {
  const env = { ...process.env, NO_COLOR: "1", PE_DEBUG: "" };
  const script = join("scripts", "run.mjs");
  return spawnSync(process.execPath, [script, "plan", ...args], {
    cwd: root,
    env,
    encoding: "utf8",
  });
}

interface Report {
  schemaVersion: number;
  stacks: {
    stack: string;
    region: string;
    resources: {
      total: number;
      byComponent: Record<string, number>;
      byType: Record<string, number>;
    };
    plan?: { type: string; created: boolean }[];
  }[];
  totals: { stacks: number; failed: number; resources: number };
}

describe("npm start", function () {
  this.timeout(60_000);

  it("shows every stack in one table, then the totals", () => {
    const { stdout, stderr, status } = start();
    assert.equal(status, 0, stderr);
    const [head = ""] = stdout.split("\n").filter((line) => line.includes("prod-east"));
    for (const stack of listStacks()) assert.ok(head.includes(stack), `${stack} in: ${head}`);
    for (const row of ["Region", "Zones", "Exposure", "Network", "Resources", "Warnings"]) {
      assert.match(stdout, new RegExp(`│ ${row} `));
    }
    assert.match(
      stdout,
      /\n\d+ stacks, \d+ resources of \d+ types\. Planned offline: nothing was created\.\n$/,
    );
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(stdout, /\u001b\[/);
  });

  it("shows one stack's component tree with the inputs that matter", () => {
    const { stdout, status } = start("prod-east");
    assert.equal(status, 0);
    assert.match(stdout, /^prod-east {2}us-east-1, 3 zones/);
    assert.match(stdout, /├─ pe:\S+ \S+\n/);
    assert.match(stdout, /aws:rds\/instance:Instance \S+ {2}\[protect\].*multiAz=true/);
    assert.match(
      stdout,
      /aws:ec2\/subnet:Subnet \S+ {2}\[by awsx\] {2}availabilityZone=us-east-1a/,
    );
  });

  it("prints nothing but JSON on stdout with --json, and counts what it lists", () => {
    const { stdout, status } = start("prod-east", "--json");
    assert.equal(status, 0);
    const report = JSON.parse(stdout) as Report;
    assert.equal(report.schemaVersion, 1);
    const [stack] = report.stacks;
    assert.equal(stack?.region, "us-east-1");
    const created = stack?.plan?.filter((resource) => resource.created) ?? [];
    assert.equal(created.length, stack?.resources.total);
    assert.equal(report.totals.resources, stack?.resources.total);
  });

  it("sums up all stacks with --json, without their plans", () => {
    const report = JSON.parse(start("--json").stdout) as Report;
    assert.deepEqual(
      report.stacks.map(({ stack }) => stack),
      listStacks(),
    );
    for (const { resources, plan } of report.stacks) {
      const counted = Object.values(resources.byComponent).reduce((sum, n) => sum + n, 0);
      assert.equal(counted, resources.total);
      assert.equal(plan, undefined);
    }
  });

  it("explains itself with --help", () => {
    const { stdout, status } = start("--help");
    assert.equal(status, 0);
    assert.match(stdout, /--json/);
  });

  const mistakes: [string[], RegExp][] = [
    [
      ["prod-est"],
      /^There is no stack "prod-est"; the stacks are .*prod-east.* Did you mean prod-east\?\n$/,
    ],
    [["--jsn"], /^There is no option --jsn: see npm start -- --help\.\n$/],
    [["prod-east", "prod-west"], /^Name one stack, not 2: prod-east, prod-west\.\n$/],
  ];
  for (const [args, sentence] of mistakes) {
    it(`answers "${args.join(" ")}" with one sentence and exit code 1`, () => {
      const { stdout, stderr, status } = start(...args);
      assert.equal(status, 1);
      assert.equal(stdout, "");
      assert.match(stderr, sentence);
    });
  }
});

describe("scripts/run.mjs", () => {
  it("names the known commands for a wrong one", () => {
    const { stderr, status } = spawnSync(process.execPath, ["scripts/run.mjs", "strat"], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(status, 1);
    assert.match(stderr, /^There is no command "strat": choose plan, .*up:local, down:local\.\n$/);
  });

  it("refuses an old Node in one sentence", () => {
    const pretend = "Object.defineProperty(process.versions,'node',{value:'18.19.1'});";
    const script = `data:text/javascript,${encodeURIComponent(pretend)}`;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["--import", script, "scripts/run.mjs", "plan"],
      { cwd: root, encoding: "utf8" },
    );
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /^This project needs Node 20\.19 or newer, and this is Node 18\.19\.1: .*\n$/,
    );
  });

  it("stands behind every npm command", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const name of ["start", "test", "up:local", "down:local", "bench", "check"]) {
      assert.match(scripts[name] ?? "", /^node scripts\/run\.mjs /, name);
    }
  });
});
