/** One statement of an IAM, key or bucket policy. */
export interface PolicyStatement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Principal?: string | Record<string, string>;
  Action: string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** A policy document as AWS takes it. */
export function policyText(statements: PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** The store's names: all of them are known before anything exists. */
export interface StoreIdentity {
  region: string;
  accountId: string;
  bucketName: string;
}

/** The key that a policy is about, once it exists. */
export interface StoreKeys {
  stateKeyArn: string;
  secretsKeyArn: string;
}

const bucketArn = ({ bucketName }: StoreIdentity) => `arn:aws:s3:::${bucketName}`;
const account = (accountId: string) => ({ AWS: `arn:aws:iam::${accountId}:root` });

/**
 * What keeps a key manageable by the account's administrators, and nothing that reads with it.
 * Naming the account as principal leaves it to IAM policies who that is (KMS Developer Guide,
 * "Default key policy").
 */
function administration(accountId: string): PolicyStatement {
  const actions = [
    ...["CancelKeyDeletion", "ScheduleKeyDeletion", "DisableKey", "EnableKey", "DescribeKey"],
    ...["CreateAlias", "DeleteAlias", "UpdateAlias", "ListAliases", "UpdateKeyDescription"],
    ...["EnableKeyRotation", "DisableKeyRotation", "GetKeyRotationStatus", "RotateKeyOnDemand"],
    ...["ListKeyRotations", "GetKeyPolicy", "PutKeyPolicy", "ListKeyPolicies"],
    ...["ListGrants", "RevokeGrant", "ListResourceTags", "TagResource", "UntagResource"],
  ];
  return {
    Sid: "Administration",
    Effect: "Allow",
    Principal: account(accountId),
    Action: actions.sort().map((action) => `kms:${action}`),
    Resource: "*",
  };
}

/**
 * The bucket's key: through S3 and for this bucket only, by whom IAM lets. With a bucket key, S3's
 * encryption context is the bucket's ARN (S3 User Guide, "Reducing the cost of SSE-KMS").
 */
export function stateKeyPolicy(store: StoreIdentity): PolicyStatement[] {
  return [
    administration(store.accountId),
    {
      Sid: "ObjectsOfTheBucket",
      Effect: "Allow",
      Principal: account(store.accountId),
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: {
        StringEquals: {
          "kms:ViaService": `s3.${store.region}.amazonaws.com`,
          "kms:CallerAccount": store.accountId,
        },
        ArnLike: {
          "kms:EncryptionContext:aws:s3:arn": [bucketArn(store), `${bucketArn(store)}/*`],
        },
      },
    },
  ];
}

/** The secrets provider's key: Pulumi encrypts one data key per stack with it, by itself. */
export function secretsKeyPolicy(accountId: string): PolicyStatement[] {
  return [
    administration(accountId),
    {
      Sid: "DataKeysOfStacks",
      Effect: "Allow",
      Principal: account(accountId),
      Action: ["kms:Decrypt", "kms:Encrypt"],
      Resource: "*",
    },
  ];
}

/** Denials for everybody, administrators included; who may come is said by IAM policies. */
export function stateBucketPolicy(store: StoreIdentity, stateKeyArn: string): PolicyStatement[] {
  const bucket = bucketArn(store);
  const objects = `${bucket}/*`;
  const deny = (Sid: string, rest: Pick<PolicyStatement, "Action" | "Resource" | "Condition">) =>
    ({ Sid, Effect: "Deny", Principal: "*", ...rest }) as const;
  return [
    deny("TlsOnly", {
      Action: ["s3:*"],
      Resource: [bucket, objects],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    }),
    // Pulumi names no encryption and gets the bucket's. Whoever names one has to name this key: a
    // negated comparison is also true where the other header is missing (IAM User Guide,
    // "Condition operators"), so SSE-S3 and AWS's own key are refused too.
    deny("OwnKeyOnly", {
      Action: ["s3:PutObject"],
      Resource: [objects],
      Condition: {
        Null: { "s3:x-amz-server-side-encryption": "false" },
        StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": stateKeyArn },
      },
    }),
    deny("NoKeysOfClients", {
      Action: ["s3:PutObject"],
      Resource: [objects],
      Condition: { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } },
    }),
    // Only the lifecycle rules end an old version, so no deployment can rewrite history.
    deny("VersionsStay", { Action: ["s3:DeleteObjectVersion"], Resource: [objects] }),
  ];
}

/**
 * What `pulumi preview` and `refresh --preview-only` need: they take no lock and write nothing.
 */
export function readState(store: StoreIdentity, keys: StoreKeys): PolicyStatement[] {
  return stateAccess(store, keys, { objects: [], state: [], secrets: [] });
}

/** What `pulumi up`, `refresh`, `destroy`, `stack init` and `import` need. */
export function writeState(store: StoreIdentity, keys: StoreKeys): PolicyStatement[] {
  return stateAccess(store, keys, {
    // Large states are uploaded in parts.
    objects: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"],
    state: ["kms:GenerateDataKey"],
    secrets: ["kms:Encrypt"],
  });
}

function stateAccess(
  store: StoreIdentity,
  { stateKeyArn, secretsKeyArn }: StoreKeys,
  more: Record<"objects" | "state" | "secrets", string[]>,
): PolicyStatement[] {
  const allow = (Sid: string, Action: string[], Resource: string) =>
    ({ Sid, Effect: "Allow", Action, Resource }) as const;
  return [
    allow("Bucket", ["s3:ListBucket"], bucketArn(store)),
    allow("Objects", ["s3:GetObject", ...more.objects], `${bucketArn(store)}/*`),
    {
      ...allow("ObjectsKey", ["kms:Decrypt", ...more.state], stateKeyArn),
      Condition: { StringEquals: { "kms:ViaService": `s3.${store.region}.amazonaws.com` } },
    },
    allow("SecretsKey", ["kms:Decrypt", ...more.secrets], secretsKeyArn),
  ];
}
