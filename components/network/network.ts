import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint";
import { Vpc } from "@pulumi/awsx/ec2/vpc";
import { output, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { FlowLogs } from "./flowLogs";
import { PlatformComponent } from "../base/platformComponent";
import { PrivateGateway, type PrivateGatewayTarget } from "./privateGateway";

/** One zone of the network: its letter names resources, the rest is AWS's name and the addresses. */
export interface NetworkZone {
  letter: string;
  availabilityZone: string;
  publicCidr: string;
  privateCidr: string;
  isolatedCidr: string;
}

export type SubnetKind = "public" | "private" | "isolated";

/** One subnet, with the table that leads out of it. */
export interface Subnet {
  kind: SubnetKind;
  /** Its zone's. */
  letter: string;
  availabilityZone: string;
  cidr: string;
  id: Output<string>;
  routeTableId: Output<string>;
}

export interface NetworkArgs {
  /** AWS region, for endpoint service names. */
  region: string;
  cidrBlock: string;
  /** All zones of the layout, active or not, in a fixed order: subnets are never moved. */
  zones: NetworkZone[];
  /** Zone letters that run servers: interface endpoints are placed there only. */
  activeZones: string[];
  natGateways: "none" | "single" | "onePerAz";
  /**
   * Private endpoints for the AWS APIs servers call. Without, there is one, for Secrets Manager:
   * isolated subnets have no other way to the database's logins. @default true
   */
  interfaceEndpoints?: boolean;
  /** Set: a private network with no public subnet and its default route into this gateway. */
  privateGateway?: PrivateGatewayTarget;
  /** KMS key of the flow logs. */
  logKeyArn: Input<string>;
  logRetentionDays: number;
}

/**
 * AWS APIs that servers call, each kept off the internet by an interface endpoint. Not ec2messages:
 * from version 3.3.40.0 (February 2024) the SSM agent uses ssmmessages instead, and regions launched
 * since then have no other (Systems Manager User Guide, "Reference: ec2messages, ssmmessages, and
 * other API operations").
 */
export const endpointServices = [
  "ssm",
  "ssmmessages",
  "kms",
  "secretsmanager",
  "logs",
  "monitoring",
  "sts",
  "autoscaling",
] as const;

/** What the database's functions and replication call from subnets with no way out. */
const loginServices = ["secretsmanager"] as const;

const natStrategies = { none: "None", single: "Single", onePerAz: "OnePerAz" } as const;

/**
 * The region's VPC: public (unless private), private and isolated subnets in every zone of the
 * layout, NAT by service level, endpoints for AWS APIs, flow logs.
 *
 * awsx builds the subnets from explicit zone names and addresses. Left to itself it looks zones up
 * and recomputes every address when their number changes, which replaces subnets in use. It always
 * creates an internet gateway; in a private network no route leads to it.
 *
 * Cost: NAT gateway and interface endpoint hours per active zone dominate; subnets are free.
 */
export class Network extends PlatformComponent {
  readonly vpcId: Output<string>;
  /** Group of the interface endpoints. */
  readonly endpointSecurityGroupId: Output<string>;
  /** The AWS-managed list of S3's addresses in this region, reached through the gateway endpoint. */
  readonly s3PrefixListId: Output<string>;
  /** Log group of the flow logs. */
  readonly flowLogGroupName: Output<string>;
  private readonly allSubnets: Subnet[];

  constructor(name: string, args: NetworkArgs, opts?: ComponentResourceOptions) {
    super("Network", name, opts);
    const isPrivate = args.privateGateway !== undefined;
    const vpc = this.createVpc(name, args, isPrivate);
    this.vpcId = vpc.vpcId;
    this.allSubnets = subnetsOf(vpc, args.zones, isPrivate);

    // AWS's default group allows everything among its members; empty, forgetting a group is safe.
    new DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: this.vpcId, ingress: [], egress: [], tags: this.tags("internal") },
      { parent: this },
    );
    this.flowLogGroupName = new FlowLogs(
      `${name}-flow-logs`,
      { vpcId: this.vpcId, keyArn: args.logKeyArn, retentionDays: args.logRetentionDays },
      { parent: this },
    ).logGroupName;
    const s3 = this.createS3Endpoint(name, args.region);
    this.s3PrefixListId = s3.prefixListId;
    this.endpointSecurityGroupId = this.createInterfaceEndpoints(name, args);
    if (args.privateGateway) {
      new PrivateGateway(
        `${name}-gateway`,
        {
          vpcId: this.vpcId,
          vpcCidr: args.cidrBlock,
          target: args.privateGateway,
          subnets: this.subnets("private"),
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }

  /** The subnets of one kind in the zones named, or in all, in the zones' order. */
  subnets(kind: SubnetKind, letters?: string[]): Subnet[] {
    const ofKind = this.allSubnets.filter((subnet) => subnet.kind === kind);
    return letters ? ofKind.filter(({ letter }) => letters.includes(letter)) : ofKind;
  }

  subnetIds(kind: SubnetKind, letters?: string[]): Output<string>[] {
    return this.subnets(kind, letters).map(({ id }) => id);
  }

  private createVpc(name: string, args: NetworkArgs, isPrivate: boolean): Vpc {
    const cidrs = (kind: "publicCidr" | "privateCidr" | "isolatedCidr"): string[] =>
      args.zones.map((zone) => zone[kind]);
    const publicSpec = { type: "Public", name: "public", cidrBlocks: cidrs("publicCidr") } as const;
    return new Vpc(
      name,
      {
        cidrBlock: args.cidrBlock,
        availabilityZoneNames: args.zones.map((zone) => zone.availabilityZone),
        enableDnsHostnames: true,
        enableDnsSupport: true,
        natGateways: { strategy: natStrategies[args.natGateways] },
        // Append only, in awsx's own order: a kind removed from the middle renames the ones behind.
        subnetSpecs: [
          ...(isPrivate ? [] : [publicSpec]),
          { type: "Private", name: "private", cidrBlocks: cidrs("privateCidr") },
          { type: "Isolated", name: "isolated", cidrBlocks: cidrs("isolatedCidr") },
        ],
        subnetStrategy: "Auto",
        tags: this.tags("internal"),
      },
      { parent: this },
    );
  }

  private createS3Endpoint(name: string, region: string): VpcEndpoint {
    return new VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: this.vpcId,
        serviceName: `com.amazonaws.${region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: this.allSubnets
          .filter(({ kind }) => kind !== "public")
          .map(({ routeTableId }) => routeTableId),
        tags: this.tags("internal", `${name}-s3`),
      },
      { parent: this },
    );
  }

  private createInterfaceEndpoints(name: string, args: NetworkArgs): Output<string> {
    const group = new SecurityGroup(
      `${name}-endpoints`,
      {
        vpcId: this.vpcId,
        description: "Interface endpoints of AWS APIs: 443 from the servers only",
        // Rules are separate resources (allowedFlow); inline ones here would fight with them.
        tags: this.tags("internal", `${name}-endpoints`),
      },
      { parent: this },
    );
    const services = (args.interfaceEndpoints ?? true) ? endpointServices : loginServices;
    for (const service of services) {
      new VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: this.vpcId,
          serviceName: `com.amazonaws.${args.region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: this.subnetIds("private", args.activeZones),
          securityGroupIds: [group.id],
          tags: this.tags("internal", `${name}-${service}`),
        },
        { parent: this },
      );
    }
    return group.id;
  }
}

/** In the order of awsx's route tables: zone by zone, within a zone by kind. */
function subnetsOf(vpc: Vpc, zones: NetworkZone[], isPrivate: boolean): Subnet[] {
  const kinds: SubnetKind[] = [...(isPrivate ? [] : ["public" as const]), "private", "isolated"];
  return zones
    .flatMap((zone, place) => kinds.map((kind) => ({ zone, place, kind })))
    .map(({ zone, place, kind }, table) => ({
      kind,
      letter: zone.letter,
      availabilityZone: zone.availabilityZone,
      cidr: zone[`${kind}Cidr`],
      // Undefined where `--target` leaves a VPC out that does not exist yet.
      id: vpc[`${kind}SubnetIds`].apply((ids?: string[]) => ids?.[place] ?? ""),
      routeTableId: vpc.routeTables.apply((tables?: unknown[]) => idOf(tables?.[table])),
    }));
}

/**
 * A resource inside a remote component's output. The engine hands it over as a resource only when
 * its module is loaded, which deep imports avoid; otherwise as its plain id.
 */
function idOf(reference: unknown): Output<string> {
  if (typeof reference === "string") return output(reference);
  return output((reference as { id: Output<string> } | undefined)?.id ?? "");
}
