import {
  adoptable,
  anywhere,
  at,
  authorization,
  cloudFormation,
  ec2Arns,
  grant,
  ours,
  passRole,
  serviceLinkedRole,
  tagged,
  where,
} from "./places";
import type { Grant, Permission, PermissionTable } from "./types";

const reference = authorization("amazonec2");

/** At creation: the creating action itself is allowed for resources of the project only. */
const tagAtCreation = grant(
  where(at("arn:aws:ec2:*:{account}:*/*"), { Null: { "ec2:CreateAction": "false" } }),
  "ec2:CreateTags",
);

const tagLater = grant(ours("arn:aws:ec2:*:{account}:*/*"), "ec2:CreateTags", "ec2:DeleteTags");

interface Ec2Type {
  /** Resource types in ARNs of what is created. */
  makes?: string[];
  /** Existing resources that creation names: they must be the project's too. */
  of?: string[];
  create?: string[];
  /** Actions on existing resources of the types in `on`. */
  change?: string[];
  on?: string[];
  read: string[];
  more?: Grant[];
  /** CloudFormation's name of the type, where it has one. */
  schema?: string;
}

const describe = (actions: string[]): Grant =>
  grant(anywhere, ...actions.map((action) => `ec2:Describe${action}`));
const ec2 = (actions: string[]): string[] => actions.map((action) => `ec2:${action}`);

function ec2Type(type: Ec2Type): Permission {
  const { makes = [], of = [], create = [], change = [], on = makes, more = [] } = type;
  const makesTagged = makes.length > 0 && create.length > 0;
  return {
    read: [describe(type.read)],
    manage: [
      ...(makesTagged ? [grant(tagged(at(...ec2Arns(...makes))), ...ec2(create))] : []),
      ...(makesTagged ? [tagAtCreation, tagLater] : []),
      ...(of.length > 0 ? [grant(ours(...ec2Arns(...of)), ...ec2(create))] : []),
      ...(change.length > 0 ? [grant(ours(...ec2Arns(...on)), ...ec2(change))] : []),
      ...more,
    ],
    sources: [...(type.schema ? [cloudFormation(type.schema)] : []), reference],
  };
}

// What a group still holds on to when it goes: left-over interfaces of functions, which AWS lets
// nobody delete while they are attached.
const leftInterfaces = [
  grant(at(...ec2Arns("network-interface")), "ec2:DeleteNetworkInterface"),
  describe(["NetworkInterfaces"]),
];

const rules = (direction: "Ingress" | "Egress"): Permission =>
  ec2Type({
    makes: ["security-group-rule"],
    of: ["security-group"],
    create: [`AuthorizeSecurityGroup${direction}`],
    change: [
      "ModifySecurityGroupRules",
      `RevokeSecurityGroup${direction}`,
      `UpdateSecurityGroupRuleDescriptions${direction}`,
    ],
    on: ["security-group", "security-group-rule"],
    read: ["SecurityGroupRules", "SecurityGroups"],
    schema: `AWS::EC2::SecurityGroup${direction}`,
  });

/**
 * Two things exist before they carry the project's tag: a VPC's default group, and a peering seen
 * from the accepter's region. The first tag is allowed where there is none of any project yet.
 */
function adopt(type: string): Grant {
  return grant(adoptable(...ec2Arns(type)), "ec2:CreateTags");
}

