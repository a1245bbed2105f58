import { z } from "zod";
import { databaseSchema } from "./databaseSchema";
import {
  cidrHint,
  domainHint,
  isCidr,
  isDomain,
  isVpcCidr,
  longestDomain,
  regionHint,
  regions,
  mostClientCidrs,
  vpcCidrHint,
  zoneHint,
} from "./formats";
import { key } from "../../config/keys";
import { objectivesSchema } from "./objectivesSchema";
import { replicationSchema } from "./replicationSchema";
import { tierSchema } from "./tierSchema";
import { acceptableEdits } from "../editRules";

const allowedRegion = "an AWS region such as us-east-1";
const distinct = (values: string[]): boolean => new Set(values).size === values.length;

/** `aws:region`, which belongs to the AWS provider but decides who this stack is. */
export const regionSchema = key(z.enum(regions), {
  description: "The stack's region, shared with the AWS provider.",
  allowed: allowedRegion,
  example: "us-east-1",
  hint: regionHint,
});

const zone = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/);

const gatewaySchema = z.strictObject({
  transitGatewayId: key(
    z
      .string()
      .regex(/^tgw-[0-9a-f]{17}$/)
      .optional(),
    {
      description: "The transit gateway to attach to. Excludes the two Direct Connect keys.",
      allowed: "a transit gateway's id, tgw- and 17 hexadecimal digits",
      example: "tgw-0123456789abcdef0",
    },
  ),
  directConnectGatewayId: key(z.guid().optional(), {
    description: "The Direct Connect gateway to associate a new virtual private gateway with.",
    allowed: "a Direct Connect gateway's id, a UUID",
    example: "5f294f92-bafb-4011-916d-9b0bd8a6f1c2",
  }),
  amazonSideAsn: key(
    z
      .int()
      .refine((asn) => (asn >= 64_512 && asn <= 65_534) || (asn >= 4.2e9 && asn <= 4_294_967_294))
      .optional(),
    {
      description: "Private autonomous system number of the new virtual private gateway.",
      allowed: "a private number, 64512 to 65534 or 4200000000 to 4294967294",
      example: "64512",
    },
  ),
});

const networkSchema = z.strictObject({
  cidrBlock: key(z.string().refine(isVpcCidr), {
    description:
      "The VPC's addresses. Never change it on a running stack, and never reuse it in the other region.",
    allowed: "a private /16 (RFC 1918) such as 10.10.0.0/16",
    example: "10.10.0.0/16",
    hint: vpcCidrHint,
  }),
  availabilityZones: key(
    z.tuple([zone, zone, zone]).refine((zones) => distinct(zones)),
    {
      description:
        "The region's zones for the three-zone layout, pinned by name; azCount decides how many run anything. Never reorder or replace them: they name subnets.",
      allowed: "exactly three different zones of the stack's region",
      example: "[us-east-1a, us-east-1b, us-east-1c]",
      hint: zoneHint,
    },
  ),
  natGateways: key(z.enum(["none", "single", "onePerAz"]).optional(), {
    description: "NAT gateways for calls to the internet.",
    allowed: "none, single or onePerAz",
    example: "single",
    defaultText: "onePerAz at azCount 3, else single; none when private",
  }),
  interfaceEndpoints: key(z.boolean().default(true), {
    description:
      "Private endpoints, so that calls to AWS services never leave the VPC. false leaves the one of Secrets Manager, the isolated subnets' only way to the database's logins.",
    allowed: "true or false",
    example: "true",
  }),
  clientCidrs: key(
    z.array(z.string().refine(isCidr)).min(1).max(mostClientCidrs).refine(distinct).optional(),
    {
      description: "IPv4 ranges that may connect to the web load balancer.",
      allowed: `1 to ${mostClientCidrs} different IPv4 ranges such as 203.0.113.0/24`,
      example: "[203.0.113.0/24]",
      hint: cidrHint,
      defaultText: "public: 0.0.0.0/0; private: required",
    },
  ),
  privateGateway: gatewaySchema.optional(),
});

const rotationSchema = z.strictObject({
  secretDays: key(z.int().min(1).max(365).default(30), {
    description: "Days between rotations of the passwords of database logins.",
    allowed: "a whole number from 1 to 365",
    example: "30",
  }),
  // KMS, EnableKeyRotation: RotationPeriodInDays.
  keyDays: key(z.int().min(90).max(2560).default(365), {
    description: "Days between rotations of the KMS keys' material.",
    allowed: "a whole number from 90 to 2560",
    example: "365",
  }),
});

