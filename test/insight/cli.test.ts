import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listStacks } from "../../config/stackFiles";
import { here, runCommandHere, spawnCommand } from "../support/command";
import { ProjectCopy } from "../support/projectCopy";

const root = join(__dirname, "..", "..");

const start = (...args: string[]) => here("plan", ...args);

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

  it("opens with each installation's verdict, then the stacks and the totals", () => {
    const { stdout, stderr, status } = spawnCommand(root, "plan");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^small\.example\.com {2}cost-saver\n {2}Cost +[\d,]+ USD a month/);
    for (const stack of listStacks()) {
      assert.match(
        stdout,
        new RegExp(`\n${stack} +us-\\S+ +a[ abc]* +public +\\w+ +[\\d,]+ +\\d+ *\n`),
      );
    }
    assert.match(
      stdout,
      /\n\d+ stacks, \d+ resources of \d+ types\. Planned offline: nothing was created\.\nNext: npm start -- prod-east /,
    );
    assert.doesNotMatch(stdout, /CopyGuard/);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(stdout, /\u001b\[/);
  });

  it("tells findings below their installation, with the stacks they apply to", async () => {
    const { stdout } = await start();
    const [small = "", platform = ""] = stdout.split("\nplatform.example.com ");
    assert.match(small, /\n {2}! Alarms reach nobody/);
    assert.match(
      platform,
      /\n {2}! prod-east, prod-west: domain platform\.example\.com is reserved/,
    );
  });

  it("counts resources by component with --components alone", async () => {
    const { stdout, status } = await start("--components");
    assert.equal(status, 0);
    assert.match(stdout, /\nResources of +cost-saver +prod-east +prod-west *\n/);
    assert.match(stdout, /\nCopyGuard +– +– +3 *\n/);
  });

  it("says what joins the regions of an installation, below the table", async () => {
    const { stdout } = await start();
    assert.match(stdout, /\nprod-west +us-west-2 +a b c +public +replica +/);
    const block = /\nplatform\.example\.com\n(( {2}.*\n)+)\n/.exec(stdout)?.[1] ?? "";
    for (const label of ["Regions", "Writer", "Replication", "Peering", "Backups", "First up"]) {
      assert.match(block, new RegExp(`^ {2}${label} `, "m"));
    }
    assert.match(block, /^ {2}prod-west owns +in us-east-1/m);
    const long = block.split("\n").filter((line) => line.length > 100);
    assert.deepEqual(long, []);
  });

  it("marks what of one stack is in the other region, and names the other stack's values", async () => {
    const { stdout } = await start("prod-west");
    assert.match(
      stdout,
      /VpcPeeringConnectionAccepter peering {2}\[in us-east-1, provider aws-peer\]/,
    );
    assert.match(stdout, /sourceDbInstanceArn=→ prod-east:database\.arn {2}retentionPeriod=7/);
    assert.match(stdout, /ReplicationInstance replication {2}replicationInstanceClass=dms\./);
    assert.match(stdout, /ReplicationTask replication {2}migrationType=full-load-and-cdc/);
    assert.match(stdout, /SecretRotation \S+ {2}secretId=→ \S+ {2}automaticallyAfterDays=30/);
    assert.match(stdout, /Invocation database-bootstrap .* task=prepare {2}logins=application, /);
    assert.match(stdout, /iam\/role:Role replication\S* .*assumedBy=dms\./);
    assert.match(stdout, /\n {2}First up +prod-east, then prod-west\n/);
  });

  it("shows one stack's component tree with the inputs that matter", async () => {
    const { stdout, status } = await start("prod-east");
    assert.equal(status, 0);
    assert.match(stdout, /^prod-east {2}us-east-1, 3 zones/);
    assert.match(stdout, /├─ pe:\S+ \S+\n/);
    assert.match(stdout, /aws:rds\/instance:Instance \S+ {2}\[protect\].*multiAz=true/);
    assert.match(
      stdout,
      /aws:ec2\/subnet:Subnet \S+ {2}\[by awsx\] {2}availabilityZone=us-east-1a/,
    );
  });

  it("prints nothing but JSON on stdout with --json, and counts what it lists", async () => {
    const { stdout, status } = await start("prod-east", "--json");
    assert.equal(status, 0);
    const report = JSON.parse(stdout) as Report;
    assert.equal(report.schemaVersion, 2);
    const [stack] = report.stacks;
    assert.equal(stack?.region, "us-east-1");
    const created = stack?.plan?.filter((resource) => resource.created) ?? [];
    assert.equal(created.length, stack?.resources.total);
    assert.equal(report.totals.resources, stack?.resources.total);
  });

  it("sums up all stacks with --json, without their plans", async () => {
    const report = JSON.parse((await start("--json")).stdout) as Report;
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

  it("explains itself with --help", async () => {
    const { stdout, status } = await start("--help");
    assert.equal(status, 0);
    assert.match(stdout, /--json/);
  });

  const mistakes: [string[], RegExp][] = [
    [
      ["prod-est"],
      /^There is no stack "prod-est"; the stacks are .*prod-east.* Did you mean prod-east\?\n$/,
    ],
    [["--jsn"], /^There is no option --jsn: see npm start -- --help\. Did you mean --json\?\n$/],
    [["prod-east", "prod-west"], /^Name one stack, not 2: prod-east, prod-west\.\n$/],
  ];
  for (const [args, sentence] of mistakes) {
    it(`answers "${args.join(" ")}" with one sentence and exit code 1`, async () => {
      const { stdout, stderr, status } = await start(...args);
      assert.equal(status, 1);
      assert.equal(stdout, "");
      assert.match(stderr, sentence);
    });
  }
});

