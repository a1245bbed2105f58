import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPrices } from "../../../insight/cost/priceTable";
import { readCsv } from "../../../insight/cost/refresh/bulk";
import { type Collected, Collector } from "../../../insight/cost/refresh/collect";
import {
  type MappingContext,
  plainUsageType,
  services,
} from "../../../insight/cost/refresh/mapping";
import { type Offer, offersOfFile } from "../../../insight/cost/refresh/offer";
import { isWanted } from "../../../insight/cost/refresh/wanted";
import { csvFile, csvHead, csvRecords, jsonFile, published } from "./offerFiles";
import { expected, sampleOffers } from "./sampleProducts";
import { UserError } from "../../../config/mistake";

const date = published.slice(0, 10);
const context: MappingContext = {
  ...{ region: "us-east-1", otherRegion: "us-west-2" },
  wanted: isWanted,
};
const service = (code: string) => services.find((each) => each.code === code)!;
const prices = (collected: Collected[]) =>
  Object.fromEntries(
    collected
      .flatMap(({ rows }) => rows)
      .map(({ key, usd }) => [key, usd])
      .sort(),
  );

describe("Reading AWS's price list", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "offers-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function fromCsv(code: string, text: string, where = context): Promise<Collected> {
    const file = join(folder, `${code}.csv`);
    writeFileSync(file, text);
    const collector = new Collector(service(code), where);
    await readCsv(file, `/${code}/index.csv`, (offer) => collector.add(offer));
    return collector.finish(date);
  }

  function fromJson(code: string, text: string): Collected {
    const collector = new Collector(service(code), context);
    for (const offer of offersOfFile(JSON.parse(text))) collector.add(offer);
    return collector.finish(date);
  }

  const samples = sampleOffers("us-east-1", "us-west-2");

  it("finds every price among its traps, in the CSV", async () => {
    const collected = await Promise.all(
      services.map(({ code }) => fromCsv(code, csvFile(code, samples[code]!))),
    );
    assert.deepEqual(prices(collected), expected);
    assert.deepEqual(
      collected.flatMap(({ ambiguous }) => ambiguous),
      [],
    );
  });

  it("finds the same in a region whose usage types have a prefix", async () => {
    const west = { ...context, region: "us-west-2", otherRegion: "us-east-1" };
    const there = sampleOffers("us-west-2", "us-east-1");
    const collected = await Promise.all(
      services.map(({ code }) => fromCsv(code, csvFile(code, there[code]!), west)),
    );
    assert.deepEqual(prices(collected), expected);
  });

  it("gives equal rows from CSV and JSON", async () => {
    for (const { code } of services) {
      const products = samples[code]!;
      const csv = await fromCsv(code, csvFile(code, products));
      const rows = ({ rows: list }: Collected) =>
        [...list].sort((a, b) => (a.key < b.key ? -1 : 1));
      assert.deepEqual(rows(fromJson(code, jsonFile(code, products))), rows(csv), code);
    }
  });

  it("prices no unbundled class, even one that the table has", async () => {
    const all = { ...context, wanted: () => true };
    const { rows } = await fromCsv("AmazonRDS", csvFile("AmazonRDS", samples.AmazonRDS!), all);
    assert.deepEqual(
      rows.filter(({ key }) => /[mr]7i|m6i/.test(key)),
      [],
    );
    assert.ok(rows.some(({ key }) => key.includes("db.r6i.xlarge")));
  });

  it("says of each row that it is of the price list, of which day and SKU", async () => {
    const { rows } = await fromCsv("AWSELB", csvFile("AWSELB", samples.AWSELB!));
    const hour = rows.find(({ key }) => key === "alb:hour");
    assert.equal(hour?.confidence, "price-list");
    assert.equal(hour?.date, "2026-11-20");
    assert.match(hour?.source ?? "", /^AWS price list, AWSELB, SKU SKU\d{5}$/);
  });

  it("takes no price where two products differ and nothing tells them apart", async () => {
    const [hour] = samples.AWSELB!;
    const twin = { ...hour!, sku: "TWIN", tiers: { "0": "0.5" } };
    const { rows, ambiguous } = await fromCsv("AWSELB", csvFile("AWSELB", [hour!, twin]));
    assert.deepEqual(ambiguous, ["alb:hour"]);
    assert.deepEqual(rows, []);
    const same = await fromCsv("AWSELB", csvFile("AWSELB", [hour!, { ...hour!, sku: "TWIN" }]));
    assert.deepEqual(same.ambiguous, []);
    assert.equal(same.rows.length, 1);
  });

  it("leaves out a product in another unit than the key's", async () => {
    const [hour] = samples.AWSELB!;
    const { rows } = await fromCsv("AWSELB", csvFile("AWSELB", [{ ...hour!, unit: "Month" }]));
    assert.deepEqual(rows, []);
  });

  for (const [what, change, expectedText] of [
    ["a record of too few columns", (text: string) => `${text}"a","b"\n`, /2 columns instead of/],
    ["a price that is no number", (text: string) => text.replace("0.0226", "abc"), /"abc"/],
    ["a negative price", (text: string) => text.replace("0.0226", "-1"), /"-1"/],
    ["an end within a quoted text", (text: string) => text.slice(0, -20), /damaged near line/],
    ["no columns of prices", (text: string) => text.replace("PricePerUnit", "Cost"), /no column/],
    [
      "nothing after its metadata",
      (text: string) => text.split("\n").slice(0, 5).join("\n"),
      /no header/,
    ],
  ] as const) {
    it(`refuses a CSV with ${what}, naming file and place`, async () => {
      const text = change(csvFile("AWSELB", samples.AWSELB!));
      await assert.rejects(fromCsv("AWSELB", text), (error: Error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, /^\/AWSELB\/index\.csv is damaged/);
        assert.match(error.message, expectedText);
        return true;
      });
    });
  }

  it("takes offers from a file whose end is not there yet: it never holds a whole one", async function () {
    if (process.platform === "win32") {
      process.stdout.write("      Skipped: there are no named pipes in Windows's file system.\n");
      this.skip();
    }
    const pipe = join(folder, "long.csv");
    assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
    const products = samples.AmazonEC2!;
    const records = products.flatMap((each) => csvRecords("AmazonEC2", each));
    const reserved = csvRecords("AmazonEC2", { ...products[1]!, term: "Reserved" });
    const collector = new Collector(service("AmazonEC2"), context);
    let taken = 0;
    let finished: Promise<void> | undefined;
    const first = new Promise<void>((resolve) => {
      const reading = readCsv(pipe, "/long.csv", (offer) => {
        taken += 1;
        collector.add(offer);
        resolve();
      });
      finished = reading;
    });
    const writer = createWriteStream(pipe);
    // Enough to fill every buffer between the file and whoever takes offers.
    const block = `${[...records, ...Array<string>(2000).fill(reserved.join("\n"))].join("\n")}\n`;
    writer.write(`${csvHead("AmazonEC2").join("\n")}\n${block}`);
    await first;
    const before = taken;
    writer.end(`${records.join("\n")}\n`);
    await finished;
    assert.ok(before > 0 && taken > before, `${before} of ${taken} offers before the end`);
    assert.equal(collector.finish(date).rows.length, 5);
  });

  it("takes a usage type's region off, and nothing else", () => {
    for (const [full, plain] of [
      ["LCUUsage", "LCUUsage"],
      ["USW2-LCUUsage", "LCUUsage"],
      ["EU-LCUUsage", "LCUUsage"],
      ["APN1-LCUUsage", "LCUUsage"],
      ["us-east-1-KMS-Keys", "KMS-Keys"],
      ["ap-southeast-2-KMS-Keys", "KMS-Keys"],
      ["TS-LoadBalancerUsage", "TS-LoadBalancerUsage"],
      ["RDS:GP3-Storage", "RDS:GP3-Storage"],
    ]) {
      assert.equal(plainUsageType(full), plain);
    }
  });

  it("wants what the config allows of today's families, and nothing that is not x86", () => {
    for (const key of [
      ...["ec2:t3.large:windows", "ec2:m7i-flex.large:linux", "ec2:r6i.16xlarge:windows"],
      ...["rds:db.r6i.xlarge:standard:multi", "rds:db.t3.large:web:single"],
      ...["dms:dms.c5.xlarge:single", "dms:dms.t3.medium:multi", "alb:hour"],
    ]) {
      assert.ok(isWanted(key), key);
    }
    for (const key of [
      ...[
        "ec2:m6g.large:linux",
        "ec2:m6i.metal:linux",
        "ec2:m6i.32xlarge:linux",
        "ec2:p5.48xlarge:linux",
      ],
      ...["ec2:t3.nano:linux", "rds:db.m7i.large:web:single", "rds:db.r6g.large:web:single"],
      ...["dms:dms.t2.micro:single", "dms:dms.r4.large:single"],
    ]) {
      assert.ok(!isWanted(key), key);
    }
  });

  it("knows a product for every key of the table but Direct Connect's and those of odd types", () => {
    const table = readPrices();
    const unread = table
      .rows("us-east-1")
      .filter(({ key }) => !isWanted(key) || !mappable(key))
      .map(({ key }) => key);
    const odd = unread.filter((key) => !/^(ec2:|dx:gb$)/.test(key));
    assert.deepEqual(odd, []);
  });

  /** Kinds and names that some sample product leads to; sizes and classes are the same rule. */
  function mappable(key: string): boolean {
    const [kind = ""] = key.split(":");
    return key in expected || (["ec2", "rds", "dms"].includes(kind) && key.split(":").length > 2);
  }

  it("ignores offers of other terms, whatever form they came in", () => {
    const collector = new Collector(service("AmazonEC2"), context);
    const offer: Offer = {
      ...{ sku: "A", term: "Reserved", family: "NAT Gateway", unit: "Hrs", usd: 1, from: 0 },
      attributes: {
        ...{ locationtype: "AWS Region", regioncode: "us-east-1" },
        usagetype: "NatGateway-Hours",
      },
    };
    collector.add(offer);
    assert.equal(collector.finish(date).rows.length, 0);
    collector.add({ ...offer, term: "OnDemand" });
    assert.equal(collector.finish(date).rows.length, 1);
  });
});
