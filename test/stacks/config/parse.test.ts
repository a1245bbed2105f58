import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { z } from "zod";
import { readStackConfig } from "../../../config/stackFiles";
import { parseConfig } from "../../../stacks/config/platformConfig";
import { innerSchema } from "../../../config/keys";
import { configSchema } from "../../../stacks/config/schema";
import { crossCheck } from "../../../stacks/installation";
import { toRaw, validRawConfig } from "./validConfig";
import { ConfigError } from "../../../config/problems";

const root = join(__dirname, "..", "..", "..");
const minimal = {
  domain: "platform.example.com",
  network: {
    cidrBlock: "10.10.0.0/16",
    availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"],
  },
  web: { windows: { amiRelease: "2026.10.14" } },
  app: { windows: { amiRelease: "2026.10.14" } },
};

const maximum = (database: object) =>
  parseConfig(toRaw("us-east-1", { ...minimal, database }), "one").database.maxStorageGiB;

describe("parseConfig", () => {
  it("fills in every default", () => {
    const tier = {
      instanceType: "m6i.large",
      instancesPerAz: { min: 1, max: 3 },
      rootVolumeGiB: 80,
      windows: { version: "2022", amiRelease: "2026.10.14", amiId: undefined },
      artifact: undefined,
    };
    const config = parseConfig(toRaw("us-east-1", minimal), "one");
    assert.deepEqual(
      JSON.parse(JSON.stringify(config)),
      JSON.parse(
        JSON.stringify({
          azCount: 3,
          regionCount: 1,
          regions: ["us-east-1", "us-west-2"],
          exposure: "public",
          domain: "platform.example.com",
          hostedZone: "create",
          network: {
            cidrBlock: "10.10.0.0/16",
            availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"],
            interfaceEndpoints: true,
            clientCidrs: ["0.0.0.0/0"],
          },
          web: { ...tier, stickySessionMinutes: 60 },
          app: { ...tier, stickySessionMinutes: 0 },
          database: {
            name: "platform",
            appAccess: "readWrite",
            edition: "standard",
            engineVersion: "16.00.4236.2.v1",
            instanceClass: "db.r6i.large",
            storageGiB: 200,
            maxStorageGiB: 400,
            iops: 3000,
            backupRetentionDays: 14,
            backupWindow: "05:00-06:00",
            maintenanceWindow: "sun:07:00-sun:09:00",
            deletionProtection: true,
            performanceInsights: true,
            monitoringIntervalSeconds: 60,
            applyImmediately: false,
          },
          replication: {
            mode: "oneWay",
            writer: "us-east-1",
            tables: ["%.%"],
            instanceClass: "dms.c5.large",
            storageGiB: 100,
            engineVersion: "3.6.1",
            exclude: [],
            serviceRoles: "create",
            alarmAfterMinutes: 15,
            peerRegion: "managed",
            backupRetentionDays: 7,
          },
          rotation: { secretDays: 30, keyDays: 365 },
          objectives: { disruption: "region" },
          acceptEdits: [],
          logRetentionDays: 90,
          protect: true,
          region: "us-east-1",
        }),
      ),
    );
  });

  it("takes empty texts and empty objects, Pulumi.yaml's defaults, as not set", () => {
    const bare = toRaw("us-east-1", { ...minimal, web: undefined, protect: false });
    const raw = { ...bare };
    const empty = { peerStack: "", certificateArn: "", alarmEmail: "", web: "{}" };
    for (const [key, value] of Object.entries(empty)) raw[`pe-platform:${key}`] = value;
    assert.deepEqual(parseConfig(raw, "one"), parseConfig(bare, "one"));
  });

  it("takes a YAML number for text", () => {
    const windows = { version: 2019, amiRelease: "2026.10.14" };
    const config = parseConfig(toRaw("us-east-1", { ...minimal, web: { windows } }), "one");
    assert.equal(config.web.windows.version, "2019");
    assert.equal(config.web.windows.amiId, undefined);
  });

  it("leaves other namespaces alone", () => {
    const raw = { ...toRaw("us-east-1", minimal), "aws:defaultTags": "{}", "awsx:x": "1" };
    assert.equal(parseConfig(raw, "one").region, "us-east-1");
  });

  it("lets storage double by default, and turns growth off where there is no room", () => {
    const grown = (storageGiB: number) => maximum({ storageGiB, iops: 9000 });
    assert.deepEqual([100, 10_000, 16_000].map(grown), [200, 16_384, 16_000]);
  });

  it("lets storage grow no further than gp3 takes with the database's iops", () => {
    const grown = (iops: number) => maximum({ storageGiB: 5000, iops });
    assert.deepEqual([3000, 4500, 6000].map(grown), [6000, 9000, 10_000]);
    assert.equal(maximum({ storageGiB: 6000, maxStorageGiB: 6000, iops: 3000 }), 6000);
  });

  it("reads either private gateway", () => {
    const privately = (privateGateway: object) =>
      parseConfig(
        toRaw("us-east-1", {
          ...minimal,
          exposure: "private",
          certificateArn: `arn:aws:acm:us-east-1:123456789012:certificate/${"1".repeat(36)}`,
          network: { ...minimal.network, privateGateway, clientCidrs: ["10.100.0.0/16"] },
        }),
        "one",
      ).network.privateGateway;
    for (const gateway of [
      { transitGatewayId: "tgw-0123456789abcdef0" },
      { directConnectGatewayId: "5f294f92-bafb-4011-916d-9b0bd8a6f1c2", amazonSideAsn: 64512 },
    ]) {
      assert.deepEqual(privately(gateway), gateway);
    }
  });

  it("accepts every generated config, with the numbers it was given", () => {
    fc.assert(
      fc.property(validRawConfig(), ({ raw, stack }) => {
        const config = parseConfig(raw, stack);
        assert.equal(String(config.azCount), raw["pe-platform:azCount"]);
        assert.equal(config.region, raw["aws:region"]);
        assert.ok(config.network.clientCidrs.length > 0);
        assert.equal(config.exposure === "private", config.network.privateGateway !== undefined);
        const { storageGiB, maxStorageGiB, iops } = config.database;
        assert.ok(maxStorageGiB >= storageGiB && maxStorageGiB <= 2 * iops);
      }),
      { numRuns: 300 },
    );
  });

  it("generates configs over the whole space", () => {
    const seen = new Set<string>();
    fc.sample(validRawConfig(), { numRuns: 1500, seed: 1 }).forEach(({ raw, stack }) => {
      const config = parseConfig(raw, stack);
      const active = config.regions.slice(0, config.regionCount).includes(config.region);
      seen.add(`azCount ${config.azCount}`).add(`regionCount ${config.regionCount}`);
      seen.add(config.exposure).add(`nat ${config.network.natGateways}`);
      seen.add(config.database.edition).add(`home ${config.region === config.regions[0]}`);
      seen.add(`active ${active}`).add(`endpoints ${config.network.interfaceEndpoints}`);
      seen.add(`version ${config.web.windows.version}`).add(config.region);
      seen.add(Object.keys(config.network.privateGateway ?? { none: 0 })[0] ?? "");
      const { mode, ownership, writer, peerRegion } = config.replication;
      seen.add(`${mode} of ${config.regionCount}`).add(`app ${config.database.appAccess}`);
      seen.add(`owned by ${Object.keys(ownership ?? { nobody: 0 })[0]}`).add(peerRegion);
      seen.add(`home writes ${writer === config.regions[0]}`);
    });
    const values = ["azCount 1", "azCount 2", "azCount 3", "regionCount 1", "regionCount 2"];
    const more = ["public", "private", "nat none", "nat single", "nat onePerAz", "nat undefined"];
    const rest = ["enterprise", "standard", "web", "home true", "home false", "active false"];
    const last = ["endpoints false", "version 2008", "transitGatewayId", "us-east-1"];
    const modes = ["none", "oneWay", "twoWay"].flatMap((mode) => [`${mode} of 1`, `${mode} of 2`]);
    const owners = ["owned by nobody", "owned by tables", "owned by tenantColumn", "untouched"];
    const writers = ["home writes true", "home writes false", "app readOnly", "app readWrite"];
    const replication = [...modes, ...owners, ...writers, "directConnectGatewayId"];
    for (const value of [...values, ...more, ...rest, ...last, ...replication]) {
      assert.ok(seen.has(value), `never generated: ${value}`);
    }
  });

  it("survives any text, with a ConfigError at worst", () => {
    const keys = fc.constantFrom(...Object.keys(configSchema.shape), "x");
    const text = fc.oneof(fc.string(), fc.json());
    fc.assert(
      fc.property(
        fc.dictionary(
          keys.map((key) => `pe-platform:${key}`),
          text,
        ),
        (raw) => {
          assert.throws(() => parseConfig(raw, "one"), ConfigError);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("a value of any kind, for any key", () => {
  // What text cannot be made of, what inherits nothing, what is long: hints look at all of it.
  const odd = JSON.parse('{"toString":1,"valueOf":1,"__proto__":{"a":1}}') as object;
  const values = [odd, [odd], Array(60).fill(odd), [[odd]], { a: odd }, { a: [odd] }, -1e99, ""];
  const paths = Object.entries(configSchema.shape).flatMap(([name, schema]) => {
    const inner = innerSchema(schema);
    if (!(inner instanceof z.ZodObject)) return [[name]];
    const nested = Object.keys(inner.shape).map((key) => [name, key]);
    return name === "replication"
      ? [...nested, ...["tables", "tenantColumn", "values"].map((key) => [name, "ownership", key])]
      : nested;
  });

  it("is a ConfigError at worst", () => {
    for (const path of paths) {
      for (const value of values) {
        const set = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
        const raw = toRaw("us-east-1", { ...minimal, ...(set as Record<string, unknown>) });
        try {
          parseConfig(raw, "one");
        } catch (error) {
          assert.ok(error instanceof ConfigError, `${path.join(".")}: ${String(error)}`);
        }
      }
    }
  });
});

describe("the stack files", () => {
  const stacks = ["prod-east", "prod-west", "cost-saver"].map((stack) => ({
    stack,
    config: parseConfig(readStackConfig(stack), stack),
  }));
  const [east, west, saver] = stacks.map(({ config }) => config);

  it("are valid, and fit together", () => {
    assert.deepEqual(crossCheck(stacks), []);
  });

  it("are two regions of one installation, and a small one of its own", () => {
    assert.deepEqual(
      stacks.map(({ config }) => [config.region, config.azCount, config.regionCount]),
      [
        ["us-east-1", 3, 2],
        ["us-west-2", 3, 2],
        ["us-east-1", 1, 1],
      ],
    );
    assert.equal(east!.domain, west!.domain);
    assert.notEqual(saver!.domain, east!.domain);
    assert.deepEqual([east!.peerStack, west!.peerStack], ["prod-west", "prod-east"]);
  });

  it("tag everything with stack, owner, and a project that is the installation's", () => {
    const tags = (stack: string) =>
      (JSON.parse(readStackConfig(stack)["aws:defaultTags"] ?? "{}") as { tags: unknown }).tags;
    assert.deepEqual(
      stacks.map(({ stack }) => tags(stack)),
      [
        { project: "pe-platform", stack: "prod-east", owner: "platform-team" },
        { project: "pe-platform", stack: "prod-west", owner: "platform-team" },
        { project: "pe-platform-cost-saver", stack: "cost-saver", owner: "platform-team" },
      ],
    );
  });

  it("are explained: every file has comments, and names docs/config.md", () => {
    for (const { stack } of stacks) {
      const text = readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8");
      assert.ok((text.match(/^\s*# /gm) ?? []).length >= 8, `${stack} has too few comments`);
      assert.match(text, /docs\/config\.md/);
    }
  });
});
