import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { Alarms, type AlarmsArgs } from "../../components/servers/alarms";
import { EntryAlarms, type EntryAlarmsArgs } from "../../components/entry/entryAlarms";
import { allOf, only, record } from "../support/record";
import { assertInputs, names, statementsOf } from "./support";

const accountId = "123456789012";
const email = "operations@example.com";
const gibibyte = 1024 ** 3;

const tier = (role: string, minServers: number) => ({
  arnSuffix: `app/${role}/1`,
  targetGroupArnSuffix: `targetgroup/${role}/1`,
  groupName: `${role}-ab12`,
  minServers,
});

describe("Alarms", () => {
  const base: AlarmsArgs = {
    accountId,
    logsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/logs",
    email,
    tiers: { web: tier("web", 3), app: tier("app", 2) },
    certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/own",
    flowLogGroupName: "network-flow-logs-1a2b3c4",
    database: {
      identifier: "database-ab12",
      storageGiB: 500,
      maxStorageGiB: 1000,
      functionName: "database-function",
      rotationFunctionName: "platform-rotation-ab12",
    },
  };
  const build = (changes: Partial<AlarmsArgs> = {}) =>
    record(() => new Alarms("alarms", { ...base, ...changes }));
  const alarm = async (key: string) => only(await build(), "MetricAlarm", `alarms-${key}`);
  const pattern = async (key: string): Promise<unknown> =>
    JSON.parse(String(only(await build(), "EventRule", `alarms-${key}`).inputs.eventPattern));

  it("watch tiers, database, rotation and logs, and tell one encrypted topic", async () => {
    const plan = await build();
    assert.deepEqual(names(plan, "MetricAlarm"), [
      "alarms-app-errors",
      "alarms-app-refused",
      "alarms-app-short",
      "alarms-app-silent",
      "alarms-app-unhealthy",
      "alarms-database-cpu",
      "alarms-database-function",
      "alarms-database-storage",
      "alarms-flow-logs",
      "alarms-rotation",
      "alarms-web-errors",
      "alarms-web-refused",
      "alarms-web-short",
      "alarms-web-silent",
      "alarms-web-unhealthy",
    ]);
    const topic = only(plan, "Topic");
    assert.equal(topic.inputs.kmsMasterKeyId, base.logsKeyArn);
    for (const item of allOf(plan, "MetricAlarm")) {
      assertInputs(item, { alarmActions: [topic.outputs.arn], okActions: [topic.outputs.arn] });
    }
    assertInputs(only(plan, "TopicSubscription"), { protocol: "email", endpoint: email });
  });

  it("tell nobody without an address", async () => {
    const { email: left, ...others } = base;
    const plan = await record(() => new Alarms("alarms", others));
    assert.ok(left);
    assert.deepEqual(names(plan, "TopicSubscription"), []);
  });

  it("let this account's CloudWatch tell the topic, and EventBridge, which takes no condition", async () => {
    const plan = await build();
    const policy = only(plan, "TopicPolicy");
    assert.equal(policy.inputs.arn, only(plan, "Topic").outputs.arn);
    const statements = statementsOf(policy);
    for (const { Action } of statements) assert.deepEqual(Action, ["sns:Publish"]);
    assert.deepEqual(
      statements.map(({ Principal, Condition }) => [Principal, Condition]),
      [
        [
          { Service: "cloudwatch.amazonaws.com" },
          { StringEquals: { "aws:SourceAccount": accountId } },
        ],
        [{ Service: "events.amazonaws.com" }, undefined],
      ],
    );
  });

  it("pass each of AWS's own words on to the topic", async () => {
    const plan = await build();
    const rules = allOf(plan, "EventRule");
    assert.deepEqual(names(plan, "EventRule"), [
      "alarms-certificate",
      "alarms-database",
      "alarms-roll-failed",
    ]);
    for (const rule of rules) {
      assertInputs(only(plan, "EventTarget", rule.name), {
        rule: rule.outputs.name,
        arn: only(plan, "Topic").outputs.arn,
      });
    }
  });

  it("hear that a roll of the servers fails or is undone", async () => {
    assert.deepEqual(await pattern("roll-failed"), {
      source: ["aws.autoscaling"],
      "detail-type": [
        "EC2 Auto Scaling Instance Refresh Failed",
        "EC2 Auto Scaling Instance Refresh Rollback Started",
        "EC2 Auto Scaling Instance Refresh Rollback Failed",
      ],
      detail: { AutoScalingGroupName: ["web-ab12", "app-ab12"] },
    });
  });

  it("hear that this region's certificate runs out", async () => {
    assert.deepEqual(await pattern("certificate"), {
      source: ["aws.acm"],
      "detail-type": [
        "ACM Certificate Approaching Expiration",
        "ACM Certificate Renewal Action Required",
        "ACM Certificate Expired",
      ],
      resources: [base.certificateArn],
    });
  });

  it("hear of this database alone: near its maximum, without standby, key or password", async () => {
    const { source, detail } = (await pattern("database")) as {
      source: string[];
      detail: { SourceIdentifier: string[]; EventID: string[] };
    };
    assert.deepEqual(source, ["aws.rds"]);
    assert.deepEqual(detail.SourceIdentifier, ["database-ab12"]);
    // 80 % of the maximum, the next step reaches it, no growth, nothing left; standby; key; password.
    for (const number of ["0225", "0224", "0223", "0007", "0361", "0066", "0418", "0067"]) {
      assert.ok(detail.EventID.includes(`RDS-EVENT-${number}`), number);
    }
    // Under a tenth of the present size: RDS says so each time before it grows the storage itself.
    assert.ok(!detail.EventID.includes("RDS-EVENT-0089"));
  });

  it("tell of a balancer that answers itself, which is in no target group", async () => {
    assertInputs(await alarm("web-refused"), {
      metricName: "HTTPCode_ELB_5XX_Count",
      dimensions: { LoadBalancer: "app/web/1" },
      treatMissingData: "notBreaching",
    });
  });

  it("tell of servers that are lost and not replaced, longer than a boot takes", async () => {
    for (const [role, threshold] of [
      ["web", 3],
      ["app", 2],
    ] as const) {
      const item = await alarm(`${role}-short`);
      assertInputs(item, {
        metricName: "GroupInServiceInstances",
        dimensions: { AutoScalingGroupName: `${role}-ab12` },
        statistic: "Minimum",
        comparisonOperator: "LessThanThreshold",
        threshold,
        treatMissingData: "breaching",
      });
      // docs/servers.md: a server has 30 minutes to start.
      assert.ok(Number(item.inputs.evaluationPeriods) >= 30);
    }
  });

  it("tell of a server that serves without its agent, by what the agent reports", async () => {
    const script = readFileSync(join(__dirname, "..", "..", "app", "windows", "agent.ps1"), "utf8");
    const { inputs } = await alarm("app-silent");
    // Each server reports every counter once in a minute, also under the group's name alone.
    assert.match(script, /metrics_collection_interval = 60/);
    assert.match(script, /aggregation_dimensions = @\(, @\('AutoScalingGroupName'\)\)/);
    const counters = [...script.matchAll(/@\('([^']+)', '([^']+)', [$']/g)];
    const named = counters.map(([, object, counter]) => `${object} ${counter}`);
    assert.ok(named.includes(String(inputs.metricName)), named.join(", "));
    assert.deepEqual(inputs.dimensions, { AutoScalingGroupName: "app-ab12" });
    assert.deepEqual([inputs.statistic, inputs.threshold], ["SampleCount", 2]);
    assert.equal(inputs.treatMissingData, "breaching");
  });

  it("say that servers above the least number are not seen, where that is their threshold", async () => {
    for (const { name, inputs } of allOf(await build(), "MetricAlarm")) {
      const least = /-(short|silent)$/.test(name);
      assert.equal(/least number .*not seen/.test(String(inputs.alarmDescription)), least, name);
    }
  });

  it("tell of a rotation that fails until one succeeds: between them nothing is reported", async () => {
    assertInputs(await alarm("rotation"), {
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: "platform-rotation-ab12" },
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: "ignore",
    });
  });

  it("stay silent while RDS grows the storage by itself, whatever the first size", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 20, max: 14_000 }),
        fc.double({ min: 1.1, max: 10, noNaN: true }),
        async (storageGiB, ratio) => {
          const maxStorageGiB = Math.min(16_384, Math.ceil(storageGiB * ratio));
          const database = { ...base.database, storageGiB, maxStorageGiB };
          const { inputs } = only(
            await build({ database }),
            "MetricAlarm",
            "alarms-database-storage",
          );
          // RDS begins at a tenth of the present size, five minutes later: until then, half of it
          // may be written. The present size is never below the first.
          assert.ok(Number(inputs.threshold) <= (0.1 * storageGiB * gibibyte) / 2);
          assert.ok(Number(inputs.threshold) >= 0.04 * storageGiB * gibibyte);
        },
      ),
      { numRuns: 20 },
    ));

  it("warn at a tenth of a storage that does not grow", async () => {
    const database = { ...base.database, maxStorageGiB: 500 };
    const item = only(await build({ database }), "MetricAlarm", "alarms-database-storage");
    assert.equal(item.inputs.threshold, 50 * gibibyte);
  });

  it("tell that the flow logs have stopped", async () => {
    assertInputs(await alarm("flow-logs"), {
      metricName: "IncomingLogEvents",
      dimensions: { LogGroupName: base.flowLogGroupName },
      treatMissingData: "breaching",
    });
  });
});

