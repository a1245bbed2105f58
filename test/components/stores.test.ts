import assert from "node:assert/strict";
import { ArtifactStore } from "../../components/servers/artifactStore";
import { EncryptionKeys } from "../../components/base/encryptionKeys";
import { LogArchive } from "../../components/base/logArchive";
import { MachineKey } from "../../components/servers/machineKey";
import { allOf, only, record } from "../support/record";
import { assertInputs, names, statement, statementsOf, waitsFor } from "./support";

const keyArn = "arn:aws:kms:us-east-1:123456789012:key/servers";
const account = "123456789012";

describe("EncryptionKeys", () => {
  const build = (protect = true) =>
    record(
      () =>
        new EncryptionKeys("keys", {
          region: "us-east-1",
          accountId: account,
          suffix: "ab",
          rotationDays: 180,
          protect,
        }),
    );

  it("makes a rotating, protected key with an alias for each kind of data", async () => {
    const plan = await build();
    assert.deepEqual(names(plan, "Key"), ["keys-database", "keys-logs", "keys-servers"]);
    for (const key of allOf(plan, "Key")) {
      assertInputs(key, {
        enableKeyRotation: true,
        rotationPeriodInDays: 180,
        deletionWindowInDays: 30,
      });
      assert.equal(key.options.protect, true);
    }
    const alias = only(plan, "Alias", "keys-logs");
    assertInputs(alias, {
      name: "alias/platform-logs-ab",
      targetKeyId: only(plan, "Key", "keys-logs").id,
    });
  });

  it("lets go with protect off, after the shortest wait that AWS allows", async () => {
    const key = only(await build(false), "Key", "keys-database");
    assert.equal(key.options.protect ?? false, false);
    assert.equal(key.inputs.deletionWindowInDays, 7);
  });

  it("lets administrators manage a key but not read with it", async () => {
    for (const key of allOf(await build(), "Key")) {
      const { Action, Principal } = statement(key, "Administration");
      assert.deepEqual(Principal, { AWS: `arn:aws:iam::${account}:root` });
      assert.ok(Action.includes("kms:PutKeyPolicy") && Action.includes("kms:ScheduleKeyDeletion"));
      for (const action of ["kms:Decrypt", "kms:Encrypt", "kms:CreateGrant", "kms:*"]) {
        assert.ok(!Action.includes(action), `${key.name}: ${action}`);
      }
    }
  });

  it("opens the topic's key to CloudWatch of this account, and to EventBridge, which names none", async () => {
    const key = only(await build(), "Key", "keys-logs");
    assert.deepEqual(statement(key, "AlarmsToTopic").Condition, {
      StringEquals: { "aws:SourceAccount": account },
    });
    const events = statement(key, "EventsToTopic");
    assert.deepEqual(events.Principal, { Service: "events.amazonaws.com" });
    assert.equal(events.Condition, undefined);
  });

  it("opens each key only through its own services, in this account and region", async () => {
    const plan = await build();
    const services = (kind: string) =>
      statement(only(plan, "Key", `keys-${kind}`), "UseThroughServices").Condition?.StringEquals;
    const through = (...names: string[]) => ({
      "kms:CallerAccount": account,
      "kms:ViaService": names.map((name) => `${name}.us-east-1.amazonaws.com`),
    });
    const database = through("rds", "secretsmanager", "lambda", "sqs", "dms");
    assert.deepEqual(services("database"), database);
    assert.deepEqual(services("servers"), through("ec2", "s3", "secretsmanager"));
    assert.deepEqual(services("logs"), through("sns"));
  });

  it("grants pass on to AWS resources only", async () => {
    const key = only(await build(), "Key", "keys-servers");
    const { Action, Condition } = statement(key, "GrantThroughServices");
    assert.deepEqual(Action, ["kms:CreateGrant"]);
    assert.deepEqual(Condition?.Bool, { "kms:GrantIsForAWSResource": "true" });
  });

  it("lets CloudWatch Logs use its key for this account's groups", async () => {
    const { Principal, Condition } = statement(
      only(await build(), "Key", "keys-logs"),
      "LogGroups",
    );
    assert.deepEqual(Principal, { Service: "logs.us-east-1.amazonaws.com" });
    assert.deepEqual(Condition, {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:${account}:log-group:*`,
      },
    });
  });
});

describe("LogArchive", () => {
  const build = (region = "us-east-1", protect = true) =>
    record(
      () => new LogArchive("logs", { region, accountId: account, retentionDays: 365, protect }),
      { region },
    );

  it("is private, versioned, owned by the bucket's owner and expires", async () => {
    const plan = await build();
    assert.equal(only(plan, "Bucket", "logs").options.protect, true);
    assertInputs(only(plan, "BucketPublicAccessBlock", "logs"), {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assertInputs(only(plan, "BucketVersioning"), {
      versioningConfiguration: { status: "Enabled" },
    });
    assertInputs(only(plan, "BucketOwnershipControls"), {
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const [rule] = only(plan, "BucketLifecycleConfiguration").inputs.rules as [
      { expiration: { days: number } },
    ];
    assert.equal(rule.expiration.days, 365);
  });

  it("uses SSE-S3, the only kind load balancers write with", async () => {
    const [rule] = only(await build(), "BucketServerSideEncryptionConfiguration").inputs
      .rules as object[];
    assert.deepEqual(rule, { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } });
  });

  it("lets load balancers write this account's logs, and nobody come without TLS", async () => {
    const plan = await build();
    const policy = only(plan, "BucketPolicy", "logs");
    const bucket = String(only(plan, "Bucket", "logs").outputs.arn);
    assert.deepEqual(statement(policy, "LogDelivery").Resource, [
      `${bucket}/alb/*/AWSLogs/${account}/*`,
    ]);
    assert.deepEqual(statement(policy, "RegionalLogDelivery").Principal, {
      AWS: "arn:aws:iam::127311923021:root",
    });
    const deny = statement(policy, "TlsOnly");
    assert.equal(deny.Effect, "Deny");
    assert.deepEqual(deny.Condition, { Bool: { "aws:SecureTransport": "false" } });
    assert.deepEqual(deny.Resource, [bucket, `${bucket}/*`]);
  });

  it("knows that newer regions write with the service principal alone", async () => {
    const policy = only(await build("ap-southeast-4"), "BucketPolicy");
    assert.deepEqual(
      statementsOf(policy).map(({ Sid }) => Sid),
      ["TlsOnly", "LogDelivery"],
    );
  });

  it("can be emptied by a destroy only with protect off", async () => {
    assert.equal(only(await build(), "Bucket").inputs.forceDestroy, false);
    const plan = await build("us-east-1", false);
    assert.equal(only(plan, "Bucket").inputs.forceDestroy, true);
    assert.equal(only(plan, "Bucket").options.protect ?? false, false);
  });
});

describe("ArtifactStore", () => {
  const site = { key: "sites/web/abc.zip", sha256: "abc", contentBase64: "UEs=" };
  let store: ArtifactStore;
  const build = () =>
    record(() => {
      store = new ArtifactStore("artifacts", { keyArn, sites: { web: site }, protect: true });
      return store;
    });

  it("encrypts the bucket and each site with the servers' key", async () => {
    const plan = await build();
    const [rule] = only(plan, "BucketServerSideEncryptionConfiguration").inputs.rules as object[];
    assert.deepEqual(rule, {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
      bucketKeyEnabled: true,
    });
    assertInputs(only(plan, "BucketObjectv2", "artifacts-web"), {
      key: site.key,
      contentBase64: site.contentBase64,
      serverSideEncryption: "aws:kms",
      kmsKeyId: keyArn,
    });
  });

  it("uploads after the bucket is closed, and keeps former sites for a rollback", async () => {
    const plan = await build();
    const object = only(plan, "BucketObjectv2");
    assert.equal(object.options.retainOnDelete, true);
    for (const type of ["BucketPolicy", "BucketVersioning"]) {
      assert.ok(waitsFor(object, only(plan, type)), type);
    }
  });

  it("has no site for a tier that brought its own", async () => {
    await build();
    assert.throws(() => store.artifact("app"), /no site for the tier app/);
    assert.equal(store.artifact("web").sha256, "abc");
  });
});

describe("MachineKey", () => {
  const build = (protect = true) =>
    record(() => new MachineKey("machine-key", { keyArn, protect }));

  it("has the sizes that ASP.NET's algorithms take", async () => {
    const plan = await build();
    assert.equal(only(plan, "RandomBytes", "machine-key-validation").inputs.length, 64);
    assert.equal(only(plan, "RandomBytes", "machine-key-decryption").inputs.length, 32);
  });

  it("is stored as a secret, in the state and in AWS", async () => {
    const plan = await build();
    assertInputs(only(plan, "Secret"), { kmsKeyId: keyArn, recoveryWindowInDays: 30 });
    const value = only(plan, "SecretVersion").inputs.secretString as { $secret: string };
    const keys = Object.keys(JSON.parse(value.$secret) as object);
    assert.deepEqual(keys, ["validationKey", "decryptionKey"]);
  });

  it("leaves no name behind with protect off", async () => {
    assert.equal(only(await build(false), "Secret").inputs.recoveryWindowInDays, 0);
  });
});
