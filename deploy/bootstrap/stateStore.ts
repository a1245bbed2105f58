import { Policy } from "@pulumi/aws/iam/policy";
import { Alias } from "@pulumi/aws/kms/alias";
import { Key } from "@pulumi/aws/kms/key";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration";
import { BucketLogging } from "@pulumi/aws/s3/bucketLogging";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning";
import { all, ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import {
  policyText,
  readState,
  secretsKeyPolicy,
  stateBucketPolicy,
  stateKeyPolicy,
  writeState,
  type PolicyStatement,
  type StoreIdentity,
  type StoreKeys,
} from "./statePolicies";

export interface StateStoreArgs extends StoreIdentity {
  /** Alias of the secrets provider's key, without `alias/`. */
  keyAlias: string;
  /** Days for which a replaced version stays restorable. */
  oldVersionDays: number;
  /** Bucket for S3's access logs, below `<bucket>/`. @default none */
  logBucket?: string;
  /** Pulumi refuses to delete bucket and keys; false lets a destroy empty the bucket. */
  protect: boolean;
}

/**
 * Where Pulumi keeps state without Pulumi Cloud: a bucket of its own, the key that encrypts it, the
 * key of the `awskms` secrets provider, and an IAM policy each for reading and for writing state.
 *
 * - Every update writes the state anew, so versioning is the history and the way back. The bucket
 *   policy lets nobody delete a version; only the lifecycle rules do, after `oldVersionDays`.
 * - No Object Lock: nothing could then remove a version before its time, so a state with a leaked
 *   secret would stay for as long, and neither lifecycle rules nor a destroy could tidy up the many
 *   versions that updates and locks leave. The denial above protects the history as well, and an
 *   administrator who has to can lift it.
 * - Two keys, so that reading state and opening the secrets in it are two rights.
 * - Access logs by S3 need a bucket of their own: `logBucket` names one. What tells who read a
 *   secret is there without it: CloudTrail records every use of the secrets key.
 *
 * ### Cost
 * 1 USD per key and month, again for each of its first two rotations (AWS KMS Pricing); cents for
 * the objects.
 */
export class StateStore extends ComponentResource {
  /** For `pulumi login`. */
  readonly backendUrl: Output<string>;
  /** For `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: Output<string>;
  readonly bucketName: Output<string>;
  readonly stateKeyArn: Output<string>;
  readonly secretsKeyArn: Output<string>;
  /** IAM policies for whoever previews, and for whoever updates. */
  readonly readPolicyArn: Output<string>;
  readonly writePolicyArn: Output<string>;

  constructor(name: string, args: StateStoreArgs, opts?: ComponentResourceOptions) {
    super("pe:bootstrap:StateStore", name, {}, opts);
    const { region, accountId, bucketName } = args;
    const identity = { region, accountId, bucketName };
    const stateKey = this.key(`${name}-objects`, args, {
      description: `Pulumi state in ${bucketName}`,
      policy: stateKeyPolicy(identity),
      alias: `${args.keyAlias}-state`,
    });
    const secretsKey = this.key(`${name}-secrets`, args, {
      description: "Secrets in Pulumi stack files and state",
      policy: secretsKeyPolicy(accountId),
      alias: args.keyAlias,
    });
    this.bucketName = this.bucket(name, args, stateKey.key);

    const keys = all([stateKey.key.arn, secretsKey.key.arn]).apply(
      ([stateKeyArn, secretsKeyArn]): StoreKeys => ({ stateKeyArn, secretsKeyArn }),
    );
    const policy = (what: string, describe: typeof readState) =>
      new Policy(
        `${name}-${what}`,
        {
          description: `Pulumi state in ${bucketName}: ${what}`,
          policy: keys.apply((arns) => policyText(describe(identity, arns))),
          tags: tagsOf(name),
        },
        { parent: this },
      ).arn;
    this.readPolicyArn = policy("read", readState);
    this.writePolicyArn = policy("write", writeState);
    this.stateKeyArn = stateKey.key.arn;
    this.secretsKeyArn = secretsKey.key.arn;
    this.backendUrl = this.bucketName.apply(
      (bucket) => `s3://${bucket}?region=${region}&awssdk=v2`,
    );
    this.secretsProvider = secretsKey.alias.name.apply(
      (alias) => `awskms://${alias}?region=${region}`,
    );
    this.registerOutputs();
  }

  private key(
    name: string,
    { protect }: StateStoreArgs,
    {
      description,
      policy,
      alias,
    }: { description: string; policy: PolicyStatement[]; alias: string },
  ) {
    const key = new Key(
      name,
      {
        description,
        enableKeyRotation: true,
        // Without its key, state is lost for good: the longest wait that KMS offers.
        deletionWindowInDays: protect ? 30 : 7,
        policy: policyText(policy),
        tags: tagsOf(name),
      },
      { parent: this, protect },
    );
    const named = new Alias(
      name,
      { name: `alias/${alias}`, targetKeyId: key.id },
      { parent: this, protect },
    );
    return { key, alias: named };
  }

  /** @returns the bucket's name, once everything that guards its objects stands. */
  private bucket(name: string, args: StateStoreArgs, key: Key): Output<string> {
    const { bucketName, protect, logBucket } = args;
    const bucket = new Bucket(
      name,
      { bucket: bucketName, forceDestroy: !protect, tags: tagsOf(name) },
      { parent: this, protect },
    );
    const of = { bucket: bucket.bucket };
    const child = { parent: this, protect };
    const access = new BucketPublicAccessBlock(
      name,
      {
        ...of,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      child,
    );
    const ownership = new BucketOwnershipControls(
      name,
      { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
      child,
    );
    const versioning = new BucketVersioning(
      name,
      { ...of, versioningConfiguration: { status: "Enabled" } },
      child,
    );
    const encryption = new BucketServerSideEncryptionConfiguration(
      name,
      {
        ...of,
        rules: [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: "aws:kms",
              kmsMasterKeyId: key.arn,
            },
            // One data key per bucket instead of one request to KMS per object.
            bucketKeyEnabled: true,
          },
        ],
      },
      child,
    );
    const policy = new BucketPolicy(
      name,
      { ...of, policy: key.arn.apply((arn) => policyText(stateBucketPolicy(args, arn))) },
      // S3 rejects simultaneous changes of one bucket's policy and public access block.
      { ...child, dependsOn: [access] },
    );
    new BucketLifecycleConfiguration(
      name,
      {
        ...of,
        rules: [
          {
            id: "old-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: args.oldVersionDays },
            expiration: { expiredObjectDeleteMarker: true },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
          {
            // A lock that was given back is of no use to anybody.
            id: "old-locks",
            status: "Enabled",
            filter: { prefix: ".pulumi/locks/" },
            noncurrentVersionExpiration: { noncurrentDays: 1 },
          },
        ],
      },
      { ...child, dependsOn: [versioning] },
    );
    if (logBucket !== undefined) {
      new BucketLogging(
        name,
        { ...of, targetBucket: logBucket, targetPrefix: `${bucketName}/` },
        child,
      );
    }
    const guards = all([access, ownership, versioning, encryption, policy].map(({ id }) => id));
    return all([bucket.bucket, guards]).apply(([named]) => named);
  }
}

const tagsOf = (name: string) => ({ Name: name, "pe:data-class": "confidential" });
