import { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2";
import { type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { PlatformComponent } from "../base/platformComponent";
import { PrivateBucket } from "../base/privateBucket";

/** A site to put on servers: a zip file, checked on every server against its SHA-256. */
export interface SiteArtifact {
  bucket: Input<string>;
  key: Input<string>;
  /** Hexadecimal. */
  sha256: string;
}

export interface ArtifactStoreArgs {
  keyArn: Input<string>;
  /** Sample sites to upload, by tier. */
  sites: Record<string, { key: string; sha256: string; contentBase64: string }>;
  protect: boolean;
}

/**
 * The bucket that servers load their site from. A site's key contains its hash, so a new version
 * is a new object beside the old one.
 */
export class ArtifactStore extends PlatformComponent {
  readonly bucketArn: Output<string>;
  private readonly artifacts: Record<string, SiteArtifact> = {};

  constructor(name: string, args: ArtifactStoreArgs, opts?: ComponentResourceOptions) {
    super("ArtifactStore", name, opts);
    const store = new PrivateBucket(
      name,
      { dataClass: "internal", keyArn: args.keyArn, protect: args.protect },
      { parent: this },
    );
    this.bucketArn = store.bucketArn;
    for (const [tier, site] of Object.entries(args.sites)) {
      const object = new BucketObjectv2(
        `${name}-${tier}`,
        {
          bucket: store.bucketName,
          key: site.key,
          contentBase64: site.contentBase64,
          contentType: "application/zip",
          serverSideEncryption: "aws:kms",
          kmsKeyId: args.keyArn,
          tags: this.tags("internal"),
        },
        // The former site stays: servers of the former template still start from it in a rollback.
        { parent: this, dependsOn: store.guards, retainOnDelete: true },
      );
      // Taken from the object, so that no server starts before its site is there.
      const { bucket, key } = object;
      this.artifacts[tier] = { bucket, key, sha256: site.sha256 };
    }
    this.registerOutputs();
  }

  /** @throws Error for a tier without a sample site. */
  artifact(tier: string): SiteArtifact {
    const artifact = this.artifacts[tier];
    if (!artifact) throw new Error(`The artifact store has no site for the tier ${tier}.`);
    return artifact;
  }
}
