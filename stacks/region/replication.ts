import type { Input, Resource } from "@pulumi/pulumi";
import { CrossRegionReplication } from "../../components/data/crossRegionReplication";
import { DatabaseBootstrap, type FollowedDatabase } from "../../components/data/databaseBootstrap";
import type { DatabaseLogin } from "../../components/data/databaseLogin";
import { ReplicatedBackups } from "../../components/data/replicatedBackups";
import { ReplicationAccess } from "../../components/data/replicationAccess";
import { ReplicationAlarms } from "../../components/data/replicationAlarms";
import { ReplicationCheck } from "../../components/data/replicationCheck";
import { ReplicationServiceRoles } from "../../components/data/replicationServiceRoles";
import type { RegionContext } from "./context";
import type { Crossing, RegionLink } from "./link";
import type { RegionalLogins } from "./logins";

/**
 * Gives this region its copy where it is to be one, once the database is ready.
 * @param topicArn gets the alarms.
 * @returns the other region's backups, where they are kept.
 */
export function createReplication(
  region: RegionContext,
  { target }: RegionalLogins,
  { crossing, followed, sourceSecretArn }: RegionLink,
  databaseReady: Resource,
  topicArn: Input<string>,
): ReplicatedBackups | undefined {
  const serviceRoles = createServiceRoles(region);
  const peerReady = crossing ? [bootstrapPeer(region, crossing)] : [];
  const tools =
    target && sourceSecretArn !== undefined
      ? createTools(region, [sourceSecretArn, target.secretArn])
      : undefined;
  const backups = followed || region.keepReplicatedBackups ? createBackups(region) : undefined;
  if (followed && target && tools) {
    createCopy(region, {
      tools,
      followed,
      target,
      serviceRoles,
      topicArn,
      logins: [target.value, ...(crossing ? [crossing.homeSource.value] : [])],
      waitFor: [databaseReady, ...peerReady, ...(crossing?.peering.ways ?? [])],
    });
  }
  return backups;
}

/**
 * The account's DMS roles belong to the home stack. They stay while the other region is still up,
 * also when `regionCount` has left it out: DMS needs them to go.
 */
function createServiceRoles({ config, level, replication, peer, child }: RegionContext) {
  const wanted = level.isHomeRegion && config.replication.serviceRoles === "create";
  if (!wanted || !(replication.peered || peer?.sourceSecretReplicaArn)) return [];
  return new ReplicationServiceRoles("replication-roles", child).ready;
}

/** Has the home region's function make the login there. */
function bootstrapPeer(region: RegionContext, { peer, there, homeSource }: Crossing): Resource {
  return new DatabaseBootstrap(
    "peer-bootstrap",
    {
      functionName: peer.function.name,
      codeHash: peer.function.codeHash,
      logins: { source: homeSource },
      rotation: {
        functionArn: peer.rotationFunctionArn,
        days: region.config.rotation.secretDays,
      },
      waitFor: [],
    },
    there,
  ).done;
}

/** What DMS in this region may read, and what tests that it reaches it. */
interface ReplicationTools {
  access: ReplicationAccess;
  check: ReplicationCheck;
}

/**
 * What replication needs of IAM. It stands wherever the other region's login is known, also while
 * this region writes: moving the writer then changes nothing in IAM.
 */
function createTools(
  { config, accountId, keys, child }: RegionContext,
  secretArns: Input<string>[],
): ReplicationTools {
  const { region, logRetentionDays } = config;
  return {
    access: new ReplicationAccess("replication-access", { region, secretArns }, child),
    check: new ReplicationCheck(
      "replication-check",
      { region, accountId, logsKeyArn: keys.logsKeyArn, logRetentionDays },
      child,
    ),
  };
}

interface CopyParts {
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
function createCopy(region: RegionContext, parts: CopyParts): void {
  const { config, level, replication, suffix, network, groups, keys, flows, database, child } =
    region;
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
function createBackups({ config, peer, keys, child }: RegionContext) {
  const { backupRetentionDays } = config.replication;
  if (!peer || backupRetentionDays === 0) return undefined;
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
