import assert from "node:assert/strict";
import { output, type Output, type Resource } from "@pulumi/pulumi";
import { AppTier } from "../../components/servers/appTier";
import type { FleetArgs } from "../../components/servers/loadBalancedFleet";
import { endpointServices } from "../../components/network/network";
import { SecurityGroups } from "../../components/base/securityGroups";
import { WebTier } from "../../components/servers/webTier";
import { input, text } from "../stacks/invariants/case";
import { allOf, only, record } from "../support/record";
import { assertInputs, names, parentOf, statement, statementsOf, waitsFor } from "./support";

const keyArn = "arn:aws:kms:us-east-1:123456789012:key/servers";
const logsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/logs";
const machineKey = "arn:aws:secretsmanager:us-east-1:123456789012:secret:machine-key-abcdef";
const databaseSecret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:database-abcdef";
const fleet: FleetArgs = {
  region: "us-east-1",
  accountId: "123456789012",
  suffix: "ab12",
  vpcId: "vpc-1",
  loadBalancerSubnetIds: ["subnet-1", "subnet-2"],
  serverSubnetIds: ["subnet-4"],
  loadBalancerGroupId: "sg-balancer",
  serverGroupId: "sg-servers",
  certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/c",
  instanceType: "m6i.large",
  capacity: { min: 2, max: 6 },
  rootVolumeGiB: 80,
  windows: { version: "2022" },
  artifact: { bucket: "sites", key: "sites/web/abc.zip", sha256: "a".repeat(64) },
  machineKeySecretArn: machineKey,
  stickySessionMinutes: 60,
  accessLogBucket: "logs",
  accessLogGuards: [],
  serversKeyArn: keyArn,
  logsKeyArn,
  logRetentionDays: 90,
  protect: true,
  installationTags: { project: "pe-platform", stack: "test" },
  waitFor: [],
  autoScaling: () => Promise.reject(new Error("A plan calls nothing.")),
};

const web = (changes: Partial<FleetArgs> = {}, internetFacing = true) =>
  record(
    () =>
      new WebTier("web", {
        ...fleet,
        ...changes,
        internetFacing,
        appEndpoint: "https://app.us-east-1.platform.example.com",
      }),
  );
const app = (changes: Partial<FleetArgs> = {}) =>
  record(
    () =>
      new AppTier("app", {
        ...fleet,
        ...changes,
        databaseSecretArn: databaseSecret,
        databaseZones: { "10.10.40.0/21": "us-east-1a" },
      }),
  );

/** The user data that servers get, as text. */
const userData = (plan: Awaited<ReturnType<typeof web>>): string =>
  Buffer.from(text(only(plan, "LaunchTemplate"), "userData"), "base64").toString("utf8");

/** The settings in it that the site reads. */
function settings(plan: Awaited<ReturnType<typeof web>>): Record<string, string> {
  const [, block = ""] = /Settings = \[ordered\]@\{\n([^}]*)\}/.exec(userData(plan)) ?? [];
  return Object.fromEntries(
    [...block.matchAll(/^(\w+) = '(.*)'$/gm)].map(([, key = "", value = ""]) => [key, value]),
  );
}

