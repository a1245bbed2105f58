import assert from "node:assert/strict";
import { output, secret, type Output } from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId";
import fc from "fast-check";
import {
  DatabaseBootstrap,
  type BootstrapRole,
  type DatabaseBootstrapArgs,
} from "../../components/data/databaseBootstrap";
import { DatabaseLogin, type DatabaseLoginArgs } from "../../components/data/databaseLogin";
import {
  RotationFunction,
  type RotationFunctionArgs,
} from "../../components/data/rotationFunction";
import { readRequest } from "../../functions/database/request";
import { planStack } from "../../insight/plan/offlinePlan";
import type { PlannedResource, StackPlan } from "../../insight/plan/plan";
import { isSecret, reveal } from "../../catalogue/json";
import { listStacks, readStack } from "../../config/stackFiles";
import { allOf, only, record } from "../support/record";
import { assertInputs, names, parentOf, statement, statementsOf, waitsFor } from "./support";

const keyArn = "arn:aws:kms:us-east-1:123456789012:key/database";
const westKeyArn = "arn:aws:kms:us-west-2:123456789012:key/database";

const login: DatabaseLoginArgs = {
  purpose: "application",
  username: "platform_app",
  host: "database-ab12.abc.us-east-1.rds.amazonaws.com",
  port: 1433,
  database: "Fund Admin",
  accountId: "123456789012",
  keyArn,
  protect: true,
};

describe("DatabaseLogin", () => {
  const build = (changes: Partial<DatabaseLoginArgs> = {}) =>
    record(() => new DatabaseLogin("app-login", { ...login, ...changes }));
  const written = (plan: StackPlan) =>
    reveal(only(plan, "SecretVersion").inputs.secretString) as string;

  it("writes what rotation and DMS expect to find, as a secret", async () => {
    const plan = await build();
    const version = only(plan, "SecretVersion", "app-login");
    assert.ok(isSecret(version.inputs.secretString), "the value would show in the state");
    const password = reveal(only(plan, "RandomPassword").outputs.result);
    assert.deepEqual(JSON.parse(written(plan)), {
      engine: "sqlserver",
      host: login.host,
      port: 1433,
      dbname: "Fund Admin",
      username: "platform_app",
      password,
      ssl: true,
    });
    assert.equal(version.inputs.secretId, only(plan, "Secret").id);
  });

  it("never writes the first password again: rotation has long written others", async () => {
    assert.deepEqual(only(await build(), "SecretVersion").options.ignoreChanges, ["secretString"]);
  });

  it("draws a password without special characters, long instead", async () => {
    assertInputs(only(await build(), "RandomPassword", "app-login"), {
      length: 40,
      special: false,
      minUpper: 2,
      minLower: 2,
      minNumeric: 2,
    });
  });

  it("hangs everything below itself, under its own name", async () => {
    const plan = await build();
    const parts = plan.resources.filter(({ custom }) => custom);
    assert.deepEqual(parts.map(({ type }) => type.split(":").at(-1)).sort(), [
      "RandomPassword",
      "Secret",
      "SecretPolicy",
      "SecretVersion",
    ]);
    for (const part of parts) {
      assert.equal(part.name, "app-login");
      assert.equal(parentOf(plan, part).type, "pe:platform:DatabaseLogin");
    }
  });

  it("is encrypted with the region's key, and can be had back for a month", async () => {
    assertInputs(only(await build(), "Secret"), {
      kmsKeyId: keyArn,
      recoveryWindowInDays: 30,
      // A deleted secret keeps its name for that month.
      name: undefined,
      replicas: undefined,
      forceOverwriteReplicaSecret: undefined,
    });
    assert.equal(only(await build({ protect: false }), "Secret").inputs.recoveryWindowInDays, 0);
    assert.equal(only(await build({ secretName: "told" }), "Secret").inputs.name, "told");
  });

  it("refuses every other account, whatever that one's policies say", async () => {
    const plan = await build();
    const policy = only(plan, "SecretPolicy");
    assertInputs(policy, { secretArn: only(plan, "Secret").id, blockPublicPolicy: true });
    assert.deepEqual(statementsOf(policy), [
      {
        Sid: "OnlyThisAccount",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
        Resource: "*",
        Condition: { StringNotEquals: { "aws:PrincipalAccount": "123456789012" } },
      },
    ]);
  });

  it("is copied to the region that reads it, under that region's own key", async () => {
    const replica = { region: "us-west-2", keyArn: westKeyArn };
    const plan = await build({ replica });
    assertInputs(only(plan, "Secret"), {
      replicas: [{ region: "us-west-2", kmsKeyId: westKeyArn }],
      forceOverwriteReplicaSecret: true,
    });
  });

  it("knows the copy by the same ARN in the other region", async () => {
    let replicaArn = "";
    let secretArn = "";
    await record(() => {
      const made = new DatabaseLogin("source", {
        ...login,
        secretName: "platform-us-east-1-source",
        replica: { region: "us-west-2", keyArn: westKeyArn },
      });
      made.secretArn.apply((arn) => (secretArn = arn));
      made.replicaArn.apply((arn) => (replicaArn = arn));
    });
    assert.match(secretArn, /^arn:aws:secretsmanager:us-east-1:.*:platform-us-east-1-source-/);
    // Only the region's own place changes, not the same text in the name.
    const [, , , , ...rest] = secretArn.split(":");
    assert.equal(replicaArn, ["arn:aws:secretsmanager:us-west-2", ...rest].join(":"));
  });

  it("has no other copy's ARN than its own without a replica", async () => {
    let both: string[] = [];
    await record(() => {
      const made = new DatabaseLogin("app", login);
      made.secretArn.apply((one) => made.replicaArn.apply((other) => (both = [one, other])));
    });
    assert.equal(both[0], both[1]);
    assert.match(both[0] ?? "", /^arn:aws:secretsmanager:us-east-1:/);
  });

  it("survives a targeted update that leaves the secret out", async () => {
    // `--target` gives undefined for what does not exist yet; the plan must not end there.
    const missing = () => output(undefined) as unknown as Output<string>;
    const plan = await record(() => new DatabaseLogin("app", { ...login, host: missing() }));
    assert.equal((JSON.parse(written(plan)) as { host?: string }).host, undefined);
  });
});

