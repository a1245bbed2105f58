import type { Problem } from "../config/problems";

/** Values that a stack's state keeps between runs. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The values that the rules read, by key; what an earlier version did not keep is absent. */
export type GuardedConfig = Record<string, Json>;

/** What an edit of a running stack does that neither the engine's diff nor `protect` tells. */
export interface EditRule {
  /** The key as the stack file spells it; `aws:region` for the provider's. */
  key: string;
  /** True: `acceptEdits` may name the key, since AWS can do some of these edits. */
  acceptable: boolean;
  /** Called for two different values; undefined where the edit needs no word. */
  judge(before: Json, after: Json, configs: Configs): Verdict | undefined;
}

/** Sentences: what AWS or the program does with the edit, and the way out. */
export type Verdict = { warn: string } | { refuse: string } | { refuseUnlessAccepted: string };

/** The judgement on an edit. */
export interface EditVerdict {
  /** Not possible, or not accepted; and keys in `acceptEdits` that the edit does not need. */
  refused: Problem[];
  /** Edits that are let through, and what follows from others. */
  warnings: Problem[];
  /** Keys that an earlier version did not keep, so that their edits pass unseen this once. */
  unjudged: string[];
}

/** The whole of both sides, for rules that look at more than their key. */
interface Configs {
  old: GuardedConfig;
  next: GuardedConfig;
}

type Judge<T extends Json> = (before: T, after: T, configs: Configs) => Verdict | undefined;

function rule<T extends Json>(key: string, judge: Judge<T>): EditRule {
  return { key, acceptable: false, judge: judge as EditRule["judge"] };
}

function acceptable<T extends Json>(key: string, judge: Judge<T>): EditRule {
  return { ...rule(key, judge), acceptable: true };
}

const major = (version: string) => Number.parseInt(version, 10);

/** Builds in order: "16.00.4236.2.v1" before "16.00.4255.1.v1". */
function isOlder(version: string, than: string): boolean {
  const [one = [], other = []] = [version, than].map((text) =>
    (text.match(/\d+/g) ?? []).map(Number),
  );
  const at = one.findIndex((part, index) => part !== other[index]);
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0);
}

// terraform-provider-aws sends size and IOPS of a database together, as the state knows them; RDS User
// Guide, "Managing capacity automatically with Amazon RDS storage autoscaling": grown storage stays.
const asTheStateKnows = (what: string): Verdict => ({
  warn: `${what} goes to RDS together with the size in the state. Where RDS has grown the storage since, it refuses that: run this edit with \`pulumi up --refresh\`.`,
});

const besides = (value: string): string =>
  `bring up another stack with ${value}, move the data there by a native backup or DMS, and take this one down`;

/** Shorter retention: what is older goes at once. */
const shorter =
  (what: string): Judge<number> =>
  (before, after) =>
    after < before
      ? { warn: `AWS deletes ${what} older than ${after} days; so far they are kept ${before}.` }
      : undefined;

/**
 * Three updates, because AWS refuses the one: a protected load balancer is not deleted, and a route
 * table takes no second default route while the first is there (CreateRoute). A zone that the program
 * made keeps its kind, since the VPCs in it are not this stack's alone.
 */
function exposureEdit(before: string, after: string, { old, next }: Configs): Verdict {
  const [toPrivate, nat] = [after === "private", "network.natGateways"];
  const ownZone = old.hostedZone === "create" && next.hostedZone === "create";
  const ready = old.protect === false && (toPrivate ? old : next)[nat] === "none" && !ownZone;
  const zone = `hostedZone: the id of a ${after} zone of the domain where it is create so far`;
  const keys = toPrivate ? "privateGateway, clientCidrs, certificateArn" : `${nat}: none`;
  const steps = [
    `protect: false${toPrivate ? ` and ${nat}: none` : ""}`,
    `exposure: ${after} with what it needs (${keys}), ${zone}, acceptEdits: [exposure]`,
    `protect: true, without acceptEdits${toPrivate ? "" : ` and ${nat}`}`,
  ];
  const sentence =
    `an edit to ${after} replaces the web load balancer, and clients have no way in until the names lead to the new one. It takes three edits, each with its \`pulumi up\`: ` +
    `${steps.map((step, index) => `${index + 1}. ${step}`).join("; ")} (docs/runbooks/edits.md). Or put ${before} back.`;
  return ready ? { refuseUnlessAccepted: sentence } : { refuse: sentence };
}

