import assert from "node:assert/strict";
import type { CrossRegion, PeerOwned, PeerRead } from "../../../insight/plan/crossRegion";
import { facts, installations, tableText } from "../../../insight/figures/installations";
import { describeStack, type StackReport } from "../../../insight/figures/report";
import { toJson } from "../../../insight/output/planJson";
import { readStack } from "../../../config/stackFiles";

type Edits = Record<string, string | object>;

/** A stack of the files with some keys changed; of an object only the keys given. */
function report(stack: string, edits: Edits = {}): Promise<StackReport> {
  const { raw } = readStack(stack);
  for (const [key, value] of Object.entries(edits)) {
    const full = `pe-platform:${key}`;
    const before = (): object => JSON.parse(raw[full] ?? "{}") as object;
    raw[full] = typeof value === "string" ? value : JSON.stringify({ ...before(), ...value });
  }
  return describeStack(stack, raw);
}

async function production(edits: Edits = {}): Promise<StackReport[]> {
  return [await report("prod-west", edits), await report("prod-east", edits)];
}

/** The facts of the one installation by their label; a label's later lines follow its first. */
function factsOf(reports: StackReport[]): Record<string, string> {
  const [only, ...others] = installations(reports);
  assert.ok(only && others.length === 0);
  const found: Record<string, string> = {};
  let at = "";
  for (const [label, text] of facts(only)) {
    at = label === "" ? at : label;
    found[at] = label === "" ? `${found[at] ?? ""}\n${text}` : text;
  }
  return found;
}

const reads = (all: CrossRegion[]): PeerRead[] => all.filter((entry) => entry.kind === "reads");
const owns = (all: CrossRegion[]): PeerOwned[] => all.filter((entry) => entry.kind === "owns");

describe("what crosses regions", function () {
  this.timeout(60_000);

  let [west, east]: StackReport[] = [];
  before(async () => {
    [west, east] = await production();
  });

  it("finds what the other stack's outputs are used for", () => {
    assert.ok(west);
    const found = new Map(reads(west.crossRegion).map((entry) => [entry.what, entry]));
    const zone = found.get("hosted zone");
    assert.deepEqual([zone?.stack, zone?.fields], ["prod-east", ["hostedZoneId"]]);
    const uses = (what: string, component: string, field: string): void => {
      const entry = found.get(what);
      assert.ok(entry, what);
      assert.ok(entry.for.includes(component), `${component} uses ${what}`);
      assert.ok(entry.fields.includes(field), `${field} is ${what}`);
    };
    uses("peering", "RegionPeering peering", "isolated[].routeTableId");
    uses("replication source", "ReplicatedBackups replicated-backups", "database.arn");
    uses("keys", "DatabaseLogin peer-replication-source-login", "databaseKeyArn");
    uses("functions", "DatabaseBootstrap peer-bootstrap", "rotationFunctionArn");
  });

  it("finds what a stack owns in the other region: only the one that is not home does", () => {
    assert.ok(west && east);
    const found = owns(west.crossRegion);
    assert.ok(found.every(({ region, untouched }) => region === "us-east-1" && !untouched));
    const peering = found.find(({ component }) => component === "RegionPeering peering");
    // The accepter and its options, 3 × 3 routes, and the way into the database from 3 subnets.
    assert.equal(peering?.resources, 14);
    assert.deepEqual(owns(east.crossRegion), []);
  });

  it("says which of it an `up` leaves alone", async () => {
    const { crossRegion } = await report("prod-west", { replication: { peerRegion: "untouched" } });
    assert.ok(owns(crossRegion).length > 0);
    assert.ok(owns(crossRegion).every(({ untouched }) => untouched));
  });

  it("has its JSON form, described beside toJson", () => {
    assert.ok(west && east);
    const { stacks } = toJson([west, east], [], false) as {
      stacks: { replication: Record<string, unknown> }[];
    };
    const [ofWest, ofEast] = stacks.map(({ replication }) => replication);
    const { crossRegion, ...plain } = ofWest ?? {};
    assert.deepEqual(plain, {
      mode: "oneWay",
      writer: "us-east-1",
      role: "replica",
      follows: { region: "us-east-1", tables: ["%.%"], fullLoad: true },
      peered: true,
      ownsPeering: true,
    });
    assert.deepEqual(crossRegion, west.crossRegion);
    assert.deepEqual([ofEast?.role, ofEast?.captures], ["writer", ["%.%"]]);
  });
});