/** All keys of the `pe-platform` namespace: types, ranges, defaults and descriptions. */
export const configSchema = z.strictObject({
  azCount: key(z.literal([1, 2, 3]).default(3), {
    description:
      "Zones in use, the first so many of network.availabilityZones; 2 or more give the database a standby.",
    allowed: "1, 2 or 3",
    example: "3",
  }),
  regionCount: key(z.literal([1, 2]).default(1), {
    description: "Regions in use, the first so many of regions.",
    allowed: "1 or 2",
    example: "2",
  }),
  regions: key(
    z.array(z.enum(regions)).min(1).max(2).refine(distinct).default(["us-east-1", "us-west-2"]),
    {
      description: "The installation's regions in order; the first is the home region.",
      allowed: "one or two different AWS regions",
      example: "[us-east-1, us-west-2]",
      hint: regionHint,
    },
  ),
  peerStack: key(
    z
      .string()
      .regex(/^[\w.-]{1,100}$/)
      .optional(),
    {
      description:
        "The other region's stack, with regionCount 2: read for replication, and for the hosted zone that the home stack creates.",
      allowed: "a stack's name: up to 100 letters, digits, dots, hyphens and underscores",
      example: "prod-east",
      hint: (value) =>
        typeof value === "string" && value.includes("/")
          ? "only the name, without organization and project"
          : undefined,
    },
  ),
  exposure: key(z.enum(["public", "private"]).default("public"), {
    description:
      "public: clients come through the internet; private: only through network.privateGateway.",
    allowed: "public or private",
    example: "public",
  }),
  domain: key(z.string().refine(isDomain), {
    description: "The platform's DNS name; each region gets a name of its own under it.",
    allowed: `a lower-case DNS name of two labels or more, up to ${longestDomain} characters`,
    example: "platform.example.com",
    hint: domainHint,
  }),
  hostedZone: key(
    z
      .string()
      .regex(/^(create|Z[A-Z0-9]{1,31})$/)
      .default("create"),
    {
      description:
        "`create` lets the home stack create the domain's hosted zone; an id adopts one.",
      allowed: "create, or a hosted zone's id (Z and capitals or digits)",
      example: "create",
      hint: (value) =>
        typeof value === "string" && value.startsWith("/hostedzone/")
          ? "leave /hostedzone/ out"
          : undefined,
    },
  ),
  network: key(networkSchema, {
    description: "Addresses, zones, who may connect, and the ways out of the VPC.",
    allowed: "the keys of network",
    example: "{ cidrBlock: 10.10.0.0/16, availabilityZones: [us-east-1a, us-east-1b, us-east-1c] }",
  }),
  web: key(tierSchema("web").prefault({}), {
    description: "The web tier: servers that clients reach through the web load balancer.",
    allowed: "the keys of web",
    example: "{ instanceType: m6i.large }",
  }),
  app: key(tierSchema("app").prefault({}), {
    description: "The app tier: servers that only web servers reach, and that reach the database.",
    allowed: "the keys of app",
    example: "{ instanceType: m6i.large }",
  }),
  database: key(databaseSchema.prefault({}), {
    description: "RDS for SQL Server. RDS keeps the master password; none is set here.",
    allowed: "the keys of database",
    example: "{ edition: standard, instanceClass: db.r6i.xlarge }",
  }),
  replication: key(replicationSchema.prefault({}), {
    description:
      "What joins the databases of two regions: what is copied, which way, and who takes writes.",
    allowed: "the keys of replication",
    example: "{ mode: oneWay, writer: us-east-1 }",
  }),
  rotation: key(rotationSchema.prefault({}), {
    description: "How often passwords and keys are replaced.",
    allowed: "the keys of rotation",
    example: "{ secretDays: 30 }",
  }),
  objectives: key(objectivesSchema.prefault({}), {
    description:
      "What the installation must reach, checked offline: `npm run plan` exits 3 when one is missed.",
    allowed: "the keys of objectives",
    example: "{ availability: 99.9, monthlyBudgetUsd: 9000 }",
  }),
  certificateArn: key(
    z
      .string()
      .regex(/^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/)
      .optional(),
    {
      description:
        "An own certificate in ACM, in the stack's region. Needed when private: ACM validates by public DNS.",
      allowed: "the ARN of an ACM certificate",
      example:
        "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
      defaultText: "ACM issues one, validated by DNS",
    },
  ),
  // PutRetentionPolicy, without 0 (forever).
  logRetentionDays: key(
    z
      .literal([
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
        3288, 3653,
      ])
      .default(90),
    {
      description: "Days for which logs are kept.",
      allowed:
        "a value CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653",
      example: "90",
      hint: (value) => (value === 0 ? "keeping logs for ever is not offered" : undefined),
    },
  ),
  alarmEmail: key(z.email().optional(), {
    description:
      "Alarms go there; its owner confirms each topic's subscription once (docs/alarms.md).",
    allowed: "an e-mail address",
    example: "platform-operations@example.com",
    defaultText: "none, and nobody hears of alarms",
  }),
  acceptEdits: key(z.array(z.enum(acceptableEdits)).refine(distinct).default([]), {
    description:
      "Edits of a running stack that are refused unless named here. Take a key out again after the `up`: while it stands here, every run warns.",
    allowed: `different keys out of ${acceptableEdits.join(", ")}`,
    example: "[database.engineVersion]",
  }),
  protect: key(z.boolean().default(true), {
    description:
      "Pulumi refuses to delete what holds data. To delete a stack, set this and database.deletionProtection to false and run `up` first.",
    allowed: "true or false",
    example: "true",
  }),
});

/** The checked values, defaults filled in, before the rules' own defaults. */
export type PlatformValues = z.output<typeof configSchema>;
