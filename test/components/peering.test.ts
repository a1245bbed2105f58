import assert from "node:assert/strict";
import { Provider } from "@pulumi/aws/provider";
import fc from "fast-check";
import { RegionPeering, type RegionPeeringArgs } from "../../components/network/regionPeering";
import type { PlannedResource, StackPlan } from "../../insight/plan/plan";
import { cidrPlan } from "../../stacks/cidrPlan";
import { inPeerRegion, text } from "../stacks/invariants/case";
import { allOf, only, record } from "../support/record";
import { assertInputs, names, parentOf, waitsFor } from "./support";

const end = (region: string, cidrBlock: string): RegionPeeringArgs["own"] => ({
  region,
  vpcId: `vpc-${region}`,
  isolated: cidrPlan(cidrBlock).map(({ letter, isolatedCidr }) => ({
    letter,
    cidr: isolatedCidr,
    routeTableId: `rtb-${region}-${letter}`,
  })),
  databaseGroupId: `sg-${region}`,
});

type Ends = Pick<RegionPeeringArgs, "own" | "peer">;
const ends: Ends = {
  own: end("us-west-2", "10.20.0.0/16"),
  peer: end("us-east-1", "10.10.0.0/16"),
};

const build = (leavePeerAlone = false, between = ends): Promise<StackPlan> =>
  record(
    () => {
      const own = new Provider("aws", { region: "us-west-2" });
      const peerProvider = new Provider("aws-peer", { region: "us-east-1" });
      const args = { ...between, peerProvider, leavePeerAlone };
      const peering = new RegionPeering("peering", args, { providers: { aws: own } });
      return { ways: peering.ways.map(({ urn }) => urn) };
    },
    { region: "us-west-2" },
  );

/** From which table to which addresses. */
const routesOf = (plan: StackPlan): [string, string][] =>
  allOf(plan, "Route").map((item) => [
    text(item, "routeTableId"),
    text(item, "destinationCidrBlock"),
  ]);

const custom = (plan: StackPlan): PlannedResource[] =>
  plan.resources.filter((item) => item.custom && item.type.startsWith("aws:"));

