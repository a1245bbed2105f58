import assert from "node:assert/strict";
import { isDocumentationDomain, warnings } from "../../insight/warnings";
import { parseConfig, type PlatformConfig } from "../../stacks/config";
import { readStackConfig } from "../../insight/stackFiles";
import type { StackPlan } from "../../insight/plan";

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
  warnings({ ...calm, ...change }, planWith(natGateways))
    .map(({ code }) => code)
    .filter((code) => code !== "no-replication"); // Goes with every second region; tested below.

describe("warnings", () => {
  it("has none for a careful config", () => {
    assert.deepEqual(codes({}), []);
  });

  const { network, database, web } = calm;
  const cases: [string, Partial<PlatformConfig>, number?][] = [
    ["inactive-region", { region: "eu-west-1" }],
    ["documentation-domain", { domain: "pe.example.com" }],
    ["zone-delegation", { hostedZone: "create" }],
    ["single-zone", { azCount: 1 }, 1],
    ["single-region", { regionCount: 1 }],
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
    it(`warns: ${code}`, () => {
      assert.deepEqual(codes(change, natGateways), [code]);
    });
  }

  it("has nothing else to say about an inactive region", () => {
    const change = { region: "us-west-2", regionCount: 1, azCount: 1, protect: false } as const;
    assert.deepEqual(codes(change), ["inactive-region"]);
  });

  it("says of two regions that nothing replicates the database, and of one that it is alone", () => {
    const all = (regionCount: 1 | 2): string[] =>
      warnings({ ...calm, regionCount }, planWith(3)).map(({ code }) => code);
    assert.deepEqual(all(2), ["no-replication"]);
    assert.deepEqual(all(1), ["single-region"]);
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
