import assert from "node:assert/strict";
import fc from "fast-check";
import { type PlatformConfig, parseConfig } from "../../../stacks/config/platformConfig";
import { isTablePattern, patternsMeet } from "../../../stacks/config/tablePatterns";
import { east, west, type Values } from "./configCases";

const two = { regionCount: 2, peerStack: "prod-west" };
const home = (change: Values): PlatformConfig => parseConfig(east({ ...two, ...change }), "one");
const second = (change: Values): PlatformConfig => parseConfig(west(change), "one");
const byTable = { tables: { "us-east-1": ["fund.%"], "us-west-2": ["deal.%", "dbo.deal%"] } };
const byColumn = {
  tenantColumn: "OwnerRegion",
  values: { "us-east-1": "east", "us-west-2": "west" },
};

describe("the config of replication", () => {
  it("takes the home region for the writer, or the one that is named", () => {
    assert.equal(home({}).replication.writer, "us-east-1");
    assert.equal(second({}).replication.writer, "us-east-1");
    const regions = ["us-west-2", "us-east-1"];
    assert.equal(second({ regions }).replication.writer, "us-west-2");
    const replication = { writer: "us-west-2" };
    assert.equal(home({ replication }).replication.writer, "us-west-2");
  });

  it("takes the writer of a region in use also where this one is not", () => {
    const config = second({ regionCount: 1, replication: { writer: "us-east-1" } });
    assert.equal(config.replication.writer, "us-east-1");
  });

  it("reads ownership by table, or by a column", () => {
    for (const [ownership, tables] of [
      [byTable, ["%.%"]],
      [byColumn, ["fund.%"]],
    ] as const) {
      const { replication } = home({
        replication: { mode: "twoWay", ownership, tables: [...tables] },
      });
      assert.deepEqual(replication.ownership, ownership);
    }
    assert.equal("ownership" in home({}).replication, false);
  });

  it("lets owned tables stand beside the default that is written out", () => {
    const replication = { mode: "twoWay", ownership: byTable, tables: ["%.%"] };
    assert.deepEqual(home({ replication }).replication.ownership, byTable);
  });

  it("lets the column's tables be fewer than all", () => {
    const replication = { mode: "twoWay", ownership: byColumn, tables: ["fund.%"] };
    assert.deepEqual(home({ replication }).replication.tables, ["fund.%"]);
  });

  it("leaves out nothing, or what is named", () => {
    assert.deepEqual(home({}).replication.exclude, []);
    const exclude = ["dbo.History", "staging.%"];
    assert.deepEqual(home({ replication: { exclude } }).replication.exclude, exclude);
    const ownership = {
      mode: "twoWay",
      ownership: byTable,
      exclude: ["fund.History", "dbo.deals"],
    };
    assert.deepEqual(home({ replication: ownership }).replication.exclude, ownership.exclude);
  });

  it("needs neither an edition nor a peer for what is not copied", () => {
    const none = { replication: { mode: "none" }, database: { edition: "web" } };
    assert.equal(home({ ...none, peerStack: undefined }).peerStack, undefined);
    const existing = { hostedZone: "Z0123456789ABC", peerStack: undefined };
    assert.equal(second({ ...none, ...existing }).peerStack, undefined);
    const alone = parseConfig(east({ database: { edition: "web" } }), "one");
    assert.equal(alone.replication.mode, "oneWay");
  });

  it("lets the stack that is not home leave the other region alone", () => {
    const replication = { peerRegion: "untouched" };
    assert.equal(second({ replication }).replication.peerRegion, "untouched");
    assert.equal(home({ replication, regionCount: 1 }).replication.peerRegion, "untouched");
  });

  it("takes every DMS class of the current families, and versions from 3.5", () => {
    const classes = ["dms.t3.medium", "dms.c5.24xlarge", "dms.c6i.xlarge", "dms.r5.large"];
    for (const instanceClass of [...classes, "dms.r6i.16xlarge"]) {
      assert.equal(
        home({ replication: { instanceClass } }).replication.instanceClass,
        instanceClass,
      );
    }
    for (const engineVersion of ["3.5.0", "3.5.4", "3.6.1", "3.10.2"]) {
      assert.equal(
        home({ replication: { engineVersion } }).replication.engineVersion,
        engineVersion,
      );
    }
  });

  it("takes the limits of its numbers", () => {
    for (const rotation of [
      { secretDays: 1, keyDays: 90 },
      { secretDays: 365, keyDays: 2560 },
    ]) {
      assert.deepEqual(home({ rotation }).rotation, rotation);
    }
    const replication = { storageGiB: 6144, alarmAfterMinutes: 1440, backupRetentionDays: 0 };
    assert.deepEqual(
      { ...home({ replication }).replication, ...replication },
      home({ replication }).replication,
    );
  });
});

