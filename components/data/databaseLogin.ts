import { Secret } from "@pulumi/aws/secretsmanager/secret";
import { SecretPolicy } from "@pulumi/aws/secretsmanager/secretPolicy";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion";
import {
  jsonStringify,
  secret,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";
import type { DesiredLogin } from "../../functions/database/request";
import { policyDocument } from "../base/iamStatements";
import { PlatformComponent } from "../base/platformComponent";

export interface DatabaseLoginArgs {
  /** What the database lets the login do. */
  purpose: DesiredLogin["purpose"];
  /** Login name in SQL Server. */
  username: string;
  /** Name of the secret. @default one made up by the engine, which a deleted secret never blocks */
  secretName?: Input<string>;
  host: Input<string>;
  port: Input<number>;
  /** The application's database. */
  database: string;
  accountId: Input<string>;
  /** Key of the secret's own region. */
  keyArn: Input<string>;
  /** Another region that reads the secret, from a copy under a key of its own. @default none */
  replica?: { region: string; keyArn: Input<string> };
  protect: boolean;
}

/**
 * A login of SQL Server as a secret: what Secrets Manager's rotation function and DMS expect to
 * find in it (engine, host, port, dbname, username, password). The login itself is made by the
 * database function; later passwords come from rotation, and the first one is never written again.
 *
 * Cost: 0.40 USD/month per secret and as much per replica (AWS Secrets Manager Pricing).
 */
export class DatabaseLogin extends PlatformComponent {
  readonly purpose: DesiredLogin["purpose"];
  /** Known before there is a database, so that servers need not wait for one. */
  readonly secretArn: Output<string>;
  /** Of the copy in `replica.region`. */
  readonly replicaArn: Output<string>;
  /** Whoever reads the secret's value waits for it. */
  readonly value: Resource;

  constructor(name: string, args: DatabaseLoginArgs, opts?: ComponentResourceOptions) {
    super("DatabaseLogin", name, opts);
    const { replica } = args;
    this.purpose = args.purpose;
    const stored = new Secret(
      name,
      {
        ...(args.secretName === undefined ? {} : { name: args.secretName }),
        description: `Login ${args.username} of SQL Server`,
        kmsKeyId: args.keyArn,
        recoveryWindowInDays: args.protect ? 30 : 0,
        ...(replica
          ? {
              replicas: [{ region: replica.region, kmsKeyId: replica.keyArn }],
              forceOverwriteReplicaSecret: true,
            }
          : {}),
        tags: this.tags("confidential"),
      },
      { parent: this },
    );
    // Length instead of special characters: DMS and connection strings stumble over some of them.
    const password = new RandomPassword(
      name,
      { length: 40, special: false, minUpper: 2, minLower: 2, minNumeric: 2 },
      { parent: this },
    );
    const version = new SecretVersion(
      name,
      {
        secretId: stored.id,
        secretString: secret(
          jsonStringify({
            engine: "sqlserver",
            host: args.host,
            port: args.port,
            dbname: args.database,
            username: args.username,
            password: password.result,
            ssl: true,
          }),
        ),
      },
      // Rotation writes later values; writing the first one again would lock its users out.
      { parent: this, ignoreChanges: ["secretString"] },
    );
    new SecretPolicy(
      name,
      {
        secretArn: stored.arn,
        blockPublicPolicy: true,
        policy: policyDocument([
          {
            Sid: "OnlyThisAccount",
            Effect: "Deny",
            Principal: { AWS: "*" },
            Action: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
            Resource: "*",
            Condition: { StringNotEquals: { "aws:PrincipalAccount": args.accountId } },
          },
        ]),
      },
      { parent: this },
    );
    this.value = version;
    this.secretArn = stored.arn;
    this.replicaArn = stored.arn.apply((arn?: string) => inRegion(arn ?? "", replica?.region));
    this.registerOutputs();
  }
}

/** A replica has its primary's ARN, but for the region (Secrets Manager User Guide, replication). */
function inRegion(arn: string, region: string | undefined): string {
  return region === undefined ? arn : arn.replace(/^(arn:aws:secretsmanager:)[^:]*/, `$1${region}`);
}
