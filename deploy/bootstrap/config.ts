import { z } from "zod";
import { ConfigError, oneOf, shown, type Problem } from "../../config/problems";

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

const digits = /^\d+$/;
const wholeNumber = z.string().regex(digits).transform(Number).pipe(z.number().min(7).max(3650));
// Amazon S3 User Guide, "General purpose bucket naming rules"; no dots, which TLS doesn't like.
const bucket = z
  .string()
  .regex(/^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$(?<!-s3alias|--ol-s3)/);

/** What each key may be; `allowed` completes "use …". */
const keys: Record<string, { schema: z.ZodType; allowed: string; example: string }> = {
  accountId: {
    schema: z.string().regex(/^\d{12}$/),
    allowed: "the AWS account's 12 digits, in quotes",
    example: '"123456789012"',
  },
  bucketName: {
    schema: bucket.optional(),
    allowed: "3 to 63 lower-case letters, digits and hyphens",
    example: "acme-pulumi-state",
  },
  keyAlias: {
    schema: z
      .string()
      .regex(/^(?!alias\/|aws\/)[\w/-]{1,250}$/)
      .default("pe-pulumi-secrets"),
    allowed: "letters, digits, hyphens, _ and / without `alias/` in front",
    example: "pe-pulumi-secrets",
  },
  oldVersionDays: {
    schema: wholeNumber.default(90),
    allowed: "a whole number of days from 7 to 3650",
    example: "90",
  },
  logBucket: {
    schema: bucket.optional(),
    allowed: "the name of an existing bucket",
    example: "acme-access-logs",
  },
  protect: {
    schema: z.enum(["true", "false"]).default("true"),
    allowed: "true or false",
    example: "true",
  },
};

/**
 * Checks the config and fills in the defaults; one run names every mistake.
 * @param raw as the engine hands it over; an empty text counts as not set where no default is.
 * @throws ConfigError
 */
export function parseBootstrapConfig(raw: Record<string, string>, stack: string): BootstrapConfig {
  const problems: Problem[] = [];
  const own = Object.entries(raw)
    .filter(([key]) => key.startsWith(`${namespace}:`))
    .map(([key, value]) => [key.slice(namespace.length + 1), value] as const);
  const values: Record<string, unknown> = {};
  for (const [name, { schema, allowed, example }] of Object.entries(keys)) {
    const text = own.find(([key]) => key === name)?.[1];
    // The engine makes "" of a key with nothing behind it; for a key without a default, Pulumi.yaml does.
    const isEmpty = text === "null" || (text === "" && schema instanceof z.ZodDefault);
    const given = isEmpty ? null : text || undefined;
    const parsed = schema.safeParse(given);
    if (parsed.success) values[name] = parsed.data;
    else {
      const wrong =
        given === undefined
          ? "is missing"
          : isEmpty
            ? "is empty"
            : `${shown(given)} is not allowed`;
      const message = `${wrong}: use ${allowed}, for example \`${name}: ${example}\`.`;
      problems.push({ key: name, message });
    }
  }
  for (const [name] of own.filter(([key]) => !Object.hasOwn(keys, key))) {
    const message = `unknown key. The keys here are ${oneOf(Object.keys(keys))}.`;
    problems.push({ key: name, message });
  }
  const region = raw["aws:region"];
  if (!region) {
    const message = "is missing: run `pulumi config set aws:region us-east-1`.";
    problems.push({ key: "aws:region", message });
  }
  if (problems.length > 0 || !region) throw new ConfigError(stack, problems);
  const { bucketName, protect, ...rest } = values as Omit<BootstrapConfig, "protect"> & {
    protect: string;
  };
  return {
    ...rest,
    region,
    bucketName: bucketName ?? `pe-state-${rest.accountId}-${region}`,
    protect: protect === "true",
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
