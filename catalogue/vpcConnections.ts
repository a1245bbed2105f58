import { withId } from "./answers";
import { adopt, describe, ec2Type, tagLater, reference } from "./ec2Rights";
import { networkOf } from "./resourceCounts";
import { list, text } from "./json";
import { anywhere, at, cloudFormation, ec2Arns, grant, ours, serviceLinkedRole } from "./places";
import { byEc2Arn, putAgain } from "./recovery";
import type { Rows } from "./row";
import { routing } from "./vpc";

export const vpcConnectionsRows: Rows = {
  "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": {
    bill: { free: "a setting of the peering" },
    stores: false,
    taggable: false,
    shows: [
      "vpcPeeringConnectionId",
      "requester.allowRemoteVpcDnsResolution",
      "accepter.allowRemoteVpcDnsResolution",
    ],
    recovery: putAgain,
    rights: ec2Type({
      change: ["ModifyVpcPeeringConnectionOptions"],
      on: ["vpc-peering-connection"],
      read: ["VpcPeeringConnections"],
      schema: "AWS::EC2::VPCPeeringConnection",
    }),
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    bill: {
      billed: "interface endpoints: hours and data; gateways: none",
      counts: ({ inputs }, into) => {
        if (inputs.vpcEndpointType !== "Interface") return;
        networkOf(into).endpointZones += list(inputs.subnetIds).length;
      },
    },
    stores: false,
    taggable: true,
    shows: ["serviceName", "vpcEndpointType", "privateDnsEnabled", "subnetIds"],
    answer: withId("vpce", "ec2", "vpc-endpoint", (id) => ({
      prefixListId: `pl-${id.slice(-8)}`,
      networkInterfaceIds: [],
    })),
    recovery: byEc2Arn("vpc-endpoint"),
    rights: ec2Type({
      makes: ["vpc-endpoint"],
      of: ["route-table", "security-group", "subnet", "vpc"],
      create: ["CreateVpcEndpoint"],
      change: ["DeleteVpcEndpoints", "ModifyVpcEndpoint"],
      on: ["route-table", "security-group", "subnet", "vpc-endpoint"],
      read: [
        "NetworkInterfaces",
        "PrefixLists",
        "SecurityGroups",
        "Subnets",
        "VpcEndpointServices",
        "VpcEndpoints",
        "Vpcs",
      ],
      // AWS keeps an endpoint's private names in a zone of its own, and asks the caller for this.
      more: [grant(anywhere, "route53:AssociateVPCWithHostedZone")],
      schema: "AWS::EC2::VPCEndpoint",
    }),
  },
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": {
    bill: { free: "peerings are free; the data is billed with what sends it" },
    stores: false,
    taggable: true,
    shows: ["vpcId", "peerVpcId", "peerRegion", "autoAccept"],
    answer: withId("pcx", "ec2", "vpc-peering-connection"),
    recovery: byEc2Arn("vpc-peering-connection"),
    rights: ec2Type({
      makes: ["vpc-peering-connection"],
      of: ["vpc"],
      create: ["CreateVpcPeeringConnection"],
      change: ["DeleteVpcPeeringConnection"],
      read: ["VpcPeeringConnections"],
      schema: "AWS::EC2::VPCPeeringConnection",
    }),
  },
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": {
    bill: { free: "peerings are free" },
    stores: false,
    taggable: true,
    shows: ["vpcPeeringConnectionId", "autoAccept"],
    answer: (context) => ({
      id: text(context.inputs.vpcPeeringConnectionId),
      outputs: { acceptStatus: "active" },
    }),
    recovery: {
      again: "it accepts only what waits to be accepted",
    },
    rights: {
      read: [describe(["VpcPeeringConnections"])],
      manage: [
        grant(ours(...ec2Arns("vpc")), "ec2:AcceptVpcPeeringConnection"),
        // Not tagged yet on this side; only a peering with a VPC of the project can be accepted.
        grant(at(...ec2Arns("vpc-peering-connection")), "ec2:AcceptVpcPeeringConnection"),
        adopt("vpc-peering-connection"),
        tagLater,
      ],
      sources: [cloudFormation("AWS::EC2::VPCPeeringConnection"), reference],
    },
  },
  "aws:ec2/vpnGateway:VpnGateway": {
    bill: {
      billed: "data out through Direct Connect; the gateway is free",
      counts: (_, into) => {
        networkOf(into).gateway = "direct";
      },
    },
    stores: false,
    taggable: true,
    answer: withId("vgw", "ec2", "vpn-gateway"),
    recovery: byEc2Arn("vpn-gateway"),
    rights: ec2Type({
      makes: ["vpn-gateway"],
      create: ["CreateVpnGateway"],
      change: ["AttachVpnGateway", "DeleteVpnGateway", "DetachVpnGateway"],
      on: ["vpc", "vpn-gateway"],
      read: ["VpnGateways"],
      schema: "AWS::EC2::VPNGateway",
    }),
  },
  "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation": {
    bill: routing,
    stores: false,
    taggable: false,
    recovery: putAgain,
    rights: ec2Type({
      change: ["DisableVgwRoutePropagation", "EnableVgwRoutePropagation"],
      on: ["route-table", "vpn-gateway"],
      read: ["RouteTables"],
      schema: "AWS::EC2::VPNGatewayRoutePropagation",
    }),
  },
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": {
    bill: {
      billed: "hours and data",
      counts: (_, into) => {
        networkOf(into).gateway = "transit";
      },
    },
    stores: false,
    taggable: true,
    shows: ["transitGatewayId", "subnetIds"],
    answer: withId("tgw-attach", "ec2", "transit-gateway-attachment"),
    recovery: byEc2Arn("transit-gateway-attachment"),
    rights: ec2Type({
      makes: ["transit-gateway-attachment"],
      of: ["subnet", "vpc"],
      create: ["CreateTransitGatewayVpcAttachment"],
      change: ["DeleteTransitGatewayVpcAttachment", "ModifyTransitGatewayVpcAttachment"],
      on: ["subnet", "transit-gateway-attachment"],
      read: ["TransitGatewayVpcAttachments", "TransitGateways"],
      more: [
        // The customer's gateway, often another account's, carries no tag of the project.
        grant(at("arn:aws:ec2:*:*:transit-gateway/*"), "ec2:CreateTransitGatewayVpcAttachment"),
        // The provider reads how the gateway's own table treats the attachment.
        describe(["TransitGatewayAttachments", "TransitGatewayRouteTables"]),
        grant(
          anywhere,
          "ec2:GetTransitGatewayRouteTableAssociations",
          "ec2:GetTransitGatewayRouteTablePropagations",
        ),
        serviceLinkedRole("transitgateway.amazonaws.com"),
      ],
      schema: "AWS::EC2::TransitGatewayVpcAttachment",
    }),
  },
};
