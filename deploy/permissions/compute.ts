import {
  anywhere,
  at,
  authorization,
  autonamed,
  cloudFormation,
  ec2Arns,
  grant,
  keysThrough,
  ours,
  passRole,
  rotationRoleArn,
  serviceLinkedRole,
  tagged,
  where,
} from "./places";
import type { Permission, PermissionTable } from "./types";

const autoscaling = authorization("amazonec2autoscaling");
const balancing = authorization("awselasticloadbalancingv2");
const lambda = authorization("awslambda");

/** Named by the program: the tier and the region's suffix of eight digits. */
const groups = ["app", "web"].map(
  (tier) =>
    `arn:aws:autoscaling:*:{account}:autoScalingGroup:*:autoScalingGroupName/${tier}-????????`,
);

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
}): Permission {
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

const functions = autonamed("database-function", "replication-check").map(
  (name) => `arn:aws:lambda:*:{account}:function:${name}`,
);
/** The function that AWS publishes, in the stack of the Serverless Application Repository. */
export const rotationFunctionArn = "arn:aws:lambda:*:{account}:function:platform-rotation-????????";

const readFunction = [
  "lambda:GetFunction",
  "lambda:GetFunctionCodeSigningConfig",
  "lambda:GetFunctionConcurrency",
  "lambda:GetFunctionConfiguration",
  "lambda:GetFunctionRecursionConfig",
  "lambda:GetPolicy",
  "lambda:GetRuntimeManagementConfig",
  "lambda:ListTags",
  "lambda:ListVersionsByFunction",
];
const manageFunction = [
  "lambda:AddPermission",
  "lambda:CreateFunction",
  "lambda:DeleteFunction",
  "lambda:RemovePermission",
  "lambda:TagResource",
  "lambda:UntagResource",
  "lambda:UpdateFunctionCode",
  "lambda:UpdateFunctionConfiguration",
];
/** The network that a function is placed in. */
const functionNetwork = grant(
  anywhere,
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
);

const application =
  "arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSSQLServerRotationSingleUser";
const rotationStack =
  "arn:aws:cloudformation:*:{account}:stack/serverlessrepo-platform-rotation-*/*";

export const computePermissions: PermissionTable = {
  "aws:ec2/getAmi:getAmi": {
    read: [grant(anywhere, "ec2:DescribeImages")],
    manage: [],
    sources: [authorization("amazonec2")],
  },
  "aws:autoscaling/group:Group": {
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
  "aws:autoscaling/policy:Policy": {
    read: [grant(anywhere, "autoscaling:DescribePolicies")],
    manage: [grant(at(...groups), "autoscaling:DeletePolicy", "autoscaling:PutScalingPolicy")],
    sources: [cloudFormation("AWS::AutoScaling::ScalingPolicy"), autoscaling],
  },
  "aws:lambda/function:Function": {
    read: [grant(at(...functions), ...readFunction), functionNetwork],
    manage: [
      grant(
        at(...functions),
        ...manageFunction,
        "lambda:DeleteFunctionConcurrency",
        "lambda:PutFunctionConcurrency",
        "lambda:PutRuntimeManagementConfig",
      ),
      passRole("lambda.amazonaws.com"),
      // Its environment is encrypted with a key of the platform.
      ...keysThrough("lambda"),
    ],
    sources: [
      cloudFormation("AWS::Lambda::Function"),
      lambda,
      "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    ],
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    read: [grant(at(...functions), "lambda:GetFunctionEventInvokeConfig")],
    manage: [
      grant(
        at(...functions),
        "lambda:DeleteFunctionEventInvokeConfig",
        "lambda:PutFunctionEventInvokeConfig",
        "lambda:UpdateFunctionEventInvokeConfig",
      ),
    ],
    sources: [cloudFormation("AWS::Lambda::EventInvokeConfig"), lambda],
  },
  "aws:lambda/invocation:Invocation": {
    read: [],
    manage: [grant(at(...functions), "lambda:InvokeFunction")],
    sources: [lambda],
  },
  "aws:lambda/permission:Permission": {
    read: [grant(at(...functions), "lambda:GetPolicy")],
    manage: [grant(at(...functions), "lambda:AddPermission", "lambda:RemovePermission")],
    sources: [cloudFormation("AWS::Lambda::Permission"), lambda],
  },
  "aws:lb/listener:Listener": balancingType({
    kind: "listener",
    create: "CreateListener",
    of: ["loadbalancer"],
    change: ["DeleteListener", "ModifyListener", "ModifyListenerAttributes"],
    read: ["DescribeListenerAttributes", "DescribeListeners", "DescribeLoadBalancers"],
    schema: "Listener",
  }),
  "aws:lb/loadBalancer:LoadBalancer": {
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
  "aws:lb/targetGroup:TargetGroup": balancingType({
    kind: "targetgroup",
    create: "CreateTargetGroup",
    change: ["DeleteTargetGroup", "ModifyTargetGroup", "ModifyTargetGroupAttributes"],
    read: ["DescribeTargetGroupAttributes", "DescribeTargetGroups", "DescribeTargetHealth"],
    schema: "TargetGroup",
  }),
  // CloudFormation works with the caller's rights: what the application consists of is listed too.
  "aws:serverlessrepository/cloudFormationStack:CloudFormationStack": {
    read: [
      grant(
        at(rotationStack),
        "cloudformation:DescribeChangeSet",
        "cloudformation:DescribeStackEvents",
        "cloudformation:DescribeStacks",
        "cloudformation:GetTemplate",
        "cloudformation:ListStackResources",
      ),
      grant(at(application), "serverlessrepo:GetApplication"),
    ],
    manage: [
      grant(
        at(application),
        "serverlessrepo:CreateCloudFormationChangeSet",
        "serverlessrepo:CreateCloudFormationTemplate",
        "serverlessrepo:GetCloudFormationTemplate",
      ),
      grant(
        at(rotationStack, "arn:aws:cloudformation:*:aws:transform/Serverless-2016-10-31"),
        "cloudformation:CreateChangeSet",
      ),
      grant(
        at(rotationStack),
        "cloudformation:DeleteChangeSet",
        "cloudformation:DeleteStack",
        "cloudformation:ExecuteChangeSet",
        "cloudformation:TagResource",
        "cloudformation:UntagResource",
      ),
      // Where the repository keeps the function's code.
      grant(at("arn:aws:s3:::awsserverlessrepo-changesets-*/*"), "s3:GetObject"),
      grant(at(rotationFunctionArn), ...readFunction, ...manageFunction),
      functionNetwork,
      grant(
        at(rotationRoleArn),
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
        "iam:PutRolePolicy",
        "iam:TagRole",
        "iam:UntagRole",
      ),
      grant(
        where(at(rotationRoleArn), {
          ArnLike: {
            "iam:PolicyARN": "arn:aws:iam::aws:policy/service-role/AWSLambda*ExecutionRole",
          },
        }),
        "iam:AttachRolePolicy",
        "iam:DetachRolePolicy",
      ),
      passRole("lambda.amazonaws.com", rotationRoleArn),
    ],
    sources: [
      authorization("awsserverlessapplicationrepository"),
      cloudFormation("AWS::CloudFormation::Stack"),
      cloudFormation("AWS::Lambda::Function"),
      cloudFormation("AWS::IAM::Role"),
    ],
  },
};
