import assert from "node:assert/strict";
import { isDocumentationDomain, warnings } from "../../../insight/figures/warnings";
import { parseConfig, type PlatformConfig } from "../../../stacks/config/platformConfig";
import { readStackConfig } from "../../../config/stackFiles";
import type { StackPlan } from "../../../insight/plan/plan";

const base = parseConfig(readStackConfig("prod-east"), "prod-east");
const calm: PlatformConfig = {
  ...base,
  azCount: 3,
  regionCount: 2,
  regions: ["us-east-1", "us-west-2"],
  region: "us-east-1",
  exposure: "public",
  domain: "platform.capital.com",
  hostedZone: "Z0123456789ABCDEFGHIJ",
  protect: true,
  alarmEmail: "operations@capital.com",
  network: {
    ...base.network,
    natGateways: undefined,
    interfaceEndpoints: true,
    clientCidrs: ["198.51.100.0/24"],
  },
  web: { ...base.web, windows: { version: "2022", amiRelease: "2026.10.14" } },
  app: { ...base.app, windows: { version: "2022", amiId: "ami-0123456789abcdef0" } },
  database: { ...base.database, deletionProtection: true, backupRetentionDays: 14 },
};
const planWith = (natGateways: number, type = "aws:ec2/natGateway:NatGateway"): StackPlan => ({
  stack: "prod-east",
  project: "pe-platform",
  region: "us-east-1",
  invokes: [],
  outputs: {},
  resources: Array.from({ length: natGateways }, (_, index) => ({
    urn: `urn:${index}`,
    type,
    name: `nat-${index}`,
    id: `nat-${index}`,
    custom: true,
    remote: false,
    expanded: true,
    path: `nat-${index}`,
    inputs: {},
    outputs: {},
    options: { dependencies: [], propertyDependencies: {} },
  })),
});
const codes = (change: Partial<PlatformConfig>, natGateways = 3): string[] =>
  warnings({ ...calm, ...change }, planWith(natGateways)).map(({ code }) => code);
const message = (code: string, change: Partial<PlatformConfig>): string =>
  warnings({ ...calm, ...change }, planWith(3)).find((found) => found.code === code)?.message ?? "";

