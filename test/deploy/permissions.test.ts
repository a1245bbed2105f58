import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import { rightsOf } from "../../catalogue";
import type { PermissionScope, Statement } from "../../catalogue/rights";
import { boundary, deployPrefix } from "../../deploy/permissions/boundary";
import { policyLimit, policySize } from "../../deploy/permissions/packPolicies";
import { scopeProblems } from "../../deploy/permissions/scope";
import { permissionsFor, readOnlyFor } from "../../deploy/permissions/statements";
import { editsOf, resourceTypesOf, typesIn } from "../../deploy/plannedTypes";
import { resourceTypesByPlan, withoutEngine } from "../../deploy/resourceTypes";
import { planStack } from "../../insight/plan/offlinePlan";
import type { PlannedResource, StackPlan } from "../../insight/plan/plan";
import { listStacks, projectRoot, readStackConfig } from "../../config/stackFiles";
import { isAllowed, isDenied, type Call } from "./iam";
import { otherCalls, refreshCalls } from "./recordedCalls";
import { all, drift, preview, scope, update } from "./rights";

const limits = boundary(scope);

type Change = Record<string, unknown>;

/** Configs that an installation may have beside the stack files' own. */
const variants: Record<string, [stack: string, change: Change]> = {
  "through a transit gateway": [
    "prod-east",
    {
      regionCount: 1,
      exposure: "private",
      certificateArn: `arn:aws:acm:us-east-1:123456789012:certificate/${"a".repeat(36)}`,
      network: {
        cidrBlock: "10.10.0.0/16",
        availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"],
        clientCidrs: ["10.100.0.0/16"],
        privateGateway: { transitGatewayId: "tgw-0123456789abcdef0" },
      },
    },
  ],
  "through Direct Connect, in an adopted zone": [
    "prod-east",
    {
      regionCount: 1,
      exposure: "private",
      hostedZone: "Z0123456789ABCDEFGHIJ",
      certificateArn: `arn:aws:acm:us-east-1:123456789012:certificate/${"a".repeat(36)}`,
      network: {
        cidrBlock: "10.10.0.0/16",
        availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"],
        clientCidrs: ["10.100.0.0/16"],
        privateGateway: {
          directConnectGatewayId: "5f294f92-bafb-4011-916d-9b0bd8a6f1c2",
          amazonSideAsn: 64512,
        },
      },
    },
  ],
  "both regions writing": [
    "prod-west",
    {
      replication: {
        mode: "twoWay",
        writer: "us-east-1",
        ownership: { tables: { "us-east-1": ["fund.%"], "us-west-2": ["deal.%"] } },
      },
    },
  ],
  "two databases of their own": [
    "prod-west",
    { replication: { mode: "none", writer: "us-east-1" } },
  ],
  "DMS known to the account": [
    "prod-east",
    { replication: { writer: "us-east-1", serviceRoles: "exist" } },
  ],
  "an unpinned image": ["cost-saver", { protect: "false", web: { windows: { version: "2022" } } }],
};