describe("WebTier", () => {
  it("hangs its parts below one fleet, named after the role", async () => {
    const plan = await web();
    for (const type of ["Group", "LaunchTemplate", "LogGroup"]) {
      const part = only(plan, type, "web");
      assert.equal(parentOf(plan, part).type, "pe:platform:LoadBalancedFleet");
    }
    assert.deepEqual(names(plan, "Listener"), ["web-http", "web-https"]);
  });

  it("balances with the settings that AWS leaves unsafe by default", async () => {
    assertInputs(only(await web(), "LoadBalancer"), {
      internal: false,
      enableDeletionProtection: true,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      securityGroups: ["sg-balancer"],
      accessLogs: { bucket: "logs", prefix: "alb/web", enabled: true },
    });
  });

  it("speaks TLS 1.2 and 1.3 on 443, and on 80 only redirects", async () => {
    const plan = await web();
    assertInputs(only(plan, "Listener", "web-https"), {
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      certificateArn: fleet.certificateArn,
    });
    const redirect = only(plan, "Listener", "web-http");
    assert.deepEqual(redirect.inputs.defaultActions, [
      {
        type: "redirect",
        redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" },
      },
    ]);
  });

  it("is internal and silent on 80 where clients come through a private gateway", async () => {
    const plan = await web({}, false);
    assert.equal(only(plan, "LoadBalancer").inputs.internal, true);
    assert.deepEqual(names(plan, "Listener"), ["web-https"]);
  });

  it("asks servers over HTTPS, and keeps a client on one for the session", async () => {
    const target = only(await web(), "TargetGroup");
    assertInputs(target, { port: 443, protocol: "HTTPS", targetType: "instance" });
    assert.equal(input(target, "healthCheck.path"), "/healthz");
    assert.equal(input(target, "healthCheck.protocol"), "HTTPS");
    assert.deepEqual(target.inputs.stickiness, {
      type: "lb_cookie",
      enabled: true,
      cookieDuration: 3600,
    });
    const off = only(await web({ stickySessionMinutes: 0 }), "TargetGroup");
    assert.equal(input(off, "stickiness.enabled"), false);
  });

  it("may read no database secret, and knows none", async () => {
    const plan = await web();
    const secrets = statementsOf(only(plan, "RolePolicy")).filter(({ Action }) =>
      Action.some((action) => action.startsWith("secretsmanager:")),
    );
    assert.deepEqual(
      secrets.map(({ Resource }) => Resource),
      [[machineKey]],
    );
    assert.deepEqual(settings(plan), {
      appEndpoint: "https://app.us-east-1.platform.example.com",
    });
  });
});

