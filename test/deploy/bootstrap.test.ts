import assert from "node:assert/strict";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import {
  accountProblem,
  bootstrapSchema,
  parseBootstrapConfig,
} from "../../deploy/bootstrap/config";
import { StateStore, type StateStoreArgs } from "../../deploy/bootstrap/stateStore";
import { planStack } from "../../insight/plan/offlinePlan";
import type { StackPlan } from "../../insight/plan/plan";
import { aboutKey, defaultOf, engineType } from "../../config/keys";
import { projectRoot, readStackConfig } from "../../config/stackFiles";
import { assertInputs, parentOf, statement, statementsOf, waitsFor } from "../components/support";
import { allOf, only, record } from "../support/record";
import { ConfigError } from "../../config/problems";

const accountId = "123456789012";
const bucketName = "acme-state";
const bucket = `arn:aws:s3:::${bucketName}`;
const root = { AWS: `arn:aws:iam::${accountId}:root` };
const folder = join(projectRoot, "deploy", "bootstrap");

const build = (change: Partial<StateStoreArgs> = {}) => {
  const args = { region: "us-east-1", accountId, bucketName, keyAlias: "secrets" };
  return record(
    () => new StateStore("state", { ...args, oldVersionDays: 90, protect: true, ...change }),
  );
};
const arnOf = (plan: StackPlan, key: string) => String(only(plan, "Key", key).outputs.arn);

