import assert from "node:assert/strict";
import { parseConfig, type PlatformConfig } from "../../stacks/config/platformConfig";
import { serviceLevel } from "../../stacks/serviceLevel";
import { readStack } from "../../config/stackFiles";

function config(stack: string, changes: Record<string, string> = {}): PlatformConfig {
  const { raw } = readStack(stack);
  return parseConfig({ ...raw, ...changes }, stack);
}

describe("service level", () => {
  it("three zones: servers everywhere, a NAT gateway per zone, a standby", () => {
    const level = serviceLevel(config("prod-east"));
    assert.deepEqual(level, {
      active: true,
      isHomeRegion: true,
      zones: ["a", "b", "c"],
      loadBalancerZones: ["a", "b", "c"],
      natGateways: "onePerAz",
      multiAz: true,
      healthCheck: "https",
    });
  });

  it("two zones: one NAT gateway, still a standby", () => {
    const level = serviceLevel(config("prod-east", { "pe-platform:azCount": "2" }));
    assert.deepEqual(level.zones, ["a", "b"]);
    assert.equal(level.natGateways, "single");
    assert.equal(level.multiAz, true);
  });

  it("one zone: no standby, but load balancers keep the two zones that AWS requires", () => {
    const level = serviceLevel(config("cost-saver"));
    assert.deepEqual(level.zones, ["a"]);
    assert.deepEqual(level.loadBalancerZones, ["a", "b"]);
    assert.equal(level.multiAz, false);
  });

  it("the second region is active with two regions only, and never home", () => {
    const west = serviceLevel(config("prod-west"));
    assert.deepEqual([west.active, west.isHomeRegion], [true, false]);
    const alone = serviceLevel(config("prod-west", { "pe-platform:regionCount": "1" }));
    assert.equal(alone.active, false);
  });

  it("an explicit natGateways wins over the service level", () => {
    const network = JSON.stringify({
      ...(JSON.parse(readStack("prod-east").raw["pe-platform:network"] ?? "{}") as object),
      natGateways: "single",
    });
    const level = serviceLevel(config("prod-east", { "pe-platform:network": network }));
    assert.equal(level.natGateways, "single");
  });

  it("a region closed to the internet is judged by an alarm, for its checkers come from there", () => {
    const network = JSON.stringify({
      ...(JSON.parse(readStack("prod-east").raw["pe-platform:network"] ?? "{}") as object),
      clientCidrs: ["203.0.113.0/24"],
    });
    const level = serviceLevel(config("prod-east", { "pe-platform:network": network }));
    assert.equal(level.healthCheck, "alarm");
  });
});
