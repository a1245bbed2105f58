import assert from "node:assert/strict";
import { mock } from "node:test";
import { readRequest, type DatabaseRole } from "../../functions/database/request";
import { planStack } from "../../insight/plan/offlinePlan";
import type { PlannedResource, StackPlan } from "../../insight/plan/plan";
import { reveal, type JsonObject } from "../../catalogue/json";
import { readStack } from "../../config/stackFiles";
import { parseConfig } from "../../stacks/config/platformConfig";
import { assertInputs, names, waitsFor } from "../components/support";
import { allOf, only } from "../support/record";
import { inPeerRegion, input } from "./invariants/case";

// Which parts of replication a stack has, in every mode: both stacks are planned against what the
// other one really offers.

type Mode = "none" | "oneWay" | "twoWay";
type Side = "east" | "west";

const sides = ["east", "west"] as const;
const stacks = { east: "prod-east", west: "prod-west" };
const regionOf = { east: "us-east-1", west: "us-west-2" };
const ownership = { tables: { "us-east-1": ["fund.%"], "us-west-2": ["deal.%"] } };

interface Setting {
  mode: Mode;
  writer: Side;
  regionCount?: 1 | 2;
  /** Replication keys beside mode and writer. */
  more?: object;
  /** Other keys of a stack's config, as objects. */
  change?: (raw: Record<string, string>) => Record<string, string>;
}

function rawOf(side: Side, { mode, writer, regionCount = 2, more, change }: Setting) {
  const replication = {
    mode,
    writer: regionOf[writer],
    ...(mode === "twoWay" ? { ownership } : {}),
    ...more,
  };
  const raw = {
    ...readStack(stacks[side]).raw,
    "pe-platform:regionCount": String(regionCount),
    "pe-platform:replication": JSON.stringify(replication),
  };
  return { ...raw, ...change?.(raw) };
}

type Plans = Record<Side, StackPlan>;

function up(side: Side, setting: Setting, offers: Partial<Record<Side, JsonObject>>) {
  const stackOutputs = (name: string): JsonObject | undefined =>
    name.endsWith("prod-east") ? offers.east : offers.west;
  return planStack({ stack: stacks[side], raw: rawOf(side, setting), stackOutputs });
}

const known = new Map<string, Promise<Plans>>();

/** Both stacks of an installation that has come up. */
function bringUp(setting: Setting): Promise<Plans> {
  const label = JSON.stringify([setting, setting.change?.toString()]);
  const found = known.get(label) ?? comeUp(setting);
  known.set(label, found);
  return found;
}

async function comeUp(setting: Setting): Promise<Plans> {
  const warn = mock.method(console, "warn", () => undefined);
  try {
    const first = await up("east", setting, {});
    const west = await up("west", setting, { east: first.outputs });
    const east = await up("east", setting, { east: first.outputs, west: west.outputs });
    return { east, west };
  } finally {
    warn.mock.restore();
  }
}

/** What the function is told of the database's part, at a deployment. */
function roleOf(plan: StackPlan): DatabaseRole {
  const told = requestOf(only(plan, "Invocation", "database-bootstrap"));
  assert.ok(told.role);
  return told.role;
}

function requestOf(resource: PlannedResource) {
  return readRequest(JSON.parse(String(reveal(resource.inputs.input))));
}

const count = (plan: StackPlan, type: string): number => allOf(plan, type).length;
const logins = (plan: StackPlan): string[] =>
  names(plan, "Secret").filter((name) => name !== "machine-key");

/** The resources of replication that a stack has, by what they are for. */
function partsOf(plan: StackPlan) {
  return {
    peering: count(plan, "VpcPeeringConnection"),
    copy: count(plan, "ReplicationTask"),
    copyAlarms: names(plan, "MetricAlarm").filter((name) => name.startsWith("replication-")).length,
    captureAlarms: names(plan, "MetricAlarm").filter((name) => name.startsWith("capture-")).length,
    upkeep: names(plan, "EventRule").filter((name) => name === "database-upkeep").length,
    guard: count(plan, "rds/snapshot:Snapshot"),
    backups: count(plan, "InstanceAutomatedBackupsReplication"),
    serviceRoles: names(plan, "Role").filter((name) => name.startsWith("dms-")).length,
    peerProvider: names(plan, "pulumi:providers:aws").filter((name) => name === "aws-peer").length,
  };
}

