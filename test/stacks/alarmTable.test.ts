import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isCreated, shortType } from "../../insight/plan/inventory";
import { planStack } from "../../insight/plan/offlinePlan";
import type { StackPlan } from "../../insight/plan/plan";
import { listStacks } from "../../config/stackFiles";
import { guid, privately } from "./config/configCases";
import { allOf, only } from "../support/record";
import { losses, settled } from "./alarms/losses";
import { silences } from "./alarms/silences";
import { keysOf, minutesOf, tables } from "./alarms/table";

// Whatever is gone or stands still: which alarm says so. docs/alarms.md is this table; it is written
// anew by UPDATE_GOLDEN=1 npm test -- test/stacks/alarmTable.test.ts.
const file = join(__dirname, "..", "..", "docs", "alarms.md");
const [begin, end] = ["<!-- table: begin -->\n\n", "\n\n<!-- table: end -->"];

const directConnect = {
  privateGateway: { directConnectGatewayId: guid, amazonSideAsn: 64_512 },
};

describe("the table of alarms", function () {
  this.timeout(120_000);
  const plans = new Map<string, StackPlan>();
  let minutes: Map<string, number>;

  before(async () => {
    for (const stack of listStacks()) plans.set(stack, await planStack(stack));
    for (const [name, raw] of [
      ["through a transit gateway", privately({}, { hostedZone: "Z0123456789ABC" })],
      ["through Direct Connect", privately(directConnect)],
    ] as const) {
      plans.set(name, await planStack({ stack: "one", raw }));
    }
    minutes = minutesOf([...plans.values()]);
  });

  it("has a row for each component, and for each thing in it that runs or holds something", () => {
    const known = new Set(losses.flatMap(({ of }) => of));
    const quiet = new Set(Object.values(settled).flat());
    const missing = new Set<string>();
    for (const plan of plans.values()) {
      for (const resource of plan.resources.filter(isCreated)) {
        const [kind = "", part = "", one = ""] = keysOf(resource);
        const told = [kind, part, one].some((key) => known.has(key));
        if (!told && !quiet.has(shortType(resource.type))) missing.add(one);
        const named = [...known].some((key) => key === kind || key.startsWith(`${kind}/`));
        if (!named) missing.add(kind);
      }
    }
    assert.deepEqual([...missing], [], "say in test/stacks/alarms/losses.ts what tells of them");
  });

  it("speaks of nothing that no plan has", () => {
    const there = new Set<string>();
    const types = new Set<string>();
    for (const { resources } of plans.values()) {
      for (const resource of resources.filter(isCreated)) {
        keysOf(resource).forEach((key) => there.add(key));
        types.add(shortType(resource.type));
      }
    }
    const gone = losses.flatMap(({ of }) => of).filter((key) => !there.has(key));
    const idle = Object.values(settled)
      .flat()
      .filter((type) => !types.has(type));
    assert.deepEqual([...gone, ...idle], []);
  });

  it("has alarms of capture that wait for the calls of what looks after it", () => {
    const plan = plans.get("prod-east")!;
    const calls = only(plan, "EventTarget", "database-upkeep");
    const waiting = allOf(plan, "MetricAlarm").filter(({ name }) => name.startsWith("capture-"));
    assert.equal(waiting.length, 2);
    for (const item of waiting) assert.ok(item.options.dependencies.includes(calls.urn), item.name);
  });

  it("has no empty cell without its reason, in any installation", () => {
    for (const [title, plan] of plans) {
      const there = new Set(plan.resources.filter(isCreated).flatMap(keysOf));
      const speaks = minutesOf([plan]);
      for (const { what, of, tells, why } of losses) {
        if (!of.some((key) => there.has(key))) continue;
        const told = tells.some((name) => speaks.has(name));
        assert.ok(told || why, `${title}: nothing tells of ${what}, and no reason is given`);
      }
    }
  });

  it("names alarms that exist, and every one", () => {
    const named = new Set(losses.flatMap(({ tells }) => tells));
    assert.deepEqual(
      [...named].filter((name) => !minutes.has(name)),
      [],
      "are no alarms",
    );
    assert.deepEqual(
      [...minutes.keys()].filter((name) => !named.has(name)),
      [],
      "tell of nothing in the table",
    );
  });

  it("decides for each alarm what silence is", () => {
    const decided = new Map<string, unknown>();
    for (const plan of plans.values()) {
      for (const { name, inputs } of allOf(plan, "MetricAlarm")) {
        decided.set(name, inputs.treatMissingData);
      }
    }
    assert.deepEqual(
      Object.fromEntries([...decided].sort()),
      Object.fromEntries(Object.entries(silences).map(([name, { counts }]) => [name, counts])),
    );
  });

  it("is heard: each alarm and rule has a topic of its own region, and tells its end", () => {
    for (const [title, plan] of plans) {
      const topics = new Map(
        allOf(plan, "Topic").map(({ outputs, options }) => [outputs.arn, options.provider]),
      );
      for (const { name, inputs, options } of allOf(plan, "MetricAlarm")) {
        assert.deepEqual(inputs.okActions, inputs.alarmActions, name);
        const [arn] = inputs.alarmActions as string[];
        assert.ok(topics.has(arn!), `${title}: ${name} tells nobody`);
        assert.equal(topics.get(arn!), options.provider, `${title}: ${name} tells another region`);
      }
      for (const rule of allOf(plan, "EventRule").filter(({ inputs }) => inputs.eventPattern)) {
        const targets = allOf(plan, "EventTarget").filter(({ name }) => name === rule.name);
        assert.ok(
          targets.some(({ inputs }) => topics.has(inputs.arn as string)),
          `${title}: ${rule.name} tells nobody`,
        );
      }
    }
  });

  it("is docs/alarms.md", () => {
    const document = readFileSync(file, "utf8").replaceAll("\r\n", "\n");
    const [before = "", rest = ""] = document.split(begin);
    const [, after = ""] = rest.split(end);
    const expected = [before, begin, tables(minutes), end, after].join("");
    if (process.env.UPDATE_GOLDEN) writeFileSync(file, expected);
    else assert.ok(document === expected, "docs/alarms.md is out of date");
  });
});
