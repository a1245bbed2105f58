import { z } from "zod";
import { readKeys, type ConfigProject } from "../../config/fields";
import { key } from "../../config/keys";
import { ConfigError, type Problem } from "../../config/problems";

/** The bootstrap's configuration, checked and with every default filled in. */
export interface BootstrapConfig {
  region: string;
  /** The account that the bucket and the keys belong to, 12 digits. */
  accountId: string;
  /** Default `pe-state-<account>-<region>`: known before the bucket exists. */
  bucketName: string;
  /** Without `alias/`. Default pe-pulumi-secrets. */
  keyAlias: string;
  /** Days, 7 to 3650. Default 90. */
  oldVersionDays: number;
  /** Absent: S3 writes no access logs. */
  logBucket?: string;
  /** Default true. */
  protect: boolean;
}

const namespace = "pe-bootstrap";

// Amazon S3 User Guide, "General purpose bucket naming rules"; no dots, which TLS doesn't like.
const bucket = z
  .string()
  .regex(/^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$(?<!-s3alias|--ol-s3)/);

/** Its descriptions are Pulumi.yaml's. */
export const bootstrapSchema = z.strictObject({
  accountId: key(z.string().regex(/^\d{12}$/), {
    description:
      "The AWS account, 12 digits in quotes. Required, so that no other one gets the bucket by mistake.",
    allowed: "the AWS account's 12 digits, in quotes",
    example: '"123456789012"',
  }),
  bucketName: key(bucket.optional(), {
    description: "The bucket's name, unique in all of AWS. Not set, pe-state-<account>-<region>.",
    allowed: "3 to 63 lower-case letters, digits and hyphens",
    example: "acme-pulumi-state",
  }),
  keyAlias: key(
    z
      .string()
      .regex(/^(?!alias\/|aws\/)[\w/-]{1,250}$/)
      .default("pe-pulumi-secrets"),
    {
      description: "Alias of the key for secrets in stack files and state, without `alias/`.",
      allowed: "letters, digits, hyphens, _ and / without `alias/` in front",
      example: "pe-pulumi-secrets",
    },
  ),
  oldVersionDays: key(z.int().min(7).max(3650).default(90), {
    description: "Days for which a replaced version of a state stays restorable, 7 to 3650.",
    allowed: "a whole number of days from 7 to 3650",
    example: "90",
  }),
  logBucket: key(bucket.optional(), {
    description:
      "An existing bucket of this account and region that lets logging.s3.amazonaws.com write. Not set, S3 writes no access logs.",
    allowed: "the name of an existing bucket",
    example: "acme-access-logs",
  }),
  protect: key(z.boolean().default(true), {
    description:
      "Pulumi refuses to delete bucket and keys. To remove them, set it to false and run `up` first.",
    allowed: "true or false",
    example: "true",
  }),
});

const project: ConfigProject = {
  namespace,
  schema: bootstrapSchema,
  knownMisnames: {},
  secrets: "no key of this project takes a secret.",
};

/**
 * Checks the config and fills in the defaults; one run names every mistake.
 * @param raw as the engine hands it over.
 * @throws ConfigError
 */
export function parseBootstrapConfig(raw: Record<string, string>, stack: string): BootstrapConfig {
  const problems: Problem[] = [];
  const values = readKeys(project, raw, problems);
  const region = raw["aws:region"];
  if (!region) {
    const message = "is missing: run `pulumi config set aws:region us-east-1`.";
    problems.push({ key: "aws:region", message });
  }
  if (problems.length > 0 || !region) throw new ConfigError(stack, problems);
  const { bucketName, ...rest } = values as z.infer<typeof bootstrapSchema>;
  return {
    ...rest,
    region,
    bucketName: bucketName ?? `pe-state-${rest.accountId}-${region}`,
  };
}

/**
 * Why the credentials at hand are not to be used; undefined where they are those of the account.
 * @param actual the account that they belong to, from STS.
 */
export function accountProblem(expected: string, actual: string): string | undefined {
  if (expected === actual) return undefined;
  return (
    `The credentials belong to account ${actual}, and accountId is ${expected}: ` +
    `use credentials of ${expected} (AWS_PROFILE), or correct pe-bootstrap:accountId.`
  );
}
