import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { elements, rest } from "../../../local/emulator/api";
import type { StandIns } from "../../../engine/overrides";
import { makeStandIns } from "../../../local/standIns";
import { accept, apply, isRefused, preview, runningStack } from "../runningStack";

const domain = "small.example.com";
const closed = "exposure=private";
const unprotected = "protect=false";
const noNat = "network.natGateways=none";

describe("exposure of a running stack", () => {
  const stack = runningStack("cost-saver");
  const { run, settle, database, one, untouched } = stack;
  let standIns: StandIns;
  const zones = async () => {
    const call = { endpoint: stack.emulator().endpoint, service: "route53", region: "us-east-1" };
    const names = elements(await rest(call, "GET", "/2013-04-01/hostedzone"), "Name");
    return names.filter((name) => name === `${domain}.`);
  };

  before(async () => {
    const config = { region: "us-east-1", domain, exposure: "private" } as const;
    const all = { transitGateway: "-", certificate: "-", hostedZone: "-" };
    standIns = await makeStandIns(stack.emulator().endpoint, config, all, {});
  });

  it("is not edited in one step", async () => {
    const before = await untouched();
    const { hostedZoneId, ...given } = standIns;
    ok(hostedZoneId);
    for (const more of [[], [accept("exposure")]]) {
      for (const args of [preview, apply]) {
        await isRefused(run(args, [closed, ...more], given), "exposure", /It takes three edits/);
      }
    }
    strictEqual(await untouched(), before);
  });

  it("goes from public to private in three, and leaves no public zone", async () => {
    const before = await database();
    strictEqual((await zones()).length, 2, "the public one, and the one to move to");
    await settle([unprotected, noNat]);
    await settle([closed, unprotected, accept("exposure")], standIns);
    const balancer = await one("aws:lb/loadBalancer:LoadBalancer", "web");
    strictEqual(balancer.outputs?.internal, true);
    deepStrictEqual(await zones(), [`${domain}.`]);
    await settle([closed], standIns);
    strictEqual((await database()).id, before.id);
  });

  it("and back in three", async () => {
    const before = await database();
    await isRefused(run(preview), "exposure", /an edit to public .*natGateways: none/);
    await settle([closed, unprotected], standIns);
    await settle([unprotected, noNat, accept("exposure")]);
    const balancer = await one("aws:lb/loadBalancer:LoadBalancer", "web");
    strictEqual(balancer.outputs?.internal, false);
    await settle();
    strictEqual((await database()).id, before.id);
  });

  it("comes down", () => stack.down());
});
