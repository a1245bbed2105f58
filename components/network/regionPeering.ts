import { PeeringConnectionOptions } from "@pulumi/aws/ec2/peeringConnectionOptions";
import { Route } from "@pulumi/aws/ec2/route";
import { VpcPeeringConnection } from "@pulumi/aws/ec2/vpcPeeringConnection";
import { VpcPeeringConnectionAccepter } from "@pulumi/aws/ec2/vpcPeeringConnectionAccepter";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule";
import type {
  ComponentResourceOptions,
  CustomResourceOptions,
  Input,
  ProviderResource,
  Resource,
} from "@pulumi/pulumi";
import { PlatformComponent } from "../base/platformComponent";

/** The isolated subnets of a zone: their addresses, and the table that leads out of them. */
export interface IsolatedZone {
  letter: string;
  cidr: string;
  routeTableId: Input<string>;
}

/** One region's end of the peering. */
export interface PeeringEnd {
  region: string;
  vpcId: Input<string>;
  isolated: IsolatedZone[];
  /** Group of the region's SQL Server. */
  databaseGroupId: Input<string>;
}

export interface RegionPeeringArgs {
  own: PeeringEnd;
  peer: PeeringEnd;
  /** Provider of the peer's region. */
  peerProvider: ProviderResource;
  /** Resources in the peer's region stay as they are, for a run while it cannot be reached. */
  leavePeerAlone: boolean;
}

/**
 * The private way between the two regions' isolated subnets, and between nothing else: web and app
 * subnets have no route to it. AWS encrypts traffic between regions (VPC Peering Guide).
 *
 * Each database lets the other region's isolated subnets in, by address, because a group of another
 * region cannot be named. Both directions stand at all times: a fail-over then needs no change in a
 * region that may be lost.
 *
 * Cost: none for the peering; 0.02 USD per GB between US regions (Amazon EC2 On-Demand Pricing).
 */
export class RegionPeering extends PlatformComponent {
  /** Traffic between the regions waits for these. */
  readonly ways: Resource[];

  constructor(name: string, args: RegionPeeringArgs, opts?: ComponentResourceOptions) {
    super("RegionPeering", name, opts);
    const { own, peer } = args;
    const here: CustomResourceOptions = { parent: this };
    const there: CustomResourceOptions = {
      parent: this,
      provider: args.peerProvider,
      ...(args.leavePeerAlone ? { ignoreChanges: ["*"] } : {}),
    };
    const peering = new VpcPeeringConnection(
      name,
      {
        vpcId: own.vpcId,
        peerVpcId: peer.vpcId,
        peerRegion: peer.region,
        autoAccept: false,
        tags: this.tags("internal", name),
      },
      here,
    );
    const accepter = new VpcPeeringConnectionAccepter(
      name,
      {
        vpcPeeringConnectionId: peering.id,
        autoAccept: true,
        tags: this.tags("internal", name),
      },
      there,
    );
    // By name a database is found at its private address from the other side as well.
    const resolve = { allowRemoteVpcDnsResolution: true };
    const options = [
      new PeeringConnectionOptions(
        `${name}-own`,
        { vpcPeeringConnectionId: accepter.id, requester: resolve },
        here,
      ),
      new PeeringConnectionOptions(
        `${name}-peer`,
        { vpcPeeringConnectionId: accepter.id, accepter: resolve },
        there,
      ),
    ];
    this.ways = [
      ...options,
      ...this.createRoutes(`${name}-own`, own, peer, accepter, here),
      ...this.createRoutes(`${name}-peer`, peer, own, accepter, there),
      ...this.letIn(`${name}-own`, own, peer, here),
      ...this.letIn(`${name}-peer`, peer, own, there),
    ];
    this.registerOutputs();
  }

  private createRoutes(
    name: string,
    from: PeeringEnd,
    to: PeeringEnd,
    accepter: VpcPeeringConnectionAccepter,
    opts: CustomResourceOptions,
  ): Route[] {
    return from.isolated.flatMap(({ letter, routeTableId }) =>
      to.isolated.map(
        (zone) =>
          new Route(
            `${name}-${letter}-to-${zone.letter}`,
            {
              routeTableId,
              destinationCidrBlock: zone.cidr,
              vpcPeeringConnectionId: accepter.id,
            },
            opts,
          ),
      ),
    );
  }

  private letIn(
    name: string,
    to: PeeringEnd,
    from: PeeringEnd,
    opts: CustomResourceOptions,
  ): SecurityGroupIngressRule[] {
    return from.isolated.map(
      ({ letter, cidr }) =>
        new SecurityGroupIngressRule(
          `${name}-database-${letter}`,
          {
            securityGroupId: to.databaseGroupId,
            ipProtocol: "tcp",
            fromPort: 1433,
            toPort: 1433,
            cidrIpv4: cidr,
            description: `Replication from ${from.region}, zone ${letter}`,
            tags: this.tags("internal"),
          },
          opts,
        ),
    );
  }
}