const nothing = {
  peering: 0,
  copy: 0,
  copyAlarms: 0,
  captureAlarms: 0,
  upkeep: 0,
  guard: 0,
  backups: 0,
  serviceRoles: 0,
  peerProvider: 0,
};
const follower = { copy: 1, copyAlarms: 6, upkeep: 1, guard: 1, backups: 1 };
const bothLogins = ["app-login", "migration-login"];
const target = "replication-target-login";
const sources = ["peer-replication-source-login", "replication-source-login"];

interface Expected {
  parts: Partial<typeof nothing>;
  logins: string[];
  role: { writable: boolean; captures?: string[]; follows?: string };
}

const tables = (region: string): string[] => (region === "us-east-1" ? ["fund.%"] : ["deal.%"]);

/** What each side has, in words of its own: not computed as the program does. */
function expected(side: Side, mode: Mode, writer: Side): Expected {
  const home = side === "east";
  const other = home ? "us-west-2" : "us-east-1";
  const owns: Partial<typeof nothing> = home
    ? { serviceRoles: 2 }
    : { peering: 1, peerProvider: 1 };
  const all = [...bothLogins, target, ...(home ? [] : sources)].sort();
  if (mode === "none") return { parts: {}, logins: bothLogins, role: { writable: true } };
  if (mode === "twoWay") {
    // Nothing is emptied before the load, so nothing has to be kept.
    return {
      parts: { ...owns, ...follower, captureAlarms: 2, guard: 0 },
      logins: all,
      role: { writable: true, captures: tables(regionOf[side]), follows: other },
    };
  }
  return side === writer
    ? {
        parts: { ...owns, captureAlarms: 2, upkeep: 1 },
        logins: all,
        role: { writable: true, captures: ["%.%"] },
      }
    : {
        parts: { ...owns, ...follower },
        logins: all,
        role: { writable: false, follows: other },
      };
}

const patterns = (list: { schema: string; table: string }[] | undefined): string[] | undefined =>
  list?.map(({ schema, table }) => `${schema}.${table}`);