describe("warnings", () => {
  it("has none for a careful config", () => {
    assert.deepEqual(codes({}), []);
  });

  const { network, database, web, replication } = calm;
  const west = { region: "us-west-2" };
  const ownership = { tenantColumn: "Owner", values: { "us-east-1": "e", "us-west-2": "w" } };
  const twoWay = { ...replication, mode: "twoWay", ownership } as const;
  const readOnly = { ...database, appAccess: "readOnly" } as const;
  const cases: [string, Partial<PlatformConfig>, number?][] = [
    ["inactive-region", { region: "eu-west-1" }],
    ["documentation-domain", { domain: "pe.example.com" }],
    ["zone-delegation", { hostedZone: "create" }],
    ["single-zone", { azCount: 1 }, 1],
    ["single-region", { regionCount: 1 }],
    ["no-replication", { replication: { ...replication, mode: "none" } }],
    ["remote-writer", west],
    ["remote-writer", { replication: { ...replication, writer: "us-west-2" } }],
    ["two-way", { replication: twoWay }],
    ["two-way", { replication: twoWay, ...west }],
    ["frozen-app", { database: readOnly }],
    ["deletion-protection-off", { database: { ...database, deletionProtection: false } }],
    ["protect-off", { protect: false }],
    ["floating-ami", { web: { ...web, windows: { version: "2022" } } }],
    ["single-nat", {}, 1],
    ["idle-nat", { azCount: 2, network: { ...network, natGateways: "onePerAz" } }],
    ["no-egress", { network: { ...network, interfaceEndpoints: false } }, 0],
    ["open-to-all", { network: { ...network, clientCidrs: ["0.0.0.0/0"] } }],
    ["short-backups", { database: { ...database, backupRetentionDays: 3 } }],
    ["silent-alarms", { alarmEmail: undefined }],
  ];
  for (const [code, change, natGateways] of cases) {
    const where = change.region ?? change.replication?.writer ?? calm.region;
    it(`warns: ${code} (${where})`, () => {
      assert.deepEqual(codes(change, natGateways), [code]);
    });
  }

  it("has nothing else to say about an inactive region", () => {
    const change = { region: "us-west-2", regionCount: 1, azCount: 1, protect: false } as const;
    assert.deepEqual(codes(change), ["inactive-region"]);
  });

  it("has nothing to say of a second region as it should be", () => {
    assert.deepEqual(codes({ regionCount: 2 }), []);
    assert.deepEqual(codes({ regionCount: 1 }), ["single-region"]);
  });

  it("says of a copy where writes go, that users here only read, and how to move the writer", () => {
    assert.match(
      message("remote-writer", west),
      /^Writes go to us-east-1: .*us-west-2's app can only read.*docs\/runbooks\/failover\.md\.$/,
    );
  });

  it("does not call a copy frozen: nobody would write there anyway", () => {
    assert.deepEqual(codes({ database: readOnly, ...west }), ["remote-writer"]);
    assert.deepEqual(codes({ database: readOnly, replication: twoWay, ...west }), [
      "two-way",
      "frozen-app",
    ]);
  });

  it("says what a twoWay start needs", () => {
    assert.match(message("two-way", { replication: twoWay }), /no conflicts.*oneWay.*foreign keys/);
  });

  it("reminds of what is held back, and of backups that stay in one region", () => {
    const held = { ...replication, peerRegion: "untouched", backupRetentionDays: 0 } as const;
    const found = codes({ replication: held, ...west });
    assert.deepEqual(found, ["remote-writer", "peer-untouched", "no-backup-copy"]);
    assert.match(message("peer-untouched", { replication: held, ...west }), /us-east-1.*managed/);
    assert.deepEqual(codes({ replication: { ...replication, backupRetentionDays: 0 } }), []);
  });

  it("says how a region is let go: what guards it, then the edits in their order", () => {
    const left = { region: "us-west-2", regionCount: 1 } as const;
    const text = message("inactive-region", left);
    assert.match(text, /`pulumi up` is refused while protect is on/);
    const parts = [
      "regionCount 2",
      "protect: false and database.deletionProtection: false, `pulumi up`",
      "regionCount 1, `pulumi up`",
      "final snapshot",
      "before that of us-east-1",
    ].map((part) => text.indexOf(part));
    assert.ok(!parts.includes(-1), text);
    assert.deepEqual(
      parts,
      parts.toSorted((a, b) => a - b),
    );
    assert.match(message("inactive-region", { ...left, protect: false }), /deletes what it had/);
  });

  it("explains the internet gateway of a private network", () => {
    const plan = planWith(1, "aws:ec2/internetGateway:InternetGateway");
    const found = warnings({ ...calm, exposure: "private" }, plan);
    assert.ok(found.some(({ code }) => code === "idle-internet-gateway"));
    assert.ok(!codes({ exposure: "private" }, 0).includes("idle-internet-gateway"));
  });

  it("does not wait for a delegation when the certificate is given or the zone private", () => {
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/a";
    assert.deepEqual(codes({ hostedZone: "create", certificateArn }), []);
    assert.deepEqual(codes({ hostedZone: "create", exposure: "private" }), []);
  });

  it("names the tiers whose image floats", () => {
    const windows = { version: "2022" } as const;
    const warning = warnings(
      { ...calm, web: { ...web, windows }, app: { ...calm.app, windows } },
      planWith(3),
    ).find(({ code }) => code === "floating-ami");
    assert.match(
      warning?.message ?? "",
      /pin web\.windows\.amiRelease and app\.windows\.amiRelease to have all servers equal\.$/,
    );
  });

  it("knows the names nobody can own", () => {
    for (const domain of [
      "example.com",
      "pe.example.org",
      "PE.Example.NET.",
      "a.test",
      "b.invalid",
    ]) {
      assert.ok(isDocumentationDomain(domain), domain);
    }
    for (const domain of ["notexample.com", "example.com.au", "latest.io"]) {
      assert.ok(!isDocumentationDomain(domain), domain);
    }
  });
});
