import ipaddr from "ipaddr.js";

/** Zone letters in the order of `network.availabilityZones`; they name resources for good. */
export const zoneLetters = ["a", "b", "c"] as const;
export type ZoneLetter = (typeof zoneLetters)[number];

/** The address blocks of one zone. */
export interface ZoneCidrs {
  letter: ZoneLetter;
  /** /19, 8,187 addresses: servers, internal load balancer, endpoints. */
  privateCidr: string;
  /** /21, 2,043 addresses: public load balancer and NAT gateway. */
  publicCidr: string;
  /** /21, 2,043 addresses: database and replication. */
  isolatedCidr: string;
}

const zoneBits = 18;

/**
 * Lays a /16 out for three zones, whatever `azCount` says: a subnet in use cannot be moved, so the
 * room for every zone is reserved on the first day and an edit of `azCount` changes no address.
 * Each zone owns a /18: private /19, public /21, isolated /21, and a /20 in reserve. The fourth
 * /18 stays free for later use.
 * @throws RangeError when `cidrBlock` is not the first address of an IPv4 /16.
 */
export function cidrPlan(cidrBlock: string): ZoneCidrs[] {
  const base = baseAddress(cidrBlock);
  return zoneLetters.map((letter, index) => {
    const start = base + index * 2 ** (32 - zoneBits);
    const upper = start + 2 ** (32 - 19);
    return {
      letter,
      privateCidr: block(start, 19),
      publicCidr: block(upper, 21),
      isolatedCidr: block(upper + 2 ** (32 - 21), 21),
    };
  });
}

function baseAddress(cidrBlock: string): number {
  const valid = ipaddr.IPv4.isValidCIDR(cidrBlock) && cidrBlock.endsWith("/16");
  const octets = valid ? ipaddr.IPv4.parseCIDR(cidrBlock)[0].octets : [];
  const [first, second, third, fourth] = octets;
  if (first === undefined || second === undefined || third !== 0 || fourth !== 0) {
    throw new RangeError(`network.cidrBlock "${cidrBlock}" is not a /16 such as 10.10.0.0/16.`);
  }
  return first * 2 ** 24 + second * 2 ** 16;
}

function block(address: number, bits: number): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${octets.join(".")}/${bits}`;
}
