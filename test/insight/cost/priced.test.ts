import assert from "node:assert/strict";
import { missingRows } from "../../../catalogue";
import fc from "fast-check";
import { costComponentsByHand } from "./countedByHand";
import { priced, type StackToPrice } from "../../../insight/cost/priced";
import { margins, type PriceRow } from "../../../insight/cost/priceTable";
import type { CostComponent, LineItem, StackCost } from "../../../insight/cost/types";
import { defaultUsage, type Usage } from "../../../insight/cost/usage";
import { readStack } from "../../../config/stackFiles";
import { parseConfig } from "../../../stacks/config/platformConfig";
import { validRawConfig } from "../../stacks/config/validConfig";
import { anyPrice, costComponent, row, table, today, withKey } from "./support";
import { atLeast } from "../../../insight/cost/sums";
import { knownUsd } from "../../support/knownUsd";
import { UserError } from "../../../config/mistake";

function price(
  costComponents: CostComponent[],
  rows: PriceRow[],
  more: Partial<StackToPrice> = {},
): StackCost {
  const stack = { name: "one", region: "us-east-1", costComponents, usage: defaultUsage, ...more };
  return priced(stack, table(...rows), today);
}

const one = ({ lines }: StackCost): LineItem => {
  assert.equal(lines.length, 1);
  return lines[0]!;
};

const server = costComponent({
  what: "web servers",
  priceKey: "ec2:x.large:linux",
  quantity: 1000,
  partOf: "ec2:x.large:windows",
  purchase: "servers",
  hours: "web",
});
const windows = costComponent({
  what: "Windows on web servers",
  priceKey: "ec2:x.large:windows",
  quantity: 1000,
  minus: { priceKey: "ec2:x.large:linux", times: 1, whole: "web servers with Windows" },
  licence: "Windows",
  hours: "web",
  how: "1,000 h, price with Windows less without",
});
const databaseServer = costComponent({
  what: "database server and its standby with Windows",
  priceKey: "ec2:y.large:windows",
  quantity: 1460,
  partOf: "rds:db.y.large:standard:multi",
  purchase: "database",
});
const sqlServer = costComponent({
  what: "SQL Server Standard licence and RDS service",
  priceKey: "rds:db.y.large:standard:multi",
  quantity: 730,
  minus: { priceKey: "ec2:y.large:windows", times: 2, whole: "database server with SQL Server" },
  licence: "SQL Server",
  purchase: "database",
});
const split = [server, windows, databaseServer, sqlServer];
const rows = [
  row("ec2:x.large:linux", 0.1),
  row("ec2:x.large:windows", 0.16),
  row("ec2:y.large:windows", 0.5),
  row("rds:db.y.large:standard:multi", 2.5),
];