describe("RotationFunction", () => {
  const args: RotationFunctionArgs = {
    region: "us-west-2",
    suffix: "ab12",
    subnetIds: ["subnet-7", "subnet-8", "subnet-9"],
    securityGroupId: "sg-functions",
    keyArn,
  };
  const build = (read: (made: RotationFunction) => unknown = () => undefined) =>
    record(() => void read(new RotationFunction("rotation", args)), { region: "us-west-2" });

  it("is AWS's own for SQL Server logins, pinned to a version", async () => {
    const plan = await build();
    const stack = only(plan, "CloudFormationStack", "rotation");
    assertInputs(stack, {
      name: "platform-rotation-ab12",
      applicationId:
        "arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSSQLServerRotationSingleUser",
      semanticVersion: "1.1.670",
      capabilities: ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"],
    });
    assert.equal(parentOf(plan, stack).type, "pe:platform:RotationFunction");
  });

  it("runs beside the database and calls its own region", async () => {
    assert.deepEqual(only(await build(), "CloudFormationStack").inputs.parameters, {
      endpoint: "https://secretsmanager.us-west-2.amazonaws.com",
      functionName: "platform-rotation-ab12",
      vpcSubnetIds: "subnet-7,subnet-8,subnet-9",
      vpcSecurityGroupIds: "sg-functions",
      kmsKeyArn: keyArn,
      excludeCharacters: "/@\"'\\;+%[]{}#&,",
    });
  });

  it("excludes every character that a connection string or JSON would stumble over", async () => {
    const { parameters } = only(await build(), "CloudFormationStack").inputs;
    const { excludeCharacters } = parameters as { excludeCharacters: string };
    for (const character of `;"'\\{}[],`) assert.ok(excludeCharacters.includes(character));
  });

  it("offers the ARN that the CloudFormation stack tells", async () => {
    let arn = "";
    await build((made) => made.arn.apply((known) => (arn = known)));
    assert.equal(arn, "arn:aws:lambda:us-west-2:123456789012:function:platform-rotation-ab12");
  });
});

/** What the function is told, as it reads it itself. */
function request(invocation: PlannedResource) {
  return readRequest(JSON.parse(String(reveal(invocation.inputs.input))));
}

