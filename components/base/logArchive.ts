import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration";
import {
  interpolate,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { PlatformComponent } from "./platformComponent";
import { PrivateBucket } from "./privateBucket";

export interface LogArchiveArgs {
  region: string;
  accountId: Input<string>;
  /** Days until a log file expires. */
  retentionDays: number;
  protect: boolean;
}

/**
 * AWS accounts that write load balancer logs in the regions opened before August 2022; later ones
 * use the service principal only (AWS, "Enable access logs for your Application Load Balancer").
 */
const elbAccounts: Record<string, string> = {
  "us-east-1": "127311923021",
  "us-east-2": "033677994240",
  "us-west-1": "027434742980",
  "us-west-2": "797873946194",
  "ca-central-1": "985666609251",
  "eu-central-1": "054676820928",
  "eu-west-1": "156460612806",
  "eu-west-2": "652711504416",
  "eu-west-3": "009996457667",
  "eu-north-1": "897822967062",
  "ap-northeast-1": "582318560864",
  "ap-northeast-2": "600734575887",
  "ap-south-1": "718504428378",
  "ap-southeast-1": "114774131450",
  "ap-southeast-2": "783225319266",
  "sa-east-1": "507241528517",
};

/**
 * Where load balancers put their access logs. Encrypted with SSE-S3: Elastic Load Balancing writes
 * with no other kind (same AWS page).
 */
export class LogArchive extends PlatformComponent {
  readonly bucketName: Output<string>;
  /** A load balancer tests the bucket when its logs are turned on: it needs these first. */
  readonly guards: Resource[];

  constructor(name: string, args: LogArchiveArgs, opts?: ComponentResourceOptions) {
    super("LogArchive", name, opts);
    const account = elbAccounts[args.region];
    // The path that Elastic Load Balancing writes for this account, below each tier's prefix.
    const path = interpolate`alb/*/AWSLogs/${args.accountId}/*`;
    const write = { actions: ["s3:PutObject"], path };
    const archive = new PrivateBucket(
      name,
      {
        dataClass: "internal",
        protect: args.protect,
        grants: [
          {
            sid: "LogDelivery",
            principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
            ...write,
          },
          ...(account
            ? [
                {
                  sid: "RegionalLogDelivery",
                  principal: { AWS: `arn:aws:iam::${account}:root` },
                  ...write,
                },
              ]
            : []),
        ],
      },
      { parent: this },
    );
    this.bucketName = archive.bucketName;
    this.guards = archive.guards;
    new BucketLifecycleConfiguration(
      name,
      {
        bucket: archive.bucketName,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: args.retentionDays },
            noncurrentVersionExpiration: { noncurrentDays: 30 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      { parent: this, dependsOn: archive.guards },
    );
    this.registerOutputs();
  }
}
