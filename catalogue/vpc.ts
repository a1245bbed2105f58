import { withId } from "./answers";
import { ec2Type, leftInterfaces } from "./ec2Rights";
import { anywhere, grant, passRole } from "./places";
import { byEc2Arn, byInput, required } from "./recovery";
import type { Bill, Rows } from "./row";

export const routing: Bill = { free: "routes and route tables are free" };

export const vpcRows: Rows = {
  "aws:ec2/flowLog:FlowLog": {
    bill: { free: "billed by its log group" },
    stores: false,
    taggable: true,
    shows: ["trafficType", "logDestination"],
    answer: withId("fl", "ec2", "vpc-flow-log"),
    recovery: byEc2Arn("vpc-flow-log"),
    rights: ec2Type({
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
  },
  "aws:ec2/internetGateway:InternetGateway": {
    bill: { free: "internet gateways are free" },
    stores: false,
    taggable: true,
    shows: [],
    recovery: byEc2Arn("internet-gateway"),
    rights: ec2Type({
      makes: ["internet-gateway"],
      create: ["CreateInternetGateway"],
      change: ["AttachInternetGateway", "DeleteInternetGateway", "DetachInternetGateway"],
      on: ["internet-gateway", "vpc"],
      read: ["InternetGateways"],
      schema: "AWS::EC2::InternetGateway",
    }),
  },
  "aws:ec2/route:Route": {
    bill: routing,
    stores: false,
    taggable: false,
    shows: [
      "destinationCidrBlock",
      "gatewayId",
      "natGatewayId",
      "transitGatewayId",
      "vpcPeeringConnectionId",
    ],
    recovery: {
      id: (inputs) => {
        const kind = inputs.destinationPrefixListId === undefined ? "CidrBlock" : "PrefixListId";
        return `${required(inputs, "routeTableId")}_${required(inputs, `destination${kind}`)}`;
      },
    },
    rights: ec2Type({
      change: ["CreateRoute", "DeleteRoute", "ReplaceRoute"],
      on: ["route-table"],
      read: ["RouteTables"],
      schema: "AWS::EC2::Route",
    }),
  },
  "aws:ec2/routeTable:RouteTable": {
    bill: routing,
    stores: false,
    taggable: true,
    shows: [],
    answer: withId("rtb", "ec2", "route-table"),
    recovery: byEc2Arn("route-table"),
    rights: ec2Type({
      makes: ["route-table"],
      of: ["vpc"],
      create: ["CreateRouteTable"],
      change: ["DeleteRouteTable", "DisassociateRouteTable"],
      read: ["RouteTables"],
      schema: "AWS::EC2::RouteTable",
    }),
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    bill: routing,
    stores: false,
    taggable: false,
    shows: [],
    recovery: byInput("subnetId", "routeTableId"),
    rights: ec2Type({
      change: ["AssociateRouteTable", "DisassociateRouteTable", "ReplaceRouteTableAssociation"],
      on: ["route-table", "subnet"],
      read: ["RouteTables"],
      schema: "AWS::EC2::SubnetRouteTableAssociation",
    }),
  },
  "aws:ec2/subnet:Subnet": {
    bill: { free: "subnets are free" },
    stores: false,
    taggable: true,
    shows: ["availabilityZone", "cidrBlock", "mapPublicIpOnLaunch"],
    answer: withId("subnet", "ec2", "subnet"),
    recovery: byEc2Arn("subnet"),
    rights: ec2Type({
      makes: ["subnet"],
      of: ["vpc"],
      create: ["CreateSubnet"],
      change: ["DeleteSubnet", "ModifySubnetAttribute"],
      read: ["Subnets"],
      more: leftInterfaces,
      schema: "AWS::EC2::Subnet",
    }),
  },
  "aws:ec2/vpc:Vpc": {
    bill: { free: "VPCs are free" },
    stores: false,
    taggable: true,
    shows: ["cidrBlock", "enableDnsHostnames", "enableDnsSupport"],
    answer: withId("vpc", "ec2", "vpc"),
    recovery: byEc2Arn("vpc"),
    rights: ec2Type({
      makes: ["vpc"],
      create: ["CreateVpc"],
      change: ["DeleteVpc", "ModifyVpcAttribute"],
      read: ["NetworkAcls", "RouteTables", "SecurityGroups", "VpcAttribute", "Vpcs"],
      schema: "AWS::EC2::VPC",
    }),
  },
};