const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:rotation";
const writer: BootstrapRole = {
  region: "us-east-1",
  writable: true,
  capture: { tables: [{ schema: "fund", table: "%" }], multiAz: true },
  excluded: [{ schema: "fund", table: "History" }],
};
const follower: BootstrapRole = {
  region: "us-east-1",
  writable: false,
  follows: {
    region: "us-west-2",
    source: { host: "west.example", port: 1433, secretArn: "arn:source" },
    tables: [{ schema: "%", table: "%" }],
  },
  excluded: [],
};
const both: BootstrapRole = { ...writer, ...follower, writable: true };
const roles: [string, BootstrapRole | undefined][] = [
  ["a writer", writer],
  ["a follower", follower],
  ["both", both],
  ["a database that stands alone", { region: "us-east-1", writable: true, excluded: [] }],
];

describe("DatabaseBootstrap", () => {
  const build = (
    role: BootstrapRole | undefined,
    changes: Partial<DatabaseBootstrapArgs> = {},
  ): Promise<StackPlan> =>
    record(() => {
      const make = (name: string, purpose: DatabaseLoginArgs["purpose"]) =>
        new DatabaseLogin(name, { ...login, purpose });
      return new DatabaseBootstrap("bootstrap", {
        functionName: "database-function",
        codeHash: "hash=",
        logins: {
          app: make("app-login", "application"),
          migration: make("migration-login", "migration"),
          target: make("target-login", "replicationTarget"),
          source: make("source-login", "replicationSource"),
        },
        ...(role ? { role } : {}),
        rotation: { functionArn, days: 30 },
        waitFor: [new RandomId("way", { byteLength: 1 }), new RandomId("guard", { byteLength: 1 })],
        ...changes,
      });
    });

  for (const [what, role] of roles) {
    it(`tells the function all of the logins and the role of ${what}`, async () => {
      const plan = await build(role);
      const run = only(plan, "Invocation", "bootstrap");
      assert.equal(run.inputs.functionName, "database-function");
      const arnOf = (name: string) => only(plan, "Secret", name).outputs.arn;
      assert.deepEqual(request(run), {
        task: "prepare",
        logins: [
          { secretArn: arnOf("app-login"), purpose: "application" },
          { secretArn: arnOf("migration-login"), purpose: "migration" },
          { secretArn: arnOf("target-login"), purpose: "replicationTarget" },
          { secretArn: arnOf("source-login"), purpose: "replicationSource" },
        ],
        role,
      });
    });
  }

  it("leaves the role out where only logins are looked after", async () => {
    const told = request(only(await build(undefined), "Invocation"));
    assert.ok(!("role" in told));
    assert.equal(told.logins.length, 4);
  });

  it("runs when every login has a value and every way and guard stands", async () => {
    const plan = await build(writer);
    const run = only(plan, "Invocation");
    const needed = [...allOf(plan, "SecretVersion"), ...allOf(plan, "RandomId")];
    assert.equal(needed.length, 6);
    for (const item of needed) assert.ok(waitsFor(run, item), item.name);
    assert.equal(parentOf(plan, run).type, "pe:platform:DatabaseBootstrap");
    assert.deepEqual(run.options.customTimeouts, { create: "30m" });
  });

  it("runs again for new code, and sends no more than the code's hash for that", async () => {
    assert.deepEqual(only(await build(writer), "Invocation").inputs.triggers, { code: "hash=" });
    const { inputs } = only(await build(writer, { codeHash: "other=" }), "Invocation");
    assert.deepEqual(inputs.triggers, { code: "other=" });
  });

  it("rotates each login by the function, on schedule, once the login exists", async () => {
    const plan = await build(follower, { rotation: { functionArn, days: 17 } });
    assert.deepEqual(names(plan, "SecretRotation"), [
      "bootstrap-app",
      "bootstrap-migration",
      "bootstrap-source",
      "bootstrap-target",
    ]);
    for (const rotation of allOf(plan, "SecretRotation")) {
      assertInputs(rotation, {
        secretId: only(plan, "Secret", rotation.name.replace("bootstrap-", "") + "-login").id,
        rotationLambdaArn: functionArn,
        // At once, it would meet a login that the function has only just made.
        rotateImmediately: false,
        rotationRules: { automaticallyAfterDays: 17 },
      });
      assert.ok(waitsFor(rotation, only(plan, "Invocation")));
      assert.equal(parentOf(plan, rotation).name, "bootstrap");
    }
  });

  it("does not rotate a login that the database shuts out, which could not log in", async () => {
    for (const [what, role] of [...roles, ["no role", undefined] as const]) {
      const rotated = names(await build(role), "SecretRotation");
      assert.equal(rotated.includes("bootstrap-target"), role?.follows !== undefined, what);
      assert.equal(rotated.length, role?.follows ? 4 : 3, what);
    }
  });

  it("keeps a secret in the request a secret", async () => {
    const plan = await build({
      ...follower,
      follows: {
        ...follower.follows!,
        source: { host: secret("hidden.example"), port: 1433, secretArn: "arn:source" },
      },
    });
    const { input } = only(plan, "Invocation").inputs;
    assert.ok(isSecret(input));
  });
});

