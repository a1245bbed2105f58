import { Function } from "@pulumi/aws/lambda/function";
import { FunctionEventInvokeConfig } from "@pulumi/aws/lambda/functionEventInvokeConfig";
import { Queue } from "@pulumi/aws/sqs/queue";
import {
  interpolate,
  jsonStringify,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { databaseFunctionPackage } from "../base/functionPackage";
import { allow, type AllowStatement } from "../base/iamStatements";
import { nodeFunction, writeLogs } from "../base/nodeFunction";
import { PlatformComponent } from "../base/platformComponent";

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
  readonly logGroupName: Output<string>;
  readonly codeHash: string;

  constructor(name: string, args: DatabaseFunctionArgs, opts?: ComponentResourceOptions) {
    super("DatabaseFunction", name, opts);
    const code = databaseFunctionPackage(args.databaseRegions);
    const logs = this.logGroup(name, args.logsKeyArn, args.logRetentionDays);
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
    const { role, policy } = this.serviceRole(name, "lambda.amazonaws.com", [
      ...networkInterfaces(args),
      allow(
        "ReadLogins",
        ["secretsmanager:GetSecretValue"],
        [args.masterSecretArn, ...args.secretArns],
      ),
      writeLogs(logs),
      allow("KeepFailedCalls", ["sqs:SendMessage"], [failed.arn]),
    ]);
    const made = new Function(
      name,
      {
        description: "Database, logins and change capture of SQL Server",
        ...nodeFunction(code, logs),
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
    this.logGroupName = logs.name;
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
