import { isEngines, missingRows, rowOf } from "../../../catalogue";
import type { PlannedResource, StackPlan } from "../../../insight/plan/plan";
import { allOf, inPeerRegion, input, label, peerOf, text, type Check } from "./case";

// A key alone encrypts nothing here.
const switchedOn: Record<string, (item: PlannedResource) => boolean> = {
  "aws:rds/instance:Instance": (item) => input(item, "storageEncrypted") === true,
  "aws:dms/endpoint:Endpoint": (item) => input(item, "sslMode") === "verify-full",
  "aws:ec2/launchTemplate:LaunchTemplate": (item) =>
    input(item, "blockDeviceMappings.0.ebs.encrypted") === "true",
};

/**
 * Invariant 4: every store is encrypted with a customer-managed key of its region; every listener
 * speaks TLS 1.2+, and DMS verifies whom it talks to.
 */
export const everythingIsEncrypted: Check = ({ plan }) => {
  const problems: string[] = [];
  const keys = new Set(allOf(plan, "Key").map((key) => String(key.outputs.arn)));
  const peerKey = peerOf(plan)?.databaseKeyArn ?? "";
  for (const item of plan.resources) {
    if (isEngines(item.type)) continue;
    const row = rowOf(item.type);
    // It may be a store that nobody looked at.
    if (!row) problems.push(missingRows([item.type]));
    if (item.type === "aws:lambda/function:Function" && !input(item, "environment")) continue;
    for (const path of row?.stores || []) {
      const arn = text(item, path);
      const right = inPeerRegion(item) ? arn === peerKey : keys.has(arn);
      if (!right) problems.push(`${label(item)} is not encrypted with a key of the stack`);
    }
    if (switchedOn[item.type]?.(item) === false) problems.push(`${label(item)} is not encrypted`);
  }
  for (const secret of allOf(plan, "Secret").filter((item) => input(item, "replicas"))) {
    const arn = text(secret, "replicas.0.kmsKeyId");
    const right = inPeerRegion(secret) ? keys.has(arn) : arn === peerKey;
    if (!right) problems.push(`${label(secret)} has a copy under another key`);
  }
  for (const key of allOf(plan, "Key")) {
    if (input(key, "enableKeyRotation") !== true) problems.push(`${label(key)} does not rotate`);
  }
  return [...problems, ...buckets(plan, keys), ...listeners(plan)];
};

function buckets(plan: StackPlan, keys: Set<string>): string[] {
  const byBucket = new Map(
    allOf(plan, "BucketServerSideEncryptionConfiguration").map((item) => [
      text(item, "bucket"),
      item,
    ]),
  );
  return allOf(plan, "Bucket").flatMap((bucket) => {
    const config = byBucket.get(String(bucket.outputs.bucket));
    const rule = "rules.0.applyServerSideEncryptionByDefault";
    if (!config) return [`${label(bucket)} has no encryption`];
    // AWS lets load balancers write with SSE-S3 only.
    if (bucket.name === "logs") {
      return text(config, `${rule}.sseAlgorithm`) === "AES256"
        ? []
        : [`${label(bucket)}: not SSE-S3`];
    }
    return keys.has(text(config, `${rule}.kmsMasterKeyId`))
      ? []
      : [`${label(bucket)}: not its key`];
  });
}

function listeners(plan: StackPlan): string[] {
  return allOf(plan, "Listener").flatMap((listener) => {
    if (text(listener, "protocol") === "HTTPS") {
      const modern = /^ELBSecurityPolicy-TLS13-1-[23]-/.test(text(listener, "sslPolicy"));
      return modern ? [] : [`${label(listener)} allows old TLS`];
    }
    const redirect = text(listener, "defaultActions.0.redirect.protocol") === "HTTPS";
    return redirect ? [] : [`${label(listener)} serves without TLS`];
  });
}

