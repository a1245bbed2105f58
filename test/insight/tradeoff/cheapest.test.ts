import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { cheapest } from "../../../insight/tradeoff/cheapest";
import { renderTradeOff } from "../../../insight/tradeoff/render";
import { renderAnswer } from "../../../insight/tradeoff/renderAnswer";
import { tradeOffJson } from "../../../insight/tradeoff/json";
import { meets, parseTargets } from "../../../insight/tradeoff/targets";
import { tradeOff, type ExplainedTradeOff } from "../../../insight/tradeoff/tradeOff";
import { dominates, frontier } from "../../../insight/tradeoff/frontier";
import { visibleLength } from "../../../insight/output/text";
import { editStack, inProject } from "./project";

const today = new Date("2026-11-25");
let east: ExplainedTradeOff;
let saver: ExplainedTradeOff;

before(async () => {
  east = await tradeOff("prod-east", undefined, { today });
  saver = await tradeOff("cost-saver", undefined, { today });
});

describe("the trade-off of a stack", () => {
  it("evaluates at least 500 settings, each with a price and finite minutes", () => {
    for (const { evaluated } of [east, saver]) {
      assert.ok(evaluated.length >= 500);
      for (const { usd, modelledMinutes, slaCompositeMinutes } of evaluated) {
        assert.ok(usd > 0 && Number.isFinite(usd));
        assert.ok(modelledMinutes > 0 && slaCompositeMinutes > 0);
        assert.ok(modelledMinutes <= 43_800 && slaCompositeMinutes <= 43_800);
      }
    }
  });

  it("is of the installation: the same from either stack", async () => {
    const west = await tradeOff("prod-west", undefined, { today });
    assert.deepEqual(west.evaluated, east.evaluated);
  });

  it("has frontiers without a setting that is beaten in cost and minutes", () => {
    for (const { evaluated, modelled, slaComposite } of [east, saver]) {
      for (const [line, minutes] of [
        [modelled, "modelledMinutes"],
        [slaComposite, "slaCompositeMinutes"],
      ] as const) {
        assert.ok(line.points.length > 1);
        for (const point of line.points) {
          const better = evaluated.find(
            (one) =>
              one.usd <= point.usd &&
              one[minutes] <= point[minutes] &&
              (one.usd < point.usd || one[minutes] < point[minutes]),
          );
          assert.equal(better, undefined);
        }
      }
    }
  });

  it("has frontiers of the settings that keep the database", () => {
    const { edition, instanceClass } = east.present;
    const same = east.evaluated.filter(
      ({ setting }) => setting.edition === edition && setting.instanceClass === instanceClass,
    );
    assert.deepEqual(
      east.keepingDatabase?.modelled,
      frontier(same, (of) => of.modelledMinutes),
    );
  });

  it("names dominated settings with one that beats them", () => {
    assert.ok(east.dominated.length > 0);
    for (const { setting, by } of east.dominated) assert.ok(dominates(by, setting));
  });

  it("never costs less with another zone, region or server, all else equal", () => {
    const key = (setting: object): string => JSON.stringify(setting);
    const byKey = new Map(east.evaluated.map((of) => [key(of.setting), of]));
    for (const { setting, usd } of east.evaluated) {
      const more = [
        { ...setting, azCount: setting.azCount + 1 },
        { ...setting, regionCount: 2 },
        { ...setting, minPerAz: setting.minPerAz + 1 },
      ];
      for (const one of more) {
        const dearer = byKey.get(key(one));
        if (dearer) assert.ok(dearer.usd >= usd, `${key(setting)} and ${key(one)}`);
      }
    }
  });

  it("keeps the decisions it is told to", async () => {
    const kept = await tradeOff("prod-east", undefined, { today, keep: ["edition", "azCount"] });
    assert.ok(kept.evaluated.length > 10);
    for (const { setting } of kept.evaluated) {
      assert.equal(setting.edition, "standard");
      assert.equal(setting.azCount, 3);
    }
  });

  it("keeps the NAT gateways that the config has: without the key, those that follow the zones", async () => {
    const { evaluated, families } = await tradeOff("prod-east", undefined, {
      today,
      keep: ["natGateways"],
    });
    for (const { setting } of evaluated) {
      assert.equal(setting.natGateways, setting.azCount === 3 ? "onePerAz" : "single");
    }
    assert.deepEqual(families, ["r6i"]);
  });

  it("tells how far it has come", async () => {
    const told: [number, number][] = [];
    const onProgress = (done: number, all: number): void => void told.push([done, all]);
    await tradeOff("prod-east", undefined, { today, keep: ["edition"], onProgress });
    const [, all] = told[0]!;
    assert.deepEqual(
      told,
      Array.from({ length: all }, (_, index) => [index + 1, all]),
    );
  });
});

