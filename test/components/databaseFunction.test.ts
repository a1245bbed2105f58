import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import { RandomId } from "@pulumi/random/randomId";
import { unzipSync } from "fflate";
import { databaseAuthorities } from "../../components/data/databaseAuthorities";
import type { BootstrapRole } from "../../components/data/databaseBootstrap";
import {
  DatabaseFunction,
  type DatabaseFunctionArgs,
} from "../../components/data/databaseFunction";
import { DatabaseLogin } from "../../components/data/databaseLogin";
import { DatabaseUpkeep } from "../../components/data/databaseUpkeep";
import { databaseFunctionPackage } from "../../components/base/functionPackage";
import { notCopiedLine } from "../../functions/database/notCopied";
import { readConnection, readRequest } from "../../functions/database/request";
import { reveal } from "../../catalogue/json";
import { input } from "../stacks/invariants/case";
import { allOf, only, record } from "../support/record";
import { assertInputs, parentOf, statementsOf, waitsFor } from "./support";

const databaseKeyArn = "arn:aws:kms:us-east-1:123456789012:key/database";
const logsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/logs";
const secretArn = (name: string): string =>
  `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}`;

const args: DatabaseFunctionArgs = {
  region: "us-east-1",
  accountId: "123456789012",
  databaseRegions: ["us-east-1", "us-west-2"],
  subnetIds: ["subnet-7", "subnet-8", "subnet-9"],
  securityGroupId: "sg-functions",
  host: "database-ab12.abc.us-east-1.rds.amazonaws.com",
  port: 1433,
  database: "Fund Admin",
  masterSecretArn: secretArn("master-abcdef"),
  secretArns: [secretArn("app-abcdef"), secretArn("platform-replication-ab12-*")],
  databaseKeyArn,
  logsKeyArn,
  logRetentionDays: 90,
};

const build = (changes: Partial<DatabaseFunctionArgs> = {}) =>
  record(() => new DatabaseFunction("database-function", { ...args, ...changes }));

/** Path of the code that a plan deploys. */
async function codeOf(changes: Partial<DatabaseFunctionArgs> = {}) {
  const { code, sourceCodeHash } = only(await build(changes), "lambda/function:Function").inputs;
  const { path } = (code as { $archive: { path: string } }).$archive;
  return { path, hash: String(sourceCodeHash) };
}

/** The one script in the code. */
function scriptOf(path: string): string {
  const files = unzipSync(readFileSync(path));
  assert.deepEqual(Object.keys(files), ["index.js"]);
  return Buffer.from(files["index.js"]!).toString("utf8");
}

