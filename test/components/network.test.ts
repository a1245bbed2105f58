import assert from "node:assert/strict";
import { endpointServices, Network, type NetworkArgs } from "../../components/network/network";
import { cidrPlan } from "../../stacks/cidrPlan";
import { allOf, only, record } from "../support/record";
import { assertInputs, names, parentOf, statement, waitsFor } from "./support";

const args: NetworkArgs = {
  region: "us-east-1",
  cidrBlock: "10.10.0.0/16",
  zones: cidrPlan("10.10.0.0/16").map((zone) => ({
    ...zone,
    availabilityZone: `us-east-1${zone.letter}`,
  })),
  activeZones: ["a", "b"],
  natGateways: "single",
  logKeyArn: "arn:aws:kms:us-east-1:123456789012:key/logs",
  logRetentionDays: 90,
};
const transit = { transitGatewayId: "tgw-0123456789abcdef0" };
const direct = {
  directConnectGatewayId: "5f294f92-bafb-4011-916d-9b0bd8a6f1c2",
  amazonSideAsn: 64512,
};

const build = (changes: Partial<NetworkArgs> = {}) =>
  record(() => new Network("net", { ...args, ...changes }));

describe("Network", () => {
  it("gives awsx every zone and address, so that it computes none", async () => {
    const plan = await build();
    const vpc = only(plan, "awsx:ec2:Vpc");
    assert.equal(vpc.remote, true);
    assert.deepEqual(vpc.inputs.availabilityZoneNames, ["us-east-1a", "us-east-1b", "us-east-1c"]);
    const specs = vpc.inputs.subnetSpecs as { type: string; cidrBlocks: string[] }[];
    assert.deepEqual(
      specs.map(({ type, cidrBlocks }) => [type, cidrBlocks.length]),
      [
        ["Public", 3],
        ["Private", 3],
        ["Isolated", 3],
      ],
    );
    assert.equal(vpc.inputs.enableDnsHostnames, true);
    assert.equal(vpc.inputs.enableDnsSupport, true);
  });

  for (const [strategy, count] of [
    ["none", 0],
    ["single", 1],
    ["onePerAz", 3],
  ] as const) {
    it(`builds ${count} NAT gateways for "${strategy}"`, async () => {
      const plan = await build({ natGateways: strategy });
      assert.equal(allOf(plan, "NatGateway").length, count);
      assert.equal(allOf(plan, "Subnet").length, 9);
    });
  }

  it("empties the default security group", async () => {
    const group = only(await build(), "DefaultSecurityGroup", "net-default");
    assertInputs(group, { ingress: [], egress: [] });
  });

  it("puts interface endpoints with private DNS into the active zones, behind one closed group", async () => {
    const plan = await build();
    const group = only(plan, "SecurityGroup", "net-endpoints");
    assert.equal(group.inputs.ingress, undefined);
    assert.equal(group.inputs.egress, undefined);
    const subnets = allOf(plan, "Subnet").filter(({ name }) => /private-[12]$/.test(name));
    const interfaces = allOf(plan, "VpcEndpoint").filter(({ name }) => name !== "net-s3");
    assert.equal(interfaces.length, endpointServices.length);
    for (const service of endpointServices) {
      const endpoint = only(plan, "VpcEndpoint", `net-${service}`);
      assertInputs(endpoint, {
        serviceName: `com.amazonaws.us-east-1.${service}`,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: subnets.map(({ id }) => id),
        securityGroupIds: [group.id],
      });
    }
  });

  it("pays for no endpoint of ec2messages, which current agents leave and newer regions lack", async () => {
    assert.ok(!names(await build(), "VpcEndpoint").includes("net-ec2messages"));
  });

  it("keeps the endpoints of S3 and Secrets Manager where the others are off", async () => {
    const plan = await build({ interfaceEndpoints: false });
    assert.deepEqual(names(plan, "VpcEndpoint"), ["net-s3", "net-secretsmanager"]);
    const [group] = allOf(plan, "SecurityGroup");
    const endpoint = only(plan, "VpcEndpoint", "net-secretsmanager");
    assertInputs(endpoint, { securityGroupIds: [group?.id], privateDnsEnabled: true });
  });

  it("routes S3 from private and isolated subnets of every zone, also in a private network", async () => {
    for (const changes of [{}, { privateGateway: transit, natGateways: "none" } as const]) {
      const plan = await build(changes);
      const tables = allOf(plan, "RouteTable").filter(({ name }) => !name.includes("public"));
      const endpoint = only(plan, "VpcEndpoint", "net-s3");
      assert.deepEqual(
        [...(endpoint.inputs.routeTableIds as string[])].sort(),
        tables.map(({ id }) => id).sort(),
      );
    }
  });

  it("logs all traffic to an encrypted group that its role alone can write", async () => {
    const plan = await build();
    const group = only(plan, "LogGroup", "net-flow-logs");
    assertInputs(group, { kmsKeyId: args.logKeyArn, retentionInDays: 90 });
    const log = only(plan, "FlowLog", "net-flow-logs");
    assertInputs(log, { trafficType: "ALL", logDestination: String(group.outputs.arn) });
    const policy = only(plan, "RolePolicy", "net-flow-logs");
    assert.ok(waitsFor(log, policy), "the log starts before its role may write");
    const arn = String(group.outputs.arn);
    assert.deepEqual(statement(policy, "WriteFlowLogs").Resource, [arn, `${arn}:*`]);
    const trust = String(only(plan, "Role", "net-flow-logs").inputs.assumeRolePolicy);
    assert.match(trust, /"Service":"vpc-flow-logs\.amazonaws\.com"/);
  });

  it("parents everything to itself and tags it", async () => {
    const plan = await build();
    const component = only(plan, "pe:platform:Network");
    assert.equal(parentOf(plan, only(plan, "awsx:ec2:Vpc")).urn, component.urn);
    for (const endpoint of allOf(plan, "VpcEndpoint")) {
      assert.equal(endpoint.parent, component.urn);
      assert.equal((endpoint.inputs.tags as Record<string, string>)["pe:component"], "net");
    }
  });
});

