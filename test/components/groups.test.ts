import assert from "node:assert/strict";
import { AllowedFlow, type AllowedFlowArgs } from "../../components/base/allowedFlow";
import { SecurityGroups } from "../../components/base/securityGroups";
import { allOf, only, record } from "../support/record";
import { assertInputs, names } from "./support";

describe("SecurityGroups", () => {
  it("makes one closed group per station, and for what works on the database", async () => {
    const plan = await record(() => new SecurityGroups("groups", { vpcId: "vpc-1" }));
    assert.deepEqual(names(plan, "SecurityGroup"), [
      "groups-app-load-balancer",
      "groups-app-servers",
      "groups-database",
      "groups-database-functions",
      "groups-replication",
      "groups-web-load-balancer",
      "groups-web-servers",
    ]);
    for (const group of allOf(plan, "SecurityGroup")) {
      assertInputs(group, { vpcId: "vpc-1", ingress: undefined, egress: undefined });
    }
  });
});

describe("AllowedFlow", () => {
  const build = (ends: Pick<AllowedFlowArgs, "from" | "to">) =>
    record(() => new AllowedFlow("flow", { ...ends, port: 1433, reason: "because" }));
  const rule = { ipProtocol: "tcp", fromPort: 1433, toPort: 1433, description: "because" };

  it("between two groups is a rule at each end", async () => {
    const plan = await build({ from: { groupId: "sg-from" }, to: { groupId: "sg-to" } });
    assertInputs(only(plan, "SecurityGroupEgressRule", "flow"), {
      ...rule,
      securityGroupId: "sg-from",
      referencedSecurityGroupId: "sg-to",
    });
    assertInputs(only(plan, "SecurityGroupIngressRule", "flow"), {
      ...rule,
      securityGroupId: "sg-to",
      referencedSecurityGroupId: "sg-from",
    });
  });

  it("from addresses is the receiver's rule only", async () => {
    const plan = await build({ from: { cidr: "10.0.0.0/8" }, to: { groupId: "sg-to" } });
    assertInputs(only(plan, "SecurityGroupIngressRule"), { ...rule, cidrIpv4: "10.0.0.0/8" });
    assert.equal(allOf(plan, "SecurityGroupEgressRule").length, 0);
  });

  it("to a prefix list is the sender's rule only", async () => {
    const plan = await build({ from: { groupId: "sg-from" }, to: { prefixListId: "pl-1" } });
    assertInputs(only(plan, "SecurityGroupEgressRule"), { ...rule, prefixListId: "pl-1" });
    assert.equal(allOf(plan, "SecurityGroupIngressRule").length, 0);
  });

  it("with nothing of ours at either end is a mistake of the program", async () => {
    const wrong = build({ from: { cidr: "10.0.0.0/8" }, to: { cidr: "10.1.0.0/16" } });
    await assert.rejects(wrong, /The flow flow has no security group/);
  });
});
