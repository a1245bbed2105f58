import fc from "fast-check";
import { regions } from "../../../stacks/config/formats";
import { acceptableEdits } from "../../../stacks/editRules";

/** A config that validates, in the engine's raw form. */
export interface RawConfig {
  raw: Record<string, string>;
  stack: string;
}

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });

const letters = [..."abcdef"];

interface Installation {
  region: string;
  regions: string[];
  azCount: number;
  regionCount: number;
  exposure: "public" | "private";
  /** Absent: the default, oneWay. */
  mode?: "none" | "oneWay" | "twoWay";
}

/** Either region of an installation of one or two; a region that is not in use is included. */
const installation: fc.Arbitrary<Installation> = fc
  .record({
    regions: fc.uniqueArray(fc.constantFrom(...regions), { minLength: 1, maxLength: 2 }),
    azCount: fc.constantFrom(1, 2, 3),
    wanted: fc.constantFrom(1, 2),
    position: fc.nat(1),
    exposure: fc.constantFrom("public" as const, "private" as const),
    mode: fc.constantFrom(undefined, "none" as const, "oneWay" as const, "twoWay" as const),
  })
  .map(({ regions: named, azCount, wanted, position, exposure, mode }) => ({
    region: named[position % named.length] ?? "us-east-1",
    regions: named,
    azCount,
    regionCount: Math.min(wanted, named.length),
    exposure,
    ...(mode && { mode }),
  }));

function replicates({ regionCount, mode }: Installation): boolean {
  return regionCount === 2 && mode !== "none";
}

const gateway = fc.oneof(
  fc.record({ transitGatewayId: hex(17).map((id) => `tgw-${id}`) }),
  fc.record({
    directConnectGatewayId: fc.uuid(),
    amazonSideAsn: fc.oneof(
      fc.integer({ min: 64_512, max: 65_534 }),
      fc.integer({ min: 4_200_000_000, max: 4_294_967_294 }),
    ),
  }),
);

const vpcCidr = fc.oneof(
  fc.integer({ min: 0, max: 199 }).map((second) => `10.${second}.0.0/16`),
  fc.integer({ min: 16, max: 31 }).map((second) => `172.${second}.0.0/16`),
  fc.constant("192.168.0.0/16"),
);

const publicClients = fc.oneof(
  fc.constant(["0.0.0.0/0"]),
  fc.uniqueArray(
    fc.nat(255).map((third) => `203.0.${third}.0/24`),
    { minLength: 1, maxLength: 4 },
  ),
);

// 10.200.0.0 and up: clear of every VPC above.
const privateClients = fc.uniqueArray(
  fc.oneof(
    fc.integer({ min: 200, max: 255 }).map((second) => `10.${second}.0.0/16`),
    fc.nat(63).map((offset) => `100.${64 + offset}.0.0/16`),
  ),
  { minLength: 1, maxLength: 4 },
);

function network({ region, exposure }: Installation): fc.Arbitrary<object> {
  const zones = fc
    .uniqueArray(fc.constantFrom(...letters), { minLength: 3, maxLength: 3 })
    .map((chosen) => chosen.map((letter) => `${region}${letter}`));
  const shared = { cidrBlock: vpcCidr, availabilityZones: zones };
  if (exposure === "private") {
    return fc.record(
      {
        ...shared,
        clientCidrs: privateClients,
        privateGateway: gateway,
        natGateways: fc.constant("none"),
        interfaceEndpoints: fc.boolean(),
      },
      { requiredKeys: ["cidrBlock", "availabilityZones", "clientCidrs", "privateGateway"] },
    );
  }
  return fc
    .record(
      {
        ...shared,
        clientCidrs: publicClients,
        natGateways: fc.constantFrom("none", "single", "onePerAz"),
        interfaceEndpoints: fc.boolean(),
      },
      { requiredKeys: ["cidrBlock", "availabilityZones"] },
    )
    .map((all) => (all.natGateways === "none" ? { ...all, interfaceEndpoints: true } : all));
}

const amiId = hex(17).map((id) => `ami-${id}`);
const amazons = fc.constantFrom("2016", "2019", "2022", "2025");
const namedImages = [
  fc.record({ version: amazons, amiRelease: fc.constantFrom("2026.10.14", "2026.11.11") }),
  fc.record({ version: fc.constantFrom("2008", "2012", "2022"), amiId }),
];

const tier = (protect: boolean) =>
  fc.record(
    {
      instanceType: fc.constantFrom(
        "t3.small",
        "t3.large",
        "m6i.large",
        "m6i.4xlarge",
        "m7i.xlarge",
        "m7i-flex.large",
        "c7a.2xlarge",
        "r6id.xlarge",
      ),
      instancesPerAz: fc
        .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
        .map(([one, other]) => ({ min: Math.min(one, other), max: Math.max(one, other) })),
      rootVolumeGiB: fc.integer({ min: 30, max: 16_384 }),
      windows: fc.oneof(...namedImages, ...(protect ? [] : [fc.record({ version: amazons })])),
      artifact: fc.record({
        bucket: fc.constant("releases-example"),
        key: fc.constantFrom("web/1.zip", "app/2.zip"),
        sha256: hex(64),
      }),
      stickySessionMinutes: fc.integer({ min: 0, max: 10_080 }),
    },
    { requiredKeys: protect ? ["windows"] : [] },
  );

