import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import { elements, query } from "../../local/emulator/api";
import { ownEmulator } from "./ownEmulator";

const ec2Version = "2016-11-15";

/** What local/emulator/emulator.py corrects and only shows now and then in a whole run. */
describe("the emulator's corrections", () => {
  const emulator = ownEmulator();
  const api =
    (service: string, version: string) => (action: string, parameters: Record<string, string>) =>
      query(
        { endpoint: emulator().endpoint, service, region: "us-east-1" },
        version,
        action,
        parameters,
      );
  const ec2 = api("ec2", ec2Version);
  const rds = api("rds", "2014-10-31");
  const autoscaling = api("autoscaling", "2011-01-01");

  async function group(): Promise<string> {
    const answer = await ec2("CreateSecurityGroup", {
      GroupName: `rules-${Date.now()}`,
      GroupDescription: "rules",
    });
    return elements(answer, "groupId")[0] ?? "";
  }

  const addRule = (id: string, port: number) =>
    ec2("AuthorizeSecurityGroupIngress", {
      GroupId: id,
      "IpPermissions.1.IpProtocol": "tcp",
      "IpPermissions.1.FromPort": String(port),
      "IpPermissions.1.ToPort": String(port),
      "IpPermissions.1.IpRanges.1.CidrIp": "10.0.0.0/8",
    }).then((answer) => elements(answer, "securityGroupRuleId")[0] ?? "");

  const removeRule = (groupId: string, id: string) =>
    ec2("RevokeSecurityGroupIngress", { GroupId: groupId, "SecurityGroupRuleId.1": id });

  it("removes the rules of a group at once without bringing one back", async () => {
    const id = await group();
    const rules = await Promise.all(
      Array.from({ length: 20 }, (_, index) => addRule(id, 1000 + index)),
    );
    await Promise.all(rules.map((rule) => removeRule(id, rule)));
    const left = await ec2("DescribeSecurityGroupRules", {
      "Filter.1.Name": "group-id",
      "Filter.1.Value.1": id,
    });
    const removed = elements(left, "securityGroupRuleId").filter((rule) => rules.includes(rule));
    deepStrictEqual(removed, []);
  });

  it("says of a rule that is gone what AWS says, so that a second request succeeds", async () => {
    const id = await group();
    const rule = await addRule(id, 443);
    await removeRule(id, rule);
    await rejects(removeRule(id, rule), /InvalidSecurityGroupRuleId\.NotFound/);
  });

  it("makes a change once, also when the SDK sends it again", async () => {
    const id = await group();
    const body = new URLSearchParams({
      Action: "AuthorizeSecurityGroupIngress",
      Version: ec2Version,
      GroupId: id,
      "IpPermissions.1.IpProtocol": "tcp",
      "IpPermissions.1.FromPort": "443",
      "IpPermissions.1.ToPort": "443",
      "IpPermissions.1.IpRanges.1.CidrIp": "10.0.0.0/8",
    }).toString();
    const send = async (call: string) => {
      const scope = "local/20260101/us-east-1/ec2/aws4_request";
      const response = await fetch(emulator().endpoint, {
        method: "POST",
        body,
        headers: {
          "Content-Type": "application/x-www-form-urlencoded",
          Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
          "Amz-Sdk-Invocation-Id": call,
        },
      });
      return { status: response.status, text: await response.text() };
    };
    const first = await send("call-1");
    strictEqual(first.status, 200);
    deepStrictEqual(await send("call-1"), first);
    const other = await send("call-2");
    strictEqual(other.status, 400);
    ok(other.text.includes("InvalidPermission.Duplicate"));
  });

  it("lets a server's disk and network interface go with it", async () => {
    const servers = { AutoScalingGroupName: "servers" };
    const template = await ec2("CreateLaunchTemplate", {
      LaunchTemplateName: "servers",
      "LaunchTemplateData.ImageId": "resolve:ssm:/aws/service/ami-windows-latest/any",
      "LaunchTemplateData.InstanceType": "m6i.large",
      "LaunchTemplateData.BlockDeviceMapping.1.DeviceName": "/dev/sda1",
      "LaunchTemplateData.BlockDeviceMapping.1.Ebs.VolumeSize": "30",
      "LaunchTemplateData.BlockDeviceMapping.1.Ebs.DeleteOnTermination": "true",
    });
    const subnets = elements(await ec2("DescribeSubnets", {}), "subnetId");
    await autoscaling("CreateAutoScalingGroup", {
      ...servers,
      MinSize: "2",
      MaxSize: "2",
      VPCZoneIdentifier: subnets[0] ?? "",
      "LaunchTemplate.LaunchTemplateId": elements(template, "launchTemplateId")[0] ?? "",
      "LaunchTemplate.Version": "1",
    });
    const parts = async () => [
      ...elements(await ec2("DescribeVolumes", {}), "volumeId"),
      ...elements(await ec2("DescribeNetworkInterfaces", {}), "networkInterfaceId"),
    ];
    ok((await parts()).length >= 4, "two servers have two disks and two interfaces");
    await autoscaling("DeleteAutoScalingGroup", { ...servers, ForceDelete: "true" });
    deepStrictEqual(await parts(), []);
  });

  it("lets a NAT gateway's network interface go with it", async () => {
    const interfaces = async () =>
      elements(await ec2("DescribeNetworkInterfaces", {}), "networkInterfaceId");
    const before = await interfaces();
    const subnets = await ec2("DescribeSubnets", {});
    const made = await ec2("CreateNatGateway", {
      SubnetId: elements(subnets, "subnetId")[0] ?? "",
      ConnectivityType: "private",
    });
    strictEqual((await interfaces()).length, before.length + 1);
    await ec2("DeleteNatGateway", { NatGatewayId: elements(made, "natGatewayId")[0] ?? "" });
    deepStrictEqual(await interfaces(), before);
  });

  it("answers nothing of a lost region, and goes on in the others", async () => {
    const switched = (method: string) =>
      fetch(`${emulator().endpoint}/pe-outage/us-east-1`, { method });
    const elsewhere = { endpoint: emulator().endpoint, service: "ec2", region: "us-west-2" };
    await switched("PUT");
    try {
      await rejects(ec2("DescribeVpcs", {}), /503/);
      ok(elements(await query(elsewhere, ec2Version, "DescribeVpcs"), "vpcId").length > 0);
    } finally {
      await switched("DELETE");
    }
    ok(elements(await ec2("DescribeVpcs", {}), "vpcId").length > 0);
  });

  it("gives each database a resource id of its own, by which the provider looks it up", async () => {
    for (const name of ["one", "other"]) {
      await rds("CreateDBInstance", {
        DBInstanceIdentifier: name,
        DBInstanceClass: "db.r6i.xlarge",
        Engine: "sqlserver-se",
        AllocatedStorage: "100",
        MasterUsername: "platform_admin",
        ManageMasterUserPassword: "true",
      });
    }
    const ids = elements(await rds("DescribeDBInstances", {}), "DbiResourceId");
    strictEqual(new Set(ids).size, 2);
  });

  it("keeps a database's secret when it is told again to manage the password", async () => {
    const secret = async () =>
      elements(await rds("DescribeDBInstances", { DBInstanceIdentifier: "one" }), "SecretArn")[0];
    const before = await secret();
    ok(before);
    const again = { DBInstanceIdentifier: "one", ManageMasterUserPassword: "true" };
    await rds("ModifyDBInstance", again);
    strictEqual(await secret(), before);
  });

  it("never shrinks a database's storage, not even to the size that it was made with", async () => {
    const size = (gib: number) =>
      rds("ModifyDBInstance", { DBInstanceIdentifier: "one", AllocatedStorage: String(gib) });
    await size(300);
    await rejects(size(100), /100\) can not be less than the current storage size \(300\)/);
    await size(300);
  });

  it("lets a target group serve one load balancer at a time", async () => {
    const elb = api("elasticloadbalancing", "2015-12-01");
    const subnets = elements(await ec2("DescribeSubnets", {}), "subnetId").slice(0, 2);
    const vpc = elements(await ec2("DescribeSubnets", {}), "vpcId")[0] ?? "";
    const group = elements(
      await elb("CreateTargetGroup", { Name: "one", Protocol: "HTTP", Port: "80", VpcId: vpc }),
      "TargetGroupArn",
    )[0];
    const listen = async (balancer: string) =>
      elements(
        await elb("CreateListener", {
          LoadBalancerArn: balancer,
          Protocol: "HTTP",
          Port: "80",
          "DefaultActions.member.1.Type": "forward",
          "DefaultActions.member.1.TargetGroupArn": group ?? "",
        }),
        "ListenerArn",
      )[0] ?? "";
    const balancer = async (name: string) =>
      elements(
        await elb("CreateLoadBalancer", {
          Name: name,
          "Subnets.member.1": subnets[0] ?? "",
          "Subnets.member.2": subnets[1] ?? "",
        }),
        "LoadBalancerArn",
      )[0] ?? "";
    const [first, second] = [await balancer("first"), await balancer("second")];
    const listener = await listen(first);
    await rejects(listen(second), /TargetGroupAssociationLimit/);
    await elb("DeleteListener", { ListenerArn: listener });
    ok(await listen(second));
  });

  it("keeps who set a database's parameter, which the provider asks for", async () => {
    await rds("CreateDBParameterGroup", {
      DBParameterGroupName: "tls",
      DBParameterGroupFamily: "sqlserver-se-16.0",
      Description: "TLS only",
    });
    await rds("ModifyDBParameterGroup", {
      DBParameterGroupName: "tls",
      "Parameters.Parameter.1.ParameterName": "rds.force_ssl",
      "Parameters.Parameter.1.ParameterValue": "1",
      "Parameters.Parameter.1.ApplyMethod": "pending-reboot",
    });
    const answer = await rds("DescribeDBParameters", { DBParameterGroupName: "tls" });
    deepStrictEqual(elements(answer, "Source"), ["user"]);
  });
});
