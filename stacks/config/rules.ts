import { databaseRules } from "./databaseRules";
import { isInternalCidr, isPrivateCidr, overlaps } from "./formats";
import { oneOf, type Problem } from "../../config/problems";
import { checkPeerStack, replicationRules } from "./replicationRules";
import type { Draft, Rule } from "./rule";

const regionRules: Rule[] = [
  {
    about: "The stack's region (`aws:region`) is one of `regions`.",
    check({ region, regions }) {
      if (!region || !regions || regions.includes(region)) return undefined;
      return {
        key: "aws:region",
        message: `${region} is not one of regions (${regions.join(", ")}): add it there, or set aws:region to ${oneOf(regions)}.`,
      };
    },
  },
  {
    about: "`regions` names at least `regionCount` regions.",
    check({ regionCount, regions }) {
      if (!regionCount || !regions || regions.length >= regionCount) return undefined;
      return {
        key: "regionCount",
        message: `${regionCount} is more than regions has (${regions.join(", ")}): add the second region to regions, or set regionCount to 1.`,
      };
    },
  },
  {
    about:
      "With two regions, each stack names its `peerStack`; with `replication.mode: none`, only the one that is not home, and only for `hostedZone: create`.",
    check: checkPeerStack,
  },
  {
    about: "`peerStack` is another stack.",
    check({ peerStack, stack }) {
      if (!peerStack || peerStack !== stack) return undefined;
      return {
        key: "peerStack",
        message: `"${peerStack}" is this stack itself: name the other region's stack.`,
      };
    },
  },
];

const networkRules: Rule[] = [
  {
    about: "`network.availabilityZones` are zones of the stack's region.",
    check({ region, network }) {
      const elsewhere = network?.availabilityZones?.filter((zone) => zone.slice(0, -1) !== region);
      if (!region || !elsewhere || elsewhere.length === 0) return undefined;
      return {
        key: "network.availabilityZones",
        message: `${elsewhere.join(", ")} ${elsewhere.length > 1 ? "are" : "is"} not in ${region}, the stack's region: use its zones, for example [${region}a, ${region}b, ${region}c].`,
      };
    },
  },
  {
    about: "A private installation has a `network.privateGateway`; a public one has none.",
    check({ exposure, network }) {
      const gateway = network?.privateGateway;
      if (exposure === "private" && network && !gateway) {
        return {
          key: "network.privateGateway",
          message:
            "is missing: with exposure private, clients come through it. Set transitGatewayId, or directConnectGatewayId and amazonSideAsn; or set exposure to public.",
        };
      }
      if (exposure !== "public" || !gateway) return undefined;
      return {
        key: "network.privateGateway",
        message: "is not used with exposure public: remove it, or set exposure to private.",
      };
    },
  },
  {
    about:
      "`network.privateGateway` is either a transit gateway, or a Direct Connect gateway with its `amazonSideAsn`.",
    check({ network }) {
      const gateway = network?.privateGateway;
      if (!gateway) return undefined;
      const { transitGatewayId, directConnectGatewayId, amazonSideAsn } = gateway;
      const direct = directConnectGatewayId !== undefined || amazonSideAsn !== undefined;
      const whole = directConnectGatewayId !== undefined && amazonSideAsn !== undefined;
      if (transitGatewayId !== undefined ? !direct : whole) return undefined;
      const found = Object.entries(gateway).filter(([, value]) => value !== undefined);
      return {
        key: "network.privateGateway",
        message: `has ${found.length > 0 ? found.map(([name]) => name).join(" and ") : "no key"}: set either transitGatewayId alone, or directConnectGatewayId and amazonSideAsn together.`,
      };
    },
  },
  {
    about: "A private installation has no NAT gateway.",
    check({ exposure, network }) {
      const nat = network?.natGateways;
      if (exposure !== "private" || !nat || nat === "none") return undefined;
      return {
        key: "network.natGateways",
        message: `${nat} needs the internet, and exposure is private: remove it, or set it to none.`,
      };
    },
  },
  {
    about: "Servers of a public installation have interface endpoints, NAT gateways, or both.",
    check({ exposure, network }) {
      if (exposure !== "public" || network?.natGateways !== "none") return undefined;
      if (network.interfaceEndpoints !== false) return undefined;
      return {
        key: "network.interfaceEndpoints",
        message:
          "false together with natGateways none leaves servers without a way to the AWS services they need to start: set interfaceEndpoints to true, or natGateways to single or onePerAz.",
      };
    },
  },
  {
    about: "A private installation names its `network.clientCidrs`, all of them internal ranges.",
    check({ exposure, network }) {
      if (exposure !== "private" || !network) return undefined;
      const { clientCidrs } = network;
      if (!clientCidrs) {
        return {
          key: "network.clientCidrs",
          message:
            "is missing: with exposure private, name the ranges your clients have behind the private gateway, for example [10.100.0.0/16].",
        };
      }
      return clientCidrs.flatMap((cidr, index) =>
        isInternalCidr(cidr)
          ? []
          : {
              key: `network.clientCidrs[${index}]`,
              message: `${cidr} is not an internal range, and exposure is private: use ranges of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10.`,
            },
      );
    },
  },
  {
    about: "Client ranges of a public installation are ranges that exist on the internet.",
    check({ exposure, network }) {
      if (exposure !== "public") return undefined;
      return (network?.clientCidrs ?? []).flatMap((cidr, index) =>
        isPrivateCidr(cidr)
          ? {
              key: `network.clientCidrs[${index}]`,
              message: `${cidr} is internal, and with exposure public clients come through the internet: name the public addresses they leave from, or set exposure to private.`,
            }
          : [],
      );
    },
  },
  {
    about: "Clients behind a private gateway do not share addresses with the VPC.",
    check({ exposure, network }) {
      const vpc = network?.cidrBlock;
      if (exposure !== "private" || !vpc) return undefined;
      return (network.clientCidrs ?? []).flatMap((cidr, index) =>
        isInternalCidr(cidr) && overlaps(cidr, vpc)
          ? {
              key: `network.clientCidrs[${index}]`,
              message: `${cidr} overlaps network.cidrBlock ${vpc}, so answers would never leave the VPC: narrow it, or choose another /16 for the VPC.`,
            }
          : [],
      );
    },
  },
];

