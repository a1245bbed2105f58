import { arn, type MockAnswer, type MockContext, uuid } from "./answers";
import { type JsonObject, reveal, text } from "./json";
import { functionNetwork, manageFunction, readFunction } from "./lambda";
import {
  at,
  authorization,
  cloudFormation,
  grant,
  passRole,
  rotationRoleArn,
  where,
} from "./places";
import { byInput } from "./recovery";
import type { Rows } from "./row";

/** The function that AWS publishes, in the stack of the Serverless Application Repository. */
export const rotationFunctionArn = "arn:aws:lambda:*:{account}:function:platform-rotation-????????";

const application =
  "arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSSQLServerRotationSingleUser";

const rotationStackArn =
  "arn:aws:cloudformation:*:{account}:stack/serverlessrepo-platform-rotation-*/*";

function rotationStack(context: MockContext): MockAnswer {
  const parameters = reveal(context.inputs.parameters) as JsonObject | undefined;
  const functionName = text(parameters?.functionName);
  return {
    id: arn("cloudformation", context, `stack/serverlessrepo-${functionName}/${uuid(context.urn)}`),
    outputs: {
      outputs: { RotationLambdaARN: arn("lambda", context, `function:${functionName}`) },
    },
  };
}

export const serverlessRepositoryRows: Rows = {
  "aws:serverlessrepository/cloudFormationStack:CloudFormationStack": {
    bill: { free: "the rotation function: a few runs a month, below a cent" },
    stores: false,
    taggable: true,
    shows: ["name", "applicationId", "semanticVersion", "parameters.functionName"],
    answer: rotationStack,
    recovery: byInput("name"),
    // CloudFormation works with the caller's rights: what the application consists of is listed too.
    rights: {
      read: [
        grant(
          at(rotationStackArn),
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
          at(rotationStackArn, "arn:aws:cloudformation:*:aws:transform/Serverless-2016-10-31"),
          "cloudformation:CreateChangeSet",
        ),
        grant(
          at(rotationStackArn),
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
  },
};