describe("npm start with mistakes in the stack files", function () {
  this.timeout(60_000);
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

  it("shows all mistakes of all stacks at once, without a trace, and exits with 1", async () => {
    copy.set("prod-east", "azCount", "5");
    copy.edit("cost-saver", (text) =>
      `${text}  pe-platform:azCout: 2\n`.replace("azCount: 1", "azCount: 9"),
    );
    const { stdout, stderr, status } = await runCommandHere(copy.folder, "plan");
    assert.equal(status, 1);
    assert.match(
      stdout,
      /✖ cost-saver: 2 problems\n {2}- Pulumi\.cost-saver\.yaml:\d+:3: azCout: /,
    );
    assert.match(stdout, /✖ prod-east: 1 problem\n {2}- Pulumi\.prod-east\.yaml:\d+:3: azCount: /);
    assert.match(stdout, /azCount: 5 is not allowed/);
    assert.match(stdout, /azCout.*azCount/);
    assert.match(stdout, /\n1 stack, .*; 2 stacks could not be planned/);
    assert.doesNotMatch(stdout + stderr, /\n\s+at /);
  });

  it("shows one stack's mistakes on stderr, and as JSON with --json", async () => {
    copy.set("prod-east", "azCount", "5");
    const { stdout, stderr, status } = await runCommandHere(copy.folder, "plan", "prod-east");
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /azCount/);
    assert.doesNotMatch(stderr, /\n\s+at /);
    const json = await runCommandHere(copy.folder, "plan", "prod-east", "--json");
    assert.equal(json.status, 1);
    const { stacks } = JSON.parse(json.stdout) as {
      stacks: { error: { problems: { key: string }[] } }[];
    };
    assert.deepEqual(
      stacks[0]?.error.problems.map(({ key }) => key),
      ["azCount"],
    );
  });

  it("shows what is wrong between two stacks, and exits with 1", async () => {
    copy.edit("prod-west", (text) => text.replace("10.20.0.0/16", "10.10.0.0/16"));
    for (const args of [[], ["prod-east"]]) {
      const { stdout, stderr, status } = await runCommandHere(copy.folder, "plan", ...args);
      assert.equal(status, 1);
      const problem = /✖ prod-east, prod-west: network\.cidrBlock: 10\.10\.0\.0\/16 .* overlaps/;
      assert.match(stdout + stderr, problem);
    }
    assert.equal((await runCommandHere(copy.folder, "plan", "cost-saver")).status, 0);
  });

  it("says that a region which regionCount leaves out is empty", async () => {
    for (const stack of ["prod-east", "prod-west"]) copy.set(stack, "regionCount", "1");
    const { stdout, status } = await runCommandHere(copy.folder, "plan");
    assert.equal(status, 3, stdout); // One region misses the objectives of two.
    assert.match(stdout, /\nprod-west +us-west-2 +off +public +– +0 +0 *\n/);
    assert.match(stdout, /! prod-west: us-west-2 is not among the first 1 of regions .* empty/);
    assert.match(
      (await runCommandHere(copy.folder, "plan", "prod-west")).stdout,
      /^prod-west {2}us-west-2, not in use, public/,
    );
  });
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

  it("ends with the code of its command", () => {
    const { stderr, status } = spawnCommand(root, "plan", "prod-est");
    assert.equal(status, 1);
    assert.match(stderr, /^There is no stack "prod-est"/);
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
    for (const name of [
      "start",
      "tradeoff",
      "report",
      "prices:refresh",
      "test",
      "up:local",
      "down:local",
      "bench",
      "check",
    ]) {
      assert.match(scripts[name] ?? "", /^node scripts\/run\.mjs /, name);
    }
  });
});
