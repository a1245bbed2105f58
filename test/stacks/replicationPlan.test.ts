import assert from "node:assert/strict";
import fc from "fast-check";
import {
  parseConfig,
  type PlatformConfig,
  type ReplicationConfig,
} from "../../stacks/config/platformConfig";
import { replicationPlan, type ReplicationPlan } from "../../stacks/replicationPlan";
import { serviceLevel } from "../../stacks/serviceLevel";
import { readStack } from "../../config/stackFiles";
import { runs } from "../support/runs";
import { validRawConfig } from "./config/validConfig";

const plan = (config: PlatformConfig): ReplicationPlan =>
  replicationPlan(config, serviceLevel(config));

function config(
  stack: string,
  replication: Partial<ReplicationConfig> = {},
  change: Record<string, string> = {},
): PlatformConfig {
  const raw = {
    ...readStack(stack).raw,
    "pe-platform:replication": JSON.stringify(replication),
    ...change,
  };
  return parseConfig(raw, stack);
}

const readOnly = (base: PlatformConfig): PlatformConfig => ({
  ...base,
  database: { ...base.database, appAccess: "readOnly" },
});

describe("the plan of replication", () => {
  it("one way: the writer captures", () => {
    assert.deepEqual(plan(config("prod-east", { tables: ["fund.%"] })), {
      writable: true,
      captures: ["fund.%"],
      excluded: [],
      peered: true,
      ownsPeering: false,
      loopbackPrevention: false,
      otherRegion: "us-west-2",
    });
  });

  it("one way: the other region loads everything, follows and is read only", () => {
    assert.deepEqual(plan(config("prod-west", { tables: ["fund.%"] })), {
      writable: false,
      follows: { region: "us-east-1", tables: ["fund.%"], fullLoad: true },
      excluded: [],
      peered: true,
      ownsPeering: true,
      loopbackPrevention: false,
      otherRegion: "us-east-1",
    });
  });

  it("a new writer turns the direction round, and the peering stays where it is", () => {
    const [east, west] = ["prod-east", "prod-west"].map((stack) =>
      plan(config(stack, { writer: "us-west-2" })),
    );
    assert.deepEqual([east!.writable, west!.writable], [false, true]);
    assert.deepEqual([east!.captures, west!.captures], [undefined, ["%.%"]]);
    assert.equal(east!.follows?.region, "us-west-2");
    assert.equal(west!.follows, undefined);
    assert.deepEqual([east!.ownsPeering, west!.ownsPeering], [false, true]);
  });

  it("a frozen writer is captured as before", () => {
    const frozen = plan(readOnly(config("prod-east")));
    assert.deepEqual(frozen, { ...plan(config("prod-east")), writable: false });
  });

  it("two ways by tables: each captures its own, and the writer loads nothing", () => {
    const ownership = { tables: { "us-east-1": ["fund.%"], "us-west-2": ["deal.%"] } };
    const shared = { writable: true, excluded: [], peered: true, loopbackPrevention: true };
    assert.deepEqual(plan(config("prod-east", { mode: "twoWay", ownership })), {
      ...shared,
      captures: ["fund.%"],
      follows: { region: "us-west-2", tables: ["deal.%"], fullLoad: false },
      ownsPeering: false,
      otherRegion: "us-west-2",
    });
    assert.deepEqual(plan(config("prod-west", { mode: "twoWay", ownership })), {
      ...shared,
      captures: ["deal.%"],
      follows: { region: "us-east-1", tables: ["fund.%"], fullLoad: true },
      ownsPeering: true,
      otherRegion: "us-east-1",
    });
  });

  it("two ways by a column: both capture all tables, and follow the other's rows", () => {
    const values = { "us-east-1": "east", "us-west-2": "west" };
    const ownership = { tenantColumn: "Owner", values };
    const east = plan(config("prod-east", { mode: "twoWay", ownership, tables: ["a.%"] }));
    assert.deepEqual(east.captures, ["a.%"]);
    assert.deepEqual(east.follows, {
      region: "us-west-2",
      tables: ["a.%"],
      filter: { column: "Owner", value: "west" },
      fullLoad: false,
    });
  });

  it("mode none: two databases that both write, and nothing between them", () => {
    const alone = { excluded: [], peered: false, ownsPeering: false, loopbackPrevention: false };
    for (const [stack, otherRegion] of [
      ["prod-east", "us-west-2"],
      ["prod-west", "us-east-1"],
    ] as const) {
      const found = plan(config(stack, { mode: "none" }));
      assert.deepEqual(found, { writable: true, ...alone, otherRegion });
    }
  });

  it("one region: it writes, unless it is frozen; the other is nothing", () => {
    const single = { "pe-platform:regionCount": "1" };
    const alone = { excluded: [], peered: false, ownsPeering: false, loopbackPrevention: false };
    const east = config("prod-east", {}, single);
    assert.deepEqual(plan(east), { writable: true, ...alone });
    assert.deepEqual(plan(readOnly(east)), { writable: false, ...alone });
    assert.deepEqual(plan(config("prod-west", {}, single)), { writable: false, ...alone });
    assert.deepEqual(plan(config("cost-saver")), { writable: true, ...alone });
  });

  it("never lets two-way run without owners", () => {
    const broken = config("prod-east");
    broken.replication.mode = "twoWay";
    assert.throws(() => plan(broken), /twoWay without what us-east-1 owns/);
  });
});