describe("EntryAlarms", () => {
  const base: EntryAlarmsArgs = {
    accountId,
    healthCheckId: "5f294f92-bafb-4011-916d-9b0bd8a6f1c2",
    email,
    rotationDays: 365,
  };
  const build = (changes: Partial<EntryAlarmsArgs> = {}) =>
    record(() => new EntryAlarms("entry-alarms", { ...base, ...changes }));

  it("tell that Route 53 does not reach the region, or no longer asks", async () => {
    assertInputs(only(await build(), "MetricAlarm", "entry-alarms-unreachable"), {
      namespace: "AWS/Route53",
      metricName: "HealthCheckStatus",
      dimensions: { HealthCheckId: base.healthCheckId },
      statistic: "Minimum",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      treatMissingData: "breaching",
    });
  });

  it("use the platform's topic where it is in that region", async () => {
    const topicArn = "arn:aws:sns:us-east-1:123456789012:alarms";
    const plan = await build({ topicArn });
    assert.deepEqual([...names(plan, "Topic"), ...names(plan, "Key")], []);
    assertInputs(only(plan, "MetricAlarm"), { alarmActions: [topicArn], okActions: [topicArn] });
  });

  it("have a topic of their own elsewhere, under a key that alarms may use", async () => {
    const plan = await build();
    const [topic, key] = [only(plan, "Topic"), only(plan, "Key")];
    assert.deepEqual(only(plan, "MetricAlarm").inputs.alarmActions, [topic.outputs.arn]);
    assert.equal(topic.inputs.kmsMasterKeyId, key.outputs.arn);
    assertInputs(only(plan, "TopicSubscription"), { protocol: "email", endpoint: email });
    const alarms = statementsOf(key).find(({ Sid }) => Sid === "AlarmsToTopic");
    assert.deepEqual(alarms?.Principal, { Service: "cloudwatch.amazonaws.com" });
    assert.deepEqual(alarms.Action, ["kms:Decrypt", "kms:GenerateDataKey*"]);
    // It goes with the alarm, when clients from everywhere are let in no more.
    assert.notEqual(key.options.protect, true);
  });
});
