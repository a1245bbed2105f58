import assert from "node:assert/strict";
import { awsxOutputs, expandVpc, type ExpandedResource } from "../../../insight/plan/awsxExpansion";
import type { JsonObject } from "../../../catalogue/json";

const urn = "urn:pulumi:alpha::pe-platform::awsx:ec2:Vpc::net";
const spec = (type: string, name: string, third: number): JsonObject => ({
  type,
  name,
  cidrBlocks: [0, 1, 2].map((zone) => `10.30.${third + zone}.0/24`),
});
const inputs = (strategy: string | undefined, ...specs: JsonObject[]): JsonObject => ({
  cidrBlock: "10.30.0.0/16",
  availabilityZoneNames: ["us-east-1a", "us-east-1b", "us-east-1c"],
  subnetSpecs: specs,
  ...(strategy && { natGateways: { strategy } }),
  tags: { project: "pe" },
});
const all = [
  spec("Isolated", "data", 20),
  spec("Private", "servers", 10),
  spec("Public", "edge", 0),
];
const names = (created: ExpandedResource[], type: string): string[] =>
  created.filter((item) => item.type.endsWith(`:${type}`)).map(({ name }) => name);
const only = (created: ExpandedResource[], type: string, name: string): ExpandedResource => {
  const found = created.filter((item) => item.type.endsWith(`:${type}`) && item.name === name);
  assert.equal(found.length, 1, `${type} ${name}`);
  return found[0]!;
};

describe("expansion of the awsx network", () => {
  it("lays every kind of subnet out in every zone, with its own route table", () => {
    const created = expandVpc("net", inputs("OnePerAz", ...all), urn);
    const subnets = ["edge", "servers", "data"].flatMap((name) =>
      [1, 2, 3].map((n) => `net-${name}-${n}`),
    );
    for (const type of ["Subnet", "RouteTable", "RouteTableAssociation"]) {
      assert.deepEqual(names(created, type).sort(), [...subnets].sort(), type);
    }
    assert.deepEqual(names(created, "Vpc"), ["net"]);
    assert.deepEqual(names(created, "InternetGateway"), ["net"]);
    const { inputs: subnet } = only(created, "Subnet", "net-data-2");
    assert.equal(subnet.cidrBlock, "10.30.21.0/24");
    assert.equal(subnet.availabilityZone, "us-east-1b");
    assert.equal(subnet.mapPublicIpOnLaunch, false);
    assert.deepEqual(subnet.tags, { Name: "net-data-2", project: "pe", SubnetType: "Isolated" });
    assert.equal(only(created, "Subnet", "net-edge-1").inputs.mapPublicIpOnLaunch, true);
  });

  it("routes public subnets to the internet gateway, private ones to their zone's NAT", () => {
    const created = expandVpc("net", inputs("OnePerAz", ...all), urn);
    assert.deepEqual(names(created, "NatGateway"), ["net-1", "net-2", "net-3"]);
    assert.deepEqual(names(created, "Eip"), ["net-1", "net-2", "net-3"]);
    assert.deepEqual(
      names(created, "Route").filter((name) => name.includes("data")),
      [],
    );
    const { publicSubnetIds } = awsxOutputs("net", inputs("OnePerAz", ...all), urn);
    const nat = only(created, "NatGateway", "net-3").inputs;
    assert.equal(nat.subnetId, (publicSubnetIds as string[])[2]);
    const targets = [1, 2, 3].map(
      (n) => only(created, "Route", `net-servers-${n}`).inputs.natGatewayId,
    );
    assert.equal(new Set(targets).size, 3);
    assert.match(String(only(created, "Route", "net-edge-1").inputs.gatewayId), /^igw-/);
  });

  it("sends all zones through one NAT gateway when told to", () => {
    const created = expandVpc("net", inputs("Single", ...all), urn);
    assert.deepEqual(names(created, "NatGateway"), ["net-1"]);
    const targets = [1, 2, 3].map(
      (n) => only(created, "Route", `net-servers-${n}`).inputs.natGatewayId,
    );
    assert.equal(new Set(targets).size, 1);
  });

  it("creates no way out without NAT gateways", () => {
    const closed = expandVpc("net", inputs("None", ...all.slice(0, 2)), urn);
    assert.deepEqual(names(closed, "Route"), []);
    assert.deepEqual(names(closed, "NatGateway"), []);
    assert.deepEqual(names(closed, "InternetGateway"), ["net"]);
  });

  it("names parents before children", () => {
    const created = expandVpc("net", inputs(undefined, ...all), urn);
    created.forEach(({ parent, name }, index) => assert.ok((parent ?? -1) < index, name));
    const association = only(created, "RouteTableAssociation", "net-data-1");
    assert.equal(created[association.parent!]?.type, "aws:ec2/routeTable:RouteTable");
  });

  it("answers with as many ids of each kind as it creates", () => {
    const outputs = awsxOutputs("net", inputs("Single", ...all), urn);
    assert.equal((outputs.isolatedSubnetIds as string[]).length, 3);
    assert.equal((outputs.routeTables as string[]).length, 9);
    assert.equal((outputs.natGateways as string[]).length, 1);
    assert.match(String(outputs.vpcId), /^vpc-0[0-9a-f]{16}$/);
  });

  it("refuses what awsx refuses: NAT gateways without public subnets", () => {
    assert.throws(
      () => expandVpc("net", inputs(undefined, ...all.slice(0, 2)), urn),
      /NAT gateways \(OnePerAz\) without both public and private/,
    );
  });

  it("refuses to guess zones or addresses", () => {
    const open = { ...inputs("None", ...all), availabilityZoneNames: ["us-east-1a"] };
    assert.throws(() => expandVpc("net", open, urn), /"data" has 3 cidrBlocks/);
    assert.throws(() => expandVpc("net", {}, urn), /give availabilityZoneNames/);
  });
});