for (const mode of ["none", "oneWay", "twoWay"] as const) {
  for (const writer of sides) {
    describe(`two regions, mode ${mode}, writer ${writer}`, () => {
      let plans: Plans;

      before(async () => {
        plans = await bringUp({ mode, writer });
      });

      for (const side of sides) {
        const wanted = expected(side, mode, writer);

        it(`${side} has the parts that its role needs, and no others`, () => {
          const found = partsOf(plans[side]);
          // The roles also stay for a peer that may still have a DMS to take down.
          const roles = mode === "none" ? { serviceRoles: found.serviceRoles } : {};
          assert.deepEqual(found, { ...nothing, ...wanted.parts, ...roles });
        });

        it(`${side} has the logins that it needs, and no others`, () => {
          assert.deepEqual(logins(plans[side]), wanted.logins);
          const there = allOf(plans[side], "Secret").filter(inPeerRegion);
          assert.deepEqual(
            there.map(({ name }) => name),
            wanted.logins.filter((name) => name.startsWith("peer-")),
          );
        });

        it(`${side} tells its database what it is`, () => {
          const { region, writable, capture, follows } = roleOf(plans[side]);
          assert.equal(region, regionOf[side]);
          assert.equal(writable, wanted.role.writable);
          assert.deepEqual(patterns(capture?.tables), wanted.role.captures);
          assert.equal(follows?.region, wanted.role.follows);
        });

        it(`${side} rotates every login that can log in`, () => {
          const fenced = wanted.role.follows === undefined ? [target] : [];
          const rotated = allOf(plans[side], "SecretRotation").map(({ inputs }) => inputs.secretId);
          const able = allOf(plans[side], "Secret")
            .filter(({ name }) => name.endsWith("-login") && !fenced.includes(name))
            .map(({ id }) => id);
          assert.deepEqual(rotated.sort(), able.sort());
        });

        it(`${side} tells upkeep the same as the deployment`, () => {
          if (wanted.parts.upkeep === undefined) return;
          const upkeep = requestOf(only(plans[side], "EventTarget", "database-upkeep"));
          const prepare = requestOf(only(plans[side], "Invocation", "database-bootstrap"));
          assert.deepEqual(upkeep, { ...prepare, task: "upkeep" });
        });
      }

      it("one database captures what the other is told to follow", () => {
        const [east, west] = [roleOf(plans.east), roleOf(plans.west)];
        assert.deepEqual(east.follows?.tables, west.capture?.tables);
        assert.deepEqual(west.follows?.tables, east.capture?.tables);
      });

      if (mode === "oneWay") {
        it("exactly one database takes writes", () => {
          const writers = sides.filter((side) => roleOf(plans[side]).writable);
          assert.deepEqual(writers, [writer]);
        });

        it("keeps a snapshot before the follower's tables are emptied", () => {
          const plan = plans[writer === "east" ? "west" : "east"];
          const snapshot = only(plan, "rds/snapshot:Snapshot", "database-before-copy");
          const run = only(plan, "Invocation", "database-bootstrap");
          const freeze = only(plan, "Invocation", "database-before-copy");
          assert.equal(requestOf(freeze).task, "freeze");
          assert.ok(waitsFor(snapshot, freeze));
          assert.ok(waitsFor(run, snapshot));
          assert.ok(waitsFor(only(plan, "ReplicationTask"), run));
          assert.equal(
            snapshot.inputs.dbInstanceIdentifier,
            only(plan, "rds/instance:Instance").outputs.identifier,
          );
        });
      }

      if (mode !== "none") {
        it("a copy's task waits for both databases, its flows and the way", () => {
          for (const side of sides) {
            const [task] = allOf(plans[side], "ReplicationTask");
            if (!task) continue;
            const flows = allOf(plans[side], "SecurityGroupEgressRule").filter(({ name }) =>
              name.startsWith("replication-to-"),
            );
            assert.equal(flows.length, 5);
            const needed = [
              only(plans[side], "Invocation", "replication"),
              ...allOf(plans[side], "Invocation").filter(({ name }) => name.endsWith("-bootstrap")),
              ...allOf(plans[side], "PeeringConnectionOptions"),
              ...allOf(plans[side], "ec2/route:Route").filter(({ name }) =>
                name.startsWith("peering-"),
              ),
              ...flows,
            ];
            assert.ok(needed.length >= (side === "east" ? 6 : 27));
            for (const item of needed) assert.ok(waitsFor(task, item), `${side} ${item.name}`);
          }
        });

        it("a task loads what is there only where that is not lost", () => {
          for (const side of sides) {
            const [task] = allOf(plans[side], "ReplicationTask");
            if (!task) continue;
            const loads: boolean = mode === "oneWay" || side !== writer;
            assert.equal(task.inputs.migrationType, loads ? "full-load-and-cdc" : "cdc");
            const settings = String(task.inputs.replicationTaskSettings);
            assert.equal(settings.includes("TRUNCATE_BEFORE_LOAD"), mode === "oneWay");
            assert.equal(settings.includes("LoopbackPreventionSettings"), mode === "twoWay");
          }
        });
      }
    });
  }

  describe(`one region, mode ${mode}`, () => {
    it("has no part of replication, and the database takes writes", async () => {
      const setting: Setting = { mode, writer: "east", regionCount: 1 };
      const west = await up("west", setting, {});
      assert.deepEqual([west.resources, west.outputs], [[], { active: false }]);
      for (const offers of [{}, { west: west.outputs }]) {
        const plan = await up("east", setting, offers);
        assert.deepEqual(partsOf(plan), nothing);
        assert.deepEqual(logins(plan), bothLogins);
        assert.deepEqual(roleOf(plan), { region: "us-east-1", writable: true, excluded: [] });
      }
    });

    // Without replication, no other region has a DMS.
    if (mode === "none") return;

    it("keeps the DMS roles while the other region is still up: its DMS needs them to go", async () => {
      const before = await bringUp({ mode, writer: "east" });
      const offers = { east: before.east.outputs, west: before.west.outputs };
      const after = await up("east", { mode, writer: "east", regionCount: 1 }, offers);
      assert.deepEqual(partsOf(after), { ...nothing, serviceRoles: 2 });
    });
  });
}

