import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { costComponentsByHand } from "./countedByHand";
import { priced } from "../../../insight/cost/priced";
import { readPrices } from "../../../insight/cost/priceTable";
import { gib, formatCount, metricsPerServer } from "../../../insight/cost/quantities";
import type { CostComponent } from "../../../insight/cost/types";
import { defaultUsage, readUsage, type Usage } from "../../../insight/cost/usage";
import { listStacks, projectRoot, readStack } from "../../../config/stackFiles";
import { parseConfig, type PlatformConfig } from "../../../stacks/config/platformConfig";
import { network, privately } from "../../stacks/config/configCases";
import { validRawConfig } from "../../stacks/config/validConfig";
import { amounts, anyPrice, nameOf, today, valueOf, withKey } from "./support";
import { knownUsd } from "../../support/knownUsd";
import { ConfigError } from "../../../config/problems";

const configOf = (stack: string): PlatformConfig => parseConfig(readStack(stack).raw, stack);
const east = configOf("prod-east");
const west = configOf("prod-west");
const small = configOf("cost-saver");

function quantity(config: PlatformConfig, what: string, usage: Usage = defaultUsage): number {
  return line(config, what, usage)?.quantity ?? 0;
}

function line(
  config: PlatformConfig,
  what: string,
  usage: Usage = defaultUsage,
): CostComponent | undefined {
  return costComponentsByHand(config, usage).find((item) => item.what === what);
}

function totalOf(config: PlatformConfig, usage: Usage, prices = anyPrice): number {
  const costComponents = costComponentsByHand(config, usage);
  const stack = { name: "one", region: config.region, costComponents, usage };
  return knownUsd(priced(stack, prices, today).total);
}

