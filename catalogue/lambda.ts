import { hex, withName } from "./answers";
import { request } from "./cloudWatch";
import { functionOf } from "./resourceCounts";
import { number, text } from "./json";
import {
  anywhere,
  at,
  authorization,
  autonamed,
  cloudFormation,
  grant,
  keysThrough,
  passRole,
} from "./places";
import { byInput, putAgain } from "./recovery";
import type { Rows } from "./row";

const lambda = authorization("awslambda");

const functions = autonamed("database-function", "replication-check").map(
  (name) => `arn:aws:lambda:*:{account}:function:${name}`,
);

export const readFunction = [
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

export const manageFunction = [
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
export const functionNetwork = grant(
  anywhere,
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
);

export const lambdaRows: Rows = {
  "aws:lambda/function:Function": {
    bill: {
      billed: "the runs, where there are any month by month",
      counts: ({ component, inputs }, into) => {
        if (component !== "DatabaseFunction") return;
        functionOf(into).memoryMiB = number(inputs.memorySize);
      },
    },
    stores: ["kmsKeyArn"],
    taggable: true,
    shows: [
      "runtime",
      "architectures",
      "memorySize",
      "timeout",
      "reservedConcurrentExecutions",
      "vpcConfig.subnetIds",
      "kmsKeyArn",
      "deadLetterConfig.targetArn",
    ],
    answer: withName("lambda", (name) => `function:${name}`),
    recovery: byInput("name"),
    rights: {
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
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    bill: { free: "a setting of a function" },
    stores: false,
    taggable: false,
    recovery: putAgain,
    rights: {
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
  },
  "aws:lambda/invocation:Invocation": {
    bill: { free: "one run per change, below a cent" },
    stores: false,
    taggable: false,
    shows: ["functionName", "lifecycleScope"],
    reads: ({ input }) => request(input),
    answer: (context) => ({
      id: `${text(context.inputs.functionName)}_${hex(context.urn, 7)}`,
      outputs: { result: "{}" },
    }),
    recovery: { again: "the functions it calls are idempotent" },
    rights: {
      read: [],
      manage: [grant(at(...functions), "lambda:InvokeFunction")],
      sources: [lambda],
    },
  },
  "aws:lambda/permission:Permission": {
    bill: { free: "permissions are free" },
    stores: false,
    taggable: false,
    shows: ["function", "principal", "action", "sourceArn"],
    recovery: byInput("function", "statementId"),
    rights: {
      read: [grant(at(...functions), "lambda:GetPolicy")],
      manage: [grant(at(...functions), "lambda:AddPermission", "lambda:RemovePermission")],
      sources: [cloudFormation("AWS::Lambda::Permission"), lambda],
    },
  },
};