describe("peerRegion untouched", () => {
  for (const [mode, writer] of [
    ["oneWay", "east"],
    ["oneWay", "west"],
    ["twoWay", "west"],
  ] as const) {
    it(`leaves all that is in the home region alone, mode ${mode}, writer ${writer}`, async () => {
      const { east, west: managed } = await bringUp({ mode, writer });
      const setting: Setting = { mode, writer, more: { peerRegion: "untouched" } };
      const offers = { east: east.outputs, west: managed.outputs };
      const plan = await up("west", setting, offers);
      const there = plan.resources.filter(inPeerRegion);
      assert.ok(there.length >= 19, String(there.length));
      for (const { options, inputs, type, urn } of there) {
        // The provider takes no subscription of which all is kept.
        const kept = type.endsWith(":TopicSubscription") ? Object.keys(inputs) : ["*"];
        for (const key of kept) assert.ok(options.ignoreChanges?.includes(key), `${urn} ${key}`);
        if (kept[0] !== "*") assert.ok(!options.ignoreChanges?.includes("*"), urn);
      }
      const provider = only(plan, "pulumi:providers:aws", "aws");
      const here = plan.resources.filter(({ options }) => options.provider === provider.urn);
      assert.ok(here.length > 150);
      for (const { options, urn } of here) {
        assert.ok(!(options.ignoreChanges ?? []).includes("*"), urn);
      }
    });

    it(`plans the same resources as before, mode ${mode}, writer ${writer}`, async () => {
      const { east, west: managed } = await bringUp({ mode, writer });
      const setting: Setting = { mode, writer, more: { peerRegion: "untouched" } };
      const offers = { east: east.outputs, west: managed.outputs };
      const plan = await up("west", setting, offers);
      const shape = ({ resources }: StackPlan) =>
        resources.map(({ urn, inputs, options }) => {
          return { urn, inputs, options: { ...options, ignoreChanges: [] } };
        });
      assert.deepEqual(shape(plan), shape(managed));
      assert.deepEqual(plan.outputs, managed.outputs);
    });
  }
});

describe("the account's DMS roles", () => {
  it("are left to the account where it has them", async () => {
    const setting: Setting = { mode: "oneWay", writer: "west", more: { serviceRoles: "exist" } };
    const { east } = await bringUp(setting);
    assert.equal(partsOf(east).serviceRoles, 0);
    assert.equal(partsOf(east).copy, 1);
  });

  it("stand before home's own DMS, and are never the other region's", async () => {
    const { east, west } = await bringUp({ mode: "twoWay", writer: "east" });
    for (const type of ["ReplicationSubnetGroup", "ReplicationInstance"]) {
      for (const attachment of allOf(east, "RolePolicyAttachment")) {
        assert.ok(waitsFor(only(east, type), attachment), type);
      }
    }
    assert.equal(partsOf(west).serviceRoles, 0);
  });

  it("stand from the first run of the home stack: the other region's DMS needs them", async () => {
    const plan = await up("east", { mode: "oneWay", writer: "east" }, {});
    assert.deepEqual(partsOf(plan), { ...nothing, serviceRoles: 2, captureAlarms: 2, upkeep: 1 });
  });
});

