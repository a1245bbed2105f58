import assert from "node:assert/strict";
import { GlobalDns, type GlobalDnsArgs } from "../../components/entry/globalDns";
import { RegionalEntry, type RegionalEntryArgs } from "../../components/entry/regionalEntry";
import { input } from "../stacks/invariants/case";
import { allOf, only, record } from "../support/record";
import { assertInputs, names, waitsFor } from "./support";

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
    topicArn: "arn:aws:sns:us-west-2:123456789012:alarms",
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

  for (const healthCheck of ["https", "alarm"] as const) {
    it(`tells of a tier without a server, also an empty one (${healthCheck})`, async () => {
      const plan = await build({ healthCheck });
      for (const [name, role] of [
        ["entry-healthy-servers", "web"],
        ["entry-healthy-app-servers", "app"],
      ] as const) {
        assertInputs(only(plan, "MetricAlarm", name), {
          namespace: "AWS/ApplicationELB",
          metricName: "HealthyHostCount",
          dimensions: { LoadBalancer: `app/${role}/1`, TargetGroup: `targetgroup/${role}/1` },
          // One balancer node that sees a healthy server is enough.
          statistic: "Maximum",
          threshold: 1,
          comparisonOperator: "LessThanThreshold",
          // Nothing is reported of a target group without targets.
          treatMissingData: "breaching",
          alarmActions: [base.topicArn],
          okActions: [base.topicArn],
        });
      }
    });
  }

  it("judges a closed region by an alarm that silence sets off", async () => {
    const plan = await build({ healthCheck: "alarm" });
    const alarm = only(plan, "MetricAlarm", "entry-healthy-servers");
    assertInputs(only(plan, "HealthCheck"), {
      type: "CLOUDWATCH_METRIC",
      cloudwatchAlarmName: alarm.outputs.name,
      cloudwatchAlarmRegion: "us-west-2",
    });
  });
});
