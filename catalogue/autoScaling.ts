import { withName } from "./answers";
import { add, tierOf } from "./resourceCounts";
import { list, number } from "./json";
import {
  anywhere,
  at,
  authorization,
  cloudFormation,
  ec2Arns,
  grant,
  ours,
  passRole,
  serviceLinkedRole,
  where,
} from "./places";
import { byInput } from "./recovery";
import type { Rows } from "./row";

const autoscaling = authorization("amazonec2autoscaling");

/** Named by the program: the tier and the region's suffix of eight digits. */
const groups = ["app", "web"].map(
  (tier) =>
    `arn:aws:autoscaling:*:{account}:autoScalingGroup:*:autoScalingGroupName/${tier}-????????`,
);

export const autoScalingRows: Rows = {
  "aws:autoscaling/group:Group": {
    bill: {
      billed: "its servers, licences, disks and metrics",
      counts: ({ component, inputs }, into) => {
        const tier = tierOf(component, into);
        tier.zones = list(inputs.vpcZoneIdentifiers).length;
        tier.minPerZone = number(inputs.minSize) / tier.zones;
        tier.maxPerZone = number(inputs.maxSize) / tier.zones;
      },
    },
    stores: false,
    taggable: true,
    shows: [
      "minSize",
      "maxSize",
      "desiredCapacity",
      "healthCheckType",
      "healthCheckGracePeriod",
      "vpcZoneIdentifiers",
      "launchTemplate.version",
    ],
    answer: withName("autoscaling", (name) => `autoScalingGroup:*:autoScalingGroupName/${name}`),
    recovery: byInput("name"),
    rights: {
      read: [
        grant(
          anywhere,
          "autoscaling:DescribeAutoScalingGroups",
          "autoscaling:DescribeInstanceRefreshes",
          "autoscaling:DescribeLifecycleHooks",
          "autoscaling:DescribeLoadBalancerTargetGroups",
          "autoscaling:DescribeScalingActivities",
          "autoscaling:DescribeTags",
          "autoscaling:DescribeTrafficSources",
          "autoscaling:DescribeWarmPool",
          "ec2:DescribeLaunchTemplateVersions",
          "ec2:DescribeLaunchTemplates",
          "elasticloadbalancing:DescribeTargetGroups",
          "elasticloadbalancing:DescribeTargetHealth",
        ),
      ],
      manage: [
        grant(
          at(...groups),
          "autoscaling:AttachLoadBalancerTargetGroups",
          "autoscaling:AttachTrafficSources",
          "autoscaling:CancelInstanceRefresh",
          "autoscaling:CreateAutoScalingGroup",
          "autoscaling:CreateOrUpdateTags",
          "autoscaling:DeleteAutoScalingGroup",
          "autoscaling:DeleteLifecycleHook",
          "autoscaling:DeleteTags",
          "autoscaling:DetachLoadBalancerTargetGroups",
          "autoscaling:DetachTrafficSources",
          "autoscaling:DisableMetricsCollection",
          "autoscaling:EnableMetricsCollection",
          "autoscaling:PutLifecycleHook",
          "autoscaling:ResumeProcesses",
          "autoscaling:SetInstanceProtection",
          "autoscaling:StartInstanceRefresh",
          "autoscaling:SuspendProcesses",
          "autoscaling:TerminateInstanceInAutoScalingGroup",
          "autoscaling:UpdateAutoScalingGroup",
        ),
        // Auto Scaling asks EC2 whether the caller could start what the template describes.
        grant(ours(...ec2Arns("launch-template", "security-group", "subnet")), "ec2:RunInstances"),
        grant(
          where(at(...ec2Arns("instance", "network-interface", "volume")), {
            ArnLike: { "ec2:LaunchTemplate": "arn:aws:ec2:*:*:launch-template/*" },
          }),
          "ec2:RunInstances",
        ),
        // AWS's images, or one of your own: an image's ARN names no account.
        grant(at("arn:aws:ec2:*::image/*", "arn:aws:ec2:*::snapshot/*"), "ec2:RunInstances"),
        grant(
          where(at(...ec2Arns("instance", "volume")), {
            StringEquals: { "ec2:CreateAction": "RunInstances" },
          }),
          "ec2:CreateTags",
        ),
        // An unpinned image is AWS's public parameter ("resolve:ssm:…").
        grant(
          at("arn:aws:ssm:*::parameter/aws/service/ami-windows-latest/*"),
          "ssm:GetParameter",
          "ssm:GetParameters",
        ),
        passRole("ec2.amazonaws.com"),
        serviceLinkedRole("autoscaling.amazonaws.com"),
      ],
      sources: [
        cloudFormation("AWS::AutoScaling::AutoScalingGroup"),
        autoscaling,
        "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html",
      ],
    },
  },
  "aws:autoscaling/policy:Policy": {
    // With target tracking, Auto Scaling makes an alarm to grow by and one to shrink by.
    bill: {
      billed: "two alarms of a target-tracking policy",
      counts: ({ component, region }, into) => {
        add(into.alarms, component, region, 2);
      },
    },
    stores: false,
    taggable: false,
    shows: [
      "policyType",
      "targetTrackingConfiguration.predefinedMetricSpecification.predefinedMetricType",
      "targetTrackingConfiguration.targetValue",
    ],
    recovery: byInput("autoscalingGroupName", "name"),
    rights: {
      read: [grant(anywhere, "autoscaling:DescribePolicies")],
      manage: [grant(at(...groups), "autoscaling:DeletePolicy", "autoscaling:PutScalingPolicy")],
      sources: [cloudFormation("AWS::AutoScaling::ScalingPolicy"), autoscaling],
    },
  },
};
