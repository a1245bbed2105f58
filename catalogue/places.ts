import type { Condition, Grant, PermissionScope, ResourceScope } from "./rights";

/** The default tag by which resources of the platform are told from others in the account. */
export const projectTag = "project";

export function grant(at: ResourceScope, ...actions: string[]): Grant {
  return { actions, at };
}

/** Actions that have no resource of their own (Service Authorization Reference). */
export const anywhere: ResourceScope = () => ({ Resource: ["*"] });

/** `{account}` in an ARN becomes the account. */
export function at(...arns: string[]): ResourceScope {
  return ({ account }) => ({ Resource: arns.map((arn) => arn.replaceAll("{account}", account)) });
}

/** As `place`, where the condition holds too; `{project}` in a value becomes the project. */
export function where(place: ResourceScope, condition: Condition): ResourceScope {
  return (scope) => {
    const { Resource, Condition = {} } = place(scope);
    const filled = JSON.parse(
      JSON.stringify(condition).replaceAll("{project}", scope.project),
    ) as Condition;
    const merged: Condition = { ...Condition };
    for (const [operator, keys] of Object.entries(filled)) {
      merged[operator] = { ...merged[operator], ...keys };
    }
    return { Resource, Condition: merged };
  };
}

/** Existing resources with the project's tag. */
export function ours(...arns: string[]): ResourceScope {
  return where(at(...arns), { StringEquals: { [`aws:ResourceTag/${projectTag}`]: "{project}" } });
}

/** Resources that the request itself gives the project's tag. */
export function tagged(place: ResourceScope): ResourceScope {
  return where(place, { StringEquals: { [`aws:RequestTag/${projectTag}`]: "{project}" } });
}

/**
 * Resources that get the project's tag and have no other project's. Where AWS cannot tell tagging at
 * creation from tagging later, this is as narrow as it gets: what nobody tagged could be taken over.
 */
export function adoptable(...arns: string[]): ResourceScope {
  return where(tagged(at(...arns)), { Null: { [`aws:ResourceTag/${projectTag}`]: "true" } });
}

/** The engine's own names: the logical name and seven random characters. */
export function autonamed(...names: string[]): string[] {
  return names.map((name) => `${name}-???????`);
}

export function ec2Arns(...types: string[]): string[] {
  return types.map((type) => `arn:aws:ec2:*:{account}:${type}/*`);
}

/** The logical names of the roles that components create, by the service that assumes them. */
const rolesOf = {
  "ec2.amazonaws.com": autonamed("app", "web"),
  "lambda.amazonaws.com": autonamed("database-function", "replication-check"),
  "monitoring.rds.amazonaws.com": autonamed("database-monitoring"),
  "vpc-flow-logs.amazonaws.com": autonamed("network-flow-logs"),
  // Its own principal is regional: dms.us-west-2.amazonaws.com.
  dms: [...autonamed("replication-access"), "dms-vpc-role", "dms-cloudwatch-logs-role"],
};

/** The account's own two roles of DMS, whose names AWS gives. */
export const dmsRoleArns = ["dms-vpc-role", "dms-cloudwatch-logs-role"].map(
  (name) => `arn:aws:iam::{account}:role/${name}`,
);

const roleArn = (name: string): string => `arn:aws:iam::{account}:role/${name}`;

/** Every role that the program creates; the rotation function's comes from its own stack. */
export const roleArns = Object.values(rolesOf).flat().map(roleArn);

/** CloudFormation shortens the stack's name in the name of the role. */
export const rotationRoleArn = roleArn("serverlessrepo-platform-*");

/**
 * Handing a role to a service: only the roles made for it, only to it.
 * @param more ARNs of further roles.
 */
export function passRole(service: keyof typeof rolesOf, ...more: string[]): Grant {
  const roles = at(...rolesOf[service].map(roleArn), ...more);
  const passedTo: ResourceScope =
    service === "dms"
      ? (scope) =>
          where(roles, {
            StringEquals: {
              "iam:PassedToService": [
                "dms.amazonaws.com",
                ...scope.regions.map((region) => `dms.${region}.amazonaws.com`),
              ],
            },
          })(scope)
      : where(roles, { StringEquals: { "iam:PassedToService": service } });
  return grant(passedTo, "iam:PassRole");
}

/** The role that a service keeps in the account for itself, made at its first use. */
export function serviceLinkedRole(service: string): Grant {
  return grant(
    where(at("arn:aws:iam::{account}:role/aws-service-role/*"), {
      StringEquals: { "iam:AWSServiceName": service },
    }),
    "iam:CreateServiceLinkedRole",
  );
}

function regionsOf(service: string, { regions, partly = {} }: PermissionScope): string[] {
  const more = Object.keys(partly).filter((region) => partly[region]?.includes(service));
  return [...regions, ...more];
}

/** The platform's keys, but only when one of the services asks on the caller's behalf. */
const ourKeysThrough =
  (...services: string[]): ResourceScope =>
  (scope) =>
    where(ours("arn:aws:kms:*:{account}:key/*"), {
      StringEquals: {
        "kms:ViaService": services.flatMap((service) =>
          regionsOf(service, scope).map((region) => `${service}.${region}.amazonaws.com`),
        ),
      },
    })(scope);

/** Reading through a service what a key of the platform encrypts. */
export function decryptThrough(...services: string[]): Grant {
  return grant(ourKeysThrough(...services), "kms:Decrypt", "kms:DescribeKey");
}

/** Use of the platform's keys through services: the same limit as in the keys' own policies. */
export function keysThrough(...services: string[]): Grant[] {
  const through = ourKeysThrough(...services);
  return [
    grant(through, "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"),
    grant(where(through, { Bool: { "kms:GrantIsForAWSResource": "true" } }), "kms:CreateGrant"),
  ];
}

/** A page of the Service Authorization Reference. */
export function authorization(service: string): string {
  return `https://docs.aws.amazon.com/service-authorization/latest/reference/list_${service}.html`;
}

/** The handlers' permissions of a CloudFormation resource type, in its published schema. */
export function cloudFormation(type: string): string {
  return `CloudFormation resource schema ${type}, handlers`;
}
