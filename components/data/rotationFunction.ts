import { CloudFormationStack } from "@pulumi/aws/serverlessrepository/cloudFormationStack";
import {
  all,
  interpolate,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { PlatformComponent } from "../base/platformComponent";

export interface RotationFunctionArgs {
  region: string;
  /** Makes the names unique in the account and region. */
  suffix: Input<string>;
  subnetIds: Input<string>[];
  /** Needs ways to the database and to Secrets Manager's endpoint. */
  securityGroupId: Input<string>;
  /** Key of the secrets. */
  keyArn: Input<string>;
}

/**
 * Published by AWS's own account in the Serverless Application Repository; one address for all
 * regions. The version is the one that AWS CDK 2.276 deploys (aws-secretsmanager,
 * SecretRotationApplication).
 */
const application =
  "arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSSQLServerRotationSingleUser";
const applicationVersion = "1.1.670";

/** Characters that DMS, JSON or a connection string would have to escape. */
const excludedCharacters = "/@\"'\\;+%[]{}#&,";

/**
 * AWS's function that rotates the passwords of SQL Server logins, each login changing its own. AWS
 * deploys it as a CloudFormation stack, with a role that opens only the secrets that name it as
 * their rotation function.
 *
 * Cost: none worth naming: seconds of Lambda per rotation.
 */
export class RotationFunction extends PlatformComponent {
  readonly arn: Output<string>;
  /** Known before the function is there. */
  readonly functionName: Output<string>;

  constructor(name: string, args: RotationFunctionArgs, opts?: ComponentResourceOptions) {
    super("RotationFunction", name, opts);
    this.functionName = interpolate`platform-rotation-${args.suffix}`;
    const stack = new CloudFormationStack(
      name,
      {
        name: this.functionName,
        applicationId: application,
        semanticVersion: applicationVersion,
        capabilities: ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"],
        parameters: {
          endpoint: `https://secretsmanager.${args.region}.amazonaws.com`,
          functionName: this.functionName,
          vpcSubnetIds: all(args.subnetIds).apply((ids) => ids.join(",")),
          vpcSecurityGroupIds: args.securityGroupId,
          kmsKeyArn: args.keyArn,
          excludeCharacters: excludedCharacters,
        },
        tags: this.tags("internal"),
      },
      { parent: this },
    );
    this.arn = stack.outputs.apply(functionArn);
    this.registerOutputs();
  }
}

/** Undefined outputs: `--target` leaves the stack out, and it does not exist yet. */
function functionArn(outputs?: Record<string, string>): string {
  if (!outputs) return "";
  const { RotationLambdaARN: arn } = outputs;
  if (!arn) throw new Error(`${application} ${applicationVersion} offers no RotationLambdaARN.`);
  return arn;
}
