import assert from "node:assert/strict";
import { Alarms, type AlarmsArgs } from "../../components/alarms";
import { GlobalDns, type GlobalDnsArgs } from "../../components/globalDns";
import { RegionalEntry, type RegionalEntryArgs } from "../../components/regionalEntry";
import { input } from "../stacks/invariants/case";
import { allOf, only, record } from "../support/record";
import { assertInputs, names, statementsOf, waitsFor } from "./support";

const domain = "platform.example.com";

describe("GlobalDns", () => {
  const base: GlobalDnsArgs = {
    region: "us-east-1",
    domain,
    ownsSharedRecords: true,
    protect: true,
  };
  const build = (changes: Partial<GlobalDnsArgs> = {}) =>
    record(() => new GlobalDns("dns", { ...base, ...changes }));

  it("creates a zone that is kept, and tells its name servers", async () => {
    let dns: GlobalDns | undefined;
    const plan = await record(() => (dns = new GlobalDns("dns", base)));
    const zone = only(plan, "Zone");
    assertInputs(zone, { name: domain, forceDestroy: false });
    assert.equal(zone.options.protect, true);
    // The other region's VPC joins from its own stack.
    assert.deepEqual(zone.options.ignoreChanges, ["vpcs"]);
    assert.ok(dns?.nameServers);
  });

  it("adopts a zone without owning anything of it", async () => {
    const plan = await build({ hostedZoneId: "Z0123456789ABC" });
    assert.deepEqual(names(plan, "Zone"), []);
    for (const item of allOf(plan, "Record")) assert.equal(item.inputs.zoneId, "Z0123456789ABC");
  });

  it("proves every name of its certificate, and hands it on only then", async () => {
    const plan = await build();
    assertInputs(only(plan, "Certificate"), {
      domainName: domain,
      subjectAlternativeNames: [`us-east-1.${domain}`, `app.us-east-1.${domain}`],
      validationMethod: "DNS",
    });
    const validation = only(plan, "CertificateValidation");
    const records = allOf(plan, "Record");
    assert.deepEqual(records.map(({ name }) => name).sort(), [
      "dns-validate-app",
      "dns-validate-domain",
      "dns-validate-region",
    ]);
    for (const item of records) assert.ok(waitsFor(validation, item), item.name);
  });

  it("leaves the record that all regions share to the stack that owns it", async () => {
    const plan = await build({ hostedZoneId: "Z0123456789ABC", ownsSharedRecords: false });
    assert.deepEqual(names(plan, "Record"), ["dns-validate-app", "dns-validate-region"]);
  });

  it("takes a certificate of the user's as it is", async () => {
    const plan = await build({
      certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/own",
    });
    assert.deepEqual([...names(plan, "Certificate"), ...names(plan, "Record")], []);
  });

  it("answers inside the VPC only in a private installation", async () => {
    const created = await build({ privateVpcId: "vpc-1" });
    assert.deepEqual(only(created, "Zone").inputs.vpcs, [{ vpcId: "vpc-1" }]);
    const adopted = await build({ privateVpcId: "vpc-1", hostedZoneId: "Z0123456789ABC" });
    assertInputs(only(adopted, "ZoneAssociation"), { zoneId: "Z0123456789ABC", vpcId: "vpc-1" });
  });
});

const balancer = (role: string) => ({
  dnsName: `${role}.elb.amazonaws.com`,
  zoneId: "Z35SXDOTRQ7X7K",
  arnSuffix: `app/${role}/1`,
  targetGroupArnSuffix: `targetgroup/${role}/1`,
});

