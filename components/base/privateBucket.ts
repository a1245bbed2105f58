import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning";
import {
  interpolate,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { policyDocument } from "./iamStatements";
import { PlatformComponent, type DataClass } from "./platformComponent";

/** A statement that opens the bucket for someone; `path` is below the bucket, e.g. `web/*`. */
export interface BucketGrant {
  sid: string;
  principal: Record<string, string | string[]>;
  actions: string[];
  path: Input<string>;
}

export interface PrivateBucketArgs {
  dataClass: DataClass;
  /** KMS key; absent: SSE-S3, the only kind that load balancer logs may use. */
  keyArn?: Input<string>;
  grants?: BucketGrant[];
  /** False lets a destroy empty the bucket. */
  protect: boolean;
}

/** A versioned bucket that is never public, talks TLS only and has no object ACLs. */
export class PrivateBucket extends PlatformComponent {
  readonly bucketName: Output<string>;
  readonly bucketArn: Output<string>;
  /** Objects may only be written once these stand. */
  readonly guards: Resource[];

  constructor(name: string, args: PrivateBucketArgs, opts?: ComponentResourceOptions) {
    super("PrivateBucket", name, opts);
    const bucket = new Bucket(
      name,
      { forceDestroy: !args.protect, tags: this.tags(args.dataClass) },
      { parent: this, protect: args.protect },
    );
    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    const of = { bucket: bucket.bucket };
    const child = { parent: this };
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
    new BucketOwnershipControls(
      name,
      { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
      child,
    );
    const versioning = new BucketVersioning(
      name,
      { ...of, versioningConfiguration: { status: "Enabled" } },
      child,
    );
    const byDefault = args.keyArn
      ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.keyArn }
      : { sseAlgorithm: "AES256" };
    const encryption = new BucketServerSideEncryptionConfiguration(
      name,
      {
        ...of,
        rules: [
          {
            applyServerSideEncryptionByDefault: byDefault,
            // One data key per bucket instead of one request to KMS per object.
            ...(args.keyArn ? { bucketKeyEnabled: true } : {}),
          },
        ],
      },
      child,
    );
    const policy = new BucketPolicy(
      name,
      { ...of, policy: policyOf(bucket.arn, args.grants ?? []) },
      // S3 rejects simultaneous changes of one bucket's policy and public access block.
      { parent: this, dependsOn: [access] },
    );
    this.guards = [versioning, encryption, policy];
    this.registerOutputs();
  }
}

function policyOf(bucketArn: Output<string>, grants: BucketGrant[]): Output<string> {
  const tlsOnly = {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:*"],
    Resource: [bucketArn, interpolate`${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const allowed = grants.map((grant) => ({
    Sid: grant.sid,
    Effect: "Allow",
    Principal: grant.principal,
    Action: grant.actions,
    Resource: [interpolate`${bucketArn}/${grant.path}`],
  }));
  return policyDocument([tlsOnly, ...allowed]);
}
