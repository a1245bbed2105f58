import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  confidences,
  doubtOf,
  keyPattern,
  margins,
  type PriceRow,
  readPrices,
} from "../../../insight/cost/priceTable";
import { UserError } from "../../../config/mistake";

const good = {
  ...{ key: "alb:hour", usd: 0.0225, unit: "hour", source: "a list" },
  ...{ date: "2026-01-01", confidence: "price-list" },
};

describe("The price table", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "prices-"));
    mkdirSync(join(root, "insight", "prices"), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (content: unknown, name = "us-east-1.json") =>
    writeFileSync(
      join(root, "insight", "prices", name),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  const rows = (...list: unknown[]) => write({ region: "us-east-1", rows: list });
  const complaint = () => {
    try {
      readPrices(root);
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      return error.message;
    }
    return assert.fail("It was read without a complaint");
  };

  it("finds a row by key and region", () => {
    rows(good, { ...good, key: "nat:hour", note: "each" });
    write({ region: "eu-west-1", rows: [{ ...good, usd: 0.02 }] }, "eu-west-1.json");
    const table = readPrices(root);
    assert.deepEqual(table.regions, ["eu-west-1", "us-east-1"]);
    assert.equal(table.find("alb:hour", "eu-west-1")?.usd, 0.02);
    assert.equal(table.find("nat:hour", "us-east-1")?.note, "each");
    assert.equal(table.find("nat:hour", "us-east-1")?.region, "us-east-1");
    assert.equal(table.find("nat:hour", "eu-west-1"), undefined);
    assert.equal(table.find("nat:hour", "mars"), undefined);
    assert.deepEqual(
      table.rows("us-east-1").map(({ key }) => key),
      ["alb:hour", "nat:hour"],
    );
    assert.deepEqual(table.rows("mars"), []);
  });

  for (const [what, row, expected] of [
    ["a negative price", { ...good, usd: -1 }, /row 1 \(alb:hour\): usd is -1, and must be/],
    ["a price as text", { ...good, usd: "0.1" }, /usd is "0.1"/],
    ["NaN, which JSON writes as null", { ...good, usd: NaN }, /usd is null/],
    ["a missing price", { ...good, usd: undefined }, /usd is missing/],
    ["an unknown confidence", { ...good, confidence: "memry" }, /Did you mean memory\?/],
    ["a wrong date", { ...good, date: "2026-02-30" }, /date is "2026-02-30", and must be a day/],
    ["a date of another form", { ...good, date: "1.2.2026" }, /date is "1.2.2026"/],
    ["a missing date", { ...good, date: undefined }, /date is missing/],
    ["a key of another form", { ...good, key: "ALB hour" }, /key is "ALB hour"/],
    ["an empty source", { ...good, source: "" }, /source is ""/],
    ["an unknown key", { ...good, nots: "x" }, /unknown key nots\. Did you mean note\?/],
    ["a row that is none", 7, /row 1 must hold keys and values, not 7/],
  ] as const) {
    it(`refuses ${what}`, () => {
      rows(row);
      assert.match(complaint(), expected);
    });
  }

  it("refuses a file that is cut short, not JSON or of another form", () => {
    write('{"region": "us-east-1", "rows": [{"key": "alb:h');
    assert.match(complaint(), /us-east-1\.json is not JSON, or cut short/);
    write('{"region": "us-east-1", "rows": [{"usd": NaN}]}');
    assert.match(complaint(), /is not JSON/);
    write("[]");
    assert.match(complaint(), /must hold `region` and a list of `rows`/);
  });

  it("refuses a region that is not the file's name, and a key that is there twice", () => {
    write({ region: "us-west-1", rows: [good, good] });
    const text = complaint();
    assert.match(text, /region must be us-east-1, as the file is called, not "us-west-1"/);
    assert.match(text, /alb:hour is there twice/);
  });

  it("names all mistakes of all files at once, without a stack trace", () => {
    rows({ ...good, usd: -1 }, { ...good, key: "nat:hour", unit: "" });
    write("{", "eu-west-1.json");
    const text = complaint();
    assert.match(text, /3 mistakes/);
    for (const part of [/eu-west-1\.json is not/, /row 1 .*usd/, /row 2 \(nat:hour\): unit/]) {
      assert.match(text, part);
    }
    assert.doesNotMatch(text, /\n\s+at /);
  });

  it("says so when there are no prices at all", () => {
    assert.match(complaint(), /has no price file/);
    rmSync(join(root, "insight"), { recursive: true });
    assert.match(complaint(), /cannot be read/);
  });

  describe("of the project", () => {
    const table = readPrices();
    const all = table.regions.flatMap((region) => table.rows(region));

    it("holds the same keys in both regions, in order", () => {
      const keys = (region: string) => table.rows(region).map(({ key }) => key);
      assert.deepEqual(table.regions, ["us-east-1", "us-west-2"]);
      assert.deepEqual(keys("us-west-2"), keys("us-east-1"));
      assert.deepEqual(keys("us-east-1"), [...keys("us-east-1")].sort());
      for (const { key } of all) assert.match(key, keyPattern);
    });

    it("prices Windows above Linux, a standby above none, and an edition above a smaller one", () => {
      const usd = (key: string, region: string) => table.find(key, region)?.usd ?? NaN;
      for (const { key, region } of all) {
        const value = usd(key, region);
        if (key.endsWith(":windows")) {
          assert.ok(value > usd(key.replace(":windows", ":linux"), region), key);
        }
        if (key.endsWith(":multi")) {
          const single = usd(key.replace(":multi", ":single"), region);
          assert.ok(value > single && value < 2.5 * single, key);
        }
        if (/^rds:db.*:enterprise:/.test(key)) {
          assert.ok(value > usd(key.replace("enterprise", "standard"), region), key);
        }
        const web = usd(key.replace("standard", "web"), region);
        if (/^rds:db.*:standard:/.test(key) && !Number.isNaN(web)) assert.ok(value > web, key);
      }
    });

    it("repeats another region's price exactly where it says so", () => {
      const copies = all.filter(({ from }) => from !== undefined);
      assert.ok(copies.length > 0);
      for (const { key, usd, from } of copies) assert.equal(table.find(key, from ?? "")?.usd, usd);
    });
  });
});

