import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultUsage, parseUsage, readUsage } from "../../../insight/cost/usage";
import { usageKeys } from "../../../insight/cost/usageSchema";
import { listStacks, projectRoot } from "../../../config/stackFiles";
import { valueOf } from "./support";
import { UserError } from "../../../config/mistake";

function mistakes(yaml: string): string[] {
  try {
    parseUsage(yaml, "assumptions/usage.one.yaml");
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error.message.split("\n");
  }
  return assert.fail("the file was accepted");
}

/** Without the place that each begins with, which other tests look at. */
const unplaced = (line: string): string =>
  line.replace(/^ {2}- assumptions\/usage\.one\.yaml:\d+:\d+: /, "  - ");

/** Title, YAML, and the problems below the headline. */
const bad: [string, string, string[]][] = [
  [
    "an unknown section",
    "trafic:\n  requestKiB: 1",
    ["trafic: unknown key. Did you mean traffic?"],
  ],
  [
    "an unknown key of a section",
    "traffic: { requestKib: 1 }",
    ["traffic.requestKib: unknown key. Did you mean requestKiB?"],
  ],
  [
    "a key of another section",
    "network: { webGiB: 1 }",
    ["network.webGiB: unknown key. Write it as logs.webGiB."],
  ],
  [
    "a key that nothing resembles",
    "clients: { shoe: 1, wholesale: 2 }",
    [
      "clients.shoe: unknown key. Did you mean share?",
      "clients.wholesale: unknown key. The keys here are share.",
    ],
  ],
  [
    "a negative number",
    "traffic: { requestsPerMonth: -1 }",
    ["traffic.requestsPerMonth: -1 is not allowed: use a number of 0 or more (requests/month)."],
  ],
  [
    "no number",
    "logs: { webGiB: .nan, appGiB: .inf }",
    [
      "logs.webGiB: NaN is not allowed: use a number of 0 or more (GiB/month).",
      "logs.appGiB: Infinity is not allowed: use a number of 0 or more (GiB/month).",
    ],
  ],
  [
    "text for a number",
    'logs: { webGiB: "20" }',
    ['logs.webGiB: "20" is not allowed: use a number of 0 or more (GiB/month).'],
  ],
  [
    "a share over 1",
    "clients: { share: 60 }",
    ["clients.share: 60 is not allowed: use a number from 0 to 1."],
  ],
  [
    "no server at all",
    "servers: { web: { needed: 0 } }",
    ["servers.web.needed: 0 is not allowed: use a whole number of 1 or more (servers)."],
  ],
  [
    "half a server",
    "servers: { app: { needed: 1.5 } }",
    ["servers.app.needed: 1.5 is not allowed: use a whole number of 1 or more (servers)."],
  ],
  [
    "a list for a section",
    "servers: [1]",
    ["servers: [1] is not allowed: write web, app indented below it."],
  ],
  [
    "a commitment without a discount",
    "purchase: { servers: { coveragePercent: 80 } }",
    ["purchase.servers.discountPercent: is missing: use a number from 0 to 100 (%)."],
  ],
  [
    "a discount over 100 %",
    "purchase: { database: { coveragePercent: 80, discountPercent: 128 } }",
    ["purchase.database.discountPercent: 128 is not allowed: use a number from 0 to 100 (%)."],
  ],
  [
    "another licence",
    "licences: { sqlServer: byol }",
    ['licences.sqlServer: "byol" is not allowed: use included or own.'],
  ],
  [
    "more hours than a week has",
    "officeHours: { web: 200 }",
    ["officeHours.web: 200 is not allowed: use a number from 0 to 168 (h/week)."],
  ],
  [
    "prices of no region",
    "pricesOf: Virginia",
    [
      'pricesOf: "Virginia" is not allowed: use a region that has a file in insight/prices, such as us-east-1.',
    ],
  ],
];

