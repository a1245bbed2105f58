import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPrices } from "../../../insight/cost/priceTable";
import { refreshPrices } from "../../../insight/cost/refresh/command";
import { download } from "../../../insight/cost/refresh/download";
import { services } from "../../../insight/cost/refresh/mapping";
import { checkRegions, planRefresh, regionsInUse } from "../../../insight/cost/refresh/refresh";
import { csvFile, PriceListServer, type SampleProduct } from "./offerFiles";
import { expected, sampleOffers } from "./sampleProducts";
import { UserError } from "../../../config/mistake";

const east = "us-east-1";
const west = "us-west-2";

/** Lists of both regions, by service. */
function bothRegions(): Record<string, Record<string, SampleProduct[]>> {
  const [inEast, inWest] = [sampleOffers(east, west), sampleOffers(west, east)];
  return Object.fromEntries(
    services.map(({ code }) => [code, { [east]: inEast[code]!, [west]: inWest[code]! }]),
  );
}

describe("Refreshing the prices", () => {
  let root: string;
  let server: PriceListServer;
  let baseUrl: string;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "refresh-"));
    writeFileSync(join(root, "Pulumi.yaml"), "name: pe-platform\nruntime: nodejs\n");
    writeFileSync(
      join(root, "Pulumi.prod.yaml"),
      `config:\n  aws:region: ${east}\n  pe-platform:regions: [${east}, ${west}]\n`,
    );
    const offers = bothRegions();
    // Route 53 has one list for all regions: the same products, once.
    offers.AmazonRoute53 = { [east]: sampleOffers(east, west).AmazonRoute53! };
    server = new PriceListServer(offers);
    baseUrl = await server.start();
  });
  afterEach(async () => {
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const connection = () => ({ baseUrl, pauseMs: 1, silenceMs: 2000 });
  const table = (region: string) => join(root, "insight", "prices", `${region}.json`);
  const work = () => join(root, ".local", "prices");
  const old = (rows: object[]) => {
    mkdirSync(join(root, "insight", "prices"), { recursive: true });
    const text = `${JSON.stringify({ region: east, rows }, null, 2)}\n`;
    writeFileSync(table(east), text);
    return text;
  };
  const row = (key: string, usd: number) => ({
    ...{ key, usd, unit: "hour", source: "memory", date: null, confidence: "memory" },
  });
  async function run(regions = [east], options: { dryRun?: boolean } = {}) {
    const plan = planRefresh({ root, regions, connection: connection(), ...options });
    for (const step of plan.steps) await step.run(() => undefined);
    return plan.finish();
  }

  it("writes a table of every region, which the table's reader accepts", async () => {
    const changes = await run([east, west]);
    const prices = readPrices(root);
    assert.deepEqual(prices.regions, [east, west]);
    for (const region of [east, west]) {
      const found = prices.rows(region).map(({ key, usd }) => [key, usd]);
      assert.deepEqual(Object.fromEntries(found), expected, region);
      assert.deepEqual(
        found.map(([key]) => key),
        Object.keys(expected).sort(),
      );
    }
    assert.equal(prices.find("transfer:inter-region", west)?.note, `to ${east}`);
    assert.deepEqual(
      changes.map(({ region, added }) => [region, added.length]),
      [east, west].map((region) => [region, Object.keys(expected).length]),
    );
    assert.ok(!existsSync(work()), "the work folder stayed behind");
  });

  it("keeps and reports rows that the list lacks, and tells changed from confirmed ones", async () => {
    old([row("alb:hour", 0.0225), row("dx:gb", 0.02), row("nat:hour", 0.047)]);
    const [change] = await run();
    assert.deepEqual(change?.changed, [{ key: "alb:hour", from: 0.0225, to: 0.0226 }]);
    assert.deepEqual(change?.kept, [{ key: "dx:gb", reason: "absent" }]);
    assert.equal(change?.confirmed, 1);
    const prices = readPrices(root);
    assert.equal(prices.find("dx:gb", east)?.confidence, "memory");
    assert.equal(prices.find("nat:hour", east)?.confidence, "price-list");
    assert.equal(prices.find("nat:hour", east)?.date, "2026-11-20");
  });

  it("also refreshes types that the table has and a new table would not get", async () => {
    const odd = sampleOffers(east, west).AmazonEC2!.find(
      ({ attributes }) => attributes.operatingSystem === "Linux",
    )!;
    const products = [{ ...odd, attributes: { ...odd.attributes, instanceType: "z1d.large" } }];
    const path = `/offers/v1.0/aws/AmazonEC2/20261120170746/${east}/index.csv`;
    server.files.set(path, csvFile("AmazonEC2", products));
    old([row("ec2:z1d.large:linux", 1)]);
    const [change] = await run();
    assert.deepEqual(change?.changed, [{ key: "ec2:z1d.large:linux", from: 1, to: 0.097 }]);
  });

  it("changes nothing in a dry run, and uses what it downloaded afterwards", async () => {
    const before = old([row("alb:hour", 0.0225)]);
    const [change] = await run([east], { dryRun: true });
    assert.equal(change?.changed.length, 1);
    assert.equal(readFileSync(table(east), "utf8"), before);
    server.requests.length = 0;
    await run();
    assert.notEqual(readFileSync(table(east), "utf8"), before);
    assert.ok(server.requests.every(({ path }) => !path.endsWith(".csv")));
  });

  it("goes on after a cut connection where it stopped, within one run", async () => {
    let cuts = 0;
    server.fault = ({ url, headers }, response, text) => {
      if (!url?.includes("AmazonEC2") || !url.endsWith(".csv") || headers.range) return false;
      cuts += 1;
      response.writeHead(200, { "content-length": Buffer.byteLength(text), etag: server.etag });
      response.write(text.slice(0, 3000), () => setTimeout(() => response.destroy(), 300));
      return true;
    };
    await run();
    assert.equal(cuts, 1);
    const ranges = server.requests.flatMap(({ range }) => range ?? []);
    assert.deepEqual(ranges, ["bytes=3000-"]);
    assert.equal(readPrices(root).find("ec2:m6i.large:windows", east)?.usd, 0.189);
  });

  it("goes on in the next run: finished services and the begun file are not loaded again", async () => {
    const before = old([row("alb:hour", 0.0225)]);
    server.fault = ({ url }, response, text) => {
      if (!url?.includes("AmazonEC2") || !url.endsWith(".csv")) return false;
      response.writeHead(200, { "content-length": Buffer.byteLength(text), etag: server.etag });
      response.write(text.slice(0, 2000), () => setTimeout(() => response.destroy(), 300));
      return true;
    };
    await assert.rejects(run(), (error: Error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, /AmazonEC2.*failed 4 times.*goes on where it stopped/);
      return true;
    });
    assert.equal(readFileSync(table(east), "utf8"), before);
    server.fault = () => false;
    server.requests.length = 0;
    await run();
    const loaded = server.requests.filter(({ path }) => path.endsWith(".csv"));
    assert.deepEqual(
      loaded.map(({ path, range }) => [path.includes("AmazonEC2"), range]),
      [[true, "bytes=2000-"]],
    );
    assert.equal(readPrices(root).find("ec2:m6i.large:linux", east)?.usd, 0.097);
  });

  it("starts a file over when it is another one by then, or the server knows no ranges", async () => {
    const file = join(root, "file");
    const path = "/some.csv";
    server.files.set(path, "first version of the file");
    server.fault = (_request, response, text) => {
      response.writeHead(200, { "content-length": text.length, etag: server.etag });
      response.write(text.slice(0, 10), () => setTimeout(() => response.destroy(), 300));
      return true;
    };
    await assert.rejects(download({ ...connection(), attempts: 1 }, path, file, () => undefined));
    assert.equal(statSync(file).size, 10);
    server.fault = () => false;
    server.etag = '"v2"';
    server.files.set(path, "SECOND version, a longer one");
    await download(connection(), path, file, () => undefined);
    assert.equal(readFileSync(file, "utf8"), "SECOND version, a longer one");
  });

  it("gives up on a server that falls silent, and tries again", async () => {
    let silent = true;
    server.files.set("/silent.csv", "abc");
    server.fault = ({ url }, response) => {
      if (url !== "/silent.csv" || !silent) return false;
      silent = false;
      response.writeHead(200, { "content-length": 3 });
      response.write("a");
      return true;
    };
    const file = join(root, "file");
    await download({ ...connection(), silenceMs: 100 }, "/silent.csv", file, () => undefined);
    assert.equal(readFileSync(file, "utf8"), "abc");
  });

  it("reads the JSON form where there is no CSV", async () => {
    server.files.delete(`/offers/v1.0/aws/AWSELB/20261120170746/${east}/index.csv`);
    await run();
    assert.equal(readPrices(root).find("alb:hour", east)?.usd, 0.0226);
  });

  for (const [what, path, text, message] of [
    ["an index that is cut short", "/index.json", "{", /index\.json is not JSON, or cut short/],
    ["an index of another form", "/index.json", "[]", /has no `offers`.*changed its form/],
    ["an index without a service", "/index.json", '{"offers": {}}', /does not list AmazonRoute53/],
    [
      "a damaged CSV",
      `/AmazonRDS/20261120170746/${east}/index.csv`,
      "oops",
      /AmazonRDS\/.*index\.csv is damaged/,
    ],
    [
      "a region index without the region",
      "/AWSELB/current/region_index.json",
      '{"publicationDate": "2026-11-20", "regions": {}}',
      /no prices of AWSELB in us-east-1/,
    ],
  ] as const) {
    it(`leaves the table as it was after ${what}`, async () => {
      const before = old([row("alb:hour", 0.0225)]);
      server.files.set(`/offers/v1.0/aws${path}`, text);
      await assert.rejects(run(), (error: Error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, message);
        return true;
      });
      assert.equal(readFileSync(table(east), "utf8"), before);
      assert.deepEqual(readdirSync(join(root, "insight", "prices")), ["us-east-1.json"]);
    });
  }

  it("leaves all tables as they were when the last region fails", async () => {
    const before = old([row("alb:hour", 0.0225)]);
    server.files.delete(`/offers/v1.0/aws/AmazonEC2/20261120170746/${west}/index.csv`);
    server.files.delete(`/offers/v1.0/aws/AmazonEC2/20261120170746/${west}/index.json`);
    await assert.rejects(run([east, west]), /us-west-2\/index\.json does not exist \(404\)/);
    assert.equal(readFileSync(table(east), "utf8"), before);
    assert.ok(!existsSync(table(west)));
  });

  it("refuses a list in which it knows nothing: its form must have changed", async () => {
    const path = `/offers/v1.0/aws/AWSELB/20261120170746/${east}/index.csv`;
    server.files.set(
      path,
      server.files.get(path)!.replaceAll("LoadBalancerUsage", "X").replaceAll("LCUUsage", "Y"),
    );
    await assert.rejects(run(), /has no price that is known here, in 5 offers/);
  });

  it("does not start over a damaged table", () => {
    mkdirSync(join(root, "insight", "prices"), { recursive: true });
    writeFileSync(table(east), "{");
    assert.throws(
      () => planRefresh({ root, regions: [east], connection: connection() }),
      /not JSON, or cut short/,
    );
  });

  it("says so when the table or the downloads cannot be written", async () => {
    writeFileSync(join(root, "insight"), "a file where the folder should be");
    await assert.rejects(run(), /insight.prices cannot be made/);
    rmSync(join(root, ".local"), { recursive: true });
    writeFileSync(join(root, ".local"), "a file where the folder should be");
    await assert.rejects(run(), (error: Error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, /\.local.prices cannot be made/);
      return true;
    });
  });

  it("replaces no table when one of them cannot be put in its place", async () => {
    const before = old([row("alb:hour", 0.0225)]);
    const plan = planRefresh({ root, regions: [east, west], connection: connection() });
    for (const step of plan.steps) await step.run(() => undefined);
    // A folder where the second region's temporary file is to be.
    mkdirSync(`${table(west)}.${process.pid}.tmp`);
    assert.throws(() => plan.finish(), /cannot be written/);
    assert.equal(readFileSync(table(east), "utf8"), before);
  });

  it("refreshes the regions of the stacks, and knows which regions exist", () => {
    assert.deepEqual(regionsInUse(root), [east, west]);
    assert.deepEqual(checkRegions([west, east, west]), [east, west]);
    assert.throws(() => checkRegions(["us-est-1", "x"]), /no region us-est-1, x/);
    assert.throws(() => checkRegions([]), /--region/);
  });

  describe("from the command line", () => {
    let out: string[];
    let problems: string[];
    const { log, error } = console;
    beforeEach(() => {
      [out, problems] = [[], []];
      Object.assign(console, {
        log: (text: unknown) => out.push(String(text)),
        error: (text: unknown) => problems.push(String(text)),
      });
    });
    afterEach(() => Object.assign(console, { log, error }));
    const command = (...args: string[]) => refreshPrices([...args], root, baseUrl);

    it("shows each service's work and then what changed", async () => {
      old([row("alb:hour", 0.0225), row("dx:gb", 0.02)]);
      assert.equal(await command("--region", east), 0);
      const text = out.join("\n");
      assert.match(text, /AmazonEC2 in us-east-1\n {2}= 5 prices of \d+ offers/);
      assert.match(text, /1 changed, \d+ new, 0 confirmed, 1 kept as they were/);
      assert.match(text, /alb:hour {2}0\.0225 → 0\.0226 \(\+0\.4 %\)/);
      assert.match(text, /the old row stays\n {4}dx:gb/);
      assert.deepEqual(problems, []);
    });

    it("prints the changes alone as JSON, and says that a dry run wrote nothing", async () => {
      assert.equal(await command("--json", "--dry-run"), 0);
      const { written, changes } = JSON.parse(out.join("\n"));
      assert.equal(written, false);
      assert.deepEqual(
        changes.map(({ region }: { region: string }) => region),
        [east, west],
      );
      assert.ok(!existsSync(table(east)));
    });

    it("ends with 1 and a sentence without a network", async () => {
      await server.stop();
      assert.equal(await command(), 1);
      assert.match(problems.join("\n"), /cannot be reached \(ECONNREFUSED\): check the network/);
    });

    for (const [args, message] of [
      [["--region", "us-east-9"], /There is no region us-east-9/],
      [["--dryrun"], /There is no option --dryrun/],
      [["us-east-1"], /us-east-1 means nothing here: see/],
    ] as const) {
      it(`ends with 1 and a sentence: ${args.join(" ")}`, async () => {
        assert.equal(await command(...args), 1);
        assert.match(problems.join("\n"), message);
        assert.match(problems.join("\n"), /The price table is as it was\.$/);
        assert.doesNotMatch(problems.join("\n"), /\n\s+at /);
      });
    }
  });
});