const classes = {
  enterprise: ["db.m6i.xlarge", "db.r6i.32xlarge", "db.t3.xlarge", "db.x2iedn.8xlarge"],
  standard: ["db.m6i.large", "db.r6i.8xlarge", "db.t3.xlarge", "db.m5.24xlarge", "db.r7i.large"],
  web: ["db.t3.small", "db.t3.large", "db.m6i.large", "db.r6i.4xlarge", "db.m5.4xlarge"],
};

const windows = [
  { backupWindow: "05:00-06:00", maintenanceWindow: "sun:07:00-sun:09:00" },
  { backupWindow: "23:30-00:30", maintenanceWindow: "sun:22:00-sun:23:30" },
  { backupWindow: "12:00-12:30", maintenanceWindow: "sun:23:00-mon:02:00" },
];

function database(chosen: Installation, protect: boolean): fc.Arbitrary<object> {
  const editions = (["enterprise", "standard", "web"] as const).filter(
    (edition) => !replicates(chosen) || edition !== "web",
  );
  const size = fc
    .tuple(fc.integer({ min: 20, max: 14_000 }), fc.constantFrom(0, 0.1, 0.5, 3))
    .chain(([storageGiB, growth]) => {
      const room = Math.min(Math.ceil(storageGiB * (1 + growth)) + 1, 16_384);
      const maxStorageGiB = room * 10 < storageGiB * 11 ? storageGiB : room;
      return fc.record({
        storageGiB: fc.constant(storageGiB),
        maxStorageGiB: fc.constant(maxStorageGiB),
        iops: fc.integer({
          min: Math.max(3000, Math.ceil(maxStorageGiB / 2)),
          max: Math.min(16_000, storageGiB * 500),
        }),
      });
    });
  const rest = fc.record(
    {
      name: fc.constantFrom("platform", "Fund Admin", "_pe-2"),
      appAccess: fc.constantFrom("readWrite", "readOnly"),
      engineVersion: fc.constantFrom("16.00.4236.2.v1", "15.00.4455.2.v1", "14.00.3401.7.v1"),
      backupRetentionDays: fc.integer({ min: 1, max: 35 }),
      deletionProtection: protect ? fc.constant(true) : fc.boolean(),
      performanceInsights: fc.boolean(),
      monitoringIntervalSeconds: fc.constantFrom(0, 1, 5, 10, 15, 30, 60),
      applyImmediately: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const engine = fc.constantFrom(...editions).chain((edition) =>
    fc.record({
      edition: fc.constant(edition),
      instanceClass: fc.constantFrom(...classes[edition]),
    }),
  );
  return fc
    .tuple(size, rest, engine, fc.constantFrom(...windows))
    .map((parts) => Object.assign({}, ...parts) as object);
}

const ofSchemas = ["fund.%", "dbo.Investor%", "deal%.deal_"];
const patterns = ["%.%", "fund.%", "dbo.Investor%", "%.deal_"];

function tablesOf(schema: string): fc.Arbitrary<string[]> {
  const tables = ["%", "deal", "D_al%", "Order Details"].map((table) => `${schema}.${table}`);
  return fc.uniqueArray(fc.constantFrom(...tables), { minLength: 1, maxLength: 4 });
}

/** Both shapes, for every region of the installation; the schemas keep the regions apart. */
function ownership({ regions: named }: Installation): fc.Arbitrary<object> {
  const schemas = ["fund%", "deal%"];
  const tables = named.map((region, index) => [region, tablesOf(schemas[index] ?? "")] as const);
  const values = named.map((region, index) => [region, `owner ${index}`] as const);
  return fc.oneof(
    fc.record({ tables: fc.record(Object.fromEntries(tables)) }),
    fc.constant({ tenantColumn: "OwnerRegion", values: Object.fromEntries(values) }),
  );
}

function replication(chosen: Installation): fc.Arbitrary<object> {
  const { region, regions: named, regionCount, mode } = chosen;
  const alone = regionCount === 1 || region !== named[0];
  const owned = mode === "twoWay" ? ownership(chosen) : fc.constant(undefined);
  return owned.chain((owns) => {
    const byTable = owns !== undefined && "tables" in owns;
    const byColumn = owns !== undefined && !byTable;
    return fc
      .record(
        {
          writer: fc.constantFrom(...named.slice(0, regionCount)),
          tables: byTable
            ? fc.constant(["%.%"])
            : fc.uniqueArray(fc.constantFrom(...(byColumn ? ofSchemas : patterns)), {
                minLength: 1,
                maxLength: 4,
              }),
          instanceClass: fc.constantFrom("dms.t3.medium", "dms.c5.large", "dms.r6i.24xlarge"),
          storageGiB: fc.integer({ min: 5, max: 6144 }),
          engineVersion: fc.constantFrom("3.5.4", "3.6.1"),
          serviceRoles: fc.constantFrom("create", "exist"),
          alarmAfterMinutes: fc.integer({ min: 1, max: 1440 }),
          peerRegion: fc.constantFrom(...(alone ? ["managed", "untouched"] : ["managed"])),
          backupRetentionDays: fc.integer({ min: 0, max: 35 }),
        },
        { requiredKeys: byColumn ? ["tables"] : [] },
      )
      .chain((rest) => {
        const chosenTables = byTable ? tablesIn(owns) : [...(rest.tables ?? ["%.%"])];
        return leftOut(chosenTables).map((exclude) => ({ ...rest, ...exclude }));
      })
      .map((rest) => ({ ...rest, ...(mode && { mode }), ...(owns && { ownership: owns }) }));
  });
}

const tablesIn = (owns: object): string[] =>
  Object.values((owns as { tables: Record<string, string[]> }).tables).flat();

/** Some of the tables, never the platform's own. */
const leftOut = (tables: string[]): fc.Arbitrary<{ exclude?: string[] }> =>
  fc.record(
    { exclude: fc.subarray(tables.map((table) => (table === "%.%" ? "dbo.History" : table))) },
    { requiredKeys: [] },
  );

const rotation = fc.record(
  { secretDays: fc.integer({ min: 1, max: 365 }), keyDays: fc.integer({ min: 90, max: 2560 }) },
  { requiredKeys: [] },
);

const objectives = fc.record(
  {
    availability: fc.constantFrom(90, 99.5, 99.95),
    rtoMinutes: fc.constantFrom(0.5, 15, 1440),
    rpoMinutes: fc.constantFrom(0, 5, 60),
    monthlyBudgetUsd: fc.integer({ min: 1, max: 100_000 }),
    disruption: fc.constantFrom("instance", "zone", "region"),
  },
  { requiredKeys: [] },
);

function certificate(region: string): fc.Arbitrary<string> {
  return fc.uuid().map((id) => `arn:aws:acm:${region}:123456789012:certificate/${id}`);
}

/**
 * Configs that validate, over the whole space: every region, azCount, regionCount, exposure, NAT
 * setting, gateway, edition, image and way of replication; optional keys present or absent. Each object is whole or
 * minimal, so defaults are exercised too.
 */
export function validRawConfig(): fc.Arbitrary<RawConfig> {
  return fc.tuple(installation, fc.boolean()).chain(([chosen, protect]) =>
    fc
      .record(
        {
          network: network(chosen),
          domain: fc.constantFrom("platform.example.com", "a.co", "pe-2.eu.example.org"),
          hostedZone: fc.constantFrom("create", "Z0123456789ABCDEFGHIJ"),
          peerStack: fc.constant("prod-other"),
          web: tier(protect),
          app: tier(protect),
          database: database(chosen, protect),
          replication: replication(chosen),
          rotation,
          objectives,
          certificateArn: certificate(chosen.region),
          logRetentionDays: fc.constantFrom(1, 30, 90, 365, 3653),
          alarmEmail: fc.constant("operations@example.com"),
          acceptEdits: fc.subarray(acceptableEdits),
        },
        { requiredKeys: requiredKeys(chosen, protect) },
      )
      .map((keys) => ({
        stack: "prod-this",
        raw: toRaw(chosen.region, {
          ...keys,
          azCount: chosen.azCount,
          regionCount: chosen.regionCount,
          regions: chosen.regions,
          exposure: chosen.exposure,
          protect,
        }),
      })),
  );
}

type Key = "network" | "domain" | "certificateArn" | "peerStack" | "replication" | "web" | "app";

function requiredKeys(chosen: Installation, protect: boolean): Key[] {
  const { region, regions: named, regionCount, exposure, mode } = chosen;
  const peered = replicates(chosen) || (regionCount === 2 && region !== named[0]);
  return [
    "network",
    "domain",
    ...(exposure === "private" ? (["certificateArn"] as const) : []),
    ...(peered ? (["peerStack"] as const) : []),
    ...(mode ? (["replication"] as const) : []),
    ...(protect ? (["web", "app"] as const) : []),
  ];
}

/** The engine's form of values: text as it is, everything else as JSON. */
export function toRaw(region: string, values: Record<string, unknown>): Record<string, string> {
  const own = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [
      `pe-platform:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
  return { "aws:region": region, ...(Object.fromEntries(own) as Record<string, string>) };
}