describe("the cheapest setting for targets", () => {
  it("meets them, and nothing cheaper does", () => {
    const values = east.evaluated
      .map(({ modelledMinutes }) => modelledMinutes)
      .toSorted((a, b) => a - b);
    for (const share of [0.1, 0.5, 0.9]) {
      const minutes = values[Math.floor(values.length * share)]!;
      const targets = parseTargets({ availability: (100 * (1 - minutes / 43_800)).toFixed(9) });
      const { cheapest: best, unreachable } = cheapest(east, targets);
      assert.deepEqual(unreachable, []);
      assert.ok(best && meets(best.of, targets));
      for (const one of east.evaluated) if (meets(one, targets)) assert.ok(one.usd >= best.of.usd);
    }
  });

  it("comes with the edit, and with what to know of another database", () => {
    const answer = cheapest(east, parseTargets({ budget: 1e6 }));
    const { edits, cautions, of } = answer.cheapest!;
    assert.equal(of, east.evaluated[0]);
    assert.deepEqual(
      edits.map(({ file }) => file),
      ["Pulumi.prod-east.yaml", "Pulumi.prod-west.yaml"],
    );
    const { config } = parse(edits[0]!.text!) as { config: Record<string, { edition: string }> };
    assert.equal(config["pe-platform:database"]?.edition, of.setting.edition);
    assert.ok(cautions.some((text) => text.startsWith("The edition of a database cannot")));
    assert.ok(cautions.some((text) => text.includes("is not modelled")));
    const same = answer.keepingDatabase!.of;
    assert.equal(same.setting.instanceClass, east.present.instanceClass);
    assert.equal(same.setting.edition, east.present.edition);
  });

  it("is the present one without an edit, where that is the cheapest", () => {
    const current = east.current!;
    const trade = { ...east, evaluated: [current] };
    const answer = cheapest(trade, parseTargets({ budget: 1e6 }));
    assert.deepEqual(answer.cheapest, { of: current, edits: [], missed: [], cautions: [] });
    assert.match(renderAnswer(east, parseTargets({ budget: 1e6 }), answer), /nothing to edit/);
  });

  it("says which of the stack's objectives it misses, before anything else", () => {
    const targets = parseTargets({ availability: 99, rto: "1000h" }, saver.objectives);
    const mild = parseTargets({ budget: 1e6, availability: 90 });
    const demanding = { ...saver, objectives: { ...saver.objectives, monthlyBudgetUsd: 1 } };
    const answer = cheapest(demanding, mild);
    assert.deepEqual(
      answer.cheapest?.missed.map(({ key }) => key),
      ["monthlyBudgetUsd"],
    );
    const text = renderAnswer(demanding, mild, answer, { width: 200 });
    const [miss, best] = [text.indexOf("✖ Misses an objective: cost:"), text.indexOf("Cheapest")];
    assert.ok(miss > 0 && miss < best);
    assert.deepEqual(cheapest(saver, targets).cheapest?.missed, []);
  });

  it("is none where no setting reaches a target: with the best there is, and its largest part", () => {
    const { unreachable } = cheapest(
      east,
      parseTargets({ availability: 99.99999, rpo: 0, budget: 100 }),
    );
    assert.equal(unreachable.length, 3);
    const [availability = "", rpo = "", budget = ""] = unreachable;
    assert.match(
      availability,
      /^No setting reaches 99\.99999 % of writes; the best is 99\.\d{3} % \(\d zones? × \d regions?, .* a month\), because the largest part of its [\d.]+ minutes a month is .+ \([\d.]+\)\.$/,
    );
    assert.match(
      rpo,
      /^No setting has an RPO of 0 or less for the loss of an instance, a zone or a region; .*because of the loss of a region: /,
    );
    assert.match(
      budget,
      /^No setting costs \$100\.00 a month or less; the cheapest costs \$[\d,.]+ \(.*\), because \w+ alone costs \$/,
    );
  });

  it("is none where each target is reached but not all: with what is left of each", () => {
    const best = Math.min(...east.evaluated.map(({ modelledMinutes }) => modelledMinutes));
    const targets = parseTargets({
      availability: (100 * (1 - best / 43_800)).toFixed(9),
      budget: east.evaluated[0]!.usd,
    });
    const { cheapest: none, unreachable } = cheapest(east, targets);
    assert.equal(none, undefined);
    assert.equal(unreachable.length, 3);
    assert.match(unreachable[0]!, /^Each target is met by some setting/);
    assert.match(unreachable[1]!, /^With the other targets met, no setting reaches/);
    assert.match(unreachable[2]!, /^With the other targets met, no setting costs/);
  });
});