describe("RegionalEntry", () => {
  const base: RegionalEntryArgs = {
    region: "us-west-2",
    domain,
    hostedZoneId: "Z0123456789ABC",
    vpcId: "vpc-1",
    web: balancer("web"),
    app: balancer("app"),
    healthCheck: "https",
  };
  const build = (changes: Partial<RegionalEntryArgs> = {}) =>
    record(() => new RegionalEntry("entry", { ...base, ...changes }), { region: "us-west-2" });

  it("leads clients to the closest healthy region", async () => {
    const plan = await build();
    assertInputs(only(plan, "Record", "entry-latency"), {
      name: domain,
      latencyRoutingPolicies: [{ region: "us-west-2" }],
      setIdentifier: "us-west-2",
      healthCheckId: only(plan, "HealthCheck").id,
      aliases: [
        { name: "web.elb.amazonaws.com", zoneId: "Z35SXDOTRQ7X7K", evaluateTargetHealth: true },
      ],
    });
  });

  it("has a name that always leads here, which is what the health check asks", async () => {
    const plan = await build();
    const direct = only(plan, "Record", "entry-direct");
    assert.equal(direct.inputs.name, `us-west-2.${domain}`);
    assert.equal(direct.inputs.latencyRoutingPolicies, undefined);
    assertInputs(only(plan, "HealthCheck"), {
      type: "HTTPS",
      fqdn: `us-west-2.${domain}`,
      port: 443,
      resourcePath: "/healthz",
    });
  });

  it("tells the app tier's address inside this VPC only", async () => {
    const plan = await build();
    const zone = only(plan, "Zone", "entry-app");
    assertInputs(zone, { name: `app.us-west-2.${domain}`, vpcs: [{ vpcId: "vpc-1" }] });
    const item = only(plan, "Record", "entry-app");
    assert.equal(item.inputs.zoneId, zone.outputs.zoneId);
    assert.equal(input(item, "aliases.0.name"), "app.elb.amazonaws.com");
  });

  it("judges a closed region by an alarm that silence sets off", async () => {
    const plan = await build({ healthCheck: "alarm" });
    const alarm = only(plan, "MetricAlarm");
    assertInputs(alarm, {
      metricName: "HealthyHostCount",
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
    });
    assertInputs(only(plan, "HealthCheck"), {
      type: "CLOUDWATCH_METRIC",
      cloudwatchAlarmName: alarm.outputs.name,
      cloudwatchAlarmRegion: "us-west-2",
    });
  });
});

describe("Alarms", () => {
  const base: AlarmsArgs = {
    accountId: "123456789012",
    logsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/logs",
    email: "operations@example.com",
    tiers: { web: balancer("web"), app: balancer("app") },
    groupNames: ["web-ab12", "app-ab12"],
    database: { identifier: "database-ab12", storageGiB: 500, functionName: "database-function" },
  };
  const build = (changes: Partial<AlarmsArgs> = {}) =>
    record(() => new Alarms("alarms", { ...base, ...changes }));

  it("watch both tiers and the database, and tell one encrypted topic", async () => {
    const plan = await build();
    assert.deepEqual(names(plan, "MetricAlarm"), [
      "alarms-app-errors",
      "alarms-app-unhealthy",
      "alarms-database-cpu",
      "alarms-database-function",
      "alarms-database-storage",
      "alarms-web-errors",
      "alarms-web-unhealthy",
    ]);
    const topic = only(plan, "Topic");
    assert.equal(topic.inputs.kmsMasterKeyId, base.logsKeyArn);
    for (const alarm of allOf(plan, "MetricAlarm")) {
      assertInputs(alarm, { alarmActions: [topic.outputs.arn], okActions: [topic.outputs.arn] });
    }
    assertInputs(only(plan, "TopicSubscription"), {
      protocol: "email",
      endpoint: "operations@example.com",
    });
  });

  it("tell nobody without an address", async () => {
    const { email, ...others } = base;
    const plan = await record(() => new Alarms("alarms", others));
    assert.ok(email);
    assert.deepEqual(names(plan, "TopicSubscription"), []);
  });

  it("let CloudWatch and EventBridge of this account tell the topic, and nobody else", async () => {
    const plan = await build();
    const policy = only(plan, "TopicPolicy");
    assert.equal(policy.inputs.arn, only(plan, "Topic").outputs.arn);
    for (const { Principal, Action, Condition } of statementsOf(policy)) {
      assert.match(String((Principal as { Service: string }).Service), /^(cloudwatch|events)\./);
      assert.deepEqual(Action, ["sns:Publish"]);
      assert.deepEqual(Condition, { StringEquals: { "aws:SourceAccount": base.accountId } });
    }
  });

  it("pass AWS's own word on that a roll of the servers fails or is undone", async () => {
    const plan = await build();
    const rule = only(plan, "EventRule", "alarms-roll-failed");
    assert.deepEqual(JSON.parse(String(rule.inputs.eventPattern)), {
      source: ["aws.autoscaling"],
      "detail-type": [
        "EC2 Auto Scaling Instance Refresh Failed",
        "EC2 Auto Scaling Instance Refresh Rollback Started",
        "EC2 Auto Scaling Instance Refresh Rollback Failed",
      ],
      detail: { AutoScalingGroupName: ["web-ab12", "app-ab12"] },
    });
    assertInputs(only(plan, "EventTarget", "alarms-roll-failed"), {
      rule: rule.outputs.name,
      arn: only(plan, "Topic").outputs.arn,
    });
  });

  it("warn at a tenth of the storage left", async () => {
    const alarm = only(await build(), "MetricAlarm", "alarms-database-storage");
    assert.equal(alarm.inputs.threshold, 50 * 1024 ** 3);
  });
});
