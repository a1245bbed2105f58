import {
  type BadConfig,
  certificateArn,
  east,
  gateway,
  guid,
  network,
  privately,
  west,
  without,
  zones,
} from "./configCases";

/** Wrong regions, names, networks and certificates. */
export const badInstallations: BadConfig[] = [
  [
    "no region",
    without(east({}), "aws:region"),
    [
      "aws:region: is missing: every stack lives in one region. Set it: `pulumi config set aws:region us-east-1`.",
    ],
  ],
  [
    "a region that does not exist",
    { ...east({}), "aws:region": "us-est-1" },
    [
      'aws:region: "us-est-1" is not allowed: use an AWS region such as us-east-1, for example `aws:region: us-east-1` (did you mean us-east-1?).',
    ],
  ],
  [
    "a zone for a region",
    { ...east({}), "aws:region": "us-east-1a" },
    [
      'aws:region: "us-east-1a" is not allowed: use an AWS region such as us-east-1, for example `aws:region: us-east-1` (that is a zone: leave out the last letter).',
    ],
  ],
  [
    "GovCloud",
    { ...east({}), "aws:region": "us-gov-west-1" },
    [
      'aws:region: "us-gov-west-1" is not allowed: use an AWS region such as us-east-1, for example `aws:region: us-east-1` (only the commercial partition is supported).',
    ],
  ],
  [
    "a region outside regions",
    east({ regions: ["us-east-2", "us-west-2"] }),
    [
      "aws:region: us-east-1 is not one of regions (us-east-2, us-west-2): add it there, or set aws:region to us-east-2 or us-west-2.",
    ],
  ],
  [
    "azCount 0",
    east({ azCount: 0 }),
    ["azCount: 0 is not allowed: use 1, 2 or 3, for example `azCount: 3`."],
  ],
  [
    "azCount 4",
    east({ azCount: 4 }),
    ["azCount: 4 is not allowed: use 1, 2 or 3, for example `azCount: 3`."],
  ],
  [
    "azCount as a word",
    east({ azCount: "three" }),
    ['azCount: "three" is not allowed: use 1, 2 or 3, for example `azCount: 3`.'],
  ],
  [
    "azCount with a fraction",
    east({ azCount: 2.5 }),
    ["azCount: 2.5 is not allowed: use 1, 2 or 3, for example `azCount: 3`."],
  ],
  [
    "regionCount 3",
    east({ regionCount: 3 }),
    ["regionCount: 3 is not allowed: use 1 or 2, for example `regionCount: 2`."],
  ],
  [
    "fewer regions than regionCount",
    east({ regionCount: 2, regions: ["us-east-1"] }),
    [
      "regionCount: 2 is more than regions has (us-east-1): add the second region to regions, or set regionCount to 1.",
    ],
  ],
  [
    "regions as text",
    east({ regions: "us-east-1" }),
    [
      'regions: "us-east-1" is not allowed: use one or two different AWS regions, for example `regions: [us-east-1, us-west-2]` (did you mean us-east-1?).',
    ],
  ],
  [
    "no regions",
    east({ regions: [] }),
    [
      "regions: [] is not allowed: use one or two different AWS regions, for example `regions: [us-east-1, us-west-2]`.",
    ],
  ],
  [
    "the same region twice",
    east({ regions: ["us-east-1", "us-east-1"] }),
    [
      'regions: ["us-east-1","us-east-1"] is not allowed: use one or two different AWS regions, for example `regions: [us-east-1, us-west-2]`.',
    ],
  ],
  [
    "three regions",
    east({ regions: ["us-east-1", "us-west-2", "eu-west-1"] }),
    [
      'regions: ["us-east-1","us-west-2","eu-west-1"] is not allowed: use one or two different AWS regions, for example `regions: [us-east-1, us-west-2]`.',
    ],
  ],
  [
    "a misspelt region in regions",
    east({ regions: ["us-east-1", "us-wst-2"] }),
    [
      'regions[1]: "us-wst-2" is not allowed: use one or two different AWS regions, for example `regions: [us-east-1, us-west-2]` (did you mean us-west-2?).',
    ],
  ],
  [
    "no peerStack in the second region",
    west({ peerStack: undefined }),
    [
      "peerStack: is missing: the stack of us-east-1 creates the hosted zone and is the other end of replication, and this one reads both there. Set it to that stack's name, for example `peerStack: prod-east`.",
    ],
  ],
  [
    "no peerStack in the second region, for the zone alone",
    west({ peerStack: undefined, replication: { mode: "none" } }),
    [
      "peerStack: is missing: the stack of us-east-1 creates the hosted zone, and this one reads its id there. Set it to that stack's name, for example `peerStack: prod-east`, or set hostedZone to the zone's id.",
    ],
  ],
  [
    "no peerStack in the second region, for replication alone",
    west({ peerStack: undefined, hostedZone: "Z0123456789ABC" }),
    [
      "peerStack: is missing: with replication.mode oneWay, the stacks of us-west-2 and us-east-1 read each other's outputs. Set it to the name of the stack of us-east-1, for example `peerStack: prod-east`, or set replication.mode to none.",
    ],
  ],
  [
    "no peerStack in the home region of two",
    east({ regionCount: 2 }),
    [
      "peerStack: is missing: with replication.mode oneWay, the stacks of us-east-1 and us-west-2 read each other's outputs. Set it to the name of the stack of us-west-2, for example `peerStack: prod-west`, or set replication.mode to none.",
    ],
  ],
  [
    "its own peer",
    west({ peerStack: "one" }),
    ['peerStack: "one" is this stack itself: name the other region\'s stack.'],
  ],
  [
    "a qualified peerStack",
    west({ peerStack: "acme/pe-platform/prod-east" }),
    [
      'peerStack: "acme/pe-platform/prod-east" is not allowed: use a stack\'s name: up to 100 letters, digits, dots, hyphens and underscores, for example `peerStack: prod-east` (only the name, without organization and project).',
    ],
  ],
  [
    "an unknown exposure",
    east({ exposure: "internal" }),
    ['exposure: "internal" is not allowed: use public or private, for example `exposure: public`.'],
  ],
  [
    "no domain",
    without(east({}), "pe-platform:domain"),
    [
      "domain: is missing: use a lower-case DNS name of two labels or more, up to 190 characters, for example `domain: platform.example.com`.",
    ],
  ],
  [
    "a URL for a domain",
    east({ domain: "https://platform.example.com" }),
    [
      'domain: "https://platform.example.com" is not allowed: use a lower-case DNS name of two labels or more, up to 190 characters, for example `domain: platform.example.com` (leave the scheme out).',
    ],
  ],
  [
    "a domain in capitals",
    east({ domain: "Platform.example.com" }),
    [
      'domain: "Platform.example.com" is not allowed: use a lower-case DNS name of two labels or more, up to 190 characters, for example `domain: platform.example.com` (write it in lower case).',
    ],
  ],
  [
    "a domain with a last dot",
    east({ domain: "platform.example.com." }),
    [
      'domain: "platform.example.com." is not allowed: use a lower-case DNS name of two labels or more, up to 190 characters, for example `domain: platform.example.com` (leave the last dot out).',
    ],
  ],
  [
    "a domain of one label",
    east({ domain: "platform" }),
    [
      'domain: "platform" is not allowed: use a lower-case DNS name of two labels or more, up to 190 characters, for example `domain: platform.example.com`.',
    ],
  ],
  [
    "an address for a domain",
    east({ domain: "10.0.0.1" }),
    [
      'domain: "10.0.0.1" is not allowed: use a lower-case DNS name of two labels or more, up to 190 characters, for example `domain: platform.example.com` (a certificate needs a name).',
    ],
  ],
  [
    "a domain of 191 characters",
    east({ domain: `${"a.".repeat(94)}com`, certificateArn }),
    [
      'domain: "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a… is not allowed: use a lower-case DNS name of two labels or more, up to 190 characters, for example `domain: platform.example.com` (it has 191 characters).',
    ],
  ],
  [
    "a domain of 66 characters without a certificate",
    east({ domain: `${"a".repeat(62)}.com` }),
    [
      "domain: has 66 characters, and ACM issues certificates for at most 64: shorten it, or bring an own certificate with certificateArn.",
    ],
  ],
  [
    "a hosted zone's path",
    east({ hostedZone: "/hostedzone/Z0123456789ABC" }),
    [
      'hostedZone: "/hostedzone/Z0123456789ABC" is not allowed: use create, or a hosted zone\'s id (Z and capitals or digits), for example `hostedZone: create` (leave /hostedzone/ out).',
    ],
  ],
  [
    "a hosted zone's name",
    east({ hostedZone: "example.com" }),
    [
      'hostedZone: "example.com" is not allowed: use create, or a hosted zone\'s id (Z and capitals or digits), for example `hostedZone: create`.',
    ],
  ],
  [
    "no network",
    without(east({}), "pe-platform:network"),
    [
      "network.cidrBlock: is missing: use a private /16 (RFC 1918) such as 10.10.0.0/16, for example `cidrBlock: 10.10.0.0/16`.",
      "network.availabilityZones: is missing: use exactly three different zones of the stack's region, for example `availabilityZones: [us-east-1a, us-east-1b, us-east-1c]`.",
    ],
  ],
  [
    "a network that is text",
    east({ network: "10.10.0.0/16" }),
    [
      'network: "10.10.0.0/16" is not allowed: write cidrBlock, availabilityZones, natGateways, interfaceEndpoints, clientCidrs, privateGateway indented below it.',
    ],
  ],
  [
    "a /24 for the VPC",
    network({ cidrBlock: "10.10.0.0/24" }),
    [
      'network.cidrBlock: "10.10.0.0/24" is not allowed: use a private /16 (RFC 1918) such as 10.10.0.0/16, for example `cidrBlock: 10.10.0.0/16` (three zones of subnets need a /16, and AWS allows no more).',
    ],
  ],
  [
    "a /16 that starts in the middle",
    network({ cidrBlock: "10.10.1.0/16" }),
    [
      'network.cidrBlock: "10.10.1.0/16" is not allowed: use a private /16 (RFC 1918) such as 10.10.0.0/16, for example `cidrBlock: 10.10.0.0/16` (the range that holds it starts at 10.10.0.0/16).',
    ],
  ],
  [
    "a public /16",
    network({ cidrBlock: "8.8.0.0/16" }),
    [
      'network.cidrBlock: "8.8.0.0/16" is not allowed: use a private /16 (RFC 1918) such as 10.10.0.0/16, for example `cidrBlock: 10.10.0.0/16` (the range is public).',
    ],
  ],
  [
    "two zones",
    network({ availabilityZones: ["us-east-1a", "us-east-1b"] }),
    [
      'network.availabilityZones: ["us-east-1a","us-east-1b"] is not allowed: use exactly three different zones of the stack\'s region, for example `availabilityZones: [us-east-1a, us-east-1b, us-east-1c]`.',
    ],
  ],
  [
    "the same zone twice",
    network({ availabilityZones: zones("us-east-1").fill("us-east-1a") }),
    [
      'network.availabilityZones: ["us-east-1a","us-east-1a","us-east-1a"] is not allowed: use exactly three different zones of the stack\'s region, for example `availabilityZones: [us-east-1a, us-east-1b, us-east-1c]`.',
    ],
  ],
  [
    "zones of another region",
    network({ availabilityZones: zones("us-east-2") }),
    [
      "network.availabilityZones: us-east-2a, us-east-2b, us-east-2c are not in us-east-1, the stack's region: use its zones, for example [us-east-1a, us-east-1b, us-east-1c].",
    ],
  ],
  [
    "a Local Zone",
    network({ availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1-bos-1a"] }),
    [
      'network.availabilityZones[2]: "us-east-1-bos-1a" is not allowed: use exactly three different zones of the stack\'s region, for example `availabilityZones: [us-east-1a, us-east-1b, us-east-1c]` (Local Zones cannot run the platform).',
    ],
  ],
  [
    "an unknown NAT setting",
    network({ natGateways: "two" }),
    [
      'network.natGateways: "two" is not allowed: use none, single or onePerAz, for example `natGateways: single`.',
    ],
  ],
  [
    "no NAT and no endpoints",
    network({ natGateways: "none", interfaceEndpoints: false }),
    [
      "network.interfaceEndpoints: false together with natGateways none leaves servers without a way to the AWS services they need to start: set interfaceEndpoints to true, or natGateways to single or onePerAz.",
    ],
  ],
  [
    "interfaceEndpoints as text",
    network({ interfaceEndpoints: "yes" }),
    [
      'network.interfaceEndpoints: "yes" is not allowed: use true or false, for example `interfaceEndpoints: true`.',
    ],
  ],
  [
    "an address for a client range",
    network({ clientCidrs: ["203.0.113.7"] }),
    [
      'network.clientCidrs[0]: "203.0.113.7" is not allowed: use 1 to 30 different IPv4 ranges such as 203.0.113.0/24, for example `clientCidrs: [203.0.113.0/24]` (one address is 203.0.113.7/32).',
    ],
  ],
  [
    "a client range off its start",
    network({ clientCidrs: ["203.0.113.7/24"] }),
    [
      'network.clientCidrs[0]: "203.0.113.7/24" is not allowed: use 1 to 30 different IPv4 ranges such as 203.0.113.0/24, for example `clientCidrs: [203.0.113.0/24]` (the range that holds it starts at 203.0.113.0/24).',
    ],
  ],
  [
    "an IPv6 client range",
    network({ clientCidrs: ["2001:db8::/32"] }),
    [
      'network.clientCidrs[0]: "2001:db8::/32" is not allowed: use 1 to 30 different IPv4 ranges such as 203.0.113.0/24, for example `clientCidrs: [203.0.113.0/24]` (the load balancer has IPv4 addresses only).',
    ],
  ],
  [
    "the same client range twice",
    network({ clientCidrs: ["203.0.113.0/24", "203.0.113.0/24"] }),
    [
      'network.clientCidrs: ["203.0.113.0/24","203.0.113.0/24"] is not allowed: use 1 to 30 different IPv4 ranges such as 203.0.113.0/24, for example `clientCidrs: [203.0.113.0/24]`.',
    ],
  ],
  [
    "no client range",
    network({ clientCidrs: [] }),
    [
      "network.clientCidrs: [] is not allowed: use 1 to 30 different IPv4 ranges such as 203.0.113.0/24, for example `clientCidrs: [203.0.113.0/24]`.",
    ],
  ],
  [
    "31 client ranges",
    network({
      clientCidrs: zones("x")
        .flatMap((_, i) => Array.from({ length: 11 }, (_, j) => `203.0.${11 * i + j}.0/24`))
        .slice(0, 31),
    }),
    [
      'network.clientCidrs: ["203.0.0.0/24","203.0.1.0/24","203.0.2.0/24","203.0.3.0/24","203.0.4.0/24","203… is not allowed: use 1 to 30 different IPv4 ranges such as 203.0.113.0/24, for example `clientCidrs: [203.0.113.0/24]` (it has 31: a security group has room for 30).',
    ],
  ],
  [
    "internal clients of a public installation",
    network({ clientCidrs: ["192.168.0.0/16"] }),
    [
      "network.clientCidrs[0]: 192.168.0.0/16 is internal, and with exposure public clients come through the internet: name the public addresses they leave from, or set exposure to private.",
    ],
  ],
  [
    "a gateway of a public installation",
    network({ privateGateway: gateway }),
    [
      "network.privateGateway: is not used with exposure public: remove it, or set exposure to private.",
    ],
  ],
  [
    "private without a gateway",
    privately({ privateGateway: undefined }),
    [
      "network.privateGateway: is missing: with exposure private, clients come through it. Set transitGatewayId, or directConnectGatewayId and amazonSideAsn; or set exposure to public.",
    ],
  ],
  [
    "private without clients",
    privately({ clientCidrs: undefined }),
    [
      "network.clientCidrs: is missing: with exposure private, name the ranges your clients have behind the private gateway, for example [10.100.0.0/16].",
    ],
  ],
  [
    "private for the whole internet",
    privately({ clientCidrs: ["0.0.0.0/0"] }),
    [
      "network.clientCidrs[0]: 0.0.0.0/0 is not an internal range, and exposure is private: use ranges of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10.",
    ],
  ],
  [
    "private clients inside the VPC",
    privately({ clientCidrs: ["10.0.0.0/8"] }),
    [
      "network.clientCidrs[0]: 10.0.0.0/8 overlaps network.cidrBlock 10.10.0.0/16, so answers would never leave the VPC: narrow it, or choose another /16 for the VPC.",
    ],
  ],
  [
    "private with NAT",
    privately({ natGateways: "single" }),
    [
      "network.natGateways: single needs the internet, and exposure is private: remove it, or set it to none.",
    ],
  ],
  [
    "private without a certificate",
    privately({}, { certificateArn: undefined }),
    [
      "certificateArn: is missing: ACM proves a domain by public DNS only, so with exposure private bring a certificate: import it, or issue it with a private CA, in ACM of us-east-1, and set its ARN.",
    ],
  ],
  [
    "both kinds of gateway",
    privately({ privateGateway: { ...gateway, amazonSideAsn: 64512 } }),
    [
      "network.privateGateway: has transitGatewayId and amazonSideAsn: set either transitGatewayId alone, or directConnectGatewayId and amazonSideAsn together.",
    ],
  ],
  [
    "half a Direct Connect gateway",
    privately({ privateGateway: { directConnectGatewayId: guid } }),
    [
      "network.privateGateway: has directConnectGatewayId: set either transitGatewayId alone, or directConnectGatewayId and amazonSideAsn together.",
    ],
  ],
  [
    "an empty gateway",
    privately({ privateGateway: {} }),
    [
      "network.privateGateway: has no key: set either transitGatewayId alone, or directConnectGatewayId and amazonSideAsn together.",
    ],
  ],
  [
    "a misspelt transit gateway",
    privately({ privateGateway: { transitGatewayId: "tgw-12" } }),
    [
      'network.privateGateway.transitGatewayId: "tgw-12" is not allowed: use a transit gateway\'s id, tgw- and 17 hexadecimal digits, for example `transitGatewayId: tgw-0123456789abcdef0`.',
    ],
  ],
  [
    "a public ASN",
    privately({ privateGateway: { directConnectGatewayId: guid, amazonSideAsn: 7224 } }),
    [
      "network.privateGateway.amazonSideAsn: 7224 is not allowed: use a private number, 64512 to 65534 or 4200000000 to 4294967294, for example `amazonSideAsn: 64512`.",
    ],
  ],
  [
    "a Direct Connect gateway's name",
    privately({ privateGateway: { directConnectGatewayId: "dx-1", amazonSideAsn: 64512 } }),
    [
      'network.privateGateway.directConnectGatewayId: "dx-1" is not allowed: use a Direct Connect gateway\'s id, a UUID, for example `directConnectGatewayId: 5f294f92-bafb-4011-916d-9b0bd8a6f1c2`.',
    ],
  ],
  [
    "a certificate of another region",
    east({ certificateArn: certificateArn.replace("east-1", "west-2") }),
    [
      "certificateArn: is in us-west-2, and a load balancer takes certificates of its own region only: use one in us-east-1.",
    ],
  ],
  [
    "an IAM certificate",
    east({ certificateArn: "arn:aws:iam::123456789012:server-certificate/x" }),
    [
      'certificateArn: "arn:aws:iam::123456789012:server-certificate/x" is not allowed: use the ARN of an ACM certificate, for example `certificateArn: arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012`.',
    ],
  ],
];
