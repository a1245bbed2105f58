import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { applyPatch } from "diff";
import fc from "fast-check";
import { parse } from "yaml";
import { PriceBook } from "../../../insight/cost/priced";
import { readPrices } from "../../../insight/cost/priceTable";
import { readStack } from "../../../config/stackFiles";
import { changedFile, changesFor, settingOf } from "../../../insight/tradeoff/edits";
import { editsFor } from "../../../insight/tradeoff/fileEdits";
import { readInstallation } from "../../../insight/tradeoff/installation";
import { settingText } from "../../../insight/tradeoff/setting";
import { allSettings, spaceOf, type Space } from "../../../insight/tradeoff/space";
import type { Setting } from "../../../insight/tradeoff/types";
import { parseConfig } from "../../../stacks/config/platformConfig";
import { serviceLevel } from "../../../stacks/serviceLevel";
import { editStack, inProject } from "./project";

const prices = readPrices();
const book = new PriceBook(prices, new Date("2026-11-25"), undefined, undefined);
const east = readInstallation("prod-east");
const eastSpace = spaceOf(east, book);
const saver = readInstallation("cost-saver");
const saverSpace = spaceOf(saver, book);

const reasons = ({ invalid }: Space): string[] => [...invalid.keys()];

const changedLines = (diff: string): string[] =>
  diff.split("\n").filter((line) => /^[-+](?![-+])/.test(line));