describe("DatabaseFunction", () => {
  it("runs in the isolated subnets, one run at a time, for up to 15 minutes", async () => {
    const plan = await build();
    const made = only(plan, "lambda/function:Function", "database-function");
    assertInputs(made, {
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      reservedConcurrentExecutions: 1,
      timeout: 900,
      vpcConfig: {
        subnetIds: ["subnet-7", "subnet-8", "subnet-9"],
        securityGroupIds: ["sg-functions"],
      },
      role: only(plan, "Role").outputs.arn,
      // With a name of its own, a replacement could not stand before the old one goes.
      name: undefined,
    });
    assert.equal(parentOf(plan, made).type, "pe:platform:DatabaseFunction");
    // Without its rights, the first run would fail.
    assert.ok(waitsFor(made, only(plan, "RolePolicy")));
  });

  it("has its server and the master's secret from its environment, encrypted", async () => {
    const made = only(await build(), "lambda/function:Function");
    assert.equal(made.inputs.kmsKeyArn, databaseKeyArn);
    const variables = reveal(input(made, "environment.variables")) as Record<string, string>;
    assert.deepEqual(Object.keys(variables), ["DATABASE"]);
    assert.deepEqual(readConnection(variables.DATABASE), {
      host: args.host,
      port: 1433,
      database: "Fund Admin",
      masterSecretArn: args.masterSecretArn,
    });
  });

  it("writes its lines as they are to a log group of its own, encrypted, and not for ever", async () => {
    const plan = await build();
    const group = only(plan, "LogGroup", "database-function");
    assertInputs(group, { kmsKeyId: logsKeyArn, retentionInDays: 90 });
    const made = only(plan, "lambda/function:Function");
    assert.deepEqual(made.inputs.loggingConfig, {
      logFormat: "Text",
      logGroup: group.outputs.name,
    });
    assert.ok(waitsFor(made, group));
  });

  it("keeps calls that failed for two weeks, encrypted", async () => {
    const plan = await build();
    const queue = only(plan, "Queue", "database-function-failed");
    assertInputs(queue, {
      kmsMasterKeyId: databaseKeyArn,
      messageRetentionSeconds: 14 * 24 * 3600,
    });
    const made = only(plan, "lambda/function:Function");
    assert.deepEqual(made.inputs.deadLetterConfig, { targetArn: queue.outputs.arn });
  });

  it("does not make up for a minute's look that could not run", async () => {
    const plan = await build();
    assertInputs(only(plan, "FunctionEventInvokeConfig"), {
      functionName: only(plan, "lambda/function:Function").outputs.name,
      maximumEventAgeInSeconds: 60,
      maximumRetryAttempts: 0,
    });
  });

  it("may do what it must, and nothing else", async () => {
    const plan = await build();
    const trust = statementsOf(only(plan, "Role"), "assumeRolePolicy");
    assert.deepEqual(trust, [
      {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
    ]);
    assert.equal(only(plan, "RolePolicy").inputs.role, only(plan, "Role").id);
    assert.deepEqual(statementsOf(only(plan, "RolePolicy")), [
      {
        Sid: "AttachToNetwork",
        Effect: "Allow",
        Action: [
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:AssignPrivateIpAddresses",
          "ec2:UnassignPrivateIpAddresses",
        ],
        Resource: ["arn:aws:ec2:us-east-1:123456789012:*/*"],
      },
      {
        Sid: "SeeNetwork",
        Effect: "Allow",
        Action: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
        Resource: ["*"],
      },
      {
        Sid: "ReadLogins",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: [args.masterSecretArn, ...args.secretArns],
      },
      {
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [`${String(only(plan, "LogGroup").outputs.arn)}:*`],
      },
      {
        Sid: "KeepFailedCalls",
        Effect: "Allow",
        Action: ["sqs:SendMessage"],
        Resource: [only(plan, "Queue").outputs.arn],
      },
    ]);
    assert.equal(allOf(plan, "RolePolicyAttachment").length, 0);
  });

  it("tells who calls it its name, its ARN and the hash of its code", async () => {
    let made: DatabaseFunction | undefined;
    const told: string[] = [];
    const plan = await record(() => {
      made = new DatabaseFunction("database-function", args);
      made.functionName.apply((name) => told.push(name));
      made.arn.apply((arn) => told.push(arn));
    });
    const { inputs, outputs } = only(plan, "lambda/function:Function");
    assert.deepEqual(told.sort(), [String(outputs.arn), String(outputs.name)].sort());
    assert.equal(made?.codeHash, inputs.sourceCodeHash);
  });
});

describe("the database function's code", () => {
  it("is a zip file that is there, by a path that no machine has to itself", async () => {
    const { path, hash } = await codeOf();
    assert.ok(!isAbsolute(path), path);
    assert.match(path, /^\.build\/functions\/database-[0-9a-f]{16}\.zip$/);
    assert.ok(existsSync(path));
    const sha256 = createHash("sha256").update(readFileSync(path)).digest("base64");
    assert.equal(hash, sha256);
  });

  it("is the same, byte by byte, when it is built again from nothing", async () => {
    const first = databaseFunctionPackage(["us-east-1"]);
    const file = require.resolve("../../components/base/functionPackage");
    const kept = require.cache[file];
    Reflect.deleteProperty(require.cache, file);
    try {
      const again = await import("../../components/base/functionPackage");
      assert.notEqual(again.databaseFunctionPackage, databaseFunctionPackage);
      assert.deepEqual(again.databaseFunctionPackage(["us-east-1"]), first);
    } finally {
      require.cache[file] = kept;
    }
  });

  it("believes the authorities of its databases' regions, and no others", async () => {
    const script = scriptOf((await codeOf()).path);
    const [, list = ""] = /^globalThis\.DATABASE_AUTHORITIES=(\[.*\]);\n/.exec(script) ?? [];
    const expected = ["us-east-1", "us-west-2"].flatMap((region) =>
      databaseAuthorities(region).map(({ pem }) => pem),
    );
    assert.ok(expected.length >= 4);
    assert.deepEqual(JSON.parse(list), expected);
  });

  it("is other code for other regions, and deployed as such", async () => {
    const [one, both] = [await codeOf({ databaseRegions: ["us-east-1"] }), await codeOf()];
    assert.notEqual(one.path, both.path);
    assert.notEqual(one.hash, both.hash);
  });

  it("exports the handler, and brings all but the runtime's own SDK along", async () => {
    const script = scriptOf((await codeOf()).path);
    assert.match(script, /handler:\(\)=>/);
    const needed = [...script.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name);
    const foreign = needed.filter((name) => !/^(node:)?[a-z_]+(\/promises)?$/.test(name));
    assert.deepEqual([...new Set(foreign)], ["@aws-sdk/client-secrets-manager"]);
  });
});

describe("DatabaseUpkeep", () => {
  const role: BootstrapRole = {
    region: "us-east-1",
    writable: true,
    capture: { tables: [{ schema: "fund", table: "%" }], multiAz: false },
    follows: {
      region: "us-west-2",
      source: { host: "west.example", port: 1433, secretArn: secretArn("source-abcdef") },
      tables: [{ schema: "deal", table: "%" }],
    },
    excluded: [{ schema: "fund", table: "History" }],
  };
  const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:database-function";
  const plan = () =>
    record(
      () =>
        new DatabaseUpkeep("upkeep", {
          functionName: "database-function",
          functionArn,
          region: "us-east-1",
          logGroupName: "database-function-log",
          database: "here.example",
          logins: {
            app: new DatabaseLogin("app-login", {
              purpose: "application",
              username: "platform_app",
              host: args.host,
              port: 1433,
              database: "platform",
              accountId: "123456789012",
              keyArn: databaseKeyArn,
              protect: true,
            }),
          },
          role,
          topicArn: "arn:aws:sns:us-east-1:123456789012:alarms",
          waitFor: [new RandomId("bootstrap", { byteLength: 1 })],
        }),
    );

  it("looks every minute, for the first time when the database is ready", async () => {
    const made = await plan();
    const rule = only(made, "EventRule", "upkeep");
    assert.equal(rule.inputs.scheduleExpression, "rate(1 minute)");
    assert.notEqual(rule.inputs.state, "DISABLED");
    assert.ok(waitsFor(rule, only(made, "RandomId")));
    assert.equal(parentOf(made, rule).type, "pe:platform:DatabaseUpkeep");
  });

  it("tells the function what the deployment told it, as upkeep", async () => {
    const made = await plan();
    const target = only(made, "EventTarget", "upkeep");
    assertInputs(target, { rule: only(made, "EventRule").outputs.name, arn: functionArn });
    const told = readRequest(JSON.parse(String(reveal(target.inputs.input))));
    assert.deepEqual(told, {
      task: "upkeep",
      logins: [
        { secretArn: only(made, "Secret", "app-login").outputs.arn, purpose: "application" },
      ],
      role,
    });
  });

  it("tells when nothing calls the function any more, once something has to", async () => {
    const made = await plan();
    const alarm = only(made, "MetricAlarm", "upkeep-stopped");
    assertInputs(alarm, {
      namespace: "AWS/Lambda",
      metricName: "Invocations",
      dimensions: { FunctionName: "database-function" },
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      treatMissingData: "breaching",
      alarmActions: ["arn:aws:sns:us-east-1:123456789012:alarms"],
    });
    assert.ok(waitsFor(alarm, only(made, "EventTarget")));
  });

  it("lets this rule call the function, and no other rule, before it would", async () => {
    const made = await plan();
    const permission = only(made, "Permission");
    assertInputs(permission, {
      action: "lambda:InvokeFunction",
      function: "database-function",
      principal: "events.amazonaws.com",
      sourceArn: only(made, "EventRule").outputs.arn,
    });
    assert.ok(waitsFor(only(made, "EventTarget"), permission));
  });

  it("rings for tables that are not copied, and leads to the line that names them", async () => {
    const alarm = only(await plan(), "MetricAlarm", "upkeep-not-copied");
    const line = JSON.parse(notCopiedLine("here.example", [], 0)) as {
      _aws: { CloudWatchMetrics: { Namespace: string; Metrics: { Name: string }[] }[] };
    };
    const [metrics] = line._aws.CloudWatchMetrics;
    assertInputs(alarm, {
      namespace: metrics?.Namespace,
      metricName: metrics?.Metrics[0]?.Name,
      dimensions: { Database: "here.example" },
      statistic: "Minimum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      period: 60,
      evaluationPeriods: 5,
      treatMissingData: "breaching",
      alarmActions: ["arn:aws:sns:us-east-1:123456789012:alarms"],
    });
    const text = String(reveal(alarm.inputs.alarmDescription));
    // CloudWatch's limit (PutMetricAlarm).
    assert.ok(text.length <= 1024);
    assert.match(text, /aws logs tail database-function-log --region us-east-1 --since 5m/);
    assert.match(text, /'\{ \$\.TablesNotCopied > 0 \}'/);
  });
});