describe("a private Network", () => {
  const isPrivate = { natGateways: "none", privateGateway: transit } as const;

  it("has no public subnet, no NAT and no route to the internet gateway", async () => {
    const plan = await build(isPrivate);
    assert.equal(allOf(plan, "Subnet").length, 6);
    assert.equal(allOf(plan, "NatGateway").length + allOf(plan, "Eip").length, 0);
    assert.ok(allOf(plan, "Route").every(({ inputs }) => inputs.gatewayId === undefined));
  });

  it("keeps the names and addresses of the subnets it shares with a public one", async () => {
    const subnets = async (changes: Partial<NetworkArgs>) =>
      new Map(
        allOf(await build(changes), "Subnet").map(({ name, inputs }) => [name, inputs.cidrBlock]),
      );
    const open = await subnets({});
    for (const [name, cidr] of await subnets(isPrivate)) assert.equal(open.get(name), cidr);
  });

  it("attaches to the transit gateway before it routes everything there", async () => {
    const plan = await build(isPrivate);
    const attachment = only(plan, "VpcAttachment", "net-gateway");
    const subnets = allOf(plan, "Subnet").filter(({ name }) => name.includes("private"));
    assertInputs(attachment, { ...transit, subnetIds: subnets.map(({ id }) => id) });
    const tables = new Map(allOf(plan, "RouteTable").map(({ id, name }) => [id, name]));
    for (const [index, letter] of ["a", "b", "c"].entries()) {
      const route = only(plan, "Route", `net-gateway-${letter}`);
      assertInputs(route, { destinationCidrBlock: "0.0.0.0/0", ...transit });
      assert.equal(tables.get(String(route.inputs.routeTableId)), `net-private-${index + 1}`);
      assert.ok(waitsFor(route, attachment));
    }
  });

  it("joins a Direct Connect gateway through its own gateway, and takes routes from there", async () => {
    const plan = await build({ natGateways: "none", privateGateway: direct });
    const gateway = only(plan, "VpnGateway", "net-gateway");
    assert.equal(gateway.inputs.amazonSideAsn, "64512");
    const association = only(plan, "GatewayAssociation", "net-gateway");
    assertInputs(association, {
      dxGatewayId: direct.directConnectGatewayId,
      associatedGatewayId: gateway.id,
      allowedPrefixes: ["10.10.0.0/16"],
    });
    assert.equal(association.options.customTimeouts?.create, "60m");
    assert.deepEqual(names(plan, "VpnGatewayRoutePropagation"), [
      "net-gateway-a",
      "net-gateway-b",
      "net-gateway-c",
    ]);
    assert.equal(allOf(plan, "VpcAttachment").length, 0);
  });
});