describe("the other region's backups", () => {
  it("are kept for as long as told, or not at all", async () => {
    for (const days of [0, 9]) {
      const more = { backupRetentionDays: days };
      const { east, west } = await bringUp({ mode: "oneWay", writer: "east", more });
      assert.deepEqual(partsOf(west), {
        ...nothing,
        ...follower,
        peering: 1,
        peerProvider: 1,
        backups: days > 0 ? 1 : 0,
      });
      assert.equal(partsOf(east).backups, 0);
      if (days > 0) {
        assertInputs(only(west, "InstanceAutomatedBackupsReplication"), {
          retentionPeriod: days,
          sourceDbInstanceArn: only(east, "rds/instance:Instance").outputs.arn,
        });
      }
    }
  });
});

describe("database.appAccess readOnly", () => {
  const frozen = (raw: Record<string, string>): Record<string, string> => ({
    "pe-platform:database": JSON.stringify({
      ...(JSON.parse(raw["pe-platform:database"] ?? "{}") as object),
      appAccess: "readOnly",
    }),
  });

  it("freezes the writer, and goes on capturing", async () => {
    for (const writer of sides) {
      const open = await bringUp({ mode: "oneWay", writer });
      const { [writer]: plan } = await bringUp({ mode: "oneWay", writer, change: frozen });
      assert.deepEqual(roleOf(plan), { ...roleOf(open[writer]), writable: false });
      assert.ok(roleOf(plan).capture);
    }
  });

  it("changes what the function is told, and nothing else", async () => {
    const open = await bringUp({ mode: "oneWay", writer: "east" });
    const shut = await bringUp({ mode: "oneWay", writer: "east", change: frozen });
    for (const side of sides) {
      assert.deepEqual(shut[side].outputs, open[side].outputs);
      const twins = new Map(open[side].resources.map((item) => [item.urn, item]));
      assert.equal(twins.size, shut[side].resources.length);
      const changed = shut[side].resources.filter(
        (item) => JSON.stringify(item) !== JSON.stringify(twins.get(item.urn)),
      );
      assert.deepEqual(
        changed.map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`).sort(),
        side === "east" ? ["EventTarget database-upkeep", "Invocation database-bootstrap"] : [],
      );
    }
  });

  it("freezes a database that stands alone, and both of two that write", async () => {
    const single = { mode: "oneWay", writer: "east", regionCount: 1, change: frozen } as const;
    assert.equal(roleOf(await up("east", single, {})).writable, false);
    const both = await bringUp({ mode: "twoWay", writer: "east", change: frozen });
    for (const side of sides) {
      const { writable, capture, follows } = roleOf(both[side]);
      assert.deepEqual(
        [writable, capture !== undefined, follows !== undefined],
        [false, true, true],
      );
    }
  });
});

describe("a fail-over", () => {
  const before: Setting = { mode: "oneWay", writer: "east" };
  const after: Setting = { mode: "oneWay", writer: "west" };

  it("needs nothing of the region that is lost, and makes nothing there", async () => {
    const { east, west } = await bringUp(before);
    const offers = { east: east.outputs, west: west.outputs };
    const taken = await up("west", { ...after, more: { peerRegion: "untouched" } }, offers);
    const urns = ({ resources }: StackPlan) => resources.filter(inPeerRegion).map(({ urn }) => urn);
    assert.deepEqual(urns(taken), urns(west));
    // To let the lost region's backups go would ask that region, and they may be all that is left.
    const writes = { ...nothing, peering: 1, peerProvider: 1, captureAlarms: 2, upkeep: 1 };
    assert.deepEqual(partsOf(taken), { ...writes, backups: 1 });
    assert.deepEqual(partsOf(await up("west", after, offers)), writes);
    const again = { ...offers, west: taken.outputs };
    const later = await up("west", { ...after, more: { peerRegion: "untouched" } }, again);
    assert.equal(partsOf(later).backups, 1);
    const role = roleOf(taken);
    assert.deepEqual(
      [role.writable, role.follows, patterns(role.capture?.tables)],
      [true, undefined, ["%.%"]],
    );
  });

  it("replaces no login, database, network or key of either region", async () => {
    const [one, two] = [await bringUp(before), await bringUp(after)];
    const kinds =
      /:(Secret|Instance|Key|Vpc|Subnet|RouteTable|SecurityGroup|VpcPeeringConnection|Route)$/;
    for (const side of sides) {
      const later = new Map(two[side].resources.map(({ urn, inputs }) => [urn, inputs]));
      const kept = one[side].resources.filter(({ type }) => kinds.test(type));
      assert.ok(kept.length > 40, String(kept.length));
      for (const { urn, inputs } of kept) assert.deepEqual(later.get(urn), inputs, urn);
    }
  });

  it("asks nothing of IAM in the region that takes over: its control plane may be away", async () => {
    const [one, two] = [await bringUp(before), await bringUp(after)];
    const iam = ({ resources }: StackPlan) =>
      resources
        .filter(({ type }) => type.startsWith("aws:iam/"))
        .map(({ urn, inputs }) => ({ urn, inputs }));
    assert.deepEqual(iam(two.west), iam(one.west));
  });

  it("moves the copy's alarms and backups to the new follower", async () => {
    const { east, west } = await bringUp(after);
    assert.deepEqual(partsOf(east), { ...nothing, ...follower, serviceRoles: 2 });
    const age = only(east, "MetricAlarm", "replication-alarms-age");
    assert.equal(input(age, "dimensions.Source"), "us-west-2");
    const own = only(east, "rds/instance:Instance").outputs.address;
    assert.equal(input(age, "dimensions.Database"), own);
    assert.deepEqual(age.inputs.alarmActions, [only(east, "Topic").outputs.arn]);
    assert.equal(partsOf(west).copyAlarms, 0);
  });
});

describe("tables that are left out by name", () => {
  const exclude = ["fund.History", "deal.Draft%"];
  const locators = (plan: StackPlan, action: string): string[] => {
    const { tableMappings } = only(plan, "ReplicationTask").inputs;
    const { rules } = JSON.parse(String(reveal(tableMappings))) as {
      rules: { "rule-action": string; "object-locator": Record<string, string> }[];
    };
    return rules
      .filter((rule) => rule["rule-action"] === action)
      .map(({ "object-locator": at }) => `${at["schema-name"]}.${at["table-name"]}`);
  };

  for (const mode of ["oneWay", "twoWay"] as const) {
    it(`are the same for capture and for every task, ${mode}`, async () => {
      const plans = await bringUp({ mode, writer: "east", more: { exclude } });
      for (const side of sides) {
        assert.deepEqual(patterns(roleOf(plans[side]).excluded), exclude);
        if (count(plans[side], "ReplicationTask") === 0) continue;
        assert.deepEqual(locators(plans[side], "exclude").slice(0, 2), exclude);
      }
    });
  }

  it("fit into what EventBridge passes on, with as many other patterns as there may be", async () => {
    const values = { "us-east-1": "east", "us-west-2": "west" };
    const many = (amount: number, prefix: string) =>
      Array.from({ length: amount }, (_, at) => `${prefix}.${"x".repeat(18)}${10 + at}`);
    const tables = many(50, "fund1");
    const more = {
      ownership: { tenantColumn: "Owner", values },
      tables: [...tables.slice(0, 49), "fund%.%"],
      exclude: many(25, "fund9"),
    };
    const setting = { mode: "twoWay", writer: "east", more } as const;
    const { replication } = parseConfig(rawOf("east", setting), "prod-east");
    const text = [...replication.tables, ...replication.exclude].join("").length;
    assert.ok(text > 1900 && text <= 2000, `nearly all that the rule allows: ${text}`);
    const plans = await bringUp(setting);
    for (const side of sides) {
      const { inputs } = only(plans[side], "EventTarget", "database-upkeep");
      // PutTargets, Input.
      const { length } = String(reveal(inputs.input));
      assert.ok(length <= 8192, `${side}: ${length}`);
    }
  });
});
