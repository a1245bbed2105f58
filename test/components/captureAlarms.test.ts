import assert from "node:assert/strict";
import { RandomId } from "@pulumi/random/randomId";
import { CaptureAlarms, type CaptureAlarmsArgs } from "../../components/data/captureAlarms";
import { captureLine } from "../../functions/database/report";
import { allOf, only, record } from "../support/record";
import { assertInputs, names, waitsFor } from "./support";

const args: Omit<CaptureAlarmsArgs, "waitFor"> = {
  topicArn: "arn:aws:sns:us-east-1:123456789012:alarms",
  database: "database-ab12.abc.us-east-1.rds.amazonaws.com",
  maxStorageGiB: 1000,
};
const build = () =>
  record(() => {
    const upkeep = new RandomId("upkeep", { byteLength: 1 });
    return new CaptureAlarms("capture", { ...args, waitFor: [upkeep] });
  });
const alarm = async (key: string) => only(await build(), "MetricAlarm", `capture-${key}`);

interface Told extends Record<string, unknown> {
  _aws: {
    CloudWatchMetrics: {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string; Unit: string }[];
    }[];
  };
}

function told(state: Parameters<typeof captureLine>[1]): Told {
  return JSON.parse(captureLine(String(args.database), state, 0) ?? "") as Told;
}

describe("CaptureAlarms", () => {
  it("are two, a minute's figures each, and tell the topic of their rise and fall", async () => {
    const plan = await build();
    assert.deepEqual(names(plan, "MetricAlarm"), ["capture-log", "capture-stopped"]);
    for (const item of allOf(plan, "MetricAlarm")) {
      const actions = { alarmActions: [args.topicArn], okActions: [args.topicArn] };
      assertInputs(item, { period: 60, ...actions });
    }
    assertInputs(only(plan, "MetricAlarm", "capture-log"), { evaluationPeriods: 5 });
  });

  it("ring for a job whose rounds fail, though every third look meets it running", async () => {
    const { inputs } = await alarm("stopped");
    const looks = Array.from({ length: Number(inputs.evaluationPeriods) }, (_, at) => at % 3);
    const bad = looks.filter((at) => at !== 0).length;
    assert.equal(inputs.datapointsToAlarm, 5, "that many in a row are enough");
    assert.ok(bad >= Number(inputs.datapointsToAlarm), `${bad} of ${looks.length}`);
  });

  it("are not there before anything looks, or they ring at every first run", async () => {
    const plan = await build();
    const upkeep = only(plan, "RandomId", "upkeep");
    for (const item of allOf(plan, "MetricAlarm")) assert.ok(waitsFor(item, upkeep), item.name);
  });

  it("watch what the database function tells, under the names by which it tells it", async () => {
    const line = told({ runs: true, logUsedBytes: 5, logWaitsFor: "REPLICATION" });
    const [metrics] = line._aws.CloudWatchMetrics;
    for (const [key, name, unit] of [
      ["stopped", "CaptureRuns", "None"],
      ["log", "LogUsed", "Bytes"],
    ] as const) {
      const { inputs } = await alarm(key);
      assert.equal(inputs.namespace, metrics?.Namespace);
      assert.equal(inputs.metricName, name);
      assert.ok(metrics?.Metrics.some(({ Name, Unit }) => Name === name && Unit === unit));
      // CloudWatch tells metrics apart by exactly these.
      const dimensions = metrics?.Dimensions[0]?.map((dimension) => [dimension, line[dimension]]);
      assert.deepEqual(inputs.dimensions, Object.fromEntries(dimensions ?? []));
    }
  });

  it("ring where the job stands, and where nobody looks", async () => {
    const { inputs } = await alarm("stopped");
    assert.equal(inputs.comparisonOperator, "LessThanThreshold");
    const threshold = Number(inputs.threshold);
    assert.ok(Number(told({ runs: false }).CaptureRuns) < threshold);
    assert.ok(Number(told({ runs: true }).CaptureRuns) >= threshold);
    assert.equal(inputs.treatMissingData, "breaching");
  });

  it("ring where the log takes a fifth of what the storage may grow to", async () => {
    assertInputs(await alarm("log"), {
      comparisonOperator: "GreaterThanThreshold",
      threshold: 200 * 1024 ** 3,
      treatMissingData: "notBreaching",
    });
  });

  it("have the log's wait as a figure, and in SQL Server's own word", () => {
    for (const [word, figure] of [
      ["REPLICATION", 1],
      ["LOG_BACKUP", 0],
    ] as const) {
      const line = told({ runs: true, logUsedBytes: 5, logWaitsFor: word });
      assert.deepEqual([line.LogWaitsForCapture, line.LogWaitsFor], [figure, word]);
    }
  });

  it("get no figure that was not measured", () => {
    const line = told({ runs: false });
    const [metrics] = line._aws.CloudWatchMetrics;
    assert.deepEqual(metrics?.Metrics, [{ Name: "CaptureRuns", Unit: "None" }]);
    assert.ok(!("LogUsed" in line) && !("LogWaitsForCapture" in line));
  });
});
