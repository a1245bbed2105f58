import { arn, type MockAnswer, type MockContext, physicalName } from "./answers";
import { list, number, object } from "./json";
import {
  at,
  authorization,
  autonamed,
  cloudFormation,
  decryptThrough,
  grant,
  keysThrough,
} from "./places";
import { byInput, putAgain } from "./recovery";
import type { Rights } from "./rights";
import type { Bill, Rows } from "./row";

const settingBill: Bill = { free: "a setting of a bucket, which is billed by what is in it" };

const s3 = authorization("amazons3");

const buckets = autonamed("artifacts", "logs").map((name) => `arn:aws:s3:::${name}`);

const objects = buckets.map((arn) => `${arn}/*`);

/** A setting of a bucket: read and written by actions that S3 names differently from its API. */
const bucketSetting = (setting: string, schema = "AWS::S3::Bucket"): Rights => ({
  read: [grant(at(...buckets), `s3:Get${setting}`, "s3:ListBucket")],
  manage: [grant(at(...buckets), `s3:Put${setting}`)],
  sources: [cloudFormation(schema), s3],
});

function bucket(context: MockContext): MockAnswer {
  const name = physicalName(context, "bucket");
  return {
    id: name,
    outputs: {
      bucket: name,
      arn: arn("s3", context, name),
      bucketDomainName: `${name}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${name}.s3.${context.region}.amazonaws.com`,
      region: context.region,
    },
  };
}

export const s3Rows: Rows = {
  "aws:s3/bucket:Bucket": {
    bill: {
      billed: "what is in it, and requests",
      counts: ({ component }, into) => {
        if (component === "ArtifactStore") into.artifacts = true;
      },
    },
    // Its key is named by its encryption configuration.
    stores: [],
    taggable: true,
    shows: ["bucket", "forceDestroy"],
    answer: bucket,
    recovery: byInput("bucket"),
    rights: {
      read: [
        grant(
          at(...buckets),
          ...[
            "AccelerateConfiguration",
            "BucketAcl",
            "BucketCORS",
            "BucketLogging",
            "BucketObjectLockConfiguration",
            "BucketPolicy",
            "BucketRequestPayment",
            "BucketTagging",
            "BucketVersioning",
            "BucketWebsite",
            "EncryptionConfiguration",
            "LifecycleConfiguration",
            "ReplicationConfiguration",
          ].map((setting) => `s3:Get${setting}`),
          "s3:ListBucket",
          "s3:ListTagsForResource",
        ),
      ],
      manage: [
        grant(
          at(...buckets),
          "s3:CreateBucket",
          "s3:DeleteBucket",
          "s3:ListBucketVersions",
          "s3:PutBucketTagging",
          "s3:TagResource",
          "s3:UntagResource",
        ),
        // Without `protect`, a destroy empties the bucket first.
        grant(at(...objects), "s3:DeleteObject", "s3:DeleteObjectVersion"),
      ],
      sources: [cloudFormation("AWS::S3::Bucket"), s3],
    },
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    bill: {
      billed: "how long access logs are kept; expiry itself is free",
      counts: ({ component, inputs }, into) => {
        if (component !== "LogArchive") return;
        const days = list(inputs.rules).map((rule) => number(object(object(rule).expiration).days));
        into.archiveDays = Math.max(...days);
      },
    },
    stores: false,
    taggable: false,
    recovery: putAgain,
    rights: bucketSetting("LifecycleConfiguration"),
  },
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    bill: { free: "billed with its bucket" },
    stores: ["kmsKeyId"],
    taggable: true,
    shows: ["bucket", "key"],
    recovery: putAgain,
    rights: {
      read: [
        // Reading an object's state is the same right as reading the object: a site, no secret.
        grant(
          at(`${buckets[0] ?? ""}/sites/*`),
          "s3:GetObject",
          "s3:GetObjectTagging",
          "s3:GetObjectVersion",
        ),
        grant(at(...buckets), "s3:ListBucket"),
        decryptThrough("s3"),
      ],
      manage: [
        grant(
          at(`${buckets[0] ?? ""}/sites/*`),
          "s3:AbortMultipartUpload",
          "s3:DeleteObject",
          "s3:DeleteObjectVersion",
          "s3:PutObject",
          "s3:PutObjectTagging",
        ),
        grant(at(...buckets), "s3:ListBucketVersions"),
        ...keysThrough("s3"),
      ],
      sources: [s3, "https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html"],
    },
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    bill: settingBill,
    stores: false,
    taggable: false,
    shows: ["rule.objectOwnership"],
    recovery: putAgain,
    rights: bucketSetting("BucketOwnershipControls"),
  },
  "aws:s3/bucketPolicy:BucketPolicy": {
    bill: settingBill,
    stores: false,
    taggable: false,
    shows: ["policy"],
    recovery: putAgain,
    rights: {
      read: [grant(at(...buckets), "s3:GetBucketPolicy", "s3:ListBucket")],
      manage: [grant(at(...buckets), "s3:DeleteBucketPolicy", "s3:PutBucketPolicy")],
      sources: [cloudFormation("AWS::S3::BucketPolicy"), s3],
    },
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    bill: settingBill,
    stores: false,
    taggable: false,
    shows: ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"],
    recovery: putAgain,
    rights: bucketSetting("BucketPublicAccessBlock"),
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    bill: settingBill,
    stores: false,
    taggable: false,
    shows: [
      "rules[].applyServerSideEncryptionByDefault.sseAlgorithm",
      "rules[].applyServerSideEncryptionByDefault.kmsMasterKeyId",
    ],
    recovery: putAgain,
    rights: bucketSetting("EncryptionConfiguration"),
  },
  "aws:s3/bucketVersioning:BucketVersioning": {
    bill: settingBill,
    stores: false,
    taggable: false,
    shows: ["versioningConfiguration.status"],
    recovery: putAgain,
    rights: bucketSetting("BucketVersioning"),
  },
};