describe("the bill", () => {
  it("rounds each line to the cent, and adds up what is rounded", () => {
    const lines = [1, 2, 3].map((n) => costComponent({ what: `${n}`, quantity: 0.334 }));
    const cost = price(lines, [row("things:hour", 1)]);
    assert.deepEqual(
      cost.lines.map(({ usd }) => usd),
      [0.33, 0.33, 0.33],
    );
    assert.equal(knownUsd(cost.total), 0.99);
  });

  it("is the sum of its lines to the cent, whatever the config", () => {
    fc.assert(
      fc.property(
        validRawConfig(),
        fc.double({ min: 0.001, max: 9, noNaN: true }),
        ({ raw, stack }, usd) => {
          const config = parseConfig(raw, stack);
          const prices = {
            ...anyPrice,
            find: (key: string, region: string) => {
              const found = anyPrice.find(key, region);
              return found && { ...found, usd: found.usd * usd };
            },
          };
          const costComponents = costComponentsByHand(config, defaultUsage);
          const cost = priced(
            { name: stack, region: config.region, costComponents, usage: defaultUsage },
            prices,
            today,
          );
          const cents = cost.lines.reduce((sum, line) => sum + Math.round(line.usd * 100), 0);
          assert.equal(Math.round(knownUsd(cost.total) * 100), cents);
          assert.ok(cost.lines.every((line) => line.usd === Math.round(line.usd * 100) / 100));
          assert.deepEqual(cost.missing, []);
          assert.equal(cost.lines.length, costComponents.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("says quantity, unit and price of each line, and its row", () => {
    const found = row("things:hour", 0.25);
    const line = one(price([costComponent({ quantity: 8 })], [found]));
    assert.deepEqual(
      [
        line.quantity,
        line.unit,
        line.unitUsd,
        line.factor,
        line.usd,
        line.price,
        line.modifier,
        line.doubt,
      ],
      [8, "hour", 0.25, 1, 2, found, undefined, undefined],
    );
  });

  it("prices each line in its own region", () => {
    const there = row("things:hour", 3, { region: "us-west-2" });
    const cost = price(
      [costComponent(), costComponent({ region: "us-west-2" })],
      [row("things:hour", 1), there],
    );
    assert.deepEqual(
      cost.lines.map(({ usd }) => usd),
      [10, 30],
    );
  });

  it("names the usage file, where there is one", () => {
    assert.equal(price([], rows, { usageFile: "u.yaml" }).usageFile, "u.yaml");
    assert.ok(!("usageFile" in price([], rows)));
  });
});

describe("licences in the bill", () => {
  it("are what a price has more than one without", () => {
    const cost = price(split, rows);
    assert.deepEqual(
      cost.lines.map(({ usd }) => usd),
      [100, 60, 730, 1095],
    );
    assert.equal(knownUsd(cost.windowsLicence), 60);
    assert.equal(knownUsd(cost.sqlServerLicence), 1095);
    assert.equal(knownUsd(cost.total), 1985);
    assert.equal(cost.lines[1]?.minusPrice?.key, "ec2:x.large:linux");
  });

  it("stay in one line with the server where its price is unknown", () => {
    const cost = price([databaseServer, sqlServer], rows.slice(3));
    const line = one(cost);
    assert.equal(line.what, "database server with SQL Server");
    assert.equal(line.usd, 1825);
    assert.equal(line.licence, undefined);
    assert.deepEqual(cost.missing, []);
  });

  it("stay in one line where the server alone would cost more than the whole", () => {
    const cost = price([databaseServer, sqlServer], [row("ec2:y.large:windows", 2), rows[3]!]);
    assert.equal(one(cost).what, "database server with SQL Server");
    assert.equal(knownUsd(cost.total), 1825);
  });

  it("are left out where they are there already", () => {
    const usage: Usage = { ...defaultUsage, licences: { windows: "own", sqlServer: "own" } };
    const cost = price(split, rows, { usage });
    assert.deepEqual(
      cost.lines.map(({ usd, modifier }) => [usd, modifier]),
      [
        [100, undefined],
        [0, "own Windows licence"],
        [730, undefined],
        [0, "own SQL Server licence"],
      ],
    );
    assert.equal(knownUsd(cost.windowsLicence) + knownUsd(cost.sqlServerLicence), 0);
  });

  it("need no price with Windows where the licence is there already", () => {
    const usage: Usage = withKey("licences.windows", "own");
    const cost = price([server, windows], rows.slice(0, 1), { usage });
    assert.deepEqual(cost.missing, []);
    assert.equal(knownUsd(cost.total), 100);
  });

  it("are not taken off where their part of the price is unknown, and that is said", () => {
    const usage: Usage = withKey("licences.sqlServer", "own");
    const line = one(price([databaseServer, sqlServer], rows.slice(3), { usage }));
    assert.equal(line.usd, 1825);
    assert.match(line.modifier ?? "", /own SQL Server licence not taken off/);
  });
});

describe("modifiers", () => {
  const plan = { kind: "savingsPlan", coveragePercent: 80, discountPercent: 25 };

  it("take a commitment's discount off what it covers: servers, not licences", () => {
    const usage = withKey("purchase.servers", plan);
    const cost = price(split, rows, { usage });
    assert.deepEqual(
      cost.lines.map(({ usd }) => usd),
      [80, 60, 730, 1095],
    );
    assert.equal(cost.lines[0]?.modifier, "savings plan 25 % on 80 %");
    assert.equal(cost.lines[0]?.factor, 0.8);
    assert.equal(cost.lines[0]?.unitUsd, 0.1, "the list price stays");
  });

  it("take it off the database as a whole", () => {
    const bought = { kind: "reservedInstances", coveragePercent: 100, discountPercent: 40 };
    const cost = price(split, rows, { usage: withKey("purchase.database", bought) });
    assert.deepEqual(
      cost.lines.map(({ usd }) => usd),
      [100, 60, 438, 657],
    );
    assert.equal(cost.lines[3]?.modifier, "reserved instances 40 % on 100 %");
  });

  it("close a tier's servers outside office hours, licences included", () => {
    const cost = price(split, rows, { usage: withKey("officeHours.web", 42) });
    assert.deepEqual(
      cost.lines.map(({ usd }) => usd),
      [25, 15, 730, 1095],
    );
    assert.equal(cost.lines[0]?.modifier, "42 of 168 h a week");
  });

  it("multiply", () => {
    const usage = withKey("officeHours.web", 84, withKey("purchase.servers", plan));
    const [line] = price(split, rows, { usage }).lines;
    assert.equal(line?.usd, 40);
    assert.equal(line?.modifier, "savings plan 25 % on 80 %; 84 of 168 h a week");
  });

  it("never raise the bill of a stack", () => {
    const config = parseConfig(readStack("prod-east").raw, "prod-east");
    const total = (usage: Usage): number =>
      knownUsd(
        priced(
          {
            name: "one",
            region: config.region,
            costComponents: costComponentsByHand(config, usage),
            usage,
          },
          anyPrice,
          today,
        ).total,
      );
    const full = total(defaultUsage);
    const cases: [string, unknown][] = [
      ["purchase.servers", plan],
      ["purchase.database", plan],
      ["licences.windows", "own"],
      ["licences.sqlServer", "own"],
      ["officeHours.web", 60],
      ["officeHours.app", 60],
    ];
    for (const [key, value] of cases) assert.ok(total(withKey(key, value)) < full, key);
  });
});

describe("estimated prices", () => {
  const memory = { confidence: "memory", date: null } as const;

  it("mark their lines, and add up to a margin of the total", () => {
    const sure = costComponent({ what: "sure", priceKey: "sure:hour" });
    const cost = price(
      [costComponent(), sure],
      [row("things:hour", 2, memory), row("sure:hour", 5)],
    );
    const [estimated, sound] = cost.lines;
    assert.equal(estimated?.doubt?.reason, "memory");
    assert.equal(estimated?.doubt?.margin, margins.memory);
    assert.equal(sound?.doubt, undefined);
    assert.equal(cost.estimatedUsd, 20);
    assert.equal(cost.uncertaintyUsd, 20 * margins.memory);
  });

  it("are those that are older than a year, too", () => {
    const line = one(price([costComponent()], [row("things:hour", 2, { date: "2022-01-18" })]));
    assert.equal(line.doubt?.reason, "old");
    assert.match(line.doubt?.text ?? "", /2022-01-18/);
  });

  it("count in both lines of a split price, and once in the total", () => {
    const [linux, full] = [row("ec2:x.large:linux", 0.1), row("ec2:x.large:windows", 0.16, memory)];
    const all = price([server, windows], [linux, full]);
    assert.equal(all.lines[0]?.doubt, undefined);
    // A fifth of 0.16 may be off, which is more of the 0.06 that are left.
    assert.ok(Math.abs((all.lines[1]?.doubt?.margin ?? 0) - (0.2 * 0.16) / 0.06) < 1e-9);
    assert.equal(all.uncertaintyUsd, 32);

    const part = price(
      [server, windows],
      [row("ec2:x.large:linux", 0.1, memory), row("ec2:x.large:windows", 0.16)],
    );
    assert.equal(part.lines[1]?.doubt?.margin, (0.2 * 0.1) / (0.16 - 0.1));
    assert.equal(part.estimatedUsd, 160);
    assert.equal(part.uncertaintyUsd, 0, "what one line has too much, the other has too little");
  });

  it("of both prices move the rest with them, and leave it no surer", () => {
    const margin = (whole: PriceRow): number | undefined =>
      price([server, windows], [row("ec2:x.large:linux", 0.1, memory), whole]).lines[1]?.doubt
        ?.margin;
    assert.ok(Math.abs((margin(row("ec2:x.large:windows", 0.16, memory)) ?? 0) - 0.2) < 1e-9);
    // 10 % of 0.2 and 20 % of 0.1 are the same, and yet nobody knows.
    assert.equal(margin(row("ec2:x.large:windows", 0.2, { date: null })), 0.2);
  });

  it("follow what is paid of them", () => {
    const usage = withKey("officeHours.web", 84);
    const cost = price([server], [row("ec2:x.large:linux", 0.1, memory)], { usage });
    assert.equal(knownUsd(cost.total), 50);
    assert.equal(cost.uncertaintyUsd, 10);
  });

  it("are all those of another region", () => {
    const usage = withKey("pricesOf", "us-east-1");
    const here = { region: "eu-west-1" };
    const cost = price(
      [
        costComponent(here),
        costComponent({ ...here, what: "old", priceKey: "old:hour" }),
        costComponent({ what: "there" }),
      ],
      [row("things:hour", 2), row("old:hour", 1, memory)],
      { region: "eu-west-1", usage },
    );
    const [first, second, third] = cost.lines;
    assert.deepEqual(
      [first?.doubt?.reason, first?.doubt?.margin],
      ["otherRegion", margins.otherRegion],
    );
    assert.equal(second?.doubt?.margin, margins.memory, "the larger of two");
    assert.match(second?.doubt?.text ?? "", /us-east-1, by pricesOf; price from memory/);
    assert.equal(third?.doubt, undefined, "billed where the prices are from");
    assert.deepEqual(cost.missing, []);
  });
});

describe("missing prices", () => {
  it("are told, and leave the line out", () => {
    const cost = price(
      [costComponent(), costComponent({ what: "more", priceKey: "more:gb" })],
      [row("things:hour", 1)],
    );
    assert.deepEqual([cost.total.known, atLeast(cost.total)], [false, 10]);
    assert.equal(cost.lines.length, 1);
    assert.deepEqual(cost.missing, [
      {
        priceKey: "more:gb",
        region: "us-east-1",
        what: "more",
        components: [costComponent().component],
        lines: 1,
        message:
          "There is no price for more (more:gb) in us-east-1: add a row to insight/prices/us-east-1.json, run `npm run prices:refresh`, or set pricesOf (us-east-1) in assumptions/usage.one.yaml.",
      },
    ]);
  });

  it("are told once for a split price, by the name of the whole", () => {
    const { missing, lines } = price([server, windows], [row("things:hour", 1)]);
    assert.deepEqual(lines, []);
    assert.deepEqual(
      missing.map(({ priceKey, what }) => [priceKey, what]),
      [["ec2:x.large:windows", "web servers with Windows"]],
    );
  });

  it("are told where only the licence's price is unknown: the server still counts", () => {
    const cost = price([server, windows], rows.slice(0, 1));
    assert.deepEqual([cost.total.known, atLeast(cost.total)], [false, 100]);
    assert.equal(cost.missing.length, 1);
  });

  it("are told once for a region without prices", () => {
    const here = { region: "eu-west-1" };
    const { missing } = price(
      [costComponent(here), costComponent({ ...here, priceKey: "more:gb" })],
      rows,
    );
    assert.deepEqual(
      missing.map(({ message }) => message),
      [
        "There are no prices for eu-west-1: run `npm run prices:refresh` for it, or set `pricesOf: us-east-1` in assumptions/usage.one.yaml, whose prices then count, marked as estimated.",
      ],
    );
  });

  it("are told for a type of resource that nobody has decided on", () => {
    const odd = costComponent({ priceKey: "type:aws:redshift/cluster:Cluster" });
    assert.deepEqual(
      price([odd], rows).missing.map(({ message }) => message),
      [missingRows(["aws:redshift/cluster:Cluster"])],
    );
  });

  it("stop a usage file that wants prices of a region without any", () => {
    const usage = withKey("pricesOf", "eu-west-9");
    assert.throws(
      () => price([costComponent()], rows, { usage, usageFile: "assumptions/usage.one.yaml" }),
      new UserError(
        "assumptions/usage.one.yaml: pricesOf eu-west-9 has no price file; there are prices of us-east-1.",
      ),
    );
  });
});
