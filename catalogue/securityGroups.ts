import { mockAccountId, physicalName, withId } from "./answers";
import { adopt, ec2Type, leftInterfaces, tagLater } from "./ec2Rights";
import { byEc2Arn } from "./recovery";
import type { Bill, Row, Rows } from "./row";

const groups: Bill = { free: "security groups are free" };

const rule = (direction: "Ingress" | "Egress"): Row => ({
  bill: groups,
  stores: false,
  taggable: true,
  shows: [
    "ipProtocol",
    "fromPort",
    "toPort",
    "cidrIpv4",
    "prefixListId",
    "referencedSecurityGroupId",
  ],
  answer: withId("sgr", "ec2", "security-group-rule"),
  recovery: byEc2Arn("security-group-rule"),
  rights: ec2Type({
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
  }),
});

export const securityGroupsRows: Rows = {
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    bill: groups,
    stores: false,
    taggable: true,
    answer: withId("sg", "ec2", "security-group"),
    recovery: { again: "it adopts the VPC's own group" },
    rights: ec2Type({
      change: ["RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"],
      on: ["security-group"],
      read: ["SecurityGroupRules", "SecurityGroups"],
      more: [adopt("security-group"), tagLater],
      schema: "AWS::EC2::SecurityGroup",
    }),
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    bill: groups,
    stores: false,
    taggable: true,
    shows: ["description", "ingress", "egress"],
    answer: (context) => {
      const { id, outputs } = withId("sg", "ec2", "security-group")(context);
      return { id, outputs: { ...outputs, name: physicalName(context), ownerId: mockAccountId } };
    },
    recovery: byEc2Arn("security-group"),
    rights: ec2Type({
      makes: ["security-group"],
      of: ["vpc"],
      create: ["CreateSecurityGroup"],
      // AWS adds a rule that lets everything out; the provider takes it away again.
      change: ["DeleteSecurityGroup", "RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"],
      read: ["SecurityGroupRules", "SecurityGroups"],
      more: leftInterfaces,
      schema: "AWS::EC2::SecurityGroup",
    }),
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("Egress"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("Ingress"),
};