describe("the database's name", () => {
  it("is any name that needs no care in SQL, PowerShell and connection strings", () => {
    for (const name of ["platform", "P", "_pe", "Fund Admin", "masters", "a".repeat(128)]) {
      assert.equal(home({ database: { name } }).database.name, name);
    }
  });

  it("is never a system database's, however it is spelt", () => {
    for (const name of ["master", "MODEL", "msdb", "TempDB", "rdsadmin"]) {
      assert.throws(() => home({ database: { name } }), /the server's own/);
    }
  });

  it("is nothing else", () => {
    for (const name of ["1st", " x", "a'b", 'a"b', "a;b", "a$b", "a\nb", "ä", "a".repeat(129)]) {
      assert.throws(() => home({ database: { name } }), /database\.name: .* is not allowed/s);
    }
  });
});

describe("table patterns", () => {
  it("are two names of letters of any language, with wildcards", () => {
    for (const pattern of ["%.%", "dbo.Order Details", "f_nd.Größe%", "a-b.c$d", "#.@"]) {
      assert.equal(isTablePattern(pattern), true, pattern);
    }
  });

  it("hold nothing that could end a text", () => {
    const hostile = ["'", '"', "`", "[", "]", "(", "}", ";", "\\", "\0", "\t", "\u2028", "\u02bc"];
    for (const character of [...hostile, "\u202e", "\ud800", "*", "\u00a0"]) {
      assert.equal(isTablePattern(`a.b${character}c`), false, JSON.stringify(character));
    }
    for (const pattern of [" a.b", "a. b", "a.b ", ".", "a.", ".b", "", "a.b.c", "a..b"]) {
      assert.equal(isTablePattern(pattern), false, pattern);
    }
  });

  it("meet where a name matches both", () => {
    const cases: [one: string, other: string, meet: boolean][] = [
      ["fund.%", "fund.deals", true],
      ["fund.%", "deal.%", false],
      ["fund.%", "FUND.x", true],
      ["%.deals", "fund.%", true],
      ["a%.x", "%b.x", true],
      ["a%.x", "b%.x", false],
      ["a%c.x", "%b%.x", true],
      ["a_.x", "ab.x", true],
      ["a_.x", "a.x", false],
      ["%.x_y", "f.xzy", true],
      ["%.%", "f.x", true],
      ["f.x%", "fx.%", false],
    ];
    for (const [one, other, meet] of cases) {
      assert.equal(patternsMeet(one, other), meet, `${one} and ${other}`);
      assert.equal(patternsMeet(other, one), meet, `${other} and ${one}`);
    }
  });

  it("meet exactly when some text matches both, by trying all of them", () => {
    // Two patterns of up to 3 that meet do so in a text of up to 6.
    const texts = [""];
    for (let length = 1; length <= 6; length += 1) {
      texts.push(
        ...texts
          .filter((text) => text.length === length - 1)
          .flatMap((text) => [`${text}a`, `${text}b`]),
      );
    }
    const part = fc.string({
      unit: fc.constantFrom("a", "b", "%", "_"),
      minLength: 1,
      maxLength: 3,
    });
    const like = (pattern: string): RegExp =>
      new RegExp(`^${pattern.replaceAll("%", ".*").replaceAll("_", ".")}$`);
    fc.assert(
      fc.property(part, part, (one, other) => {
        const [first, second] = [like(one), like(other)];
        const expected = texts.some((text) => first.test(text) && second.test(text));
        assert.equal(patternsMeet(`s.${one}`, `s.${other}`), expected);
        assert.equal(patternsMeet(`${one}.t`, `${other}.t`), expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("are compared in no time, however long and wild", () => {
    const wild = "%_".repeat(64);
    const list = Array.from({ length: 50 }, () => `${wild}.${wild}`);
    const start = performance.now();
    list.forEach((pattern) => patternsMeet(pattern, `${wild}.${"%a".repeat(64)}`));
    assert.ok(performance.now() - start < 2000);
  });
});
