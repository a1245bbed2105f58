import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { output, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId";
import fc from "fast-check";
import { PreReplicationSnapshot } from "../../components/data/preReplicationSnapshot";
import {
  CrossRegionReplication,
  type CrossRegionReplicationArgs,
} from "../../components/data/crossRegionReplication";
import { databaseAuthorities } from "../../components/data/databaseAuthorities";
import { DatabaseLogin, type DatabaseLoginArgs } from "../../components/data/databaseLogin";
import { ReplicatedBackups } from "../../components/data/replicatedBackups";
import { ReplicationAccess } from "../../components/data/replicationAccess";
import {
  ReplicationAlarms,
  type ReplicationAlarmsArgs,
} from "../../components/data/replicationAlarms";
import { ReplicationCheck } from "../../components/data/replicationCheck";
import { ReplicationServiceRoles } from "../../components/data/replicationServiceRoles";
import { tableMappings, taskSettings } from "../../components/data/replicationSettings";
import { copyLine } from "../../functions/database/report";
import { readRequest } from "../../functions/database/request";
import type { PlannedResource, StackPlan } from "../../insight/plan/plan";
import { reveal } from "../../catalogue/json";
import { allOf, only, record } from "../support/record";
import { assertInputs, names, parentOf, statementsOf, waitsFor } from "./support";

const keyArn = "arn:aws:kms:us-west-2:123456789012:key/database";
const secretArn = (name: string): string =>
  `arn:aws:secretsmanager:us-west-2:123456789012:secret:${name}`;

type Args = Omit<CrossRegionReplicationArgs, "access">;

const args: Args = {
  suffix: "ab12",
  source: { region: "us-east-1", secretArn: secretArn("source-abcdef") },
  target: { region: "us-west-2", secretArn: secretArn("target-abcdef") },
  database: "Fund Admin",
  selection: { tables: ["fund.%"], excluded: ["fund.History"] },
  fullLoad: true,
  twoWay: false,
  instanceClass: "dms.r6i.large",
  storageGiB: 200,
  engineVersion: "3.6.1",
  multiAz: true,
  maintenanceWindow: "sun:10:00-sun:12:00",
  subnetIds: ["subnet-7", "subnet-8", "subnet-9"],
  securityGroupId: "sg-replication",
  keyArn,
  serviceRoles: [],
  checkFunctionName: "replication-check",
  logins: [],
  waitFor: [],
};

const createAccess = (): ReplicationAccess =>
  new ReplicationAccess("access", {
    region: "us-west-2",
    secretArns: [args.source.secretArn, args.target.secretArn],
  });

/** With something to wait for of each kind. */
const build = (
  changes: Partial<Args> = {},
  read: (made: CrossRegionReplication) => void = () => undefined,
): Promise<StackPlan> =>
  record(
    () => {
      const wait = (name: string) => [new RandomId(name, { byteLength: 1 })];
      const made = new CrossRegionReplication("replication", {
        ...args,
        access: createAccess(),
        serviceRoles: wait("service-role"),
        logins: wait("login-value"),
        waitFor: wait("bootstrap"),
        ...changes,
      });
      read(made);
    },
    { region: "us-west-2" },
  );

const kindOf = ({ type }: PlannedResource): string => type.split(":").at(-1) ?? "";

describe("CrossRegionReplication", () => {
  it("runs a private, encrypted instance of the version and class that it is told", async () => {
    const plan = await build();
    const instance = only(plan, "ReplicationInstance", "replication");
    assertInputs(instance, {
      replicationInstanceId: "replication-ab12",
      replicationInstanceClass: "dms.r6i.large",
      allocatedStorage: 200,
      engineVersion: "3.6.1",
      autoMinorVersionUpgrade: false,
      allowMajorVersionUpgrade: true,
      publiclyAccessible: false,
      networkType: "IPV4",
      kmsKeyArn: keyArn,
      vpcSecurityGroupIds: ["sg-replication"],
      replicationSubnetGroupId: only(plan, "ReplicationSubnetGroup").id,
      preferredMaintenanceWindow: "sun:10:00-sun:12:00",
      // DMS refuses a zone together with a standby.
      availabilityZone: undefined,
    });
    assert.deepEqual(instance.options.customTimeouts, {
      create: "60m",
      update: "60m",
      delete: "60m",
    });
    assert.deepEqual(only(plan, "ReplicationSubnetGroup").inputs.subnetIds, args.subnetIds);
  });

  it("has a standby only when told", async () => {
    for (const multiAz of [true, false]) {
      const plan = await build({ multiAz });
      assert.equal(only(plan, "ReplicationInstance").inputs.multiAz, multiAz);
    }
  });

  it("connects to both databases with verified TLS, through their secrets", async () => {
    const plan = await build();
    const role = only(plan, "Role", "access");
    for (const end of ["source", "target"] as const) {
      const endpoint = only(plan, "Endpoint", `replication-${end}`);
      assertInputs(endpoint, {
        endpointId: `replication-${end}-ab12`,
        endpointType: end,
        engineName: "sqlserver",
        databaseName: "Fund Admin",
        secretsManagerArn: args[end].secretArn,
        secretsManagerAccessRoleArn: role.outputs.arn,
        sslMode: "verify-full",
        certificateArn: only(plan, "dms/certificate:Certificate", `replication-${end}`).outputs
          .certificateArn,
        // The bulk load of the target would fail for computed columns.
        extraConnectionAttributes:
          end === "source"
            ? "MultiSubnetFailover=Yes"
            : "MultiSubnetFailover=Yes;useBCPFullLoad=false",
        kmsKeyArn: keyArn,
        pauseReplicationTasks: true,
        username: undefined,
        password: undefined,
        serverName: undefined,
      });
      assert.equal(endpoint.options.deleteBeforeReplace, true);
    }
  });

  it("believes for each end the authorities of that end's region", async () => {
    const plan = await build();
    for (const [end, region] of [
      ["source", "us-east-1"],
      ["target", "us-west-2"],
    ] as const) {
      const certificate = only(plan, "dms/certificate:Certificate", `replication-${end}`);
      // Other authorities get another id: DMS keeps the former while an endpoint uses them.
      assert.match(
        String(certificate.inputs.certificateId),
        new RegExp(`^replication-${end}-[0-9a-f]{8}-ab12$`),
      );
      assert.notEqual(certificate.options.deleteBeforeReplace, true);
      const pem = reveal(certificate.inputs.certificatePem) as string;
      const subjects = pem
        .split(/(?<=-----END CERTIFICATE-----)\n/)
        .map((one) => new X509Certificate(one).subject);
      assert.equal(subjects.length, databaseAuthorities(region).length);
      assert.ok(subjects.length > 0);
      for (const subject of subjects) assert.match(subject, new RegExp(`RDS ${region} Root CA`));
    }
  });

  it("has DMS reach both databases before the task starts, which DMS insists on", async () => {
    const plan = await build();
    const check = only(plan, "Invocation", "replication");
    assert.equal(check.inputs.functionName, "replication-check");
    assert.deepEqual(JSON.parse(String(reveal(check.inputs.input))), {
      instanceArn: only(plan, "ReplicationInstance").outputs.replicationInstanceArn,
      endpointArns: ["source", "target"].map(
        (end) => only(plan, "Endpoint", `replication-${end}`).outputs.endpointArn,
      ),
    });
    // The way, and the login on the source, stand by then.
    assert.ok(waitsFor(check, only(plan, "RandomId", "bootstrap")));
    assert.ok(waitsFor(only(plan, "ReplicationTask"), check));
    assert.deepEqual(check.options.customTimeouts, { create: "30m" });
  });

  it("starts its task, and only when both databases and the way are ready", async () => {
    const plan = await build();
    const task = only(plan, "ReplicationTask", "replication");
    assertInputs(task, {
      replicationTaskId: "replication-ab12",
      startReplicationTask: true,
      replicationInstanceArn: only(plan, "ReplicationInstance").outputs.replicationInstanceArn,
      sourceEndpointArn: only(plan, "Endpoint", "replication-source").outputs.endpointArn,
      targetEndpointArn: only(plan, "Endpoint", "replication-target").outputs.endpointArn,
      // A position in the log would tie the task to one moment.
      cdcStartPosition: undefined,
      cdcStartTime: undefined,
    });
    assert.ok(waitsFor(task, only(plan, "RandomId", "bootstrap")));
    for (const endpoint of allOf(plan, "Endpoint")) assert.ok(waitsFor(task, endpoint));
    assert.equal(task.options.deleteBeforeReplace, true);
  });

  it("tells DMS of an endpoint when its secret has a value and may be read", async () => {
    const plan = await build();
    for (const endpoint of allOf(plan, "Endpoint")) {
      assert.ok(waitsFor(endpoint, only(plan, "RandomId", "login-value")));
      assert.ok(waitsFor(endpoint, only(plan, "RolePolicy", "access")));
    }
  });

  it("needs the account's DMS roles first, and last when it goes", async () => {
    const plan = await build();
    const role = only(plan, "RandomId", "service-role");
    assert.ok(waitsFor(only(plan, "ReplicationSubnetGroup"), role));
    assert.ok(waitsFor(only(plan, "ReplicationInstance"), role));
    // The instance takes 10 minutes: it does not wait for the databases.
    for (const name of ["bootstrap", "login-value"]) {
      const later = only(plan, "RandomId", name);
      assert.ok(!waitsFor(only(plan, "ReplicationInstance"), later), name);
    }
  });

  const flows = [true, false].flatMap((fullLoad) =>
    [true, false].map((twoWay) => [fullLoad, twoWay] as const),
  );
  for (const [fullLoad, twoWay] of flows) {
    const what = `${fullLoad ? "with" : "without"} a load, ${twoWay ? "two ways" : "one way"}`;
    it(`${what}: the type and settings of the task`, async () => {
      const { inputs } = only(await build({ fullLoad, twoWay }), "ReplicationTask");
      assert.equal(inputs.migrationType, fullLoad ? "full-load-and-cdc" : "cdc");
      const emptyFirst = fullLoad && !twoWay;
      assert.equal(
        inputs.replicationTaskSettings,
        taskSettings({ emptyFirst, loopbackPrevention: twoWay }),
      );
      const text = String(inputs.replicationTaskSettings);
      assert.equal(text.includes("TRUNCATE_BEFORE_LOAD"), emptyFirst);
      assert.equal(text.includes("LoopbackPreventionSettings"), twoWay);
    });
  }

  it("copies the tables selected, and the heartbeat of the source's region", async () => {
    const selection = {
      tables: ["fund.%"],
      excluded: [],
      filter: { column: "Owner", value: "east" },
    };
    const { inputs } = only(await build({ selection }), "ReplicationTask");
    assert.equal(inputs.tableMappings, tableMappings(selection, "us-east-1"));
  });

  it("names everything after itself and its end, below itself", async () => {
    const plan = await build();
    const parts = plan.resources.filter(
      ({ custom, type, name }) => custom && type.startsWith("aws:") && name !== "access",
    );
    assert.deepEqual(parts.map((part) => `${kindOf(part)} ${part.name}`).sort(), [
      "Certificate replication-source",
      "Certificate replication-target",
      "Endpoint replication-source",
      "Endpoint replication-target",
      "Invocation replication",
      "ReplicationInstance replication",
      "ReplicationSubnetGroup replication",
      "ReplicationTask replication",
    ]);
    for (const part of parts) {
      assert.equal(parentOf(plan, part).type, "pe:platform:CrossRegionReplication");
    }
  });

  it("tells alarms the names by which CloudWatch knows it", async () => {
    const told: string[] = [];
    const plan = await build({}, (copy) => {
      copy.instanceId.apply((id) => told.push(id));
      copy.taskArn.apply((arn) => told.push(arn));
    });
    const taskArn = String(only(plan, "ReplicationTask").outputs.replicationTaskArn);
    assert.deepEqual(told.sort(), [taskArn, "replication-ab12"].sort());
  });
});

describe("ReplicationAccess", () => {
  it("lets DMS of its region read the two logins, and nothing else", async () => {
    const plan = await record(createAccess, { region: "us-west-2" });
    const role = only(plan, "Role", "access");
    assert.deepEqual(statementsOf(role, "assumeRolePolicy"), [
      {
        Effect: "Allow",
        Principal: { Service: "dms.us-west-2.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
    ]);
    const policy = only(plan, "RolePolicy", "access");
    assert.equal(policy.inputs.role, role.id);
    assert.deepEqual(statementsOf(policy), [
      {
        Sid: "ReadLogins",
        Effect: "Allow",
        Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        Resource: [args.source.secretArn, args.target.secretArn],
      },
    ]);
    assert.equal(parentOf(plan, role).type, "pe:platform:ReplicationAccess");
  });
});

describe("ReplicationCheck", () => {
  const logsKeyArn = "arn:aws:kms:us-west-2:123456789012:key/logs";
  const check = () =>
    record(
      () =>
        new ReplicationCheck("check", {
          region: "us-west-2",
          accountId: "123456789012",
          logsKeyArn,
          logRetentionDays: 90,
        }),
      { region: "us-west-2" },
    );

  it("may test connections of this account's DMS here, and write its log", async () => {
    const plan = await check();
    const made = only(plan, "lambda/function:Function", "check");
    assert.equal(made.inputs.role, only(plan, "Role").outputs.arn);
    assert.ok(waitsFor(made, only(plan, "RolePolicy")));
    assert.deepEqual(
      statementsOf(only(plan, "RolePolicy")).map(({ Action, Resource }) => [Action, Resource]),
      [
        [
          ["dms:TestConnection"],
          ["rep", "endpoint"].map((kind) => `arn:aws:dms:us-west-2:123456789012:${kind}:*`),
        ],
        [["dms:DescribeConnections"], ["*"]],
        [
          ["logs:CreateLogStream", "logs:PutLogEvents"],
          [`${String(only(plan, "LogGroup").outputs.arn)}:*`],
        ],
      ],
    );
  });

  it("is in no network of ours, and keeps its log encrypted for as long as told", async () => {
    const plan = await check();
    const made = only(plan, "lambda/function:Function");
    assertInputs(made, { runtime: "nodejs22.x", timeout: 900, vpcConfig: undefined });
    const group = only(plan, "LogGroup", "check");
    assertInputs(group, { kmsKeyId: logsKeyArn, retentionInDays: 90 });
    assert.deepEqual(made.inputs.loggingConfig, {
      logFormat: "Text",
      logGroup: group.outputs.name,
    });
  });

  it("runs code that is there, by the hash of its bytes", async () => {
    const { code, sourceCodeHash } = only(await check(), "lambda/function:Function").inputs;
    const { path } = (code as { $archive: { path: string } }).$archive;
    assert.match(path, /^\.build\/functions\/replication-[0-9a-f]{16}\.zip$/);
    const sha256 = createHash("sha256").update(readFileSync(path)).digest("base64");
    assert.equal(sourceCodeHash, sha256);
  });
});

describe("ReplicationServiceRoles", () => {
  it("are the two that AWS looks for by name, with AWS's policies", async () => {
    const plan = await record(() => new ReplicationServiceRoles("roles"));
    const policies = {
      "dms-vpc-role": "AmazonDMSVPCManagementRole",
      "dms-cloudwatch-logs-role": "AmazonDMSCloudWatchLogsRole",
    };
    assert.deepEqual(names(plan, "Role"), Object.keys(policies).sort());
    for (const [name, policy] of Object.entries(policies)) {
      const role = only(plan, "Role", name);
      assert.equal(role.inputs.name, name);
      assert.deepEqual(statementsOf(role, "assumeRolePolicy"), [
        {
          Effect: "Allow",
          Principal: { Service: "dms.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ]);
      const attachment = only(plan, "RolePolicyAttachment", name);
      assertInputs(attachment, {
        role: name,
        policyArn: `arn:aws:iam::aws:policy/service-role/${policy}`,
      });
      assert.ok(waitsFor(attachment, role));
      assert.equal(parentOf(plan, attachment).type, "pe:platform:ReplicationServiceRoles");
    }
  });

  it("are ready when both policies are attached", async () => {
    const plan = await record(() => ({
      ready: new ReplicationServiceRoles("roles").ready.map(({ urn }) => urn),
    }));
    const attached = allOf(plan, "RolePolicyAttachment").map(({ urn }) => urn);
    assert.deepEqual((plan.outputs.ready as string[]).toSorted(), attached.sort());
  });

  it("wait, once attached, until all of AWS knows them", async () => {
    type Hooks = ComponentResourceOptions["hooks"];
    const hooks = new Map<string, Hooks>();
    await record(
      () =>
        new ReplicationServiceRoles("roles", {
          transformations: [
            ({ type, name, opts }) => {
              hooks.set(`${type.split(":").at(-1) ?? ""} ${name}`, opts.hooks);
              return undefined;
            },
          ],
        }),
    );
    for (const name of ["dms-vpc-role", "dms-cloudwatch-logs-role"]) {
      const found = hooks.get(`RolePolicyAttachment ${name}`);
      assert.deepEqual(Object.keys(found ?? {}), ["afterCreate"], name);
      assert.equal(found?.afterCreate?.length, 1);
      assert.equal(hooks.get(`Role ${name}`), undefined);
    }
  });
});

const alarms: ReplicationAlarmsArgs = {
  topicArn: "arn:aws:sns:us-west-2:123456789012:alarms",
  instanceId: "replication-ab12",
  taskArn: "arn:aws:dms:us-west-2:123456789012:task:ABCDEF",
  storageGiB: 200,
  database: "database-ab12.abc.us-west-2.rds.amazonaws.com",
  sourceRegion: "us-east-1",
  minutes: 15,
};

describe("ReplicationAlarms", () => {
  const build = (changes: Partial<ReplicationAlarmsArgs> = {}) =>
    record(() => new ReplicationAlarms("copy", { ...alarms, ...changes }));
  const alarm = async (key: string, changes: Partial<ReplicationAlarmsArgs> = {}) =>
    only(await build(changes), "MetricAlarm", `copy-${key}`);

  it("are six, a minute's figures each, and tell the topic of their rise and fall", async () => {
    const plan = await build();
    assert.deepEqual(names(plan, "MetricAlarm"), [
      "copy-age",
      "copy-latency-source",
      "copy-latency-target",
      "copy-memory",
      "copy-stalled",
      "copy-storage",
    ]);
    for (const item of allOf(plan, "MetricAlarm")) {
      assertInputs(item, {
        period: 60,
        evaluationPeriods: 5,
        alarmActions: [alarms.topicArn],
        okActions: [alarms.topicArn],
      });
      assert.equal(parentOf(plan, item).type, "pe:platform:ReplicationAlarms");
    }
  });

  it("measure lateness in seconds, as told in minutes", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1440 }), async (minutes) => {
        const plan = await build({ minutes });
        for (const key of ["latency-source", "latency-target", "stalled", "age"]) {
          assertInputs(only(plan, "MetricAlarm", `copy-${key}`), {
            threshold: minutes * 60,
            comparisonOperator: "GreaterThanThreshold",
          });
        }
      }),
      { numRuns: 20 },
    ));

  it("know a task by the last part of its ARN", async () => {
    for (const [key, metricName] of [
      ["latency-source", "CDCLatencySource"],
      ["latency-target", "CDCLatencyTarget"],
    ] as const) {
      assertInputs(await alarm(key), {
        namespace: "AWS/DMS",
        metricName,
        statistic: "Maximum",
        dimensions: {
          ReplicationInstanceIdentifier: "replication-ab12",
          ReplicationTaskIdentifier: "ABCDEF",
        },
        treatMissingData: "notBreaching",
      });
    }
  });

  it("watch what the database function tells, under the names by which it tells it", async () => {
    const copy = { copyAgeSeconds: 1, behindSeconds: 2 };
    const line = copyLine(alarms.database as string, alarms.sourceRegion, copy, 0) ?? "";
    const told = JSON.parse(line) as {
      _aws: {
        CloudWatchMetrics: {
          Namespace: string;
          Dimensions: string[][];
          Metrics: { Name: string; Unit: string }[];
        }[];
      };
    } & Record<string, unknown>;
    const [metrics] = told._aws.CloudWatchMetrics;
    for (const [key, name] of [
      ["age", "CopyAge"],
      ["stalled", "HeartbeatBehind"],
    ] as const) {
      const { inputs } = await alarm(key);
      assert.equal(inputs.namespace, metrics?.Namespace);
      assert.equal(inputs.metricName, name);
      assert.equal(inputs.statistic, "Minimum");
      assert.ok(metrics?.Metrics.some(({ Name, Unit }) => Name === name && Unit === "Seconds"));
      // CloudWatch tells metrics apart by exactly these.
      const dimensions = metrics?.Dimensions[0]?.map((dimension) => [dimension, told[dimension]]);
      assert.deepEqual(inputs.dimensions, Object.fromEntries(dimensions ?? []));
    }
  });

  it("take silence for trouble where the copy's age is concerned, and nowhere else", async () => {
    for (const { name, inputs } of allOf(await build(), "MetricAlarm")) {
      const expected = name === "copy-age" ? "breaching" : "notBreaching";
      assert.equal(inputs.treatMissingData, expected, name);
    }
  });

  it("tell of the instance's storage and memory while there is some left", async () => {
    const instance = {
      namespace: "AWS/DMS",
      dimensions: { ReplicationInstanceIdentifier: "replication-ab12" },
      statistic: "Average",
      comparisonOperator: "LessThanThreshold",
    };
    assertInputs(await alarm("storage"), {
      ...instance,
      metricName: "FreeStorageSpace",
      threshold: 20 * 1024 ** 3,
    });
    assertInputs(await alarm("memory"), {
      ...instance,
      metricName: "FreeableMemory",
      threshold: 256 * 1024 ** 2,
    });
  });

  it("pass DMS's own word on that this task has stopped", async () => {
    const plan = await build();
    const rule = only(plan, "EventRule", "copy-stopped");
    assert.deepEqual(JSON.parse(String(rule.inputs.eventPattern)), {
      source: ["aws.dms"],
      "detail-type": ["DMS Replication Task State Change"],
      resources: [alarms.taskArn],
      detail: { eventType: ["REPLICATION_TASK_STOPPED", "REPLICATION_TASK_FAILED"] },
    });
    assertInputs(only(plan, "EventTarget", "copy-stopped"), {
      rule: rule.outputs.name,
      arn: alarms.topicArn,
    });
  });

  it("survive a targeted update that leaves the task out", async () => {
    const missing = output(undefined) as unknown as Output<string>;
    const { inputs } = await alarm("latency-source", { taskArn: missing });
    const { ReplicationTaskIdentifier } = inputs.dimensions as Record<string, string>;
    assert.equal(ReplicationTaskIdentifier, "");
  });
});

describe("ReplicatedBackups", () => {
  it("keep the other region's backups here, under this region's key", async () => {
    const sourceArn = "arn:aws:rds:us-east-1:123456789012:db:database-cd34";
    const plan = await record(
      () => new ReplicatedBackups("backups", { sourceArn, keyArn, retentionDays: 9 }),
      { region: "us-west-2" },
    );
    const kept = only(plan, "InstanceAutomatedBackupsReplication", "backups");
    assertInputs(kept, {
      sourceDbInstanceArn: sourceArn,
      kmsKeyId: keyArn,
      retentionPeriod: 9,
    });
    assert.deepEqual(kept.options.customTimeouts, { create: "120m" });
    // RDS keeps one copy per database and region, and every change replaces it.
    assert.equal(kept.options.deleteBeforeReplace, true);
    assert.equal(parentOf(plan, kept).type, "pe:platform:ReplicatedBackups");
  });
});

describe("CopyGuard", () => {
  const build = () =>
    record(() => {
      const login = (name: string, purpose: DatabaseLoginArgs["purpose"]) =>
        new DatabaseLogin(name, {
          purpose,
          username: name,
          host: "database.example",
          port: 1433,
          database: "platform",
          accountId: "123456789012",
          keyArn,
          protect: true,
        });
      return new PreReplicationSnapshot("before-copy", {
        identifier: "database-ab12",
        functionName: "database-function",
        logins: {
          app: login("app-login", "application"),
          target: login("target-login", "replicationTarget"),
        },
        waitFor: [new RandomId("way", { byteLength: 1 })],
      });
    });

  it("takes a snapshot that stays, whatever becomes of the stack", async () => {
    const plan = await build();
    const snapshot = only(plan, "Snapshot", "before-copy");
    assert.equal(snapshot.options.retainOnDelete, true);
    assert.equal(snapshot.inputs.dbInstanceIdentifier, "database-ab12");
    assert.deepEqual(snapshot.options.customTimeouts, { create: "120m" });
    assert.equal(parentOf(plan, snapshot).type, "pe:platform:CopyGuard");
  });

  it("gives each turn's snapshot a name of its own: the former one still has its", async () => {
    const plan = await build();
    const turn = only(plan, "RandomId", "before-copy");
    assert.equal(turn.inputs.byteLength, 4);
    // Gone with the guard, so that the next turn draws another.
    assert.equal(turn.options.retainOnDelete, undefined);
    assertInputs(only(plan, "Snapshot"), {
      dbSnapshotIdentifier: `database-ab12-before-copy-${String(turn.outputs.hex)}`,
    });
  });

  it("has the application stop writing first, once per turn", async () => {
    const plan = await build();
    const freeze = only(plan, "Invocation", "before-copy");
    assert.equal(freeze.inputs.functionName, "database-function");
    assert.deepEqual(freeze.inputs.triggers, {
      turn: only(plan, "RandomId", "before-copy").outputs.hex,
    });
    assert.ok(waitsFor(only(plan, "Snapshot"), freeze));
    // Only the snapshot outlives the guard.
    assert.equal(freeze.options.retainOnDelete, undefined);
  });

  it("tells the function the logins, and no role: it only freezes", async () => {
    const plan = await build();
    const { input } = only(plan, "Invocation").inputs;
    assert.deepEqual(readRequest(JSON.parse(String(reveal(input)))), {
      task: "freeze",
      logins: [
        { secretArn: only(plan, "Secret", "app-login").id, purpose: "application" },
        { secretArn: only(plan, "Secret", "target-login").id, purpose: "replicationTarget" },
      ],
    });
  });

  it("freezes when logins have values and the function's ways stand", async () => {
    const plan = await build();
    const needed = [...allOf(plan, "SecretVersion"), only(plan, "RandomId", "way")];
    assert.equal(needed.length, 3);
    for (const item of needed) assert.ok(waitsFor(only(plan, "Invocation"), item), item.name);
  });
});
