import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { rollBatches } from "../../../insight/availability/durations";
import { overrideFile, readInputs } from "../../../insight/availability/inputs";
import {
  inputFileSchema,
  inputKeys,
  inputUnits,
  unitRules,
} from "../../../insight/availability/inputSchema";
import { planStack } from "../../../insight/plan/offlinePlan";
import { rollPreferences } from "../../../stacks/fleetApi";
import { UserError } from "../../../config/mistake";

const root = join(__dirname, "..", "..", "..");

function withOwn<T>(text: string | undefined, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "pe-availability-"));
  try {
    if (text !== undefined) {
      mkdirSync(join(folder, "assumptions"));
      writeFileSync(join(folder, overrideFile), text);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function refusal(text: string): string {
  return withOwn(text, (folder) => {
    try {
      readInputs(folder);
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      return error.message;
    }
    throw new Error("The file was taken.");
  });
}

describe("availability inputs", () => {
  it("the shipped file has every input with its origin, and nothing else", () => {
    const file: unknown = parse(
      readFileSync(join(root, "insight", "data", "availability.yaml"), "utf8"),
    );
    const { inputs } = inputFileSchema.parse(file);
    assert.deepEqual(Object.keys(inputs), inputKeys);
    const damaged = structuredClone(file) as { inputs: Record<string, { value: unknown }> };
    damaged.inputs["beta.zone"] = { ...damaged.inputs["beta.zone"], value: 0 };
    assert.equal(inputFileSchema.safeParse(damaged).success, false);
  });

  it("agreements are as AWS gives them, and those off the path are named with the reason", () => {
    const { values, leftOut } = withOwn(undefined, (folder) => readInputs(folder));
    assert.deepEqual(
      inputKeys.filter((key) => key.startsWith("sla.")).map((key) => values[key]),
      [100, 99.99, 99.99, 99.5, 99.95, 99.5],
    );
    assert.deepEqual(
      leftOut.map(({ key }) => key),
      ["sla.nat", "sla.dms", "sla.kms", "sla.secretsManager", "sla.transitGateway"],
    );
    for (const { why } of leftOut) assert.match(why, /\.$/);
  });

  it("the load balancer's detection is what the load balancer is set to", async function () {
    this.timeout(60_000);
    const plan = await planStack("cost-saver");
    const groups = plan.resources.filter(({ type }) => type === "aws:lb/targetGroup:TargetGroup");
    assert.equal(groups.length, 2);
    for (const { inputs } of groups) {
      const check = inputs.healthCheck as { interval: number; unhealthyThreshold: number };
      const seconds = check.interval * check.unhealthyThreshold;
      assert.equal(readInputs().values["loadBalancer.detectionSeconds"], seconds);
    }
  });

  it("a roll's warm-up is what the fleets are set to", async function () {
    this.timeout(60_000);
    const plan = await planStack("cost-saver");
    const groups = plan.resources.filter(({ type }) => type === "aws:autoscaling/group:Group");
    assert.equal(groups.length, 2);
    for (const { inputs } of groups) {
      const seconds = inputs.defaultInstanceWarmup;
      assert.equal(readInputs().values["instance.warmUpSeconds"], seconds);
    }
  });

  it("a roll's batches are the most that the fleets' preferences make of any size", () => {
    const { MinHealthyPercentage, MaxHealthyPercentage } = rollPreferences;
    assert.equal(MinHealthyPercentage, 100);
    const batches = Array.from({ length: 60 }, (_, index) => {
      const servers = index + 1;
      const more = Math.floor((servers * (MaxHealthyPercentage - 100)) / 100);
      return Math.ceil(servers / Math.max(1, more));
    });
    assert.equal(Math.max(...batches), rollBatches);
  });

  it("without an own file nothing is replaced", () => {
    const { overridden, file, rows } = withOwn(undefined, (folder) => readInputs(folder));
    assert.deepEqual(overridden, []);
    assert.equal(file, undefined);
    assert.ok(rows.every(({ replaces }) => replaces === undefined));
  });

  it("an own file replaces its keys alone, and says so", () => {
    const text = [
      "zone.failuresPerYear: 0.2",
      "database.restoreMinutes: { value: 90, source: drill of 2026-10-01 }",
    ].join("\n");
    const { values, rows, overridden, file } = withOwn(text, (folder) => readInputs(folder));
    assert.equal(values["zone.failuresPerYear"], 0.2);
    assert.equal(values["database.restoreMinutes"], 90);
    assert.equal(values["zone.outageMinutes"], readInputs(tmpdir()).values["zone.outageMinutes"]);
    assert.deepEqual(overridden, ["zone.failuresPerYear", "database.restoreMinutes"]);
    assert.equal(file, overrideFile);
    const byKey = new Map(rows.map((row) => [row.key, row]));
    assert.equal(byKey.get("zone.failuresPerYear")?.source, overrideFile);
    assert.equal(byKey.get("database.restoreMinutes")?.source, "drill of 2026-10-01");
    assert.equal(byKey.get("database.restoreMinutes")?.replaces, 240);
  });

  it("an empty own file replaces nothing", () => {
    assert.deepEqual(withOwn("# later\n", (folder) => readInputs(folder)).overridden, []);
  });

  it("tells all mistakes of the own file at once", () => {
    const message = refusal(
      [
        "zone.failurePerYear: 0.2",
        "zone.outageMinutes: -1",
        "beta.region: 0",
        "sla.rdsMultiAz: 0.9995",
        "database.restoreMinutes: soon",
        "people.decideMinutes:",
        "nonsense: 1",
        "sla.nat: 99.95",
        "dns.ttlSeconds: { value: 30, sauce: mine }",
        "dns.alarmDelaySeconds: { source: 3 }",
      ].join("\n"),
    );
    assert.deepEqual(message.split("\n"), [
      "11 problems in assumptions/availability.yaml:",
      ...[
        "1:1: zone.failurePerYear: There is no such input. Did you mean zone.failuresPerYear? All are in insight/data/availability.yaml.",
        "2:1: zone.outageMinutes: -1 is not allowed: minutes from 0 to 43800, which is a month.",
        "3:1: beta.region: 0 is not allowed: a share above 0 and up to 1: there is always a common cause.",
        "4:1: sla.rdsMultiAz: 0.9995 is not allowed: a percentage from 50 to 100, e.g. 99.95.",
        '5:1: database.restoreMinutes: "soon" is not allowed: minutes from 0 to 43800, which is a month.',
        "6:1: people.decideMinutes: It has no value: minutes from 0 to 43800, which is a month.",
        "7:1: nonsense: There is no such input. All are in insight/data/availability.yaml.",
        "8:1: sla.nat: It does not count, so it cannot be set. Servers go out through it for updates; requests come in through the load balancer.",
        "9:30: dns.ttlSeconds.sauce: unknown: only value and source may be given.",
        "10:1: dns.alarmDelaySeconds.value: It has no value: seconds from 0 to 86400.",
        "10:26: dns.alarmDelaySeconds.source: 3 is not allowed: some text.",
      ].map((line) => `  - assumptions/availability.yaml:${line}`),
    ]);
  });

  it("refuses what is not YAML, and what holds no keys", () => {
    assert.match(refusal("zone: [1\n"), /^assumptions\/availability\.yaml is not valid YAML: /);
    assert.match(refusal("- 1\n"), /^assumptions\/availability\.yaml must hold keys and values/);
  });

  it("every unit refuses NaN, infinity and negative numbers", () => {
    for (const key of inputKeys) {
      const { schema } = unitRules[inputUnits[key]];
      for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, -0.001, "1", null]) {
        assert.equal(schema.safeParse(wrong).success, false, `${key} takes ${String(wrong)}`);
      }
    }
  });
});
