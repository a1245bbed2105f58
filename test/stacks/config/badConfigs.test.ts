import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "../../../stacks/config/platformConfig";
import { badContents } from "./badContents";
import { badInstallations } from "./badInstallations";
import { badReplications } from "./badReplications";
import { toRaw } from "./validConfig";
import { ConfigError } from "../../../config/problems";

const badConfigs = [...badInstallations, ...badContents, ...badReplications];

function errorOf(raw: Record<string, string>, stack = "one"): ConfigError {
  try {
    parseConfig(raw, stack);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error;
  }
  return assert.fail("the config is valid");
}

const told = (raw: Record<string, string>): string[] =>
  errorOf(raw).problems.map(({ key, message }) => `${key}: ${message}`);

// What each case is told, for one reading in one place: UPDATE_GOLDEN=1 npm test --
// test/stacks/config/badConfigs.test.ts writes the file anew.
const golden = join(__dirname, "..", "..", "golden", "problems.txt");
const textOf = (title: string, raw: Record<string, string>): string =>
  [title, ...told(raw).map((line) => `  ${line}`)].join("\n");
const sentences = new Map(
  existsSync(golden)
    ? readFileSync(golden, "utf8")
        .trimEnd()
        .split("\n\n")
        .map((text) => [text.split("\n", 1)[0] ?? "", text])
    : [],
);

const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];
const good = {
  domain: "platform.example.com",
  // With it on, an image has to be named, too.
  protect: false,
  network: { cidrBlock: "10.10.0.0/16", availabilityZones: zones },
};

describe("a bad config", () => {
  for (const [title, raw, keys] of badConfigs) {
    it(`is told: ${title}`, () => {
      assert.deepEqual(
        errorOf(raw).problems.map(({ key }) => key),
        keys,
      );
      if (!process.env.UPDATE_GOLDEN) assert.equal(textOf(title, raw), sentences.get(title));
    });
  }

  it("is told by the sentences of the golden file, and by no others", () => {
    const texts = badConfigs.map(([title, raw]) => textOf(title, raw));
    if (process.env.UPDATE_GOLDEN) writeFileSync(golden, `${texts.join("\n\n")}\n`);
    else
      assert.deepEqual(
        [...sentences.keys()],
        badConfigs.map(([title]) => title),
      );
  });

  it("has a case of its own each time", () => {
    assert.equal(new Set(badConfigs.map(([title]) => title)).size, badConfigs.length);
    assert.ok(badConfigs.length >= 65);
  });

  it("hears of every mistake at once, in one text, also across keys", () => {
    const raw = {
      ...toRaw("us-east-1", {
        azCount: 5,
        multiAz: true,
        domain: "platform.example.com",
        exposure: "private",
        network: { cidrBlock: "10.10.0.0/24", availabilityZones: zones, natGateway: "none" },
        web: { instancesPerAz: { min: 3, max: 2 }, windows: { version: "2008" } },
        database: { edition: "web", iops: 1, instanceClass: "db.t3.small" },
        regionCount: 2,
      }),
    };
    const error = errorOf(raw, "prod-east");
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      [
        "multiAz",
        "azCount",
        "network.natGateway",
        "network.cidrBlock",
        "database.iops",
        "peerStack",
        "network.privateGateway",
        "network.clientCidrs",
        "certificateArn",
        "web.instancesPerAz",
        "web.windows.version",
        "app.windows",
        "database.edition",
      ],
    );
    const [headline, ...lines] = error.message.split("\n");
    assert.equal(headline, "Stack prod-east: 13 problems in Pulumi.prod-east.yaml");
    assert.deepEqual(
      lines,
      error.problems.map(({ key, message }) => `  - ${key}: ${message}`),
    );
  });

  it("knows a foreign name however it is spelt", () => {
    for (const name of ["multi_az", "MultiAZ", "multi-az"]) {
      const [problem] = told(toRaw("us-east-1", { ...good, database: { [name]: true } }));
      assert.match(problem ?? "", /^database\.\S+: unknown key\. The standby follows azCount/);
    }
  });

  it("knows a key by how its name begins, also a nested one", () => {
    const [problem] = told(toRaw("us-east-1", { ...good, objectives: { rpo: 5 } }));
    assert.equal(problem, "objectives.rpo: unknown key. Did you mean rpoMinutes?");
  });

  it("has a headline in the singular for one mistake", () => {
    const { message } = errorOf(toRaw("us-east-1", { ...good, azCount: 7 }));
    assert.match(message, /^Stack one: 1 problem in Pulumi\.one\.yaml\n {2}- azCount: /);
  });

  it("is not told that a key is missing when it is there but wrong", () => {
    const network = {
      ...good.network,
      clientCidrs: ["everybody"],
      privateGateway: { transitGatewayId: "tgw" },
    };
    const keys = errorOf(
      toRaw("us-east-1", { ...good, exposure: "private", certificateArn: "mine", network }),
    ).problems.map(({ key }) => key);
    assert.deepEqual(keys, [
      "network.clientCidrs[0]",
      "network.privateGateway.transitGatewayId",
      "certificateArn",
    ]);
  });
});

describe("secrets in a config", () => {
  const value = "Tr0ub4dor-and-3";
  const names = ["password", "dbPassword", "secret", "apiToken", "accessKey", "api_key", "pwd"];
  const places: [string, (name: string) => Record<string, unknown>][] = [
    ["at the top", (name) => ({ [name]: value })],
    ["in the database", (name) => ({ database: { [name]: value } })],
    ["deep inside", (name) => ({ web: { windows: { [name]: value } } })],
    ["as an object", (name) => ({ network: { ...good.network, [name]: { is: value } } })],
  ];
  for (const [place, config] of places) {
    it(`are refused by name and never shown, ${place}`, () => {
      for (const name of names) {
        const error = errorOf(toRaw("us-east-1", { ...good, ...config(name) }));
        assert.equal(error.problems.length, 1);
        assert.match(error.problems[0]!.message, /looks like a secret \(value not shown\)/);
        assert.ok(!JSON.stringify([error.message, error.problems, error.stack]).includes(value));
      }
    });
  }

  const credentials = [
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "-----BEGIN RSA PRIVATE KEY-----",
    `ghp_${"a1".repeat(18)}`,
    `pul-${"0a".repeat(20)}`,
    "Server=db;Password=Tr0ub4dor",
    "https://user:Tr0ub4dor@example.com",
  ];
  for (const credential of credentials) {
    it(`are refused by their looks and never shown: ${credential.slice(0, 6)}…`, () => {
      const key = { bucket: "releases", key: credential, sha256: "a".repeat(64) };
      for (const change of [
        { domain: credential },
        { web: { artifact: key } },
        { regions: ["us-east-1", credential] },
      ]) {
        const error = errorOf(toRaw("us-east-1", { ...good, ...change }));
        assert.equal(error.problems.length, 1);
        assert.match(error.message, /looks like a credential \(not shown\)/);
        assert.ok(!error.message.includes(credential));
      }
    });
  }

  it("are not shown in an object that is no valid JSON", () => {
    const raw = { ...toRaw("us-east-1", good), "pe-platform:web": `{"password": "${value}"` };
    const { message } = errorOf(raw);
    assert.ok(!message.includes(value));
    assert.match(message, /web: The value \(not shown\) is not allowed/);
  });

  it("are not shown where a key is not known", () => {
    const { message } = errorOf(toRaw("us-east-1", { ...good, harmless: value }));
    assert.ok(!message.includes(value));
  });
});