function planVariant([stack, change]: [string, Change]): Promise<StackPlan> {
  const raw = readStackConfig(stack);
  for (const [key, value] of Object.entries(change)) {
    raw[`pe-platform:${key}`] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return planStack({ stack, raw });
}

/** Everything that is planned over stacks, edits and variants. */
async function allPlans(): Promise<StackPlan[]> {
  const plans: StackPlan[] = [];
  for (const stack of listStacks()) {
    for (const raw of editsOf(readStackConfig(stack), stack, "pe-platform")) {
      plans.push(await planStack({ stack, raw }));
    }
  }
  for (const variant of Object.values(variants)) plans.push(await planVariant(variant));
  return plans;
}

describe("permissions", function () {
  this.timeout(120_000);
  let plans: StackPlan[] = [];

  before(async () => {
    const silent = [mock.method(console, "warn", () => undefined)];
    try {
      plans = await allPlans();
    } finally {
      for (const spy of silent) spy.mock.restore();
    }
  });

  describe("the table", () => {
    it("says where each entry comes from", () => {
      for (const type of all) {
        assert.ok(rightsOf(type)!.sources.length > 0, type);
      }
    });

    it("lets what is made keep its name: each planned one is within what may be created", () => {
      const problems = plans.flatMap(({ resources, region }) =>
        resources.flatMap((resource) => {
          const [action, arn] = creations[resource.type]?.(nameOf(resource), region) ?? [];
          if (action === undefined || arn === undefined) return [];
          const keys = { "aws:RequestTag/project": "pe-platform" };
          const role = permissionsFor([resource.type], scope);
          return isAllowed(role, { action, resource: arn, keys }) ? [] : [`${action} ${arn}`];
        }),
      );
      assert.deepEqual([...new Set(problems)], []);
    });

    it("names what is missing, and where it belongs", () => {
      const types = ["aws:fsx/windowsFileSystem:WindowsFileSystem", "aws:ec2/vpc:Vpc"];
      assert.throws(() => permissionsFor(types, scope), {
        message:
          "The resource catalogue has no row for aws:fsx/windowsFileSystem:WindowsFileSystem: add " +
          "one to the service's file in catalogue/ (fsx), with how AWS bills it or why it is free, " +
          "what it stores, whether it takes tags, how a cut-off create is found, and what a " +
          "deployment may do with it.",
      });
      assert.throws(() => readOnlyFor(["a:b:C", "d:e:F"], scope), /no row for a:b:C, d:e:F:/);
      assert.throws(() => permissionsFor(["toString"], scope), /toString/);
    });

    it("asks nothing of AWS for what the engine itself makes", () => {
      const types = ["pe:platform:Network", "pulumi:providers:aws", "awsx:ec2:Vpc"];
      assert.deepEqual(permissionsFor([...types, "random:index/randomId:RandomId"], scope), []);
    });
  });

  describe("against what the provider really called", () => {
    const actions = (calls: Record<string, string[]>): string[] =>
      Object.entries(calls).flatMap(([service, names]) =>
        names.map((name) => `${service}:${name}`),
      );
    const allowedBy = (statements: Statement[]) =>
      new Set(statements.flatMap(({ Effect, Action }) => (Effect === "Allow" ? Action : [])));

    it("allows an update every call", () => {
      const allowed = allowedBy(update);
      const calls = [...actions(refreshCalls), ...actions(otherCalls)];
      assert.deepEqual(
        calls.filter((call) => !allowed.has(call)),
        [],
      );
    });

    it("allows a drift run every call of a refresh", () => {
      const allowed = allowedBy(drift);
      assert.deepEqual(
        actions(refreshCalls).filter((call) => !allowed.has(call)),
        [],
      );
    });

    it("keeps every call within the boundary", () => {
      const keys = { "aws:RequestedRegion": "us-west-2", "iam:PolicyARN": dmsPolicy };
      const calls = [...actions(refreshCalls), ...actions(otherCalls)];
      const refused = calls.filter((action) => !isAllowed(limits, { action, keys }));
      assert.deepEqual(refused, []);
    });
  });

  describe("of an update", () => {
    it("hold no wildcard but those of KMS's own families", () => {
      const wild = update.flatMap(({ Action = [] }) => Action).filter((name) => /[*?]/.test(name));
      assert.deepEqual([...new Set(wild)], ["kms:GenerateDataKey*"]);
    });

    it("change and delete by name or by tag only", () => {
      const open = update.flatMap(({ Action = [], Resource, Condition }) =>
        Resource.includes("*") && Condition === undefined ? Action : [],
      );
      const changing = open.filter((name) => !/:(Describe|Get|List)/.test(name));
      // None of these has a resource in IAM (Service Authorization Reference).
      assert.deepEqual(changing.sort(), [
        "directconnect:UpdateDirectConnectGatewayAssociation",
        "dms:ModifyReplicationSubnetGroup",
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "route53:AssociateVPCWithHostedZone",
        "route53:CreateHealthCheck",
        "route53:CreateHostedZone",
        "sns:SetSubscriptionAttributes",
        "sns:Unsubscribe",
      ]);
    });

    it("hand roles to services, and services only", () => {
      for (const { Action = [], Resource, Condition } of update) {
        if (Action.includes("iam:PassRole")) {
          assert.ok(Condition?.StringEquals?.["iam:PassedToService"], JSON.stringify(Resource));
          assert.ok(Resource.every((arn) => arn.startsWith("arn:aws:iam::123456789012:role/")));
        }
        if (Action.includes("iam:CreateServiceLinkedRole")) {
          assert.ok(Condition?.StringEquals?.["iam:AWSServiceName"]);
        }
      }
    });

    const ours = { "aws:ResourceTag/project": "pe-platform" };
    const others = { "aws:ResourceTag/project": "other" };
    const making = { "aws:RequestTag/project": "pe-platform" };
    const vpc = "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-0123";
    const subnet = "arn:aws:ec2:us-east-1:123456789012:subnet/subnet-0123";
    const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
    const passed = (service: string) => ({ "iam:PassedToService": service });
    const records = (...names: string[]): Call => ({
      action: "route53:ChangeResourceRecordSets",
      resource: "arn:aws:route53:::hostedzone/Z1",
      keys: { "route53:ChangeResourceRecordSetsNormalizedRecordNames": names },
    });
    const key = "arn:aws:kms:us-east-1:123456789012:key/1";
    const decrypt = { ...ours, "kms:ViaService": "rds.us-east-1.amazonaws.com" };
    const login = "arn:aws:secretsmanager:us-east-1:123456789012:secret:app-login-1a2b3c4-AbCdEf";
    const master = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1-AbCdEf";

    const cases: [what: string, allowed: boolean, call: Call][] = [
      ["delete its own VPC", true, { action: "ec2:DeleteVpc", resource: vpc, keys: ours }],
      ["delete another's VPC", false, { action: "ec2:DeleteVpc", resource: vpc, keys: others }],
      ["delete an untagged VPC", false, { action: "ec2:DeleteVpc", resource: vpc }],
      [
        "make a tagged subnet",
        true,
        { action: "ec2:CreateSubnet", resource: subnet, keys: making },
      ],
      ["make a subnet without the tag", false, { action: "ec2:CreateSubnet", resource: subnet }],
      ["make one in its own VPC", true, { action: "ec2:CreateSubnet", resource: vpc, keys: ours }],
      [
        "make one in another's VPC",
        false,
        {
          action: "ec2:CreateSubnet",
          resource: vpc,
          keys: { ...others, ...making },
        },
      ],
      [
        "claim another project's VPC",
        false,
        {
          action: "ec2:CreateTags",
          resource: vpc,
          keys: { ...others, ...making },
        },
      ],
      ["claim an untagged VPC", false, { action: "ec2:CreateTags", resource: vpc, keys: making }],
      [
        "tag what it makes",
        true,
        {
          action: "ec2:CreateTags",
          resource: vpc,
          keys: { ...making, "ec2:CreateAction": "CreateVpc" },
        },
      ],
      [
        "tag the default group of its VPC",
        true,
        {
          action: "ec2:CreateTags",
          resource: "arn:aws:ec2:us-east-1:123456789012:security-group/sg-1",
          keys: making,
        },
      ],
      [
        "claim another project's key",
        false,
        {
          action: "kms:TagResource",
          resource: key,
          keys: { ...others, ...making },
        },
      ],
      [
        "schedule another's key for deletion",
        false,
        {
          action: "kms:ScheduleKeyDeletion",
          resource: key,
          keys: others,
        },
      ],
      ["decrypt through a service", true, { action: "kms:Decrypt", resource: key, keys: decrypt }],
      ["decrypt by itself", false, { action: "kms:Decrypt", resource: key, keys: ours }],
      [
        "hand a function its role",
        true,
        {
          action: "iam:PassRole",
          resource: role("database-function-1a2b3c4"),
          keys: passed("lambda.amazonaws.com"),
        },
      ],
      [
        "hand a function the servers' role",
        false,
        {
          action: "iam:PassRole",
          resource: role("app-1a2b3c4"),
          keys: passed("lambda.amazonaws.com"),
        },
      ],
      [
        "hand a person's role to EC2",
        false,
        {
          action: "iam:PassRole",
          resource: role("admin"),
          keys: passed("ec2.amazonaws.com"),
        },
      ],
      [
        "make a role of its own naming",
        true,
        {
          action: "iam:CreateRole",
          resource: role("app-1a2b3c4"),
        },
      ],
      ["make any other role", false, { action: "iam:CreateRole", resource: role("app-admin") }],
      [
        "write the policy of a deploy role",
        false,
        {
          action: "iam:PutRolePolicy",
          resource: role("pe-deploy/pe-deploy-prod-east-update"),
        },
      ],
      [
        "attach AdministratorAccess",
        false,
        {
          action: "iam:AttachRolePolicy",
          resource: role("dms-vpc-role"),
          keys: { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" },
        },
      ],
      ["write the installation's names", true, records("us-east-1.platform.example.com")],
      ["write the domain itself", true, records("platform.example.com")],
      ["write a name beside it", false, records("platform.example.com", "www.example.com")],
      ["write a name that ends like it", false, records("evilplatform.example.com")],
      ["write records without saying which", false, { ...records(), keys: {} }],
      [
        "read its own login",
        true,
        {
          action: "secretsmanager:GetSecretValue",
          resource: login,
          keys: ours,
        },
      ],
      [
        "read another's secret",
        false,
        {
          action: "secretsmanager:GetSecretValue",
          resource: login,
          keys: others,
        },
      ],
      [
        "run the database function",
        true,
        {
          action: "lambda:InvokeFunction",
          resource: "arn:aws:lambda:us-east-1:123456789012:function:database-function-1a2b3c4",
        },
      ],
      [
        "run another function",
        false,
        {
          action: "lambda:InvokeFunction",
          resource: "arn:aws:lambda:us-east-1:123456789012:function:payments",
        },
      ],
      [
        "delete its own database",
        true,
        {
          action: "rds:DeleteDBInstance",
          resource: "arn:aws:rds:us-east-1:123456789012:db:database-1a2b3c4d",
          keys: ours,
        },
      ],
      [
        "delete another project's database of that name",
        false,
        {
          action: "rds:DeleteDBInstance",
          resource: "arn:aws:rds:us-east-1:123456789012:db:database-1a2b3c4d",
          keys: others,
        },
      ],
      [
        "delete another database",
        false,
        {
          action: "rds:DeleteDBInstance",
          resource: "arn:aws:rds:us-east-1:123456789012:db:payments",
        },
      ],
      [
        "empty another bucket",
        false,
        {
          action: "s3:DeleteObject",
          resource: "arn:aws:s3:::logs-of-payments/x",
        },
      ],
      [
        "start a server from no template",
        false,
        {
          action: "ec2:RunInstances",
          resource: "arn:aws:ec2:us-east-1:123456789012:instance/*",
        },
      ],
    ];
    for (const [what, allowed, call] of cases) {
      it(`${allowed ? "may" : "may not"} ${what}`, () => {
        assert.equal(isAllowed(update, call), allowed);
      });
    }

    it("never reach the master password: the boundary denies it", () => {
      const call = { action: "secretsmanager:GetSecretValue", resource: master, keys: ours };
      assert.equal(isDenied(limits, call), true);
    });

    it("are the same for the same types in any order", () => {
      const shuffled = [...all.slice(7), ...all.slice(0, 7), ...all.slice(3, 5)].reverse();
      assert.deepEqual(permissionsFor(shuffled, scope), update);
    });

    it("are fewer for fewer types", () => {
      const text = JSON.stringify(permissionsFor(["aws:sqs/queue:Queue"], scope));
      assert.deepEqual([...new Set(text.match(/"\w+:/g))], ['"sqs:', '"arn:']);
    });
  });

  describe("of a preview and a drift run", () => {
    const secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:app-login-1a2b3c4-AbCdEf";
    const tag = { "aws:ResourceTag/project": "pe-platform" };
    const value = { action: "secretsmanager:GetSecretValue", resource: secret, keys: tag };

    for (const [what, statements] of Object.entries({ preview, drift })) {
      it(`${what} changes nothing`, () => {
        const changing = statements
          .filter(({ Effect }) => Effect === "Allow")
          .flatMap(({ Action = [] }) => Action)
          .filter((action) => !/:(Describe|Get|List)|^kms:Decrypt$/.test(action));
        assert.deepEqual(changing, []);
      });
    }

    it("a preview is denied every secret's value", () => {
      assert.equal(isAllowed(preview, value), false);
      assert.equal(isDenied(preview, { action: "secretsmanager:BatchGetSecretValue" }), true);
      assert.equal(isDenied(preview, { ...value, resource: "arn:aws:secretsmanager:x" }), true);
    });

    it("a drift run reads the platform's secrets back, and nobody else's", () => {
      assert.equal(isAllowed(drift, value), true);
      assert.equal(isAllowed(drift, { ...value, keys: {} }), false);
      const master = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1-AbCdEf";
      assert.equal(isAllowed(drift, { ...value, resource: master }), false);
    });
  });

  describe("under the boundary", () => {
    const home = { "aws:RequestedRegion": "us-east-1" };
    const own = (kind: string, name: string) => `arn:aws:iam::123456789012:${kind}/${name}`;
    const never: [what: string, call: Call][] = [
      ["makes a user", { action: "iam:CreateUser" }],
      ["makes a key", { action: "iam:CreateAccessKey" }],
      ["lets a person log in", { action: "iam:CreateLoginProfile" }],
      ["puts a user into a group", { action: "iam:AddUserToGroup" }],
      ["makes a managed policy", { action: "iam:CreatePolicy" }],
      ["changes a managed policy", { action: "iam:CreatePolicyVersion" }],
      ["trusts another issuer", { action: "iam:CreateOpenIDConnectProvider" }],
      [
        "changes the issuer's audiences",
        {
          action: "iam:AddClientIDToOpenIDConnectProvider",
          resource: own("oidc-provider", "api.pulumi.com/oidc"),
        },
      ],
      [
        "changes a deploy role",
        {
          action: "iam:UpdateAssumeRolePolicy",
          resource: own("role", `${deployPrefix}/${deployPrefix}-prod-east-update`),
        },
      ],
      [
        "changes a deploy role without a path",
        {
          action: "iam:PutRolePolicy",
          resource: own("role", `${deployPrefix}-prod-east-preview`),
        },
      ],
      [
        "hands a deploy role to a service",
        {
          action: "iam:PassRole",
          resource: own("role", `${deployPrefix}/${deployPrefix}-prod-east-update`),
        },
      ],
      [
        "deletes the boundary",
        {
          action: "iam:DeletePolicy",
          resource: own("policy", `${deployPrefix}/${deployPrefix}-boundary`),
        },
      ],
      ["takes a boundary off", { action: "iam:DeleteRolePermissionsBoundary" }],
      [
        "attaches AdministratorAccess",
        {
          action: "iam:AttachRolePolicy",
          resource: own("role", "app-1a2b3c4"),
          keys: { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" },
        },
      ],
      ["becomes another role", { action: "sts:AssumeRole", resource: own("role", "admin") }],
      ["leaves the organization", { action: "organizations:LeaveOrganization" }],
      ["closes the account", { action: "account:CloseAccount" }],
      [
        "works in another region",
        {
          action: "ec2:CreateVpc",
          keys: { "aws:RequestedRegion": "eu-west-1" },
        },
      ],
    ];
    for (const [what, call] of never) {
      it(`no deployment ${what}, whatever its policies say`, () => {
        assert.equal(isDenied(limits, { ...call, keys: { ...home, ...call.keys } }), true);
      });
    }

    it("nothing is allowed in a service that the program does not use", () => {
      for (const action of ["sagemaker:CreateEndpoint", "dynamodb:DeleteTable", "bedrock:X"]) {
        assert.equal(isAllowed(limits, { action, keys: home }), false, action);
      }
    });

    it("every service of the table is let through, and no other", () => {
      const services = new Set(
        update.flatMap(({ Action = [] }) => Action.map((action) => action.split(":")[0])),
      );
      const named = limits.Statement[0]?.Action?.map((action) => action.split(":")[0]);
      assert.deepEqual(named, [...services].sort());
    });

    it("global services work from anywhere; the rest in both regions", () => {
      const iam = { action: "iam:GetRole", resource: own("role", "app-1a2b3c4") };
      assert.equal(
        isAllowed(limits, { ...iam, keys: { "aws:RequestedRegion": "us-east-2" } }),
        true,
      );
      for (const region of scope.regions) {
        const keys = { "aws:RequestedRegion": region };
        assert.equal(isAllowed(limits, { action: "rds:CreateDBInstance", keys }), true);
      }
    });

    it("a partial region is open to its few services, and shut to all others", () => {
      const few = boundary({
        ...scope,
        regions: ["eu-west-1"],
        partly: { "us-east-1": ["cloudwatch", "kms", "sns"] },
      });
      const may = (action: string, region: string) =>
        isAllowed(few, { action, keys: { "aws:RequestedRegion": region } });
      for (const action of ["cloudwatch:PutMetricAlarm", "kms:CreateKey", "sns:CreateTopic"]) {
        assert.equal(may(action, "us-east-1"), true, action);
        assert.equal(may(action, "us-west-2"), false, action);
      }
      for (const action of ["ec2:RunInstances", "rds:DeleteDBInstance", "s3:DeleteObject"]) {
        assert.equal(may(action, "us-east-1"), false, action);
        assert.equal(may(action, "eu-west-1"), true, action);
      }
      assert.equal(may("route53:CreateHealthCheck", "us-east-1"), true);
    });

    it("a region that is whole anyway is not limited", () => {
      assert.deepEqual(boundary({ ...scope, partly: { "us-east-1": ["sns"] } }), limits);
    });

    it("a topic in a partial region may use its key, a database there may not", () => {
      const partial = { ...scope, regions: ["eu-west-1"], partly: { "us-east-1": ["sns"] } };
      const rights = permissionsFor(all, partial);
      const may = (service: string) =>
        isAllowed(rights, {
          action: "kms:Decrypt",
          resource: "arn:aws:kms:us-east-1:123456789012:key/1",
          keys: {
            "aws:ResourceTag/project": "pe-platform",
            "kms:ViaService": `${service}.us-east-1.amazonaws.com`,
          },
        });
      assert.deepEqual([may("sns"), may("rds")], [true, false]);
    });

    it("it fits one managed policy, with partial regions too", () => {
      const few = ["cloudwatch", "kms", "s3", "sns"];
      const most = boundary({ ...scope, partly: { "eu-west-1": few, "eu-west-2": few } });
      for (const policy of [limits, most]) assert.ok(policySize(policy) <= policyLimit);
    });
  });
});

/** What ARN a new resource gets, for those that are limited by name. */
const creations: Record<string, (name: string, region: string) => [action: string, arn: string]> = {
  "aws:autoscaling/group:Group": (name, region) => [
    "autoscaling:CreateAutoScalingGroup",
    `arn:aws:autoscaling:${region}:123456789012:autoScalingGroup:1:autoScalingGroupName/${name}`,
  ],
  "aws:cloudwatch/eventRule:EventRule": (name, region) => [
    "events:PutRule",
    `arn:aws:events:${region}:123456789012:rule/${name}`,
  ],
  "aws:cloudwatch/logGroup:LogGroup": (name, region) => [
    "logs:CreateLogGroup",
    `arn:aws:logs:${region}:123456789012:log-group:${name}`,
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name, region) => [
    "cloudwatch:PutMetricAlarm",
    `arn:aws:cloudwatch:${region}:123456789012:alarm:${name}`,
  ],
  "aws:iam/instanceProfile:InstanceProfile": (name) => [
    "iam:CreateInstanceProfile",
    `arn:aws:iam::123456789012:instance-profile/${name}`,
  ],
  "aws:iam/role:Role": (name) => ["iam:CreateRole", `arn:aws:iam::123456789012:role/${name}`],
  "aws:kms/alias:Alias": (name, region) => [
    "kms:CreateAlias",
    `arn:aws:kms:${region}:123456789012:${name}`,
  ],
  "aws:lambda/function:Function": (name, region) => [
    "lambda:CreateFunction",
    `arn:aws:lambda:${region}:123456789012:function:${name}`,
  ],
  "aws:rds/instance:Instance": (name, region) => [
    "rds:CreateDBInstance",
    `arn:aws:rds:${region}:123456789012:db:${name}`,
  ],
  "aws:rds/parameterGroup:ParameterGroup": (name, region) => [
    "rds:CreateDBParameterGroup",
    `arn:aws:rds:${region}:123456789012:pg:${name}`,
  ],
  "aws:rds/snapshot:Snapshot": (name, region) => [
    "rds:CreateDBSnapshot",
    `arn:aws:rds:${region}:123456789012:snapshot:${name}`,
  ],
  "aws:rds/subnetGroup:SubnetGroup": (name, region) => [
    "rds:CreateDBSubnetGroup",
    `arn:aws:rds:${region}:123456789012:subgrp:${name}`,
  ],
  "aws:s3/bucket:Bucket": (name) => ["s3:CreateBucket", `arn:aws:s3:::${name}`],
  "aws:serverlessrepository/cloudFormationStack:CloudFormationStack": (name, region) => [
    "cloudformation:CreateChangeSet",
    `arn:aws:cloudformation:${region}:123456789012:stack/serverlessrepo-${name}/1`,
  ],
  "aws:sns/topic:Topic": (name, region) => [
    "sns:CreateTopic",
    `arn:aws:sns:${region}:123456789012:${name}`,
  ],
  "aws:sqs/queue:Queue": (name, region) => [
    "sqs:CreateQueue",
    `arn:aws:sqs:${region}:123456789012:${name}`,
  ],
};

const dmsPolicy = "arn:aws:iam::aws:policy/service-role/AmazonDMSVPCManagementRole";

/** Its own name, else the one that the engine makes of the logical name. */
function nameOf({ name, inputs }: PlannedResource): string {
  const given = [inputs.name, inputs.identifier, inputs.dbSnapshotIdentifier];
  const own = given.find((value) => typeof value === "string");
  return typeof own === "string" ? own : `${name}-1a2b3c4`;
}

describe("the scope of permissions", () => {
  const bad: [change: Partial<PermissionScope>, problem: RegExp][] = [
    [{ account: "12345" }, /^account is "12345": use the AWS account's 12 digits/],
    [{ account: "*" }, /^account/],
    [{ partly: { "*": ["sns"] } }, /^regions is "\*": use AWS regions/],
    [{ regions: [] }, /^regions is empty/],
    [{ regions: ["us-east-1", "us-*"] }, /^regions is "us-\*": use AWS regions/],
    [{ project: "*" }, /^project is "\*": use the tag `project` of aws:defaultTags/],
    [{ project: "${aws:PrincipalTag/x}" }, /^project/],
    [{ project: "" }, /^project/],
    [
      { domain: "*.example.com" },
      /^domain is "\*\.example\.com": use the stack's pe-platform:domain/,
    ],
    [{ domain: "com" }, /^domain/],
  ];
  for (const [change, problem] of bad) {
    it(`refuses ${JSON.stringify(change)}`, () => {
      const [first, ...more] = scopeProblems({ ...scope, ...change });
      assert.match(first ?? "", problem);
      assert.equal(more.length, 0);
      assert.throws(() => permissionsFor(all, { ...scope, ...change }));
      assert.throws(() => readOnlyFor(all, { ...scope, ...change }));
      assert.throws(() => boundary({ ...scope, ...change }));
    });
  }
});

describe("resource types of a stack", function () {
  this.timeout(120_000);

  it("come from its plans over both numbers and the writer", () => {
    const raw = readStackConfig("prod-west");
    const numbers = editsOf(raw, "prod-west", "pe-platform").map((edit) => [
      edit["pe-platform:azCount"],
      edit["pe-platform:regionCount"],
      (JSON.parse(edit["pe-platform:replication"] ?? "{}") as { writer?: string }).writer,
    ]);
    const [asItStands, ...edits] = numbers.map((edit) => edit.join(" "));
    assert.equal(asItStands, "3 2 us-east-1");
    // With one region, the writer cannot be in the other.
    assert.deepEqual(edits.sort(), [
      "1 1 us-east-1",
      "1 2 us-east-1",
      "1 2 us-west-2",
      "2 1 us-east-1",
      "2 2 us-east-1",
      "2 2 us-west-2",
      "3 1 us-east-1",
      "3 2 us-east-1",
      "3 2 us-west-2",
    ]);
  });

  it("hold what only an edit brings: the home region as the copy", async () => {
    const types = await resourceTypesOf("prod-east");
    const task = "aws:dms/replicationTask:ReplicationTask";
    assert.ok(types.includes(task));
    assert.ok(!typesIn(await planStack("prod-east")).includes(task), "not as it stands");
    assert.deepEqual(types, [...types].sort());
  });

  it("are the same from a process of their own, under an engine that is not theirs", async () => {
    const engine = {
      PULUMI_MONITOR: "127.0.0.1:1",
      PULUMI_NODEJS_PROJECT: "x",
      PULUMI_CONFIG: "{}",
    };
    const env = { ...process.env, ...engine };
    assert.deepEqual(
      await resourceTypesByPlan("cost-saver", { env }),
      await resourceTypesOf("cost-saver"),
    );
    assert.deepEqual(withoutEngine({ PATH: "/bin", ...engine }), { PATH: "/bin" });
  });

  it("of a stack that is none end in one sentence", async () => {
    await assert.rejects(resourceTypesByPlan("prod-eats"), {
      message:
        'The resource types of prod-eats cannot be planned: There is no stack "prod-eats"; the ' +
        "stacks are cost-saver, prod-east, prod-west. Did you mean prod-east? Run `npm run plan -- " +
        "prod-eats` to see the whole plan.",
    });
  });

  it("of a stack whose config is wrong say what the plan says", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pe-types-"));
    try {
      for (const file of ["Pulumi.yaml", "Pulumi.cost-saver.yaml"]) {
        const text = readFileSync(join(projectRoot, file), "utf8");
        writeFileSync(join(folder, file), text.replace(/(:azCount:) \d/, "$1 9"));
      }
      await assert.rejects(
        resourceTypesByPlan("cost-saver", { root: folder }),
        /^Error: The resource types of cost-saver cannot be planned: [^]*azCount[^]*see the whole plan\.$/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
