import { GatewayAssociation } from "@pulumi/aws/directconnect/gatewayAssociation";
import { Route } from "@pulumi/aws/ec2/route";
import { VpnGateway } from "@pulumi/aws/ec2/vpnGateway";
import { VpnGatewayRoutePropagation } from "@pulumi/aws/ec2/vpnGatewayRoutePropagation";
import { VpcAttachment } from "@pulumi/aws/ec2transitgateway/vpcAttachment";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { PlatformComponent } from "../base/platformComponent";

/** The customer's side of a private installation; both exist before the stack and are not owned. */
export type PrivateGatewayTarget =
  { transitGatewayId: string } | { directConnectGatewayId: string; amazonSideAsn: number };

export interface PrivateGatewayArgs {
  vpcId: Input<string>;
  vpcCidr: string;
  target: PrivateGatewayTarget;
  /** The private subnet and its route table in every zone of the layout. */
  subnets: { letter: string; id: Input<string>; routeTableId: Input<string> }[];
}

/**
 * The way out of a private network, into the customer's data centre: a transit gateway attachment
 * with a default route, or a virtual private gateway behind a Direct Connect gateway, whose routes
 * (0.0.0.0/0 included, when the data centre advertises it) propagate into the private subnets.
 *
 * The two exclude one another: a Direct Connect gateway that serves virtual private gateways cannot
 * also serve a transit gateway (AWS, "Direct Connect gateways").
 */
export class PrivateGateway extends PlatformComponent {
  constructor(name: string, args: PrivateGatewayArgs, opts?: ComponentResourceOptions) {
    super("PrivateGateway", name, opts);
    if ("transitGatewayId" in args.target) {
      this.attachTransitGateway(name, args, args.target.transitGatewayId);
    } else {
      this.joinDirectConnect(name, args, args.target);
    }
    this.registerOutputs();
  }

  private attachTransitGateway(
    name: string,
    args: PrivateGatewayArgs,
    transitGatewayId: string,
  ): void {
    const attachment = new VpcAttachment(
      name,
      {
        transitGatewayId,
        vpcId: args.vpcId,
        subnetIds: args.subnets.map(({ id }) => id),
        dnsSupport: "enable",
        tags: this.tags("internal", name),
      },
      { parent: this },
    );
    for (const { letter, routeTableId } of args.subnets) {
      new Route(
        `${name}-${letter}`,
        { routeTableId, destinationCidrBlock: "0.0.0.0/0", transitGatewayId },
        // AWS refuses a route to a transit gateway before the VPC is attached to it.
        { parent: this, dependsOn: [attachment] },
      );
    }
  }

  private joinDirectConnect(
    name: string,
    args: PrivateGatewayArgs,
    target: { directConnectGatewayId: string; amazonSideAsn: number },
  ): void {
    const gateway = new VpnGateway(
      name,
      {
        vpcId: args.vpcId,
        amazonSideAsn: String(target.amazonSideAsn),
        tags: this.tags("internal", name),
      },
      { parent: this },
    );
    for (const { letter, routeTableId } of args.subnets) {
      new VpnGatewayRoutePropagation(
        `${name}-${letter}`,
        { vpnGatewayId: gateway.id, routeTableId },
        { parent: this },
      );
    }
    new GatewayAssociation(
      name,
      {
        dxGatewayId: target.directConnectGatewayId,
        associatedGatewayId: gateway.id,
        allowedPrefixes: [args.vpcCidr],
      },
      // AWS takes up to half an hour; the provider's own limit has been seen to fall short.
      { parent: this, customTimeouts: { create: "60m", update: "60m", delete: "60m" } },
    );
  }
}