describe("a tier's servers", () => {
  it("have no key, no old metadata service, and an encrypted disk", async () => {
    const template = only(await web(), "LaunchTemplate");
    assert.equal(template.inputs.keyName, undefined);
    assert.equal(input(template, "metadataOptions.httpTokens"), "required");
    assert.deepEqual(input(template, "blockDeviceMappings.0.ebs"), {
      volumeType: "gp3",
      volumeSize: 80,
      encrypted: "true",
      kmsKeyId: keyArn,
      deleteOnTermination: "true",
    });
    assert.deepEqual(template.inputs.vpcSecurityGroupIds, ["sg-servers"]);
  });

  it("start from AWS's parameter, a pinned release, or an own image", async () => {
    const image = async (windows: FleetArgs["windows"]) =>
      text(only(await web({ windows }), "LaunchTemplate"), "imageId");
    assert.equal(
      await image({ version: "2025" }),
      "resolve:ssm:/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base",
    );
    assert.equal(
      await image({ version: "2022", amiRelease: "2026.10.14" }),
      "Windows_Server-2022-English-Full-Base-2026.10.14",
    );
    assert.equal(
      await image({ version: "2012", amiId: "ami-0123456789abcdef0" }),
      "ami-0123456789abcdef0",
    );
  });

  it("scale over the zones, and start by a numbered version and a hook", async () => {
    const plan = await web();
    const group = only(plan, "Group");
    assertInputs(group, {
      name: "web-ab12",
      minSize: 2,
      maxSize: 6,
      vpcZoneIdentifiers: ["subnet-4"],
      healthCheckType: "ELB",
      // The provider's own waits and refreshes would get in the way of the hooks'.
      waitForCapacityTimeout: "0",
      waitForElbCapacity: undefined,
      minElbCapacity: undefined,
      instanceRefresh: undefined,
    });
    assert.match(text(group, "launchTemplate.version"), /^\d+$/);
    assert.equal(input(group, "initialLifecycleHooks.0.defaultResult"), "ABANDON");
    assert.match(userData(plan), new RegExp(text(group, "initialLifecycleHooks.0.name")));
    assertInputs(only(plan, "Policy"), { policyType: "TargetTrackingScaling" });
    assert.deepEqual(group.options.customTimeouts, { create: "60m", update: "60m", delete: "60m" });
    assert.equal(group.options.deleteBeforeReplace, true, "its name is taken until it is gone");
  });

  it("are rolled before their group is updated, and awaited before it may scale", async () => {
    const plan = await web();
    assert.deepEqual(only(plan, "Group").options.hooks, { beforeUpdate: ["web-roll"] });
    assert.deepEqual(only(plan, "Policy").options.hooks, { beforeCreate: ["web-serves"] });
  });

  it("carry the installation's tags, which provider defaults don't reach", async () => {
    const plan = await web();
    const tags = only(plan, "Group").inputs.tags as Record<string, unknown>[];
    assert.ok(tags.every(({ propagateAtLaunch }) => propagateAtLaunch === true));
    assert.ok(tags.some(({ key, value }) => key === "stack" && value === "test"));
    const specifications = only(plan, "LaunchTemplate").inputs.tagSpecifications as {
      resourceType: string;
    }[];
    assert.deepEqual(
      specifications.map(({ resourceType }) => resourceType),
      ["instance", "volume"],
    );
  });

  it("start only when their rights, their listener and their ways to AWS stand", async () => {
    const plan = await record(() => {
      const ways: Resource[] = [new SecurityGroups("groups", { vpcId: "vpc-1" })];
      return new WebTier("web", {
        ...fleet,
        waitFor: ways,
        internetFacing: true,
        appEndpoint: "https://app",
      });
    });
    const group = only(plan, "Group");
    assert.ok(waitsFor(group, only(plan, "RolePolicy")));
    assert.ok(waitsFor(group, only(plan, "Listener", "web-https")));
    assert.ok(waitsFor(group, only(plan, "SecurityGroup", "groups-web-servers")));
  });

  it("may do what a server must, each on its own resources", async () => {
    const policy = only(await web(), "RolePolicy");
    assert.deepEqual(statement(policy, "ReportOwnStart").Resource, [
      "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:*:autoScalingGroupName/web-ab12",
    ]);
    assert.deepEqual(statement(policy, "FetchSite").Resource, ["arn:aws:s3:::sites/sites/web/*"]);
    assert.deepEqual(statement(policy, "WriteMetrics").Condition, {
      StringEquals: { "cloudwatch:namespace": "PePlatform/Servers" },
    });
    const trust = statementsOf(only(await web(), "Role"), "assumeRolePolicy");
    assert.deepEqual(trust[0]?.Principal, { Service: "ec2.amazonaws.com" });
  });

  it("may call no service that a network without internet cannot reach", async () => {
    const prefixes: Record<string, string> = { cloudwatch: "monitoring" };
    const reached: string[] = [...endpointServices, "s3"];
    for (const plan of [await web(), await app()]) {
      const actions = statementsOf(only(plan, "RolePolicy")).flatMap(({ Action }) => Action);
      const services = actions.map((action) => action.split(":")[0]!);
      const called = new Set(services.map((service) => prefixes[service] ?? service));
      assert.ok(called.has("ssmmessages"), "Session Manager is the only way in");
      assert.deepEqual(
        [...called].filter((service) => !reached.includes(service)),
        [],
      );
    }
  });

  it("fail no targeted update that leaves them out before their secret exists", async () => {
    const missing = () => output(undefined) as unknown as Output<string>;
    const plan = await record(
      () =>
        new WebTier("web", {
          ...fleet,
          machineKeySecretArn: missing(),
          internetFacing: true,
          appEndpoint: missing(),
        }),
    );
    assert.equal(userData(plan), "");
  });

  it("let go with protect off", async () => {
    const plan = await web({ protect: false });
    assert.equal(only(plan, "LoadBalancer").inputs.enableDeletionProtection, false);
    assert.equal(only(plan, "Group").inputs.forceDelete, true);
  });
});

describe("AppTier", () => {
  it("is internal, and may read its one database secret", async () => {
    const plan = await app();
    assert.equal(only(plan, "LoadBalancer").inputs.internal, true);
    assert.deepEqual(names(plan, "Listener"), ["app-https"]);
    const { Action, Resource } = statement(only(plan, "RolePolicy"), "ReadDatabaseSecret");
    assert.deepEqual([Action, Resource], [["secretsmanager:GetSecretValue"], [databaseSecret]]);
    assert.deepEqual(settings(plan), {
      databaseSecretArn: databaseSecret,
      databaseSubnets: "10.10.40.0/21=us-east-1a",
    });
  });

  it("keeps its logs encrypted, for as long as told", async () => {
    for (const group of allOf(await app(), "LogGroup")) {
      assertInputs(group, { kmsKeyId: logsKeyArn, retentionInDays: 90 });
    }
  });
});