/** Both regions' plans of one installation. */
interface Pair {
  config: PlatformConfig;
  plans: Record<string, ReplicationPlan>;
}

const pairs: fc.Arbitrary<Pair> = validRawConfig().map(({ raw, stack }) => {
  const parsed = parseConfig(raw, stack);
  const plans = parsed.regions.map((region) => [region, plan({ ...parsed, region })] as const);
  return { config: parsed, plans: Object.fromEntries(plans) };
});

/** A property of every installation of two regions in a mode. */
function always(mode: string, holds: (one: ReplicationPlan, other: ReplicationPlan) => void): void {
  const inMode = pairs.filter(
    ({ config: { regionCount, replication } }) => regionCount === 2 && replication.mode === mode,
  );
  fc.assert(
    fc.property(inMode, ({ config: { regions }, plans }) => {
      const [one, other] = regions.map((region) => plans[region]!);
      holds(one!, other!);
      holds(other!, one!);
    }),
    { numRuns: runs(200, 40) },
  );
}

describe("the plans of two regions", () => {
  it("have exactly one writer one way, or none while it is frozen", () => {
    fc.assert(
      fc.property(pairs, ({ config: { regionCount, replication, database }, plans }) => {
        if (regionCount === 2 && replication.mode !== "oneWay") return;
        const writers = Object.keys(plans).filter((region) => plans[region]!.writable);
        const expected = database.appAccess === "readOnly" ? [] : [replication.writer];
        assert.deepEqual(writers, expected);
      }),
      { numRuns: 300 },
    );
  });

  it("fit: what one follows, the other captures", () => {
    for (const mode of ["oneWay", "twoWay"]) {
      always(mode, (one, other) => {
        assert.deepEqual(one.follows?.tables, other.captures);
        assert.equal(one.follows === undefined, other.captures === undefined);
        assert.ok(one.follows === undefined || one.follows.region === one.otherRegion);
        assert.notEqual(one.otherRegion, other.otherRegion);
        assert.ok(one.peered && one.ownsPeering !== other.ownsPeering);
      });
    }
  });

  it("have no cycle one way, and no filter", () => {
    always("oneWay", (one, other) => {
      assert.notEqual(one.captures === undefined, one.follows === undefined);
      assert.notEqual(one.follows === undefined, other.follows === undefined);
      assert.ok(one.follows?.fullLoad ?? true);
      assert.ok(!one.loopbackPrevention && one.follows?.filter === undefined);
    });
  });

  it("both follow two ways, one after a full load, and send nothing back", () => {
    always("twoWay", (one, other) => {
      assert.ok(one.loopbackPrevention && one.captures && one.follows && other.follows);
      assert.notEqual(one.follows.fullLoad, other.follows.fullLoad);
      assert.equal(one.writable, other.writable);
      const [mine, theirs] = [one.follows.filter, other.follows.filter];
      assert.equal(mine?.column, theirs?.column);
      assert.ok(mine === undefined || mine.value !== theirs?.value);
    });
  });

  it("two ways, the region that is not the writer loads", () => {
    fc.assert(
      fc.property(pairs, ({ config: { replication }, plans }) => {
        for (const [region, { loopbackPrevention, follows }] of Object.entries(plans)) {
          if (!loopbackPrevention) continue;
          assert.equal(follows?.fullLoad, region !== replication.writer);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("have nothing to do with each other without a mode or a second region", () => {
    fc.assert(
      fc.property(pairs, ({ config: { regionCount, regions, replication }, plans }) => {
        if (regionCount === 2 && replication.mode !== "none") return;
        for (const [region, found] of Object.entries(plans)) {
          assert.ok(!found.peered && !found.ownsPeering && !found.loopbackPrevention);
          assert.ok(!found.captures && !found.follows);
          const inactive = !regions.slice(0, regionCount).includes(region);
          assert.ok(!inactive || !found.writable);
          assert.equal(found.otherRegion !== undefined, regionCount === 2);
        }
      }),
      { numRuns: 300 },
    );
  });
});