describe("the trade-off on a terminal", () => {
  for (const width of [80, 100, 120]) {
    it(`fits ${width} columns`, () => {
      const targets = parseTargets({ availability: 99.5, rpo: "2h" });
      const unreachable = parseTargets({ availability: 99.9999999 });
      for (const of of [east, saver]) {
        const text = [
          renderTradeOff(of, { width }),
          renderTradeOff(of, { width, all: true }),
          renderAnswer(of, targets, cheapest(of, targets), { width }),
          renderAnswer(of, unreachable, cheapest(of, unreachable), { width }),
        ].join("\n");
        // The lines of a diff are the file's own.
        const { cheapest: best, keepingDatabase } = cheapest(of, targets);
        const own = [best, keepingDatabase].flatMap(
          (choice) => choice?.edits.flatMap(({ diff }) => diff.split("\n")) ?? [],
        );
        const long = text
          .split("\n")
          .filter((line) => visibleLength(line) > width && !own.includes(line));
        assert.deepEqual(long, []);
      }
    });
  }

  it("marks the present setting and says what dominates it", () => {
    const text = renderTradeOff(east, { width: 120 });
    assert.match(text, /Verdict +\S/);
    const beaten = east.dominated.find(({ setting }) => setting.current);
    if (beaten) assert.match(text, /dominated: .* and nothing that is measured gets worse/);
  });

  it("names every dominated setting and reason only with --all", () => {
    const [brief, all] = [renderTradeOff(east), renderTradeOff(east, { all: true })];
    assert.match(brief, /^ +\d+ {2}better with fewer servers per zone: \$/m);
    assert.match(brief, /--all names each, and what dominates it\./);
    assert.doesNotMatch(all, /--all/);
    assert.ok(all.split("\n").length > east.dominated.length);
  });
});