describe("a usage file", () => {
  for (const [title, yaml, problems] of bad) {
    it(`is refused for ${title}`, () => {
      const [head, ...lines] = mistakes(yaml);
      const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
      assert.equal(head, `${count} in assumptions/usage.one.yaml:`);
      assert.deepEqual(
        lines.map(unplaced),
        problems.map((line) => `  - ${line}`),
      );
    });
  }

  it("is told all its mistakes at once", () => {
    const several = "traffic: { requestsPerMonth: -1 }\nlogs:\n  wbeGiB: 1\nkms: { rotations: 3 }";
    const [head, ...lines] = mistakes(several);
    assert.equal(head, "3 problems in assumptions/usage.one.yaml:");
    for (const place of [
      "1:12: traffic.requestsPerMonth",
      "3:3: logs.wbeGiB",
      "4:8: kms.rotations",
    ]) {
      assert.ok(
        lines.some((line) => line.startsWith(`  - assumptions/usage.one.yaml:${place}: `)),
        lines.join("\n"),
      );
    }
  });

  it("must hold keys and values", () => {
    for (const yaml of ["- a\n- b", "5", "only text"]) {
      assert.match(mistakes(yaml).join(""), /usage\.one\.yaml must hold keys and values, such as/);
    }
  });

  it("must be YAML", () => {
    const [line, ...more] = mistakes("traffic: { requestKiB: 1");
    assert.match(line ?? "", /^assumptions\/usage\.one\.yaml is not valid YAML: /);
    assert.deepEqual(more, []);
  });

  it("may be empty, and keys may be without a value", () => {
    for (const yaml of ["", "# nothing\n", "traffic:\nservers:\n  web:\n    needed:\n"]) {
      assert.deepEqual(parseUsage(yaml, "u.yaml"), defaultUsage);
    }
  });

  it("overrides key by key", () => {
    const usage = parseUsage(
      "traffic: { requestKiB: 7 }\nservers: { app: { average: 2.5 } }",
      "u.yaml",
    );
    assert.equal(usage.traffic.requestKiB, 7);
    assert.equal(usage.traffic.responseKiB, defaultUsage.traffic.responseKiB);
    assert.deepEqual(usage.servers, { web: { needed: 1 }, app: { needed: 1, average: 2.5 } });
  });
});

describe("readUsage", () => {
  let root = "";
  before(() => {
    root = mkdtempSync(join(tmpdir(), "pe-usage-"));
    mkdirSync(join(root, "assumptions"));
    for (const stack of ["prod-east", "prod-west"])
      writeFileSync(join(root, `Pulumi.${stack}.yaml`), "config: {}\n");
  });
  after(() => {
    rmSync(root, { recursive: true });
  });

  const put = (name: string, text: string): void => {
    writeFileSync(join(root, "assumptions", name), text);
  };
  const drop = (name: string): void => {
    rmSync(join(root, "assumptions", name));
  };

  it("has defaults and no file for a stack without one", () => {
    assert.deepEqual(readUsage("prod-east", root), { usage: defaultUsage });
  });

  it("names the file that it read", () => {
    put("usage.prod-east.yaml", "kms: { rotations: 0 }");
    const { usage, file } = readUsage("prod-east", root);
    assert.equal(file, join("assumptions", "usage.prod-east.yaml"));
    assert.equal(usage.kms.rotations, 0);
    assert.deepEqual(readUsage("prod-west", root), { usage: defaultUsage });
    drop("usage.prod-east.yaml");
  });

  for (const name of ["usage.prod-esat.yaml", "usage.prod-east.yml", "usage-prod-east.yaml"]) {
    it(`does not pass over ${name}, which was meant for the stack`, () => {
      put(name, "kms: { rotations: 0 }");
      assert.throws(
        () => readUsage("prod-east", root),
        (error: Error) =>
          error instanceof UserError &&
          error.message.startsWith(`assumptions/${name} is`) &&
          error.message.endsWith("Did you mean usage.prod-east.yaml? Rename it."),
      );
      drop(name);
    });
  }

  it("does not take one stack's file for another's", () => {
    put("usage.prod-west.yaml", "");
    assert.deepEqual(readUsage("prod-east", root), { usage: defaultUsage });
    drop("usage.prod-west.yaml");
  });

  it("reads the project's own files, one for each stack", () => {
    for (const stack of listStacks()) {
      assert.equal(readUsage(stack).file, join("assumptions", `usage.${stack}.yaml`));
    }
  });
});

describe("docs/cost-model.md", () => {
  const text = readFileSync(join(projectRoot, "docs", "cost-model.md"), "utf8");

  for (const { key, unit, description, default: assumed, required } of usageKeys()) {
    it(`explains ${key} as the schema does`, () => {
      const shown = assumed === undefined ? (required ? "required" : "–") : String(assumed);
      assert.equal(String(valueOf(key) ?? shown), shown);
      const line = `| \`${key}\` | ${shown} | ${unit === "" ? "–" : unit} | ${description} |`;
      assert.ok(text.includes(line), `missing: ${line}`);
    });
  }
});
