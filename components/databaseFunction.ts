import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { Function } from "@pulumi/aws/lambda/function";
import { FunctionEventInvokeConfig } from "@pulumi/aws/lambda/functionEventInvokeConfig";
import { Queue } from "@pulumi/aws/sqs/queue";
import { FileArchive } from "@pulumi/pulumi/asset";
import {
  interpolate,
  jsonStringify,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { databaseFunctionPackage } from "./functionPackage";
import { allow, trustService, type AllowStatement } from "./iamStatements";
import { PlatformComponent } from "./platformComponent";

export interface DatabaseFunctionArgs {
  region: string;
  accountId: Input<string>;
  /** Regions whose databases it talks to: it believes these regions' authorities only. */
  databaseRegions: string[];
  /** Isolated subnets. */
  subnetIds: Input<string>[];
  securityGroupId: Input<string>;
  host: Input<string>;
  port: Input<number>;
  /** The application's database. */
  database: string;
  masterSecretArn: Input<string>;
  /** Secrets of logins; a trailing `*` covers those that another stack adds. */
  secretArns: Input<string>[];
  /** Encrypts the environment and the queue of failed calls. */
  databaseKeyArn: Input<string>;
  logsKeyArn: Input<string>;
  logRetentionDays: number;
}

/** Seconds; foreign keys of large tables and the first capture take their time. */
const longestRun = 900;

/**
 * The function that creates and keeps what RDS does not: the application's database, its logins,
 * change capture. It runs in the isolated subnets, believes RDS's authorities only, and one run at
 * a time, so that two deployments never meet in the database.
 *
 * Which server it opens with the master's password is in its own settings, not in what callers
 * send: who may call it cannot send that password elsewhere.
 *
 * Cost: under 1 USD/month, also when it looks after a replication every minute.
 */
export class DatabaseFunction extends PlatformComponent {
  readonly functionName: Output<string>;
  readonly arn: Output<string>;
  readonly codeHash: string;
  readonly function: Resource;

  constructor(name: string, args: DatabaseFunctionArgs, opts?: ComponentResourceOptions) {
    super("DatabaseFunction", name, opts);
    const code = databaseFunctionPackage(args.databaseRegions);
    const logs = new LogGroup(
      name,
      {
        kmsKeyId: args.logsKeyArn,
        retentionInDays: args.logRetentionDays,
        tags: this.tags("internal"),
      },
      { parent: this },
    );
    const failed = new Queue(
      `${name}-failed`,
      {
        kmsMasterKeyId: args.databaseKeyArn,
        kmsDataKeyReusePeriodSeconds: 300,
        messageRetentionSeconds: 14 * 24 * 3600,
        tags: this.tags("internal"),
      },
      { parent: this },
    );
    const role = new Role(
      name,
      { assumeRolePolicy: trustService("lambda.amazonaws.com"), tags: this.tags("internal") },
      { parent: this },
    );
    const policy = new RolePolicy(
      name,
      {
        role: role.id,
        policy: jsonStringify({
          Version: "2012-10-17",
          Statement: [
            ...networkInterfaces(args),
            allow(
              "ReadLogins",
              ["secretsmanager:GetSecretValue"],
              [args.masterSecretArn, ...args.secretArns],
            ),
            allow(
              "WriteLogs",
              ["logs:CreateLogStream", "logs:PutLogEvents"],
              [interpolate`${logs.arn}:*`],
            ),
            allow("KeepFailedCalls", ["sqs:SendMessage"], [failed.arn]),
          ],
        }),
      },
      { parent: this },
    );
    const made = new Function(
      name,
      {
        description: "Database, logins and change capture of SQL Server",
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new FileArchive(code.file),
        sourceCodeHash: code.sha256Base64,
        role: role.arn,
        timeout: longestRun,
        memorySize: 512,
        reservedConcurrentExecutions: 1,
        vpcConfig: { subnetIds: args.subnetIds, securityGroupIds: [args.securityGroupId] },
        environment: {
          variables: {
            DATABASE: jsonStringify({
              host: args.host,
              port: args.port,
              database: args.database,
              masterSecretArn: args.masterSecretArn,
            }),
          },
        },
        kmsKeyArn: args.databaseKeyArn,
        deadLetterConfig: { targetArn: failed.arn },
        // Metrics travel as log lines, which must stay as the function writes them.
        loggingConfig: { logFormat: "Text", logGroup: logs.name },
        tags: this.tags("internal", name),
      },
      { parent: this, dependsOn: [policy] },
    );
    new FunctionEventInvokeConfig(
      name,
      // A minute's look that could not run is not made up for: the next one is due.
      { functionName: made.name, maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
      { parent: this },
    );
    this.codeHash = code.sha256Base64;
    this.functionName = made.name;
    this.arn = made.arn;
    this.function = made;
    this.registerOutputs();
  }
}

/**
 * Lambda needs a resource that is not narrowed to one id (AWS Lambda Developer Guide, "Giving
 * Lambda functions access to resources in an Amazon VPC"); describing takes none at all.
 */
function networkInterfaces({ region, accountId }: DatabaseFunctionArgs): AllowStatement[] {
  const actions = ["CreateNetworkInterface", "DeleteNetworkInterface"];
  const addresses = ["AssignPrivateIpAddresses", "UnassignPrivateIpAddresses"];
  return [
    allow(
      "AttachToNetwork",
      [...actions, ...addresses].map((action) => `ec2:${action}`),
      [interpolate`arn:aws:ec2:${region}:${accountId}:*/*`],
    ),
    allow("SeeNetwork", ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], ["*"]),
  ];
}