describe("an installation", function () {
  this.timeout(60_000);

  it("groups stacks by domain, the home region first", async () => {
    const groups = installations([...(await production()), await report("cost-saver")]);
    assert.deepEqual(
      groups.map(({ domain, stacks }) => [domain, stacks.map(({ stack }) => stack)]),
      [
        ["platform.example.com", ["prod-east", "prod-west"]],
        ["small.example.com", ["cost-saver"]],
      ],
    );
  });

  it("tells of two regions: writer, flow, peering, backups and the order of runs", async () => {
    const found = factsOf(await production());
    assert.match(found.Regions ?? "", /^us-east-1 \(prod-east\), home; us-west-2 \(prod-west\)$/);
    assert.match(found.Writer ?? "", /^us-east-1 \(prod-east\); us-west-2 has a copy/);
    assert.match(
      found.Replication ?? "",
      /^us-east-1 → us-west-2, owned by prod-west: all tables; full load, .* dms\.c5\.large, .*Multi-AZ$/,
    );
    assert.match(
      found.Peering ?? "",
      /owned by prod-west: us-east-1 10\.10\.\S+, .* ↔ us-west-2 10\.20\.\S+, .*port 1433$/,
    );
    assert.match(
      found.Backups ?? "",
      /^of us-east-1 also kept in us-west-2 \(prod-west\), 7 days$/,
    );
    assert.equal(found["First up"], "prod-east, then prod-west");
    assert.match(found.Destroy ?? "", /^prod-west, then prod-east; .*protect/);
  });

  it("says so when the home region follows: it runs again at the end", async () => {
    const found = factsOf(await production({ replication: { writer: "us-west-2" } }));
    assert.match(found.Writer ?? "", /^us-west-2 \(prod-west\); us-east-1 has a copy/);
    assert.match(found.Replication ?? "", /^us-west-2 → us-east-1, owned by prod-east: /);
    assert.match(found["First up"] ?? "", /^prod-east, then prod-west, then prod-east again/);
  });

  it("tells who writes what when both do", async () => {
    const ownership = { tables: { "us-east-1": ["fund.%"], "us-west-2": ["deal.%"] } };
    const found = factsOf(await production({ replication: { mode: "twoWay", ownership } }));
    assert.match(found.Writer ?? "", /^both, .*us-east-1 fund\.%; us-west-2 deal\.%$/);
    assert.deepEqual(
      found.Replication?.split("\n").map((line) => /^.*?: \S+; [a-z ]+/.exec(line)?.[0]),
      [
        "us-west-2 → us-east-1, owned by prod-east: deal.%; changes only",
        "us-east-1 → us-west-2, owned by prod-west: fund.%; full load",
      ],
    );
    const values = { "us-east-1": "east", "us-west-2": "west" };
    const tenants = {
      mode: "twoWay",
      tables: ["dbo.%"],
      ownership: { tenantColumn: "Owner", values },
    };
    const byTenant = factsOf(await production({ replication: tenants }));
    assert.match(byTenant.Replication ?? "", /dbo\.% where Owner = west/);
  });

  it("tells of regions that share nothing but the zone, or nothing at all", async () => {
    const none = { mode: "none" };
    const zone = factsOf(await production({ replication: none }));
    assert.match(zone.Writer ?? "", /nothing is copied$/);
    assert.equal(zone.Peering, undefined);
    assert.match(zone["prod-west reads"] ?? "", /^from prod-east: hosted zone \(for [^;]*\)$/);
    const apart = factsOf(await production({ replication: none, hostedZone: "Z0123456789ABC" }));
    assert.match(apart["Up, destroy"] ?? "", /any order/);
  });

  it("tells which stack goes first when a region is left out", async () => {
    const found = factsOf(await production({ regionCount: "1" }));
    assert.match(found.Writer ?? "", /^us-east-1 alone/);
    assert.match(found["Next up"] ?? "", /^prod-west, .* then prod-east$/);
  });

  it("tells of one stack alone what is known from there", async () => {
    const found = factsOf([await report("prod-west")]);
    assert.match(found.Regions ?? "", /us-east-1 \(prod-east\), home/);
    assert.equal(found["First up"], "prod-east, then prod-west");
  });

  it("cuts long lists of tables", () => {
    assert.equal(tableText(["%.%"]), "all tables");
    assert.equal(tableText(["a.b", "c.d", "e.f"], 2), "a.b, c.d and 1 more");
  });
});
