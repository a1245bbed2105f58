import { checkScope } from "./scope";
import { masterPasswords } from "./statements";
import type { PermissionScope, PolicyDocument, Statement } from "../../catalogue/rights";

/** Begins the path and the names of the deploy roles, their policies and the boundary. */
export const deployPrefix = "pe-deploy";

/** Services of which the program has resources, or which answer for one of them. */
const services = [
  "acm",
  "autoscaling",
  "cloudformation",
  "cloudwatch",
  "directconnect",
  "dms",
  "ec2",
  "elasticloadbalancing",
  "events",
  "iam",
  "kms",
  "lambda",
  "logs",
  "rds",
  "route53",
  "s3",
  "secretsmanager",
  "serverlessrepo",
  "sns",
  "sqs",
  "ssm",
  "sts",
  "tag",
];

/** Answered in one region for all of them: `aws:RequestedRegion` is not where the resource is. */
const globalServices = ["iam:*", "route53:*", "sts:*", "tag:GetResources"];

/** Policies of AWS that the program attaches to roles: DMS's two, and those of functions. */
const attachable = [
  "AmazonDMSCloudWatchLogsRole",
  "AmazonDMSVPCManagementRole",
  "AWSLambdaBasicExecutionRole",
  "AWSLambdaVPCAccessExecutionRole",
].map((name) => `arn:aws:iam::aws:policy/service-role/${name}`);

/**
 * The permissions boundary of every deploy role: the most that any policy attached to one can ever
 * allow. It names services instead of actions, so it need not change with the program.
 *
 * Never, whatever a policy says: people's identities and keys, managed policies, the identity
 * providers, the deploy roles and this boundary; the organization and the account; a region outside
 * the scope, or in one of its partial regions another service; the master password of a database; a
 * policy of AWS that the program does not use; another role than a deployment's own.
 *
 * It does not limit the roles that the program makes. Requiring a boundary of them
 * (`iam:PermissionsBoundary` on CreateRole) would stop a program whose components give their roles
 * none. So whoever can change the program on main, past review, can write a role with more rights
 * than the deploy role has. What holds against that is the trust policy (reviewed code of one branch
 * or environment only), the closed list of role names, and PassRole per service.
 */
export function boundary(scope: PermissionScope): PolicyDocument {
  checkScope(scope);
  const { account, regions, partly = {} } = scope;
  const limited = Object.entries(partly).filter(([region]) => !regions.includes(region));
  const reached = [...regions, ...limited.map(([region]) => region)].sort();
  const own = ["policy", "role"].flatMap((kind) => [
    `arn:aws:iam::${account}:${kind}/${deployPrefix}-*`,
    `arn:aws:iam::${account}:${kind}/${deployPrefix}/*`,
  ]);
  const deny = (statement: Omit<Statement, "Effect">): Statement => ({
    Effect: "Deny",
    ...statement,
  });
  return {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: services.map((service) => `${service}:*`), Resource: ["*"] },
      deny({
        Action: [
          "account:*",
          "iam:*AccessKey*",
          "iam:*AccountAlias*",
          "iam:*AccountPasswordPolicy",
          "iam:*Group*",
          "iam:*LoginProfile",
          "iam:*MFADevice*",
          "iam:*OpenIDConnectProvider*",
          "iam:*SAMLProvider*",
          "iam:*ServerCertificate*",
          "iam:*ServiceSpecificCredential*",
          "iam:*SigningCertificate*",
          "iam:*SSHPublicKey*",
          "iam:*User*",
          "iam:CreatePolicy*",
          "iam:DeletePolicy*",
          "iam:DeleteRolePermissionsBoundary",
          "iam:PutRolePermissionsBoundary",
          "iam:SetDefaultPolicyVersion",
          "organizations:*",
          "sts:AssumeRole",
        ],
        Resource: ["*"],
      }),
      deny({
        NotAction: ["iam:Get*", "iam:List*"],
        Resource: own,
      }),
      deny({
        Action: ["iam:AttachRolePolicy"],
        Resource: ["*"],
        Condition: { ArnNotEquals: { "iam:PolicyARN": attachable } },
      }),
      deny({
        NotAction: globalServices,
        Resource: ["*"],
        Condition: { StringNotEquals: { "aws:RequestedRegion": reached } },
      }),
      ...limited.map(([region, few]) =>
        deny({
          NotAction: [...globalServices, ...few.map((service) => `${service}:*`)],
          Resource: ["*"],
          Condition: { StringEquals: { "aws:RequestedRegion": region } },
        }),
      ),
      deny({
        Action: ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"],
        Resource: [masterPasswords],
      }),
    ],
  };
}
