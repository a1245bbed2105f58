import assert from "node:assert/strict";
import fc from "fast-check";
import { planStack } from "../../../insight/plan/offlinePlan";
import { mockPeer } from "../../../insight/plan/peerContract";
import type { Json, JsonObject } from "../../../catalogue/json";
import { readStack } from "../../../config/stackFiles";
import { cidrPlan } from "../../../stacks/cidrPlan";
import { parseConfig } from "../../../stacks/config/platformConfig";
import { contractSchema, type RegionContract } from "../../../stacks/contract";
import { peerState } from "../../../stacks/peer";
import { validRawConfig } from "../../stacks/config/validConfig";

type Raw = Record<string, string>;

function rawOf(stack: string, replication: object = {}, change: Raw = {}): Raw {
  const { raw } = readStack(stack);
  return { ...raw, "pe-platform:replication": JSON.stringify(replication), ...change };
}

const peers = { "prod-east": "prod-west", "prod-west": "prod-east" } as const;
type Stack = keyof typeof peers;
const stacks = Object.keys(peers) as Stack[];
const full = (stack: string): string => `organization/pe-platform/${stack}`;

/** What is made up for the peer of a stack. */
function madeUp(stack: Stack, replication: object = {}, change: Raw = {}): JsonObject {
  const outputs = mockPeer(stack, rawOf(stack, replication, change))(full(peers[stack]));
  assert.ok(outputs, `nothing is made up for the peer of ${stack}`);
  return outputs;
}

const contractOf = (outputs: JsonObject): RegionContract => contractSchema.parse(outputs.contract);

/** Dotted keys of everything in a value. */
function keysOf(value: Json | undefined, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value)
    .flatMap(([key, item]) => keysOf(item, path === "" ? key : `${path}.${key}`))
    .sort();
}

const ownership = { tables: { "us-east-1": ["fund.%"], "us-west-2": ["deal.%"] } };
const replications = [
  ["oneWay, writer us-east-1", { writer: "us-east-1" }],
  ["oneWay, writer us-west-2", { writer: "us-west-2" }],
  ["twoWay", { mode: "twoWay", ownership }],
  ["none", { mode: "none" }],
] as const;

describe("the contract made up for a peer", () => {
  for (const [what, replication] of replications) {
    for (const reader of stacks) {
      const peer = peers[reader];

      it(`has exactly what ${peer} really offers, ${what}`, async () => {
        const { outputs } = await planStack({ stack: peer, raw: rawOf(peer, replication) });
        const made = madeUp(reader, replication);
        assert.deepEqual(keysOf(made.contract), keysOf(outputs.contract));
      });

      it(`says of ${peer} what its stack file says, ${what}`, async () => {
        const { outputs } = await planStack({ stack: peer, raw: rawOf(peer, replication) });
        const [made, real] = [contractOf(madeUp(reader, replication)), contractOf(outputs)];
        for (const key of [
          "version",
          "installation",
          "region",
          "home",
          "azCount",
          "cidrBlock",
          "writer",
          "term",
          "follows",
        ] as const) {
          assert.equal(made[key], real[key], key);
        }
        const addresses = ({ isolated }: RegionContract) =>
          isolated.map(({ letter, cidr }) => [letter, cidr]);
        assert.deepEqual(addresses(made), addresses(real));
      });
    }
  }

  it("is up to whoever reads it, in every valid config that has a peer", () => {
    let read = 0;
    fc.assert(
      fc.property(validRawConfig(), ({ raw, stack }) => {
        const config = parseConfig(raw, stack);
        const { peerStack, regions } = config;
        const outputs = mockPeer(stack, raw)(full("prod-other"));
        if (peerStack === undefined || regions.length < 2) {
          assert.equal(outputs, undefined);
          return;
        }
        read += 1;
        const found = peerState(outputs, peerStack, config);
        assert.deepEqual(found, { state: "up", contract: outputs?.contract });
        const { cidrBlock, isolated, suffix } = contractOf(outputs!);
        assert.notEqual(cidrBlock, config.network.cidrBlock);
        const zones = cidrPlan(cidrBlock).map(({ isolatedCidr }) => isolatedCidr);
        assert.deepEqual(
          isolated.map(({ cidr }) => cidr),
          zones,
        );
        assert.match(suffix, /^[0-9a-f]{8}$/);
      }),
      { numRuns: 200 },
    );
    assert.ok(read > 20, String(read));
  });

  it("is the same each time, and another one for another installation", () => {
    for (const stack of stacks) {
      assert.deepEqual(madeUp(stack), madeUp(stack));
      const elsewhere = madeUp(stack, {}, { "pe-platform:domain": "other.example.com" });
      assert.notEqual(contractOf(elsewhere).suffix, contractOf(madeUp(stack)).suffix);
      assert.equal(contractOf(elsewhere).installation, "other.example.com");
    }
  });

  it("names everything in the peer's region, but for the copy where the reader is", () => {
    for (const reader of stacks) {
      const made = contractOf(madeUp(reader));
      const arns = JSON.stringify(made).match(/arn:aws:[^"]+/g) ?? [];
      assert.ok(arns.length >= 4);
      const own = readStack(reader).raw["aws:region"];
      for (const arn of arns) {
        const expected = arn === made.sourceSecretReplicaArn ? own : made.region;
        assert.equal(arn.split(":")[3], expected, arn);
      }
    }
  });

  it("is not there for any other stack, nor for the one that is planned", () => {
    for (const stack of stacks) {
      const answer = mockPeer(stack, rawOf(stack));
      for (const name of [stack, "cost-saver", "prod"]) {
        assert.equal(answer(full(name)), undefined, name);
      }
      assert.ok(answer(peers[stack]), "a short name is known, too");
    }
  });

  it("is not there for a stack without a peer, or with a config that is wrong", () => {
    const alone = mockPeer("cost-saver", readStack("cost-saver").raw);
    for (const stack of stacks) assert.equal(alone(full(stack)), undefined);
    const broken = mockPeer("prod-east", rawOf("prod-east", { mode: "threeWay" }));
    assert.equal(broken(full("prod-west")), undefined);
  });

  it("has addresses of its own where the peer's file belongs to another installation", () => {
    const moved = { "pe-platform:domain": "other.example.com" };
    for (const stack of stacks) {
      const made = contractOf(madeUp(stack, {}, moved));
      const { network } = parseConfig(rawOf(stack), stack);
      assert.notEqual(made.cidrBlock, network.cidrBlock);
    }
    // Even where the invented addresses are the reader's own.
    const network = JSON.stringify({
      ...(JSON.parse(readStack("prod-east").raw["pe-platform:network"] ?? "{}") as object),
      cidrBlock: "10.20.0.0/16",
    });
    const taken = { ...moved, "pe-platform:network": network };
    assert.notEqual(contractOf(madeUp("prod-east", {}, taken)).cidrBlock, "10.20.0.0/16");
  });
});