// ACM, RequestCertificate: the first domain name may have 64 characters (RFC 5280).
const longestCertificateName = 64;

const certificateRules: Rule[] = [
  {
    about: "A private installation has a `certificateArn`.",
    check({ exposure, certificateArn, region }) {
      if (exposure !== "private" || certificateArn) return undefined;
      return {
        key: "certificateArn",
        message: `is missing: ACM proves a domain by public DNS only, so with exposure private bring a certificate: import it, or issue it with a private CA, in ACM of ${region ?? "the stack's region"}, and set its ARN.`,
      };
    },
  },
  {
    about: "`certificateArn` is in the stack's region.",
    check({ region, certificateArn }) {
      const other = certificateArn?.split(":")[3];
      if (!region || !other || other === region) return undefined;
      return {
        key: "certificateArn",
        message: `is in ${other}, and a load balancer takes certificates of its own region only: use one in ${region}.`,
      };
    },
  },
  {
    about: "Without `certificateArn`, `domain` has at most 64 characters.",
    check({ domain, certificateArn }) {
      if (!domain || certificateArn || domain.length <= longestCertificateName) return undefined;
      return {
        key: "domain",
        message: `has ${domain.length} characters, and ACM issues certificates for at most ${longestCertificateName}: shorten it, or bring an own certificate with certificateArn.`,
      };
    },
  },
];

const tiers = ["web", "app"] as const;

const tierRules: Rule[] = [
  {
    about: "In each tier, `instancesPerAz.min` is at most `max`.",
    check: (draft) =>
      tiers.flatMap((tier) => {
        const { min, max } = draft[tier]?.instancesPerAz ?? {};
        if (min === undefined || max === undefined || min <= max) return [];
        return {
          key: `${tier}.instancesPerAz`,
          message: `min ${min} is more than max ${max}: raise max to at least ${min}, or lower min.`,
        };
      }),
  },
  {
    about: "Windows 2008 and 2012 need an own `amiId`.",
    check: (draft) =>
      tiers.flatMap((tier) => {
        const { version, amiId } = draft[tier]?.windows ?? {};
        if ((version !== "2008" && version !== "2012") || amiId) return [];
        return {
          key: `${tier}.windows.version`,
          message: `${version} is out of support and has no image from Amazon: set ${tier}.windows.amiId to an own image, or use 2016, 2019, 2022 or 2025.`,
        };
      }),
  },
  {
    about: "`windows.amiId` and `windows.amiRelease` exclude each other.",
    check: (draft) =>
      tiers.flatMap((tier) => {
        const { amiId, amiRelease } = draft[tier]?.windows ?? {};
        if (!amiId || !amiRelease) return [];
        return {
          key: `${tier}.windows`,
          message: `has both amiId ${amiId} and amiRelease ${amiRelease}: keep amiId for an own image, or amiRelease for Amazon's, and remove the other.`,
        };
      }),
  },
  {
    about: "With `protect`, `windows.amiRelease` or `windows.amiId` names the image.",
    check: (draft) =>
      tiers.flatMap((tier) => {
        const { version, amiId, amiRelease } = draft[tier]?.windows ?? {};
        const own = version === "2008" || version === "2012";
        if (!draft.protect || !version || own || amiId || amiRelease) return [];
        return {
          key: `${tier}.windows`,
          message:
            "names no image, and Auto Scaling undoes no failed roll to one it doesn't know: set amiRelease to the date of one of Amazon's monthly images, or amiId to an own one (or protect: false).",
        };
      }),
  },
];

/** Every rule that joins keys, in the order of their problems. */
export const rules: Rule[] = [
  ...regionRules,
  ...networkRules,
  ...certificateRules,
  ...tierRules,
  ...databaseRules,
  ...replicationRules,
];

/**
 * Runs every rule on what could be read.
 * @param failed keys that are wrong by themselves: a rule that finds them absent stays silent.
 */
export function checkRules(draft: Draft, failed: string[]): Problem[] {
  return rules
    .flatMap(({ check }) => check(draft) ?? [])
    .filter(({ key }) => !failed.some((other) => related(key, other)));
}

function related(key: string, failed: string): boolean {
  return (
    [`${failed}.`, `${failed}[`].some((start) => `${key}.`.startsWith(start)) ||
    [`${key}.`, `${key}[`].some((start) => `${failed}.`.startsWith(start))
  );
}
