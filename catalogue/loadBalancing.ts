import { hex, type MockContext, withArn } from "./answers";
import { tierOf } from "./resourceCounts";
import { list } from "./json";
import {
  anywhere,
  at,
  authorization,
  cloudFormation,
  grant,
  ours,
  serviceLinkedRole,
  tagged,
  where,
} from "./places";
import type { Recovery } from "./recovery";
import type { Rights } from "./rights";
import type { Rows } from "./row";

const balancing = authorization("awselasticloadbalancingv2");

const elb = (...kinds: string[]): string[] =>
  kinds.map((kind) => `arn:aws:elasticloadbalancing:*:{account}:${kind}/*`);

/** Tags of a new one; `elasticloadbalancing:CreateAction` is only there while it is made. */
const tagNewBalancing = grant(
  where(at(...elb("listener", "loadbalancer", "targetgroup")), {
    Null: { "elasticloadbalancing:CreateAction": "false" },
  }),
  "elasticloadbalancing:AddTags",
);

function balancingType(type: {
  kind: string;
  create: string;
  /** What creation names besides. */
  of?: string[];
  change: string[];
  read: string[];
  schema: string;
}): Rights {
  const { kind, of = [kind], create, change, read, schema } = type;
  const named = (actions: string[]) => actions.map((action) => `elasticloadbalancing:${action}`);
  return {
    read: [grant(anywhere, ...named(["DescribeTags", ...read]))],
    manage: [
      grant(tagged(at(...elb(...of))), ...named([create])),
      tagNewBalancing,
      grant(ours(...elb(kind)), ...named(["AddTags", "RemoveTags", ...change])),
    ],
    sources: [cloudFormation(`AWS::ElasticLoadBalancingV2::${schema}`), balancing],
  };
}

const loadBalancer = balancingType({
  kind: "loadbalancer",
  create: "CreateLoadBalancer",
  change: [
    "DeleteLoadBalancer",
    "ModifyLoadBalancerAttributes",
    "SetIpAddressType",
    "SetSecurityGroups",
    "SetSubnets",
  ],
  read: ["DescribeCapacityReservation", "DescribeLoadBalancerAttributes", "DescribeLoadBalancers"],
  schema: "LoadBalancer",
});

const balancingArn = (kind: string): Recovery => ({
  arn: new RegExp(`:elasticloadbalancing:[^:]+:\\d+:${kind}/`),
});

const loadBalancerPath = (name: string, context: MockContext): string =>
  `app/${name}/${hex(context.urn, 16)}`;

const targetGroupPath = (name: string, context: MockContext): string =>
  `targetgroup/${name}/${hex(context.urn, 16)}`;

export const loadBalancingRows: Rows = {
  "aws:lb/listener:Listener": {
    bill: { free: "billed with the load balancer" },
    stores: false,
    taggable: true,
    shows: ["port", "protocol", "sslPolicy", "defaultActions[].type"],
    answer: withArn(
      "elasticloadbalancing",
      (name, context) => `listener/${loadBalancerPath(name, context)}`,
    ),
    recovery: balancingArn("listener"),
    rights: balancingType({
      kind: "listener",
      create: "CreateListener",
      of: ["loadbalancer"],
      change: ["DeleteListener", "ModifyListener", "ModifyListenerAttributes"],
      read: ["DescribeListenerAttributes", "DescribeListeners", "DescribeLoadBalancers"],
      schema: "Listener",
    }),
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    bill: {
      billed: "hours, capacity units, public addresses, data out",
      counts: ({ component, inputs }, into) => {
        const tier = tierOf(component, into);
        tier.balancerZones = list(inputs.subnets).length;
        tier.publicBalancer = inputs.internal !== true;
      },
    },
    stores: false,
    taggable: true,
    shows: ["internal", "loadBalancerType", "enableDeletionProtection", "subnets"],
    answer: withArn(
      "elasticloadbalancing",
      (name, context) => `loadbalancer/${loadBalancerPath(name, context)}`,
      (name, context) => ({
        arnSuffix: loadBalancerPath(name, context),
        dnsName: `${name}-${hex(context.urn, 9)}.${context.region}.elb.amazonaws.com`,
        zoneId: "Z35SXDOTRQ7X7K",
      }),
    ),
    recovery: balancingArn("loadbalancer"),
    rights: {
      ...loadBalancer,
      read: [
        ...loadBalancer.read,
        // On deletion the provider waits until its interfaces are gone.
        grant(anywhere, "ec2:DescribeNetworkInterfaces"),
      ],
      manage: [
        ...loadBalancer.manage,
        // A load balancer is placed with the caller's right to see the network.
        grant(
          anywhere,
          "ec2:DescribeAccountAttributes",
          "ec2:DescribeInternetGateways",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeVpcs",
        ),
        serviceLinkedRole("elasticloadbalancing.amazonaws.com"),
      ],
    },
  },
  "aws:lb/targetGroup:TargetGroup": {
    bill: { free: "billed with the load balancer" },
    stores: false,
    taggable: true,
    shows: ["port", "protocol", "healthCheck.path", "stickiness.enabled"],
    answer: withArn("elasticloadbalancing", targetGroupPath, (name, context) => ({
      arnSuffix: targetGroupPath(name, context),
    })),
    recovery: balancingArn("targetgroup"),
    rights: balancingType({
      kind: "targetgroup",
      create: "CreateTargetGroup",
      change: ["DeleteTargetGroup", "ModifyTargetGroup", "ModifyTargetGroupAttributes"],
      read: ["DescribeTargetGroupAttributes", "DescribeTargetGroups", "DescribeTargetHealth"],
      schema: "TargetGroup",
    }),
  },
};