/** All that has to exist before these do: dependencies, and what is below a component among them. */
function before(plan: StackPlan, starts: PlannedResource[]): Set<string> {
  const byUrn = new Map(plan.resources.map((item) => [item.urn, item]));
  const seen = new Set<string>();
  const waiting = starts.flatMap(({ options }) => options.dependencies);
  for (let urn = waiting.pop(); urn !== undefined; urn = waiting.pop()) {
    if (seen.has(urn)) continue;
    seen.add(urn);
    const item = byUrn.get(urn);
    waiting.push(...(item?.options.dependencies ?? []));
    if (item?.custom) continue;
    waiting.push(...plan.resources.filter(({ parent }) => parent === urn).map((it) => it.urn));
  }
  return seen;
}

/** Each stack of the repository, and where two regions replicate, with either writer. */
function everyStack(): [string, Record<string, string>][] {
  return listStacks().flatMap((stack): [string, Record<string, string>][] => {
    const { raw } = readStack(stack);
    const [one, other] = JSON.parse(raw["pe-platform:regions"] ?? "[]") as string[];
    if (one === undefined || other === undefined) return [[stack, raw]];
    return [one, other].map((region) => [
      stack,
      { ...raw, "pe-platform:replication": JSON.stringify({ writer: region }) },
    ]);
  });
}

describe("servers", () => {
  for (const [stack, raw] of everyStack()) {
    const { writer: region = "alone" } = JSON.parse(raw["pe-platform:replication"] ?? "{}") as {
      writer?: string;
    };
    it(`of ${stack} (writer ${region}) do not wait for the database`, async () => {
      const plan = await planStack({ stack, raw });
      const database = only(plan, "rds/instance:Instance");
      for (const type of ["LaunchTemplate", "autoscaling/group:Group"]) {
        for (const tier of ["app", "web"]) {
          const needed = before(plan, [only(plan, type, tier)]);
          assert.ok(needed.size > 10, `${type} ${tier} waits for next to nothing`);
          assert.ok(!needed.has(database.urn), `${type} ${tier} waits for the database`);
        }
      }
      // What does wait for it, so that the search above is known to find it.
      const run = only(plan, "Invocation", "database-bootstrap");
      assert.ok(before(plan, [run]).has(database.urn));
    });

    it(`of ${stack} (writer ${region}) may read the app login, and are told no host`, async () => {
      const plan = await planStack({ stack, raw });
      const { arn } = only(plan, "Secret", "app-login").outputs;
      const policy = only(plan, "RolePolicy", "app");
      assert.deepEqual(statement(policy, "ReadDatabaseSecret").Resource, [arn]);
      const template = String(only(plan, "LaunchTemplate", "app").inputs.userData);
      const userData = Buffer.from(template, "base64").toString("utf8");
      assert.ok(userData.includes(String(arn)));
      const host = String(only(plan, "rds/instance:Instance").outputs.address);
      assert.ok(!userData.includes(host));
    });
  }
});

describe("a copy's ARN", () => {
  it("differs in the region only, for any name and region", () => {
    const region = fc.constantFrom("us-west-2", "eu-central-1", "ap-southeast-2");
    const name = fc.stringMatching(/^[A-Za-z0-9/_+=.@-]{1,40}$/);
    return fc.assert(
      fc.asyncProperty(name, region, async (secretName, where) => {
        let [one, other] = ["", ""];
        await record(() => {
          const made = new DatabaseLogin("source", {
            ...login,
            secretName,
            replica: { region: where, keyArn: westKeyArn },
          });
          made.secretArn.apply((arn) => (one = arn));
          made.replicaArn.apply((arn) => (other = arn));
        });
        const [mine, theirs] = [one.split(":"), other.split(":")];
        assert.equal(theirs[3], where);
        assert.deepEqual(theirs.toSpliced(3, 1), mine.toSpliced(3, 1));
      }),
      { numRuns: 20 },
    );
  });
});
