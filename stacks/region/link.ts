import {
  interpolate,
  mergeOptions,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Input,
  type ProviderResource,
  type Resource,
} from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId";
import { CrossRegionReplication } from "../../components/data/crossRegionReplication";
import { DatabaseBootstrap, type FollowedDatabase } from "../../components/data/databaseBootstrap";
import { DatabaseLogin } from "../../components/data/databaseLogin";
import { RegionPeering, type IsolatedZone } from "../../components/network/regionPeering";
import { ReplicatedBackups } from "../../components/data/replicatedBackups";
import { ReplicationAccess } from "../../components/data/replicationAccess";
import { ReplicationCheck } from "../../components/data/replicationCheck";
import { ReplicationAlarms } from "../../components/data/replicationAlarms";
import type { RegionContract } from "../contract";
import type { RegionBase } from "./base";
import { ownLogin, peerSecretPrefix, usernames } from "./data";

/** What joins this region to the home region, owned by the stack that is not home. */
export interface RegionLink {
  peering: RegionPeering;
  /** With it, DMS of the home region reads this region's database. */
  ownSource: DatabaseLogin;
  /** With it, DMS of this region reads the home region's database. */
  homeSource: DatabaseLogin;
}

/**
 * The way between the regions, and a login on each database by which DMS of the other region reads
 * it. Each secret lives beside its database, where it is rotated, with a copy where DMS reads it.
 * Both directions stand at all times, so that moving the writer makes nothing in a region that may
 * be lost.
 */
export function createLink(
  base: RegionBase,
  peer: RegionContract,
  peerProvider: ProviderResource,
  isolated: IsolatedZone[],
): RegionLink {
  const { config, network, groups, keys, accountId, child } = base;
  const { region } = config;
  const there = inPeerRegion(base, peerProvider);
  const peering = new RegionPeering(
    "peering",
    {
      own: { region, vpcId: network.vpcId, isolated, databaseGroupId: groups.ids.database },
      peer,
      peerProvider,
      leavePeerAlone: config.replication.peerRegion === "untouched",
    },
    child,
  );
  const ownSource = new DatabaseLogin(
    "replication-source-login",
    {
      ...ownLogin(base),
      username: usernames.source,
      purpose: "replicationSource",
      replica: { region: peer.region, keyArn: peer.databaseKeyArn },
    },
    child,
  );
  // A name that is not taken by a former secret, which Secrets Manager keeps for a while.
  const turn = new RandomId("link", { byteLength: 4 }, child).hex;
  const homeSource = new DatabaseLogin(
    "peer-replication-source-login",
    {
      username: usernames.source,
      purpose: "replicationSource",
      secretName: interpolate`${peerSecretPrefix(peer.suffix)}${turn}`,
      host: peer.database.host,
      port: peer.database.port,
      database: config.database.name,
      accountId,
      keyArn: peer.databaseKeyArn,
      replica: { region, keyArn: keys.databaseKeyArn },
      protect: config.protect,
    },
    there,
  );
  return { peering, ownSource, homeSource };
}

/** Has the home region's function make the login there. */
export function bootstrapPeer(
  base: RegionBase,
  peer: RegionContract,
  peerProvider: ProviderResource,
  { homeSource }: RegionLink,
): Resource {
  return new DatabaseBootstrap(
    "peer-bootstrap",
    {
      functionName: peer.function.name,
      codeHash: peer.function.codeHash,
      logins: { source: homeSource },
      rotation: {
        functionArn: peer.rotationFunctionArn,
        days: base.config.rotation.secretDays,
      },
      waitFor: [],
    },
    inPeerRegion(base, peerProvider),
  ).done;
}

/**
 * The login with which DMS of this region reads the other one's database. The stack that made it
 * knows it at all times; the home stack asks only where it follows, so that its plan does not change
 * when the other stack comes or goes.
 */
export function sourceSecret(
  { replication, peer }: RegionBase,
  link: RegionLink | undefined,
): Input<string> | undefined {
  if (link) return link.homeSource.replicaArn;
  return replication.follows ? peer?.sourceSecretReplicaArn : undefined;
}

/** Where this region's copy comes from; undefined when there is nothing to follow (yet). */
export function followedDatabase(
  base: RegionBase,
  link: RegionLink | undefined,
): FollowedDatabase | undefined {
  const { replication, peer } = base;
  const secretArn = sourceSecret(base, link);
  if (!replication.follows || !peer || secretArn === undefined) return undefined;
  return { host: peer.database.host, port: peer.database.port, secretArn };
}