describe("a trade-off that lacks something", () => {
  it("counts what has no price as unknown, the present setting too, and names no cheapest", async () => {
    await inProject(async (root) => {
      const path = join(root, "insight", "prices", "us-west-2.json");
      const table = JSON.parse(readFileSync(path, "utf8")) as { rows: { key: string }[] };
      table.rows = table.rows.filter(({ key }) => key !== "alb:hour");
      writeFileSync(path, JSON.stringify(table));
      const of = await tradeOff("prod-east", root, { today });
      assert.equal(of.current, undefined);
      assert.ok(of.evaluated.length > 100);
      assert.ok(of.evaluated.every(({ setting }) => setting.regionCount === 1));
      assert.ok(
        of.unknown.some(({ reason }) => /alb:hour.*us-west-2|us-west-2.*alb:hour/.test(reason)),
      );
      const text = renderTradeOff(of, { width: 100 });
      assert.match(text, /^Now {2}3 zones × 2 regions, .*: could not be\s+evaluated/m);
      const answer = cheapest(of, parseTargets({ budget: 1e6 }));
      assert.match(
        answer.unknown ?? "",
        /^prod-east: \d+ of \d+ settings could not be judged, so that none is called the cheapest\. .*alb:hour/,
      );
      // What is kept is as now, and that is unknown.
      assert.doesNotMatch(answer.unknown ?? "", /--keep/);
      const elsewhere = cheapest({ ...of, current: of.evaluated[0]! }, parseTargets({}));
      assert.match(elsewhere.unknown ?? "", / --keep database,regions\.$/);
      assert.equal(answer.cheapest, undefined);
      assert.doesNotMatch(renderAnswer(of, parseTargets({ budget: 1e6 }), answer), /Cheapest/);
      // In a question about one region, everything has its price.
      const one = { ...of, unknown: [] };
      assert.ok(cheapest(one, parseTargets({ budget: 1e6 })).cheapest);
    });
  });

  it("has no setting at all without any price of the database", async () => {
    await inProject(async (root) => {
      for (const region of ["us-east-1", "us-west-2"]) {
        const path = join(root, "insight", "prices", `${region}.json`);
        const table = JSON.parse(readFileSync(path, "utf8")) as { rows: { key: string }[] };
        table.rows = table.rows.filter(({ key }) => !key.startsWith("rds:db."));
        writeFileSync(path, JSON.stringify(table));
      }
      const of = await tradeOff("prod-east", root, { today });
      assert.deepEqual(of.evaluated, []);
      assert.deepEqual(of.modelled, { points: [], steps: [] });
      assert.match(renderTradeOff(of), /could not be\s+evaluated/);
      const { unreachable, unknown = "" } = cheapest(of, parseTargets({ budget: 1e6 }));
      assert.deepEqual(unreachable, []);
      assert.match(unknown, /There is no price for .*rds:db/);
      assert.doesNotMatch(unknown, /--keep/);
    });
  });

  it("is refused where the stack's own config is wrong", async () => {
    await inProject(async (root) => {
      editStack(root, "prod-east", (config) => {
        config["pe-platform:azCount"] = 7 as never;
      });
      await assert.rejects(
        () => tradeOff("prod-east", root, { today }),
        /^ConfigError: Stack prod-east: 1 /,
      );
    });
  });
});

describe("the trade-off as JSON", () => {
  it("refers to settings by their place", () => {
    const targets = parseTargets({ budget: 1e6 });
    const json = JSON.parse(
      JSON.stringify(tradeOffJson(east, targets, cheapest(east, targets))),
    ) as {
      settings: { usd: number; current: boolean }[];
      frontiers: Record<string, { points: number[]; usdPerMinute: number[] }>;
      dominated: { setting: number; by: number }[];
      answer: { cheapest: { setting: number; edits: unknown[] } };
    };
    assert.equal(json.settings.length, east.evaluated.length);
    assert.deepEqual(Object.keys(json.frontiers), [
      "modelled",
      "slaComposite",
      "modelledKeepingDatabase",
      "slaCompositeKeepingDatabase",
    ]);
    const { points, usdPerMinute } = json.frontiers.modelled!;
    assert.equal(usdPerMinute.length, points.length - 1);
    assert.deepEqual(
      points.map((place) => json.settings[place]!.usd),
      east.modelled.points.map(({ usd }) => usd),
    );
    for (const { setting, by } of json.dominated) {
      assert.ok(json.settings[by]!.usd <= json.settings[setting]!.usd);
    }
    assert.equal(json.answer.cheapest.setting, 0);
    assert.equal(json.settings.filter(({ current }) => current).length, 1);
  });
});
