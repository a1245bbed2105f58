import assert from "node:assert/strict";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { cidrPlan, zoneLetters, type ZoneCidrs } from "../../stacks/cidrPlan";

const block = fc
  .tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255))
  .map(([first, second]) => `${first}.${second}.0.0/16`);

function blocks(zones: ZoneCidrs[]): string[] {
  return zones.flatMap((zone) => [zone.privateCidr, zone.publicCidr, zone.isolatedCidr]);
}

function range(cidr: string): [number, number] {
  const [address, bits] = ipaddr.IPv4.parseCIDR(cidr);
  const start = address.octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return [start, start + 2 ** (32 - bits)];
}

describe("cidr plan", () => {
  it("is what it has always been: subnets in use cannot move", () => {
    assert.deepEqual(blocks(cidrPlan("10.10.0.0/16")), [
      "10.10.0.0/19",
      "10.10.32.0/21",
      "10.10.40.0/21",
      "10.10.64.0/19",
      "10.10.96.0/21",
      "10.10.104.0/21",
      "10.10.128.0/19",
      "10.10.160.0/21",
      "10.10.168.0/21",
    ]);
  });

  it("lays out every zone, whatever is in use", () => {
    assert.deepEqual(
      cidrPlan("10.10.0.0/16").map(({ letter }) => letter),
      [...zoneLetters],
    );
  });

  it("stays inside its /16, aligned, without overlap", () => {
    fc.assert(
      fc.property(block, (cidr) => {
        const [low, high] = range(cidr);
        const ranges = blocks(cidrPlan(cidr))
          .map(range)
          .sort((one, other) => one[0] - other[0]);
        ranges.forEach(([start, end], index) => {
          assert.ok(start >= low && end <= high);
          assert.equal(start % (end - start), 0);
          const next = ranges[index + 1];
          if (next) assert.ok(end <= next[0]);
        });
      }),
    );
  });

  it("refuses anything but the start of a /16", () => {
    for (const wrong of ["10.10.0.0/17", "10.10.1.0/16", "10.10.0.0", "fd00::/16", "x"]) {
      assert.throws(() => cidrPlan(wrong), new RegExp(`"${wrong}" is not a /16`));
    }
  });
});