describe("the space of settings", () => {
  it("has at least 500 valid settings around every stack, each once", () => {
    for (const { candidates } of [eastSpace, saverSpace]) {
      assert.ok(candidates.length >= 500, `${candidates.length} settings`);
      const names = new Set(candidates.map(({ setting }) => settingText(setting)));
      assert.equal(names.size, candidates.length);
    }
  });

  it("counts every setting once, as valid or with its reason", () => {
    const left = [...eastSpace.invalid.values()].reduce((sum, count) => sum + count, 0);
    const classes = new Set(
      prices
        .rows("us-east-1")
        .map(({ key }) => /^rds:(db\.r6i\.[^:]+):/.exec(key)?.[1])
        .filter((name) => name !== undefined),
    );
    // Per class: editions, region counts, zones, servers, NAT.
    assert.equal(eastSpace.candidates.length + left, classes.size * 3 * 2 * 3 * 4 * 3);
  });

  it("stays in the class's family while that has enough, else takes the most alike first", () => {
    assert.deepEqual(eastSpace.families, ["r6i"]);
    assert.equal(saverSpace.families[0], "t3");
    assert.ok(saverSpace.families.length > 1);
  });

  it("never replicates a web edition to a second region, and says so", () => {
    for (const { setting } of eastSpace.candidates) {
      assert.ok(setting.edition !== "web" || setting.regionCount === 1, settingText(setting));
    }
    assert.ok(eastSpace.candidates.some(({ setting }) => setting.edition === "web"));
    assert.ok(
      reasons(eastSpace).some((text) => /^database\.edition: web has no change/.test(text)),
    );
  });

  it("never has a class below the edition's smallest, and says so", () => {
    for (const { setting } of [...eastSpace.candidates, ...saverSpace.candidates]) {
      const { edition, instanceClass } = setting;
      if (edition === "enterprise") assert.doesNotMatch(instanceClass, /\.(medium|large)$/);
      if (edition === "standard") assert.doesNotMatch(instanceClass, /t3\.(medium|large)$/);
    }
    assert.ok(reasons(saverSpace).some((text) => /starts at db\.t3\.xlarge/.test(text)));
  });

  it("has no second region where the files name none, and says so", () => {
    assert.ok(saverSpace.candidates.every(({ setting }) => setting.regionCount === 1));
    assert.ok(reasons(saverSpace).some((text) => text.startsWith("regionCount: 2 is more than")));
  });

  it("is what the config's rules allow: every candidate's files are read by them", () => {
    fc.assert(
      fc.property(fc.constantFrom(...eastSpace.candidates), ({ setting, configs }) => {
        for (const [index, source] of east.stacks.entries()) {
          const changes = changesFor(source.config, setting);
          const { raw } = readStack(source.stack, undefined, (own) =>
            changedFile(own, source, east.project, changes),
          );
          assert.deepEqual(parseConfig(raw, source.stack), configs[index]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("gives each candidate the setting that its files then have", () => {
    for (const { setting, configs } of [...eastSpace.candidates, ...saverSpace.candidates]) {
      for (const config of configs.filter((one) => serviceLevel(one).active)) {
        assert.deepEqual(settingOf(config), setting);
        for (const { instancesPerAz } of [config.web, config.app]) {
          assert.equal(instancesPerAz.min, setting.minPerAz);
          assert.ok(instancesPerAz.max >= instancesPerAz.min);
        }
      }
    }
  });

  it("has the present setting once, without an edit", () => {
    for (const [installation, { candidates }] of [
      [east, eastSpace],
      [saver, saverSpace],
    ] as const) {
      const present = candidates.filter(({ current }) => current);
      assert.equal(present.length, 1);
      assert.deepEqual(editsFor(installation, present[0]!.setting), []);
      assert.equal(present[0]!.differs, undefined);
    }
  });

  it("keeps decisions that are to stay", () => {
    const kept = spaceOf(east, book, ({ edition }) => edition === "standard");
    assert.ok(kept.candidates.every(({ setting }) => setting.edition === "standard"));
  });
});

describe("stacks that no single setting describes", () => {
  it("are a candidate of their own, with what differs", async () => {
    await inProject((root) => {
      editStack(root, "prod-west", (config) => {
        config["pe-platform:azCount"] = 2 as never;
      });
      editStack(root, "prod-east", (config) => {
        config["pe-platform:app"]!.instancesPerAz = { min: 2, max: 4 };
      });
      const installation = readInstallation("prod-east", root);
      const [first, ...others] = spaceOf(installation, book).candidates;
      assert.ok(first?.current && !others.some(({ current }) => current));
      assert.match(first.differs ?? "", /app\.instancesPerAz\.min 2 in prod-east/);
      assert.match(first.differs ?? "", /azCount 2 in prod-west/);
      assert.equal(first.configs[1]?.azCount, 2);
    });
  });

  it("are whole only with the second region's file", async () => {
    await inProject((root) => {
      rmSync(join(root, "Pulumi.prod-west.yaml"));
      const { candidates, unknown } = spaceOf(readInstallation("prod-east", root), book);
      const missing = [...unknown].find(([text]) =>
        text.includes("no stack of this installation is in us-west-2"),
      );
      assert.ok(missing && missing[1] > 100);
      assert.doesNotMatch(missing[0], /--keep/);
      // Not even the present one: half of its cost would pass for all of it.
      assert.ok(candidates.every(({ setting }) => setting.regionCount === 1));
      editStack(root, "prod-east", (config) => {
        config["pe-platform:regionCount"] = 1 as never;
      });
      const one = spaceOf(readInstallation("prod-east", root), book);
      assert.ok(
        [...one.unknown.keys()].every((text) => text.endsWith("or ask with --keep regions.")),
      );
      assert.ok(one.candidates.some(({ current }) => current));
    });
  });

  it("say so when the second region's file is wrong", async () => {
    await inProject((root) => {
      editStack(root, "prod-west", (config) => {
        config["pe-platform:azCount"] = 7 as never;
      });
      const { noSecond } = readInstallation("prod-east", root);
      assert.match(noSecond ?? "", /^the stack prod-west of us-west-2 is not valid/);
    });
  });

  it("need the home region's", async () => {
    await inProject((root) => {
      rmSync(join(root, "Pulumi.prod-east.yaml"));
      assert.throws(
        () => readInstallation("prod-west", root),
        /^UserError: prod-west is a second region, and no valid stack .* home region us-east-1/,
      );
    });
  });
});

describe("the edit of a setting", () => {
  const change = (setting: Partial<Setting>): Setting => ({
    ...settingOf(east.stacks[0]!.config),
    ...setting,
  });

  it("has only the keys that change, as the file has them", () => {
    const edits = editsFor(east, change({ azCount: 2, natGateways: "single", minPerAz: 5 }));
    assert.deepEqual(
      edits.map(({ file }) => file),
      ["Pulumi.prod-east.yaml", "Pulumi.prod-west.yaml"],
    );
    // At two zones, one NAT gateway is the default: the key stays out.
    assert.deepEqual(changedLines(edits[0]!.diff), [
      "-  pe-platform:azCount: 3",
      "+  pe-platform:azCount: 2",
      "-    instancesPerAz: { min: 1, max: 4 }",
      "+    instancesPerAz: { min: 5, max: 5 }",
      "-    instancesPerAz: { min: 1, max: 4 }",
      "+    instancesPerAz: { min: 5, max: 5 }",
    ]);
  });

  it("names the NAT gateways where they are not what the zones bring", () => {
    const edits = editsFor(east, change({ natGateways: "none" }));
    assert.deepEqual(changedLines(edits[0]!.diff), ["+    natGateways: none"]);
  });

  it("only takes a region that goes out of use", () => {
    const edits = editsFor(east, change({ regionCount: 1, azCount: 1, natGateways: "single" }));
    const region = ["-  pe-platform:regionCount: 2", "+  pe-platform:regionCount: 1"];
    assert.deepEqual(changedLines(edits[1]!.diff), region);
    assert.deepEqual(changedLines(edits[0]!.diff), [
      ...["-  pe-platform:azCount: 3", "+  pe-platform:azCount: 1"],
      ...region,
    ]);
  });

  it("makes the setting, whatever the file spells and whatever Pulumi.yaml brings", async () => {
    await inProject((root) => {
      editStack(root, "prod-east", (config) => {
        config["pe-platform:config:azCount"] = config["pe-platform:azCount"]!;
        delete config["pe-platform:azCount"];
        config.database = JSON.stringify(config["pe-platform:database"]) as never;
        delete config["pe-platform:database"];
        // Left to the schema's own defaults: no object to edit, and no image, which protect wants.
        delete config["pe-platform:app"];
        config["pe-platform:protect"] = false as never;
      });
      const installation = readInstallation("prod-east", root);
      const { candidates } = spaceOf(installation, book);
      const sample = fc.sample(fc.constantFrom(...candidates), { numRuns: 40, seed: 7 });
      for (const { setting, configs, current } of sample) {
        if (current) continue;
        for (const { file, stack, text, diff, refusal } of editsFor(installation, setting)) {
          assert.equal(refusal, undefined);
          const before = readFileSync(join(root, file), "utf8");
          assert.equal(applyPatch(before, diff), text);
          const source = installation.stacks.find((one) => one.stack === stack)!;
          const { raw } = readStack(
            stack,
            root,
            () => (parse(text!) as { config: Record<string, unknown> }).config,
          );
          const place = installation.stacks.indexOf(source);
          assert.deepEqual(
            parseConfig(raw, stack),
            configs[place],
            `${file} ${settingText(setting)}`,
          );
        }
      }
      const [edit] = editsFor(installation, change({ azCount: 1, instanceClass: "db.r6i.large" }));
      assert.match(edit!.diff, /^\+ {2}pe-platform:config:azCount: 1$/m);
      assert.match(edit!.text!, /"instanceClass":"db\.r6i\.large"|\\"db\.r6i\.large\\"/);
    });
  });
});

describe("all settings", () => {
  it("are the whole product", () => {
    const all = allSettings(["db.r6i.large", "db.r6i.xlarge"], 5);
    assert.equal(all.length, 2 * 3 * 2 * 3 * 5 * 3);
    assert.equal(new Set(all.map((setting) => JSON.stringify(setting))).size, all.length);
  });
});