/** What DMS in this region may read, and what tests that it reaches it. */
export interface ReplicationTools {
  access: ReplicationAccess;
  check: ReplicationCheck;
}

/**
 * What replication needs of IAM. It stands wherever the other region's login is known, also while
 * this region writes: moving the writer then changes nothing in IAM.
 */
export function createReplicationTools(
  base: RegionBase,
  link: RegionLink | undefined,
  target: DatabaseLogin,
): ReplicationTools | undefined {
  const { config, accountId, keys, child } = base;
  const { region, logRetentionDays } = config;
  const source = sourceSecret(base, link);
  if (source === undefined) return undefined;
  return {
    access: new ReplicationAccess(
      "replication-access",
      { region, secretArns: [source, target.secretArn] },
      child,
    ),
    check: new ReplicationCheck(
      "replication-check",
      { region, accountId, logsKeyArn: keys.logsKeyArn, logRetentionDays },
      child,
    ),
  };
}

export interface ReplicationParts {
  tools: ReplicationTools;
  followed: FollowedDatabase;
  target: DatabaseLogin;
  serviceRoles: Resource[];
  /** Gets the alarms. */
  topicArn: Input<string>;
  /** Logins whose values DMS reads. */
  logins: Resource[];
  /** Both databases ready, and the way open. */
  waitFor: Resource[];
}

/** The flow of changes into this region, and its alarms. */
export function createReplication(base: RegionBase, parts: ReplicationParts): void {
  const { config, level, replication, suffix, network, groups, keys, flows, database, child } =
    base;
  const { follows } = replication;
  if (!follows) return;
  const { instanceClass, storageGiB, engineVersion, alarmAfterMinutes } = config.replication;
  const copy = new CrossRegionReplication(
    "replication",
    {
      suffix,
      source: { region: follows.region, secretArn: parts.followed.secretArn },
      target: { region: config.region, secretArn: parts.target.secretArn },
      database: config.database.name,
      selection: { ...follows, excluded: replication.excluded },
      fullLoad: follows.fullLoad,
      twoWay: replication.loopbackPrevention,
      instanceClass,
      storageGiB,
      engineVersion,
      multiAz: level.multiAz,
      maintenanceWindow: config.database.maintenanceWindow,
      subnetIds: network.subnetIds("isolated"),
      securityGroupId: groups.ids.replication,
      keyArn: keys.databaseKeyArn,
      serviceRoles: parts.serviceRoles,
      access: parts.tools.access,
      checkFunctionName: parts.tools.check.functionName,
      logins: parts.logins,
      waitFor: [...flows, ...parts.waitFor],
    },
    child,
  );
  new ReplicationAlarms(
    "replication-alarms",
    {
      topicArn: parts.topicArn,
      instanceId: copy.instanceId,
      taskArn: copy.taskArn,
      storageGiB,
      database: database.address,
      sourceRegion: follows.region,
      minutes: alarmAfterMinutes,
    },
    child,
  );
}

/** The other region's backups, in the region of its copy. */
export function createBackups(
  { config, keys, child }: RegionBase,
  peer: RegionContract,
): ReplicatedBackups | undefined {
  const { backupRetentionDays } = config.replication;
  if (backupRetentionDays === 0) return undefined;
  return new ReplicatedBackups(
    "replicated-backups",
    {
      sourceArn: peer.database.arn,
      keyArn: keys.databaseKeyArn,
      retentionDays: backupRetentionDays,
    },
    child,
  );
}

/**
 * What the program says of one. With all of it kept the provider refuses its own default ("filter_policy
 * is required when filter_policy_scope is set").
 */
const subscription = ["topic", "protocol", "endpoint"];

/** Options of a component whose resources are in the other region, or are left alone there. */
export function inPeerRegion(
  { config, child }: RegionBase,
  peerProvider: ProviderResource,
): ComponentResourceOptions {
  const there = { ...child, providers: { aws: peerProvider } };
  if (config.replication.peerRegion === "managed") return there;
  const untouched = (type: string): CustomResourceOptions => ({
    ignoreChanges: type === "aws:sns/topicSubscription:TopicSubscription" ? subscription : ["*"],
  });
  return {
    ...there,
    transformations: [
      ({ type, props, opts }) => ({ props, opts: mergeOptions(opts, untouched(type)) }),
    ],
  };
}
