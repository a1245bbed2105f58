import assert from "node:assert/strict";
import { type PlatformConfig, parseConfig } from "../../../stacks/config/platformConfig";
import { crossCheck, type InstallationStack } from "../../../stacks/installation";
import { toRaw } from "./validConfig";

function stackOf(
  stack: string,
  region: string,
  block: number,
  change: Record<string, unknown> = {},
): InstallationStack {
  const availabilityZones = ["a", "b", "c"].map((letter) => `${region}${letter}`);
  const config: PlatformConfig = parseConfig(
    toRaw(region, {
      domain: "platform.example.com",
      protect: false,
      regionCount: 2,
      network: { cidrBlock: `10.${block}.0.0/16`, availabilityZones },
      ...change,
    }),
    stack,
  );
  return { stack, config };
}

const east = (change: Record<string, unknown> = {}): InstallationStack =>
  stackOf("east", "us-east-1", 10, { peerStack: "west", ...change });
const west = (change: Record<string, unknown> = {}, block = 20): InstallationStack =>
  stackOf("west", "us-west-2", block, { peerStack: "east", ...change });
const keys = (...stacks: InstallationStack[]): string[] => crossCheck(stacks).map(({ key }) => key);

describe("crossCheck", () => {
  it("has nothing to say about two regions that fit", () => {
    assert.deepEqual(keys(east(), west()), []);
  });

  it("does not compare installations", () => {
    const other = west({ domain: "other.example.com", exposure: "public", regionCount: 1 }, 10);
    assert.deepEqual(keys(east(), other), []);
  });

  it("wants the same regions, in the same order", () => {
    const swapped = west({ regions: ["us-west-2", "us-east-1"] });
    const [problem, ...rest] = crossCheck([east(), swapped]);
    assert.deepEqual(rest, []);
    assert.deepEqual(problem, {
      stacks: ["east", "west"],
      key: "regions",
      message:
        "east and west share the domain platform.example.com but not regions: [us-east-1, us-west-2] and [us-west-2, us-east-1]. Set the same in both, or give one its own domain.",
    });
  });

  it("wants the same objectives: they are the installation's", () => {
    const [problem] = crossCheck([
      east({ objectives: { monthlyBudgetUsd: 9000 } }),
      west({ objectives: { disruption: "zone" } }),
    ]);
    assert.equal(problem?.key, "objectives");
    assert.match(
      problem.message,
      /: \{ disruption: region, monthlyBudgetUsd: 9000 \} and \{ disruption: zone \}\. Set the same/,
    );
    const reordered = { disruption: "zone", availability: 99 };
    assert.deepEqual(
      keys(
        east({ objectives: reordered }),
        west({ objectives: { availability: 99, disruption: "zone" } }),
      ),
      [],
    );
  });

  it("wants the same regionCount, exposure and hosted zone", () => {
    assert.deepEqual(keys(east(), west({ regionCount: 1 })), ["regionCount"]);
    assert.deepEqual(keys(east(), west({ hostedZone: "Z0123456789ABC" })), ["hostedZone"]);
    const network = {
      cidrBlock: "10.20.0.0/16",
      availabilityZones: ["us-west-2a", "us-west-2b", "us-west-2c"],
      clientCidrs: ["10.100.0.0/16"],
      privateGateway: { transitGatewayId: "tgw-0123456789abcdef0" },
    };
    const certificateArn = `arn:aws:acm:us-west-2:123456789012:certificate/${"a".repeat(36)}`;
    const closed = west({ exposure: "private", network, certificateArn });
    assert.deepEqual(keys(east(), closed), ["exposure"]);
  });

  it("wants the same database and the same replication", () => {
    const other = (replication: Record<string, unknown>) => west({ replication });
    assert.deepEqual(keys(east(), west({ database: { name: "other" } })), ["database.name"]);
    assert.deepEqual(keys(east(), other({ mode: "none" })), ["replication.mode"]);
    assert.deepEqual(crossCheck([east(), other({ tables: ["fund.%", "deal.%"] })]), [
      {
        stacks: ["east", "west"],
        key: "replication.tables",
        message:
          "east and west share the domain platform.example.com but not replication.tables: [%.%] and [deal.%, fund.%]. Set the same in both, or give one its own domain.",
      },
    ]);
    assert.deepEqual(keys(east(), other({ exclude: ["dbo.History"] })), ["replication.exclude"]);
    const values = { "us-east-1": "e", "us-west-2": "w" };
    const tables = { "us-east-1": ["b.%", "a.%"], "us-west-2": ["c.%"] };
    const both = (ownership: object) => ({ replication: { mode: "twoWay", ownership } });
    const found = crossCheck([
      east(both({ tables })),
      west({
        replication: {
          mode: "twoWay",
          ownership: { tenantColumn: "Owner", values },
          tables: ["dbo.%"],
        },
      }),
    ]).filter(({ key }) => key === "replication.ownership");
    assert.deepEqual(found, [
      {
        stacks: ["east", "west"],
        key: "replication.ownership",
        message:
          "east and west share the domain platform.example.com but not replication.ownership: { us-east-1: [a.%, b.%], us-west-2: [c.%] } and Owner { us-east-1: e, us-west-2: w }. Set the same in both, or give one its own domain.",
      },
    ]);
  });

  it("does not mind in what order tables and owners are listed", () => {
    const tables = ["fund.%", "deal.%"];
    const sorted = { replication: { tables: tables.toReversed() } };
    assert.deepEqual(keys(east({ replication: { tables } }), west(sorted)), []);
    const owned = (owners: object) => ({
      replication: { mode: "twoWay", ownership: { tables: owners } },
    });
    const one = owned({ "us-east-1": ["a.%", "b.%"], "us-west-2": ["c.%"] });
    const other = owned({ "us-west-2": ["c.%"], "us-east-1": ["b.%", "a.%"] });
    assert.deepEqual(keys(east(one), west(other)), []);
  });

  it("says of two writers what to do next in a fail-over", () => {
    assert.deepEqual(crossCheck([east(), west({ replication: { writer: "us-west-2" } })]), [
      {
        stacks: ["east", "west"],
        key: "replication.writer",
        message:
          "is us-east-1 in east and us-west-2 in west, as it is for a while in a fail-over: run `pulumi up` in the new writer's stack first, then set the same writer in the other and run it there.",
      },
    ]);
  });

  it("wants addresses that do not overlap", () => {
    const [problem] = crossCheck([east(), west({}, 10)]);
    assert.equal(problem?.key, "network.cidrBlock");
    assert.match(
      problem?.message ?? "",
      /10\.10\.0\.0\/16 of east overlaps 10\.10\.0\.0\/16 of west/,
    );
  });

  it("wants one stack per region", () => {
    const twin = stackOf("twin", "us-east-1", 30, { peerStack: "east" });
    assert.deepEqual(keys(east({ peerStack: "twin" }), twin), ["aws:region"]);
  });

  it("wants peers to name each other", () => {
    const replication = { mode: "none" };
    const unnamed = east({ peerStack: undefined, replication });
    assert.deepEqual(crossCheck([unnamed, west({ peerStack: "est", replication })]), [
      {
        stacks: ["east", "west"],
        key: "peerStack",
        message: "is missing in east, whose other region is the stack west: set peerStack to west.",
      },
      {
        stacks: ["west", "east"],
        key: "peerStack",
        message: "is est in west, whose other region is the stack east: set peerStack to east.",
      },
    ]);
  });

  it("lets a single region be without a peer", () => {
    const one = { regionCount: 1, peerStack: undefined };
    assert.deepEqual(keys(east(one), west(one)), []);
  });

  it("compares every pair", () => {
    const third = stackOf("third", "us-west-2", 20, { peerStack: "east" });
    assert.deepEqual(
      crossCheck([east(), west(), third]).map(({ stacks, key }) => [...stacks, key]),
      [
        ["east", "third", "peerStack"],
        ["west", "third", "aws:region"],
        ["west", "third", "network.cidrBlock"],
        ["west", "third", "peerStack"],
        ["third", "west", "peerStack"],
      ],
    );
  });
});