// Actions for which the Service Authorization Reference names no resource type.
const withoutResource = [
  /^ssm:UpdateInstanceInformation$/,
  /^ssmmessages:/,
  /^cloudwatch:PutMetricData$/,
  /^ec2:Describe(NetworkInterfaces|Subnets)$/,
  /^dms:DescribeConnections$/,
];

interface Statement {
  Sid?: string;
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  Principal?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** Invariant 5: no `*` action, and `*` as a resource only where AWS knows no narrower one. */
export const noWildcardsInPolicies: Check = ({ plan }) => [
  ...allOf(plan, "RolePolicy").flatMap((policy) =>
    statements(policy).flatMap((statement) => {
      const actions = [statement.Action].flat();
      const wild = actions.filter((action) => /^\*$|:\*$/.test(action));
      const loose = [statement.Resource].flat().includes("*")
        ? actions.filter((action) => !withoutResource.some((known) => known.test(action)))
        : [];
      return [...wild, ...loose].map((action) => `${label(policy)}: ${action} on *`);
    }),
  ),
  ...allOf(plan, "Key").flatMap((key) =>
    statements(key).flatMap((statement) => {
      const wild = [statement.Action].flat().filter((action) => /^(kms:)?\*$/.test(action));
      // A key policy's "*" means this key; for everybody, it must be bound to account and service.
      const anyone = (statement.Principal as { AWS?: unknown }).AWS === "*";
      const bound = statement.Condition?.StringEquals ?? {};
      const open = anyone && !(bound["kms:CallerAccount"] && bound["kms:ViaService"]);
      return [...wild, ...(open ? ["open to everybody"] : [])].map((it) => `${label(key)}: ${it}`);
    }),
  ),
  ...allOf(plan, "BucketPolicy").flatMap((policy) =>
    statements(policy)
      .filter(({ Effect, Action, Principal }) => {
        return Effect === "Allow" && (/\*/.test([Action].flat().join()) || Principal === "*");
      })
      .map(() => `${label(policy)} opens the bucket`),
  ),
];

function statements(resource: PlannedResource): Statement[] {
  const document = JSON.parse(text(resource, "policy")) as { Statement: Statement[] };
  return document.Statement;
}

/** Invariant 7: what holds data is protected, and the database leaves a snapshot. */
export const dataIsGuarded: Check = ({ plan, config }) => {
  const data = [
    ...["rds/instance:Instance", "rds/subnetGroup:SubnetGroup", "Key", "Bucket"].flatMap((type) =>
      // Under the key of a topic there are only messages on their way.
      allOf(plan, type).filter(({ name }) => name !== "entry-alarms"),
    ),
    ...allOf(plan, "Zone").filter(({ name }) => name === "dns"),
  ];
  const problems = data
    .filter(({ options }) => (options.protect ?? false) !== config.protect)
    .map((item) => `${label(item)}: protect is not ${config.protect}`);
  for (const database of allOf(plan, "rds/instance:Instance")) {
    const guarded = config.protect && config.database.deletionProtection;
    if (input(database, "deletionProtection") !== guarded) problems.push("deletion protection");
    if (input(database, "skipFinalSnapshot") !== false) problems.push("no final snapshot");
    if (text(database, "finalSnapshotIdentifier") === "") problems.push("no snapshot name");
  }
  for (const balancer of allOf(plan, "LoadBalancer")) {
    if (input(balancer, "enableDeletionProtection") !== config.protect) {
      problems.push(`${label(balancer)} is not guarded`);
    }
  }
  for (const bucket of allOf(plan, "Bucket")) {
    if (input(bucket, "forceDestroy") !== !config.protect)
      problems.push(`${label(bucket)} empties`);
  }
  return problems;
};

/** Invariant 8: names come from roles; awsx numbers the three fixed zones, which never shift. */
export const namesComeFromRoles: Check = ({ plan }) =>
  plan.resources
    .filter(({ expanded, name }) => !expanded && !name.startsWith("clients-"))
    .filter(({ name }) => /\d/.test(name.replace("s3", "")))
    .map((item) => `${label(item)} has a number in its name`);