/** The edits of a running stack that need a word. */
export const editRules: EditRule[] = [
  rule<string>("aws:region", (before, after) => ({
    refuse: `this stack's resources are in ${before} and do not move: the provider would look for them in ${after} and find none. Put ${before} back, and make a stack of its own for ${after}.`,
  })),
  rule<string[]>("regions", ([home = ""], [next = ""]) => {
    if (home === next) return undefined;
    return {
      refuse: `${home}, the first of regions, is home and owns the hosted zone, the shared records and DMS's roles, which ${next} as the first would take from it. Keep ${home} first; replication.writer moves the writes.`,
    };
  }),
  acceptable<string>("exposure", exposureEdit),
  acceptable<string>("domain", (before, after) => ({
    refuseUnlessAccepted: `all names under ${before} go, and certificate, records and zones come anew under ${after}; a second region's stack joins again only with the same edit. Tell the clients first; then set acceptEdits: [domain], with protect: false where this stack made the hosted zone, and \`pulumi up\`.`,
  })),
  rule<string>("hostedZone", (before, after) => {
    const zone = (id: string) => (id === "create" ? "the zone that the home stack makes" : id);
    return {
      warn: `the names move from ${zone(before)} to ${zone(after)}: clients find none until the parent domain delegates there.`,
    };
  }),
  // EC2: a VPC's first range is create-only. RDS, ModifyDBSubnetGroup, and Elastic Load Balancing,
  // SetSubnets, refuse subnets of another VPC, so that the edit would stop half-way.
  rule<string>("network.cidrBlock", (before, after) => ({
    refuse: `a VPC keeps its range for life, and neither a load balancer nor a database's subnet group moves into another VPC. Put ${before} back, or ${besides(`cidrBlock ${after}`)}.`,
  })),
  // EC2, DeleteSubnet: not while network interfaces are in it.
  rule<string[]>("network.availabilityZones", (before) => ({
    refuse: `the zones name subnets for good, in this order: with others, subnets are replaced that the database and load balancers are in, and AWS removes none in use. Put [${before.join(", ")}] back; azCount says how many are used.`,
  })),
  // RDS for SQL Server has no call that renames; the logins' secrets are written by rotation only.
  rule<string>("database.name", (before, after) => ({
    refuse: `nothing is renamed: ${after} would be a new, empty database beside ${before}, which the logins' secrets go on naming. Put ${before} back, or ${besides(`database.name ${after}`)}.`,
  })),
  // RDS: CreateDBInstance takes the engine, ModifyDBInstance changes none to SQL Server's editions.
  rule<string>("database.edition", (before, after) => ({
    refuse: `RDS turns no ${before} instance into ${after}: an empty one would take its place. Put ${before} back, or ${besides(`edition ${after}`)}.`,
  })),
  // RDS User Guide, "Upgrades of the Microsoft SQL Server DB engine".
  acceptable<string>("database.engineVersion", (before, after, { next }) => {
    if (isOlder(after, before)) {
      return {
        refuse: `RDS never downgrades, and ${after} is older than ${before}: put ${before} back.`,
      };
    }
    if (major(after) === major(before)) return undefined;
    const why = `${before} to ${after} is another SQL Server: an outage of an hour or more, and no way back but a snapshot`;
    // The old version's parameter group stays in use until then, and cannot be deleted.
    if (next["database.applyImmediately"] !== true) {
      return {
        refuse: `${why}. It cannot wait for the maintenance window: set database.applyImmediately: true for it, and acceptEdits: [database.engineVersion].`,
      };
    }
    return {
      refuseUnlessAccepted: `${why}. Try it on a restored copy, take a snapshot; then set acceptEdits: [database.engineVersion].`,
    };
  }),
  rule<number>("database.storageGiB", (before, after) => {
    if (after > before) return asTheStateKnows(`${after} GiB`);
    return {
      refuse: `RDS never shrinks storage, and ${after} is less than ${before}: put ${before} back, or ${besides(`storageGiB ${after}`)}.`,
    };
  }),
  rule<number>("database.maxStorageGiB", (before, after) => {
    if (after > before) return undefined;
    return {
      warn: `RDS refuses a limit that the storage has grown to already: ${after} must be above AllocatedStorage of \`aws rds describe-db-instances\`.`,
    };
  }),
  rule<number>("database.iops", (_before, after) => asTheStateKnows(`${after} IOPS`)),
  rule("database.backupRetentionDays", shorter("backups")),
  rule("replication.backupRetentionDays", shorter("backups in the other region")),
  rule("logRetentionDays", shorter("logs")),
];

