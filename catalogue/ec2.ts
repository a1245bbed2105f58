import { physicalName, withId } from "./answers";
import { ec2Type } from "./ec2Rights";
import { networkOf, tierOf } from "./resourceCounts";
import { list, number, object, text } from "./json";
import { passRole } from "./places";
import { byEc2Arn } from "./recovery";
import type { Rows } from "./row";

export const ec2Rows: Rows = {
  "aws:ec2/eip:Eip": {
    bill: {
      billed: "hours of a public address",
      counts: (_, into) => {
        networkOf(into).natAddresses += 1;
      },
    },
    stores: false,
    taggable: true,
    shows: [],
    recovery: byEc2Arn("elastic-ip"),
    rights: ec2Type({
      makes: ["elastic-ip"],
      create: ["AllocateAddress"],
      change: ["DisassociateAddress", "ReleaseAddress"],
      read: ["Addresses", "AddressesAttribute"],
      schema: "AWS::EC2::EIP",
    }),
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    bill: {
      billed: "what each server of its group is",
      counts: ({ component, inputs }, into) => {
        const tier = tierOf(component, into);
        tier.instanceType = text(inputs.instanceType);
        tier.detailedMonitoring = object(inputs.monitoring).enabled === true;
        tier.diskGiB = list(inputs.blockDeviceMappings).reduce<number>(
          (sum, disk) => sum + number(object(object(disk).ebs).volumeSize),
          0,
        );
      },
    },
    stores: ["blockDeviceMappings.0.ebs.kmsKeyId"],
    taggable: true,
    shows: [
      "imageId",
      "instanceType",
      "metadataOptions.httpTokens",
      "blockDeviceMappings[].ebs.volumeSize",
      "blockDeviceMappings[].ebs.encrypted",
    ],
    answer: (context) => {
      const { id, outputs } = withId("lt", "ec2", "launch-template")(context);
      const name = physicalName(context);
      return { id, outputs: { ...outputs, name, latestVersion: 1, defaultVersion: 1 } };
    },
    recovery: byEc2Arn("launch-template"),
    rights: ec2Type({
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
  },
  "aws:ec2/natGateway:NatGateway": {
    bill: {
      billed: "hours and data",
      counts: (_, into) => {
        networkOf(into).natGateways += 1;
      },
    },
    stores: false,
    taggable: true,
    shows: [],
    recovery: byEc2Arn("natgateway"),
    rights: ec2Type({
      makes: ["natgateway"],
      of: ["elastic-ip", "subnet"],
      create: ["CreateNatGateway"],
      change: ["AssociateNatGatewayAddress", "DeleteNatGateway", "DisassociateNatGatewayAddress"],
      on: ["elastic-ip", "natgateway"],
      read: ["Addresses", "NatGateways"],
      schema: "AWS::EC2::NatGateway",
    }),
  },
};