describe("Doubts about a price", () => {
  const today = new Date("2026-11-25T12:00:00Z");
  const row = (part: Partial<PriceRow>): PriceRow => ({
    ...{ key: "alb:hour", region: "us-west-2", usd: 1, unit: "hour", source: "a list" },
    ...{ date: "2026-11-01", confidence: "price-list" },
    ...part,
  });

  it("has none of a fresh price from a sound source", () => {
    for (const confidence of ["price-list", "golden-test", "price-list-snapshot"] as const) {
      assert.equal(doubtOf(row({ confidence }), today), undefined);
    }
    assert.equal(doubtOf(row({ date: "2025-11-26" }), today), undefined);
  });

  for (const [what, part, reason, margin] of [
    ["memory", { confidence: "memory", date: null }, "memory", margins.memory],
    ["a third party", { confidence: "secondary" }, "secondary", margins.secondary],
    ["a rule", { confidence: "derived" }, "derived", margins.derived],
    ["another region", { confidence: "memory", from: "us-east-1" }, "otherRegion", 0.15],
    ["13 months ago", { date: "2025-10-20" }, "old", 0.05],
    ["25 months ago", { date: "2024-10-20" }, "old", 0.1],
    ["long ago", { date: "2010-01-01" }, "old", margins.oldAtMost],
    ["an unknown day", { date: null }, "old", margins.unknownDate],
  ] as const) {
    it(`marks a price from ${what}`, () => {
      const doubt = doubtOf(row(part), today);
      assert.equal(doubt?.reason, reason);
      assert.equal(doubt?.margin, margin);
    });
  }

  it("takes the largest of several margins and names every reason", () => {
    const doubt = doubtOf(
      row({ confidence: "derived", date: "2022-01-18", source: "derived: 2 × x" }),
      today,
    );
    assert.equal(doubt?.reason, "old");
    assert.equal(doubt?.margin, 0.2);
    assert.equal(doubt?.text, "computed: 2 × x; price of 2022-01-18, older than a year");
  });

  it("never lessens with age, and stays within its bounds", () => {
    const day = fc.date({ min: new Date("2000-01-01"), max: today, noInvalidDate: true });
    fc.assert(
      fc.property(day, day, fc.constantFrom(...confidences), (one, other, confidence) => {
        const [older, newer] = [one, other]
          .sort((a, b) => a.getTime() - b.getTime())
          .map((date) =>
            doubtOf(row({ confidence, date: date.toISOString().slice(0, 10) }), today),
          );
        assert.ok((older?.margin ?? 0) >= (newer?.margin ?? 0));
        assert.ok((older?.margin ?? 0) <= 0.25);
      }),
    );
  });
});