describe("RegionPeering", () => {
  it("asks for the way here and accepts it there", async () => {
    const plan = await build();
    const peering = only(plan, "VpcPeeringConnection", "peering");
    assertInputs(peering, {
      vpcId: "vpc-us-west-2",
      peerVpcId: "vpc-us-east-1",
      peerRegion: "us-east-1",
      // Between regions AWS refuses the requester's own acceptance.
      autoAccept: false,
    });
    const accepter = only(plan, "VpcPeeringConnectionAccepter", "peering");
    assertInputs(accepter, { vpcPeeringConnectionId: peering.id, autoAccept: true });
    assert.ok(!inPeerRegion(peering) && inPeerRegion(accepter));
    assert.ok(waitsFor(accepter, peering));
  });

  it("finds databases by name at their private addresses, from both sides", async () => {
    const plan = await build();
    const accepter = only(plan, "VpcPeeringConnectionAccepter");
    const resolve = { allowRemoteVpcDnsResolution: true };
    const [own, peer] = ["peering-own", "peering-peer"].map((name) =>
      only(plan, "PeeringConnectionOptions", name),
    );
    assertInputs(own!, { requester: resolve, accepter: undefined });
    assertInputs(peer!, { accepter: resolve, requester: undefined });
    assert.ok(!inPeerRegion(own!) && inPeerRegion(peer!));
    // AWS takes options of an accepted connection only.
    for (const options of [own!, peer!]) assert.ok(waitsFor(options, accepter));
  });

  it("leads from each isolated subnet to each of the other side, and nowhere else", async () => {
    const { own, peer } = ends;
    const expected = [
      ...own.isolated.flatMap(({ letter }) =>
        peer.isolated.map(({ cidr }) => [`rtb-us-west-2-${letter}`, cidr]),
      ),
      ...peer.isolated.flatMap(({ letter }) =>
        own.isolated.map(({ cidr }) => [`rtb-us-east-1-${letter}`, cidr]),
      ),
    ];
    assert.equal(expected.length, 18);
    assert.deepEqual(routesOf(await build()), expected);
  });

  it("names routes by the letters of both zones", async () => {
    const plan = await build();
    const sides = ["own", "peer"].flatMap((side) =>
      ["a", "b", "c"].flatMap((from) =>
        ["a", "b", "c"].map((to) => `peering-${side}-${from}-to-${to}`),
      ),
    );
    assert.deepEqual(names(plan, "Route"), sides.sort());
    const route = only(plan, "Route", "peering-peer-b-to-c");
    assertInputs(route, {
      routeTableId: "rtb-us-east-1-b",
      destinationCidrBlock: "10.20.168.0/21",
      vpcPeeringConnectionId: only(plan, "VpcPeeringConnection").id,
    });
    for (const item of allOf(plan, "Route")) {
      assert.equal(inPeerRegion(item), item.name.startsWith("peering-peer-"), item.name);
      // A route to a connection that is not accepted is a black hole.
      assert.ok(waitsFor(item, only(plan, "VpcPeeringConnectionAccepter")), item.name);
    }
  });

  it("opens each database to the other side's isolated subnets on 1433", async () => {
    const plan = await build();
    assert.equal(allOf(plan, "SecurityGroupIngressRule").length, 6);
    for (const [side, at, from] of [
      ["own", ends.own, ends.peer],
      ["peer", ends.peer, ends.own],
    ] as const) {
      for (const { letter, cidr } of from.isolated) {
        const name = `peering-${side}-database-${letter}`;
        const rule = only(plan, "SecurityGroupIngressRule", name);
        assertInputs(rule, {
          securityGroupId: at.databaseGroupId,
          ipProtocol: "tcp",
          fromPort: 1433,
          toPort: 1433,
          cidrIpv4: cidr,
          description: `Replication from ${from.region}, zone ${letter}`,
        });
        assert.equal(inPeerRegion(rule), side === "peer");
      }
    }
    assert.deepEqual(names(plan, "SecurityGroupEgressRule"), []);
  });

  it("hangs everything below itself, and uses no provider but the two", async () => {
    const plan = await build();
    const providers = allOf(plan, "pulumi:providers:aws").map(({ urn }) => urn);
    assert.equal(providers.length, 2);
    for (const item of custom(plan)) {
      assert.equal(parentOf(plan, item).type, "pe:platform:RegionPeering");
      assert.ok(providers.includes(item.options.provider ?? "none"), item.name);
    }
  });

  it("has traffic wait for both sides' names, routes and openings", async () => {
    const plan = await build();
    const ways = plan.outputs.ways as string[];
    const needed = ["PeeringConnectionOptions", "Route", "SecurityGroupIngressRule"];
    const expected = needed.flatMap((type) => allOf(plan, type)).map(({ urn }) => urn);
    assert.equal(expected.length, 26);
    assert.deepEqual(ways.toSorted(), expected.sort());
  });

  it("leaves all that is in the peer's region alone when told, and nothing else", async () => {
    const plan = await build(true);
    const there = custom(plan).filter(inPeerRegion);
    const here = custom(plan).filter((item) => !inPeerRegion(item));
    assert.deepEqual([there.length, here.length], [14, 14]);
    for (const { options, name } of there) assert.deepEqual(options.ignoreChanges, ["*"], name);
    for (const { options, name } of here) assert.equal(options.ignoreChanges, undefined, name);
  });

  it("ignores nothing otherwise, and registers the same either way", async () => {
    const [managed, alone] = [await build(), await build(true)];
    for (const { options } of managed.resources) assert.equal(options.ignoreChanges, undefined);
    const shape = (plan: StackPlan) => plan.resources.map(({ urn, inputs }) => ({ urn, inputs }));
    assert.deepEqual(shape(alone), shape(managed));
  });

  it("connects isolated addresses only, whatever the two networks", () => {
    const block = fc.integer({ min: 0, max: 255 }).map((second) => `10.${second}.0.0/16`);
    const two = fc.uniqueArray(block, { minLength: 2, maxLength: 2 });
    return fc.assert(
      fc.asyncProperty(two, async ([mine = "", theirs = ""]) => {
        const own = end("us-west-2", mine);
        const peer = end("us-east-1", theirs);
        const plan = await build(false, { own, peer });
        const isolated = (cidrs: string) => cidrPlan(cidrs).map((zone) => zone.isolatedCidr);
        for (const [table, destination] of routesOf(plan)) {
          const other = table.startsWith("rtb-us-west-2") ? theirs : mine;
          assert.ok(isolated(other).includes(destination));
        }
        for (const rule of allOf(plan, "SecurityGroupIngressRule")) {
          const other = text(rule, "securityGroupId") === "sg-us-west-2" ? theirs : mine;
          assert.ok(isolated(other).includes(text(rule, "cidrIpv4")));
        }
      }),
      { numRuns: 15 },
    );
  });
});