describe("StateStore", () => {
  it("makes a versioned bucket that is never public and whose objects have no ACLs", async () => {
    const plan = await build();
    assertInputs(only(plan, "Bucket", "state"), { bucket: bucketName, forceDestroy: false });
    assertInputs(only(plan, "BucketVersioning"), {
      versioningConfiguration: { status: "Enabled" },
    });
    assertInputs(only(plan, "BucketPublicAccessBlock"), {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assertInputs(only(plan, "BucketOwnershipControls"), {
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    for (const guard of plan.resources.filter(({ type }) => type.startsWith("aws:s3/"))) {
      assertInputs(guard, { bucket: bucketName });
    }
  });

  it("encrypts with a rotating key of its own, one data key per bucket", async () => {
    const plan = await build();
    const [rule] = only(plan, "BucketServerSideEncryptionConfiguration").inputs.rules as object[];
    assert.deepEqual(rule, {
      applyServerSideEncryptionByDefault: {
        sseAlgorithm: "aws:kms",
        kmsMasterKeyId: arnOf(plan, "state-objects"),
      },
      bucketKeyEnabled: true,
    });
    const keys = allOf(plan, "Key");
    assert.deepEqual(keys.map(({ name }) => name).sort(), ["state-objects", "state-secrets"]);
    for (const key of keys) {
      assertInputs(key, { enableKeyRotation: true, deletionWindowInDays: 30 });
    }
    for (const [name, alias] of [
      ["state-secrets", "alias/secrets"],
      ["state-objects", "alias/secrets-state"],
    ]) {
      const targetKeyId = only(plan, "Key", name).id;
      assertInputs(only(plan, "Alias", name), { name: alias, targetKeyId });
    }
  });

  it("has no Object Lock, and lets nobody but the lifecycle rules delete a version", async () => {
    const plan = await build({ oldVersionDays: 30 });
    assert.equal(only(plan, "Bucket", "state").inputs.objectLockEnabled, undefined);
    assert.deepEqual(allOf(plan, "BucketObjectLockConfiguration"), []);
    const stay = statement(only(plan, "BucketPolicy"), "VersionsStay");
    assert.deepEqual(stay, {
      Sid: "VersionsStay",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:DeleteObjectVersion"],
      Resource: [`${bucket}/*`],
    });
    const rules = only(plan, "BucketLifecycleConfiguration");
    assert.deepEqual(rules.inputs.rules, [
      {
        id: "old-versions",
        status: "Enabled",
        filter: { prefix: "" },
        noncurrentVersionExpiration: { noncurrentDays: 30 },
        expiration: { expiredObjectDeleteMarker: true },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
      {
        id: "old-locks",
        status: "Enabled",
        filter: { prefix: ".pulumi/locks/" },
        noncurrentVersionExpiration: { noncurrentDays: 1 },
      },
    ]);
    // Rules for versions need versioning first (S3 API Reference, PutBucketLifecycleConfiguration).
    assert.ok(waitsFor(rules, only(plan, "BucketVersioning")));
  });

  it("never ends a current object, however old", async () => {
    const rules = only(await build(), "BucketLifecycleConfiguration").inputs.rules as {
      expiration?: Record<string, unknown>;
    }[];
    for (const { expiration = {} } of rules) {
      assert.ok(!("days" in expiration) && !("date" in expiration));
    }
  });

  it("refuses requests without TLS, and objects under any other key", async () => {
    const plan = await build();
    const policy = only(plan, "BucketPolicy", "state");
    const tls = statement(policy, "TlsOnly");
    assert.deepEqual(tls.Condition, { Bool: { "aws:SecureTransport": "false" } });
    assert.deepEqual([tls.Action, tls.Resource], [["s3:*"], [bucket, `${bucket}/*`]]);
    const own = statement(policy, "OwnKeyOnly");
    assert.deepEqual(own.Action, ["s3:PutObject"]);
    assert.deepEqual(own.Condition, {
      Null: { "s3:x-amz-server-side-encryption": "false" },
      StringNotEquals: {
        "s3:x-amz-server-side-encryption-aws-kms-key-id": arnOf(plan, "state-objects"),
      },
    });
    assert.deepEqual(statement(policy, "NoKeysOfClients").Condition, {
      Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" },
    });
    for (const { Effect, Principal } of statementsOf(policy)) {
      assert.deepEqual([Effect, Principal], ["Deny", "*"]);
    }
    assert.ok(waitsFor(policy, only(plan, "BucketPublicAccessBlock")));
  });

  it("lets administrators manage the keys but not read with them", async () => {
    for (const key of allOf(await build(), "Key")) {
      const { Action, Principal } = statement(key, "Administration");
      assert.deepEqual(Principal, root);
      assert.ok(Action.includes("kms:PutKeyPolicy") && Action.includes("kms:ScheduleKeyDeletion"));
      const reads = /Decrypt|Encrypt|DataKey|CreateGrant|\*/;
      assert.deepEqual(
        Action.filter((action) => reads.test(action)),
        [],
      );
    }
  });

  it("opens the objects' key through S3 for this bucket only, the other for secrets only", async () => {
    const plan = await build();
    const objects = statement(only(plan, "Key", "state-objects"), "ObjectsOfTheBucket");
    assert.deepEqual(objects.Action, ["kms:Decrypt", "kms:GenerateDataKey"]);
    assert.deepEqual(objects.Condition, {
      StringEquals: {
        "kms:ViaService": "s3.us-east-1.amazonaws.com",
        "kms:CallerAccount": accountId,
      },
      ArnLike: { "kms:EncryptionContext:aws:s3:arn": [bucket, `${bucket}/*`] },
    });
    const secrets = statement(only(plan, "Key", "state-secrets"), "DataKeysOfStacks");
    assert.deepEqual(secrets.Action, ["kms:Decrypt", "kms:Encrypt"]);
    for (const { Principal } of [objects, secrets]) assert.deepEqual(Principal, root);
  });

  it("offers a policy that reads state, and one that also writes it but deletes no version", async () => {
    const plan = await build();
    const [objects, secrets] = [arnOf(plan, "state-objects"), arnOf(plan, "state-secrets")];
    const rights = (name: string) =>
      statementsOf(only(plan, "Policy", name)).flatMap(({ Effect, Action, Resource }) => {
        assert.equal(Effect, "Allow");
        return Action.map((action) => `${action} ${String(Resource)}`);
      });
    const read = [
      `s3:ListBucket ${bucket}`,
      `s3:GetObject ${bucket}/*`,
      `kms:Decrypt ${objects}`,
      `kms:Decrypt ${secrets}`,
    ];
    const write = [
      `s3:AbortMultipartUpload ${bucket}/*`,
      `s3:DeleteObject ${bucket}/*`,
      `s3:PutObject ${bucket}/*`,
      `kms:GenerateDataKey ${objects}`,
      `kms:Encrypt ${secrets}`,
    ];
    assert.deepEqual(rights("state-read").sort(), read.sort());
    assert.deepEqual(rights("state-write").sort(), [...read, ...write].sort());
    for (const name of ["state-read", "state-write"]) {
      assert.deepEqual(statement(only(plan, "Policy", name), "ObjectsKey").Condition, {
        StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" },
      });
    }
  });

  it("protects bucket, guards and keys; unprotected, a destroy empties the bucket", async () => {
    const kept = (plan: StackPlan) =>
      plan.resources.filter(({ custom, type }) => custom && !type.includes("iam/policy"));
    const closed = kept(await build());
    assert.equal(closed.length, 11);
    for (const { name, options } of closed) assert.equal(options.protect, true, name);
    const open = await build({ protect: false });
    for (const { name, options } of kept(open)) assert.equal(options.protect ?? false, false, name);
    assert.equal(only(open, "Bucket", "state").inputs.forceDestroy, true);
    for (const key of allOf(open, "Key")) assert.equal(key.inputs.deletionWindowInDays, 7);
  });

  it("writes access logs only into a bucket it is given", async () => {
    assert.deepEqual(allOf(await build(), "BucketLogging"), []);
    assertInputs(only(await build({ logBucket: "acme-logs" }), "BucketLogging"), {
      bucket: bucketName,
      targetBucket: "acme-logs",
      targetPrefix: "acme-state/",
    });
  });

  it("is the parent of all it makes", async () => {
    const plan = await build();
    for (const child of plan.resources.filter(({ custom }) => custom)) {
      assert.equal(parentOf(plan, child).type, "pe:bootstrap:StateStore");
    }
  });
});

describe("the bootstrap program", () => {
  const run = (raw: Record<string, string>) =>
    planStack({ stack: "main", project: "pe-bootstrap", raw, program: join(folder, "index") });

  it("tells where state and secrets go, as `pulumi login` and `stack init` take it", async () => {
    const { outputs } = await run(readStackConfig("main", folder));
    assert.equal(
      outputs.backendUrl,
      "s3://pe-state-123456789012-us-east-1?region=us-east-1&awssdk=v2",
    );
    assert.equal(outputs.secretsProvider, "awskms://alias/pe-pulumi-secrets?region=us-east-1");
    assert.equal(outputs.bucketName, "pe-state-123456789012-us-east-1");
    for (const name of ["stateKeyArn", "secretsKeyArn", "readPolicyArn", "writePolicyArn"]) {
      assert.match(String(outputs[name]), /^arn:aws:(kms|iam):/, name);
    }
  });

  it("registers nothing with the credentials of another account", async () => {
    const raw = { ...readStackConfig("main", folder), "pe-bootstrap:accountId": "210987654321" };
    await assert.rejects(run(raw), /belong to account 123456789012, and accountId is 210987654321/);
  });

  it("names its program: package.json's `main` is another one", () => {
    const project = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as { main: string };
    assert.equal(project.main, "index.ts");
  });
});

describe("parseBootstrapConfig", () => {
  const right = { "aws:region": "eu-west-1", "pe-bootstrap:accountId": accountId };
  const parseWith = (own: Record<string, string>) =>
    parseBootstrapConfig(
      {
        ...right,
        ...Object.fromEntries(
          Object.entries(own).map(([key, value]) => [`pe-bootstrap:${key}`, value]),
        ),
      },
      "main",
    );

  it("takes no key with nothing behind it for one that is not set", () => {
    for (const key of ["keyAlias", "oldVersionDays", "protect"]) {
      for (const text of ["", "null"]) {
        assert.throws(() => parseWith({ [key]: text }), new RegExp(`- ${key}: is empty: use `));
      }
    }
  });

  it("fills in what is not set", () => {
    assert.deepEqual(parseWith({}), {
      region: "eu-west-1",
      accountId,
      bucketName: "pe-state-123456789012-eu-west-1",
      keyAlias: "pe-pulumi-secrets",
      oldVersionDays: 90,
      logBucket: undefined,
      protect: true,
    });
  });

  const { config } = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as {
    config: Record<string, { default: unknown }>;
  };

  it("has Pulumi.yaml's keys, types, defaults and descriptions", () => {
    const expected = Object.entries(bootstrapSchema.shape).map(([name, schema]) => {
      const { description } = aboutKey(schema);
      return [name, { type: engineType(schema), description, default: defaultOf(schema) ?? "" }];
    });
    assert.deepEqual(config, Object.fromEntries(expected));
  });

  it("takes Pulumi.yaml's defaults for not set", () => {
    const declared = Object.fromEntries(
      Object.entries(config).map(([key, { default: value }]) => [key, String(value)]),
    );
    assert.deepEqual(parseWith({ ...declared, accountId }), parseWith({}));
  });

  const wrong: [key: string, value: string, says: RegExp][] = [
    ["accountId", "", /accountId: is missing: use the AWS account's 12 digits/],
    ["accountId", "1234567890", /accountId: "1234567890" is not allowed: use .*12 digits/],
    ["accountId", "12345678901x", /is not allowed/],
    ["bucketName", "Acme-State", /bucketName: "Acme-State" is not allowed: use 3 to 63 lower-case/],
    ["bucketName", "ab", /is not allowed/],
    ["bucketName", "acme.state", /is not allowed/],
    ["bucketName", "xn--state", /is not allowed/],
    ["bucketName", "state-s3alias", /is not allowed/],
    ["keyAlias", "alias/state", /keyAlias: "alias\/state" is not allowed: use .*without `alias\/`/],
    ["keyAlias", "aws/state", /is not allowed/],
    ["oldVersionDays", "6", /oldVersionDays: 6 is not allowed: use a whole number of days from 7/],
    ["oldVersionDays", "3651", /is not allowed/],
    ["oldVersionDays", "30.5", /is not allowed/],
    ["logBucket", "s3://logs", /logBucket: "s3:\/\/logs" is not allowed/],
    ["protect", "yes", /protect: "yes" is not allowed: use true or false/],
    ["bucket", "acme-state", /bucket: unknown key. Did you mean bucketName\?/],
  ];
  for (const [key, value, says] of wrong) {
    it(`refuses ${key} ${value || "not set"}`, () => {
      assert.throws(
        () => parseWith({ [key]: value }),
        (error) => error instanceof ConfigError && says.test(error.message),
      );
    });
  }

  it("says all at once, and asks for the region", () => {
    assert.throws(
      () => parseBootstrapConfig({ "pe-bootstrap:protect": "yes" }, "main"),
      /Stack main: 3 problems[^]*accountId[^]*protect[^]*aws:region: is missing: run `pulumi config/,
    );
  });

  it("compares the account with that of the credentials", () => {
    assert.equal(accountProblem(accountId, accountId), undefined);
    assert.match(
      accountProblem(accountId, "210987654321") ?? "",
      /use credentials of 123456789012/,
    );
  });
});