const close = (actual: number, expected: number): void => {
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual}, not ${expected}`);
};

describe("quantities of a month", () => {
  it("are hours of the servers that the load and the config ask for", () => {
    const what = "web servers, m6i.large";
    assert.equal(quantity(east, what), 3 * 730);
    const five = withKey("servers.web.needed", 5);
    assert.equal(quantity(east, what, five), 6 * 730, "two in each of three zones");
    const average = withKey("servers.web.average", 4.5);
    assert.equal(quantity(east, what, average), 4.5 * 730);
    const much = withKey("servers.web.average", 99);
    assert.equal(quantity(east, what, much), 12 * 730, "no more than scaling starts");
    assert.equal(line(east, what)?.how, "3 servers × 730 h");
    assert.equal(line(small, "web servers, t3.large")?.how, "1 server × 730 h");
  });

  it("count the metrics of agent.ps1", () => {
    const script = readFileSync(join(projectRoot, "app", "windows", "agent.ps1"), "utf8");
    const [counters = ""] = /foreach \(\$counter in @\(([\s\S]*?)\)\)\) \{/.exec(script) ?? [];
    assert.equal(
      counters.match(/\$null|'C:'|'_Total'|'__Total__'/g)?.length,
      metricsPerServer.agent,
    );
    assert.equal(quantity(east, "metrics of web servers from their agent"), 6 * 3 + 6);
    assert.equal(quantity(east, "metrics of web servers every minute"), 7 * 3);
  });

  it("are capacity units of the dimension that asks for most", () => {
    const what = "capacity units of the web load balancer";
    const traffic = (change: Partial<Usage["traffic"]>): Usage => ({
      ...defaultUsage,
      traffic: { ...defaultUsage.traffic, ...change },
    });
    // 1,048,576 requests of 1 KiB are 1 GiB.
    const requests = { requestsPerMonth: 1_048_576, requestKiB: 100, responseKiB: 400 };
    close(quantity(east, what, traffic({ ...requests, newConnectionsPerMonth: 0 })), 500);
    const opened = { ...requests, connectionSeconds: 1, newConnectionsPerMonth: 25 * 3600 * 700 };
    close(quantity(east, what, traffic(opened)), 700);
    // Open for 600 s, 3,000 at a time: five new ones a second.
    const open = { ...requests, connectionSeconds: 600, newConnectionsPerMonth: 5 * 3600 * 800 };
    close(quantity(east, what, traffic(open)), 800);
  });

  it("are transfer to another zone where the other end may be there", () => {
    const calls = "calls of web servers to the app load balancer in another zone";
    const data = gib(7_500_000, 22);
    close(quantity(east, calls), (data * 2) / 3);
    close(quantity(small, calls), data / 2);
    const single = parseConfig(network({ natGateways: "single" }), "one");
    const nat = "servers' data to the NAT gateway in another zone";
    close(quantity(single, nat), (100 * 2) / 3);
    assert.equal(quantity(small, nat), 0);
    assert.equal(quantity(east, nat), 0, "each zone has its own");
  });

  it("are internet, transit gateway or Direct Connect data, as clients come", () => {
    const answers = "answers to clients through the internet";
    const transit = parseConfig(privately({}), "one");
    const dx = {
      directConnectGatewayId: "5f294f92-bafb-4011-916d-9b0bd8a6f1c2",
      amazonSideAsn: 64_512,
    };
    const direct = parseConfig(privately({ privateGateway: dx }), "one");
    close(quantity(east, answers), gib(5_000_000, 60));
    for (const config of [transit, direct]) {
      const keys = costComponentsByHand(config, defaultUsage).map(({ priceKey }) => priceKey);
      assert.ok(
        !keys.some((key) => /internet|ipv4|nat:|route53:queries|option/.test(key)),
        keys.join(),
      );
    }
    close(quantity(transit, "clients' data through the transit gateway"), gib(5_000_000, 64));
    assert.equal(quantity(transit, "attachment to the transit gateway"), 730);
    close(quantity(direct, "answers to clients through Direct Connect"), gib(5_000_000, 60));
  });

  it("are backups over the size of the database", () => {
    const what = "backups over the free size";
    assert.equal(quantity(east, what), 0);
    const busy = withKey("database.changedGiB", 300);
    const days = 730 / 24;
    close(quantity(east, what, busy), 300 + (2 * 300 * 35) / days - 500);
    const guard = "snapshot from before this region became a copy";
    close(quantity(west, guard), 300 + (2 * 50 * 35) / days + 300 - 500);
    close(quantity(west, guard, busy), 300);
  });

  it("bill a copy where its parts are: DMS here, what is sent there", () => {
    const usage = withKey("database.fullLoadsPerMonth", 0.5);
    const sent = line(west, "changes from us-east-1 to us-west-2", usage);
    assert.equal(sent?.region, "us-east-1");
    close(sent?.quantity ?? 0, 50 + 0.5 * 300);
    assert.equal(line(west, "DMS instance and its standby, dms.c5.large")?.region, "us-west-2");
    assert.equal(line(west, "backups from us-east-1 to us-west-2")?.region, "us-east-1");
    assert.equal(quantity(west, "DMS storage over what is included"), 0);
    const large = { ...west, replication: { ...west.replication, storageGiB: 180 } };
    assert.equal(quantity(large, "DMS storage over what is included"), 80);
    const burstable = { ...large.replication, instanceClass: "dms.t3.medium" };
    assert.equal(
      quantity({ ...west, replication: burstable }, "DMS storage over what is included"),
      130,
    );
  });

  it("are logs until they expire, compressed", () => {
    close(quantity(east, "flow logs, kept"), 40 * (365 / (730 / 24)) * 0.15);
    close(quantity(small, "flow logs, kept"), 40 * (30 / (730 / 24)) * 0.15);
    const often = {
      ...east,
      database: { ...east.database, monitoringIntervalSeconds: 5 as const },
    };
    close(quantity(often, "samples of Enhanced Monitoring"), 0.27 * 12);
  });

  it("count keys with the rotations that are paid for", () => {
    assert.equal(quantity(east, "KMS keys", withKey("kms.rotations", 0)), 3);
    assert.equal(quantity(east, "KMS keys", withKey("kms.rotations", 1)), 6);
  });

  it("split the database's one price", () => {
    const [server, rest] = costComponentsByHand(east, defaultUsage).filter(
      ({ purchase }) => purchase === "database",
    );
    assert.equal(server?.priceKey, "ec2:r6i.xlarge:windows");
    assert.equal(server?.quantity, 2 * 730);
    assert.equal(rest?.priceKey, "rds:db.r6i.xlarge:standard:multi");
    assert.equal(rest?.quantity, 730);
    assert.equal(rest?.minus?.times, 2);
    assert.equal(rest?.licence, "SQL Server");
  });

  it("are nothing for a region that is left out", () => {
    const left = parseConfig(
      { ...readStack("prod-west").raw, "pe-platform:regionCount": "1" },
      "prod-west",
    );
    assert.deepEqual(costComponentsByHand(left, defaultUsage), []);
  });
});

describe("numbers in words", () => {
  const words: [number, string][] = [
    [0, "0"],
    [5_000_000, "5,000,000"],
    [305.176, "305"],
    [12_345.6, "12,346"],
    [0.27, "0.27"],
    [66.6667, "66.7"],
    [999, "999"],
    [1000, "1,000"],
  ];
  for (const [value, text] of words) it(text, () => assert.equal(formatCount(value), text));
});

describe("what holds for any config", () => {
  const valid = validRawConfig().map(({ raw, stack }) => parseConfig(raw, stack));

  it("doubling an assumption lowers no line", () => {
    assert.ok(amounts.length > 30);
    fc.assert(
      fc.property(valid, fc.constantFrom(...amounts), (config, key) => {
        const assumed = Number(valueOf(key));
        const before = costComponentsByHand(config, defaultUsage);
        const double = withKey(key, 2 * assumed + 1, defaultUsage);
        const after = new Map(
          costComponentsByHand(config, double).map((item) => [nameOf(item), item]),
        );
        for (const item of before) {
          const now = after.get(nameOf(item))?.quantity ?? 0;
          assert.ok(now >= item.quantity, `${key}: ${nameOf(item)} ${item.quantity} → ${now}`);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("every assumption moves some line of some stack", () => {
    for (const key of amounts) {
      const more = withKey(key, 1000 * Number(valueOf(key)) + 2_000_000, defaultUsage);
      const moved = [east, west, small].some(
        (config) => totalOf(config, more) > totalOf(config, defaultUsage),
      );
      assert.ok(moved, `${key} counts for nothing`);
    }
  });

  const rising = (raw: Record<string, string>, stack: string): number[] =>
    ["1", "2", "3"].map((azCount) =>
      totalOf(parseConfig({ ...raw, "pe-platform:azCount": azCount }, stack), defaultUsage),
    );

  it("more zones never cost less", () => {
    fc.assert(
      fc.property(validRawConfig(), ({ raw, stack }) => {
        try {
          const [one = 0, two = 0, three = 0] = rising(raw, stack);
          assert.ok(one <= two && two <= three, [one, two, three].join(" "));
        } catch (error) {
          // Some are valid only as they were drawn.
          if (!(error instanceof ConfigError)) throw error;
        }
      }),
      { numRuns: 150 },
    );
  });

  it("more zones cost the project's stacks more", () => {
    for (const stack of listStacks()) {
      const [one = 0, two = 0, three = 0] = rising(readStack(stack).raw, stack);
      assert.ok(one < two && two < three, `${stack}: ${one} ${two} ${three}`);
    }
  });

  it("no line is there twice, and all are more than nothing", () => {
    fc.assert(
      fc.property(valid, (config) => {
        const lines = costComponentsByHand(config, defaultUsage);
        assert.equal(
          new Set(lines.map((item) => `${item.what} ${item.priceKey} ${item.component}`)).size,
          lines.length,
        );
        assert.ok(lines.every((item) => item.quantity > 0 && Number.isFinite(item.quantity)));
      }),
      { numRuns: 150 },
    );
  });

  it("the project's stacks have all prices", () => {
    const prices = readPrices();
    for (const stack of listStacks()) {
      const { usage } = readUsage(stack);
      const costComponents = costComponentsByHand(configOf(stack), usage);
      const { missing } = priced(
        { name: stack, region: "us-east-1", costComponents, usage },
        prices,
        today,
      );
      assert.deepEqual(missing, []);
    }
  });
});