export const ec2Permissions: PermissionTable = {
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ec2Type({
    change: ["RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"],
    on: ["security-group"],
    read: ["SecurityGroupRules", "SecurityGroups"],
    more: [adopt("security-group"), tagLater],
    schema: "AWS::EC2::SecurityGroup",
  }),
  "aws:ec2/eip:Eip": ec2Type({
    makes: ["elastic-ip"],
    create: ["AllocateAddress"],
    change: ["DisassociateAddress", "ReleaseAddress"],
    read: ["Addresses", "AddressesAttribute"],
    schema: "AWS::EC2::EIP",
  }),
  "aws:ec2/flowLog:FlowLog": ec2Type({
    makes: ["vpc-flow-log"],
    of: ["vpc"],
    create: ["CreateFlowLogs"],
    change: ["DeleteFlowLogs"],
    read: ["FlowLogs"],
    more: [
      passRole("vpc-flow-logs.amazonaws.com"),
      grant(anywhere, "logs:CreateLogDelivery", "logs:DeleteLogDelivery"),
    ],
    schema: "AWS::EC2::FlowLog",
  }),
  "aws:ec2/internetGateway:InternetGateway": ec2Type({
    makes: ["internet-gateway"],
    create: ["CreateInternetGateway"],
    change: ["AttachInternetGateway", "DeleteInternetGateway", "DetachInternetGateway"],
    on: ["internet-gateway", "vpc"],
    read: ["InternetGateways"],
    schema: "AWS::EC2::InternetGateway",
  }),
  "aws:ec2/launchTemplate:LaunchTemplate": ec2Type({
    makes: ["launch-template"],
    create: ["CreateLaunchTemplate"],
    change: [
      "CreateLaunchTemplateVersion",
      "DeleteLaunchTemplate",
      "DeleteLaunchTemplateVersions",
      "ModifyLaunchTemplate",
    ],
    read: ["LaunchTemplateVersions", "LaunchTemplates"],
    // The image of a pinned release is looked up by the program; an unpinned one is a parameter.
    more: [passRole("ec2.amazonaws.com")],
    schema: "AWS::EC2::LaunchTemplate",
  }),
  "aws:ec2/natGateway:NatGateway": ec2Type({
    makes: ["natgateway"],
    of: ["elastic-ip", "subnet"],
    create: ["CreateNatGateway"],
    change: ["AssociateNatGatewayAddress", "DeleteNatGateway", "DisassociateNatGatewayAddress"],
    on: ["elastic-ip", "natgateway"],
    read: ["Addresses", "NatGateways"],
    schema: "AWS::EC2::NatGateway",
  }),
  "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": ec2Type({
    change: ["ModifyVpcPeeringConnectionOptions"],
    on: ["vpc-peering-connection"],
    read: ["VpcPeeringConnections"],
    schema: "AWS::EC2::VPCPeeringConnection",
  }),
  "aws:ec2/route:Route": ec2Type({
    change: ["CreateRoute", "DeleteRoute", "ReplaceRoute"],
    on: ["route-table"],
    read: ["RouteTables"],
    schema: "AWS::EC2::Route",
  }),
  "aws:ec2/routeTable:RouteTable": ec2Type({
    makes: ["route-table"],
    of: ["vpc"],
    create: ["CreateRouteTable"],
    change: ["DeleteRouteTable", "DisassociateRouteTable"],
    read: ["RouteTables"],
    schema: "AWS::EC2::RouteTable",
  }),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ec2Type({
    change: ["AssociateRouteTable", "DisassociateRouteTable", "ReplaceRouteTableAssociation"],
    on: ["route-table", "subnet"],
    read: ["RouteTables"],
    schema: "AWS::EC2::SubnetRouteTableAssociation",
  }),
  "aws:ec2/securityGroup:SecurityGroup": ec2Type({
    makes: ["security-group"],
    of: ["vpc"],
    create: ["CreateSecurityGroup"],
    // AWS adds a rule that lets everything out; the provider takes it away again.
    change: ["DeleteSecurityGroup", "RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"],
    read: ["SecurityGroupRules", "SecurityGroups"],
    more: leftInterfaces,
    schema: "AWS::EC2::SecurityGroup",
  }),
  "aws:ec2/subnet:Subnet": ec2Type({
    makes: ["subnet"],
    of: ["vpc"],
    create: ["CreateSubnet"],
    change: ["DeleteSubnet", "ModifySubnetAttribute"],
    read: ["Subnets"],
    more: leftInterfaces,
    schema: "AWS::EC2::Subnet",
  }),
  "aws:ec2/vpc:Vpc": ec2Type({
    makes: ["vpc"],
    create: ["CreateVpc"],
    change: ["DeleteVpc", "ModifyVpcAttribute"],
    read: ["NetworkAcls", "RouteTables", "SecurityGroups", "VpcAttribute", "Vpcs"],
    schema: "AWS::EC2::VPC",
  }),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2Type({
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
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": ec2Type({
    makes: ["vpc-peering-connection"],
    of: ["vpc"],
    create: ["CreateVpcPeeringConnection"],
    change: ["DeleteVpcPeeringConnection"],
    read: ["VpcPeeringConnections"],
    schema: "AWS::EC2::VPCPeeringConnection",
  }),
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": {
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
  "aws:ec2/vpnGateway:VpnGateway": ec2Type({
    makes: ["vpn-gateway"],
    create: ["CreateVpnGateway"],
    change: ["AttachVpnGateway", "DeleteVpnGateway", "DetachVpnGateway"],
    on: ["vpc", "vpn-gateway"],
    read: ["VpnGateways"],
    schema: "AWS::EC2::VPNGateway",
  }),
  "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation": ec2Type({
    change: ["DisableVgwRoutePropagation", "EnableVgwRoutePropagation"],
    on: ["route-table", "vpn-gateway"],
    read: ["RouteTables"],
    schema: "AWS::EC2::VPNGatewayRoutePropagation",
  }),
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": ec2Type({
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
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rules("Egress"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rules("Ingress"),
};