/** Keys that `acceptEdits` may name. */
export const acceptableEdits = editRules.filter((row) => row.acceptable).map(({ key }) => key);

/** Keys that a stack keeps for its next edit: those of the rules, and what they look at beside. */
const guardedKeys = [
  ...editRules.map(({ key }) => key),
  ...["database.applyImmediately", "network.natGateways", "protect"],
];

/**
 * What a stack keeps of its config for its next edit, in its state and in plain text: keys that are
 * no secret by nature. A key that its owner has encrypted all the same is left out.
 * @param encrypted top-level keys, which the engine tells its programs.
 */
export function guardedConfig(
  config: { region: string },
  encrypted: readonly string[] = [],
): GuardedConfig {
  const values = { ...config, "aws:region": config.region };
  const kept = guardedKeys.filter((key) => !encrypted.includes(key.split(".")[0] ?? key));
  return Object.fromEntries(kept.map((key) => [key, valueAt(values, key.split("."))]));
}

function valueAt(value: unknown, [name, ...rest]: string[]): Json {
  if (name === undefined) return (value ?? null) as Json;
  return valueAt((value as Record<string, unknown>)[name], rest);
}

/** For as long as `acceptEdits` stands in a stack file. */
export const standing = (acceptEdits: readonly string[]): string =>
  `acceptEdits lets edits of ${acceptEdits.join(", ")} through: take it out once the \`up\` has succeeded.`;

/** Judges the edit of a running stack from `before` to `after`, with `acceptEdits` as it is now. */
export function judgeEdit(
  before: GuardedConfig,
  after: GuardedConfig,
  acceptEdits: readonly string[],
): EditVerdict {
  const verdict: EditVerdict = { refused: [], warnings: [], unjudged: [] };
  const needed: string[] = [];
  for (const { key, judge } of editRules) {
    const [was, is] = [before[key], after[key]];
    if (is === undefined || JSON.stringify(was) === JSON.stringify(is)) continue;
    if (was === undefined) {
      verdict.unjudged.push(key);
      continue;
    }
    const found = judge(was, is, { old: before, next: after });
    if (found === undefined) continue;
    if ("warn" in found) {
      verdict.warnings.push({ key, message: found.warn });
      continue;
    }
    needed.push(key);
    if ("refuse" in found) verdict.refused.push({ key, message: found.refuse });
    else if (!acceptEdits.includes(key)) {
      verdict.refused.push({ key, message: found.refuseUnlessAccepted });
    } else {
      const message = `accepted by acceptEdits: ${found.refuseUnlessAccepted}`;
      verdict.warnings.push({ key, message });
    }
  }
  const spare = acceptEdits.filter((key) => ![...needed, ...verdict.unjudged].includes(key));
  if (spare.length > 0) {
    const message = `names ${spare.join(", ")}, which this edit does not need: take it out.`;
    verdict.refused.push({ key: "acceptEdits", message });
  }
  return verdict;
}
