import { interpolate, type Input, type Output, type Resource } from "@pulumi/pulumi";
import { CaptureAlarms } from "../../components/data/captureAlarms";
import { CopyGuard } from "../../components/data/copyGuard";
import {
  DatabaseBootstrap,
  type BootstrapRole,
  type FollowedDatabase,
  type Logins,
} from "../../components/data/databaseBootstrap";
import { DatabaseFunction } from "../../components/data/databaseFunction";
import { DatabaseLogin, type DatabaseLoginArgs } from "../../components/data/databaseLogin";
import { DatabaseUpkeep } from "../../components/data/databaseUpkeep";
import { tablePattern } from "../../components/data/replicationSettings";
import { RotationFunction } from "../../components/data/rotationFunction";
import type { RegionBase } from "./base";

/** The logins of a region and who looks after them; servers need no more than `app`. */
export interface RegionalLogins {
  app: DatabaseLogin;
  /** For the application's own migrations: owns the schema. */
  migration: DatabaseLogin;
  /** With it, this region's DMS writes. */
  target?: DatabaseLogin;
}

/** What keeps a region's database as it shall be. */
export interface RegionalData {
  function: DatabaseFunction;
  rotation: RotationFunction;
}

export const usernames = {
  app: "platform_app",
  migration: "platform_migration",
  target: "platform_replication_target",
  source: "platform_replication_source",
};

/** The logins of a region's database. They stand before the database does. */
export function createLogins(base: RegionBase): RegionalLogins {
  const login = (
    name: string,
    username: string,
    purpose: DatabaseLoginArgs["purpose"],
  ): DatabaseLogin => new DatabaseLogin(name, { ...ownLogin(base), username, purpose }, base.child);
  return {
    app: login("app-login", usernames.app, "application"),
    migration: login("migration-login", usernames.migration, "migration"),
    ...(base.replication.peered
      ? { target: login("replication-target-login", usernames.target, "replicationTarget") }
      : {}),
  };
}

/** What every login of this region's own database has in common. */
export function ownLogin({ config, accountId, keys, database }: RegionBase) {
  return {
    host: database.address,
    port: database.port,
    database: config.database.name,
    accountId,
    keyArn: keys.databaseKeyArn,
    protect: config.protect,
  };
}

/**
 * Secrets that the other region's stack makes for logins of this database begin with this, so that
 * the function here may read them without knowing them.
 */
export function peerSecretPrefix(suffix: Input<string>): Output<string> {
  return interpolate`platform-replication-${suffix}-`;
}

/**
 * The function that works on the database, and AWS's own that rotates its logins.
 * @param source secret with which the function looks at the database that this one follows.
 */
export function createFunctions(
  base: RegionBase,
  logins: Logins,
  source: Input<string> | undefined,
): RegionalData {
  const { config, level, replication, accountId, suffix, keys, network, groups, database, child } =
    base;
  const { region } = config;
  const subnetIds = network.subnetIds("isolated");
  const securityGroupId = groups.ids["database-functions"];
  const fromPeer = interpolate`arn:aws:secretsmanager:${region}:${accountId}:secret:${peerSecretPrefix(suffix)}*`;
  return {
    function: new DatabaseFunction(
      "database-function",
      {
        region,
        accountId,
        databaseRegions: [
          region,
          ...(replication.peered && replication.otherRegion ? [replication.otherRegion] : []),
        ],
        subnetIds,
        securityGroupId,
        host: database.address,
        port: database.port,
        database: config.database.name,
        masterSecretArn: database.masterSecretArn,
        secretArns: [
          ...Object.values(logins).map(({ secretArn }) => secretArn),
          ...(replication.peered && level.home ? [fromPeer] : []),
          ...(source === undefined ? [] : [source]),
        ],
        databaseKeyArn: keys.databaseKeyArn,
        logsKeyArn: keys.logsKeyArn,
        logRetentionDays: config.logRetentionDays,
      },
      child,
    ),
    rotation: new RotationFunction(
      "rotation",
      { region, suffix, subnetIds, securityGroupId, keyArn: keys.databaseKeyArn },
      child,
    ),
  };
}

/**
 * Gives the database its part in the installation. What is to become a copy is kept in a snapshot
 * first, since the load empties its tables.
 * @param topicArn hears when nothing looks after it any more.
 */
export function bootstrapDatabase(
  base: RegionBase,
  data: RegionalData,
  logins: Logins,
  followed: FollowedDatabase | undefined,
  topicArn: Input<string>,
): { bootstrap: DatabaseBootstrap; upkeep?: DatabaseUpkeep } {
  const { config, replication, database, flows, child } = base;
  const role = bootstrapRole(base, followed);
  const guard =
    role.follows && replication.follows?.fullLoad && !replication.loopbackPrevention
      ? [createGuard(base, data, logins)]
      : [];
  const bootstrap = new DatabaseBootstrap(
    "database-bootstrap",
    {
      functionName: data.function.functionName,
      codeHash: data.function.codeHash,
      logins,
      role,
      rotation: { functionArn: data.rotation.arn, days: config.rotation.secretDays },
      waitFor: [...flows, ...guard],
    },
    child,
  );
  if (!role.capture && !role.follows) return { bootstrap };
  const upkeep = new DatabaseUpkeep(
    "database-upkeep",
    {
      functionName: data.function.functionName,
      functionArn: data.function.arn,
      region: config.region,
      logGroupName: data.function.logGroupName,
      database: database.address,
      logins,
      role,
      topicArn,
      waitFor: [bootstrap.done],
    },
    child,
  );
  return { bootstrap, upkeep };
}

/** Where changes are captured, what they do to the log, once it is looked at. */
export function watchCapture(
  { config, replication, database, child }: RegionBase,
  upkeep: DatabaseUpkeep | undefined,
  topicArn: Input<string>,
): void {
  if (!replication.captures || !upkeep) return;
  const { maxStorageGiB } = config.database;
  new CaptureAlarms(
    "capture-alarms",
    { topicArn, database: database.address, maxStorageGiB, waitFor: [upkeep.target] },
    child,
  );
}

function createGuard(
  { database, flows, child }: RegionBase,
  data: RegionalData,
  logins: Logins,
): Resource {
  const { identifier } = database;
  const { functionName } = data.function;
  return new CopyGuard(
    "database-before-copy",
    { identifier, functionName, logins, waitFor: flows },
    child,
  ).snapshot;
}

function bootstrapRole(
  { config, level, replication }: RegionBase,
  followed: FollowedDatabase | undefined,
): BootstrapRole {
  const { captures, excluded, follows } = replication;
  return {
    region: config.region,
    writable: replication.writable,
    ...(captures
      ? { capture: { tables: captures.map(tablePattern), multiAz: level.multiAz } }
      : {}),
    ...(follows && followed
      ? {
          follows: {
            region: follows.region,
            source: followed,
            tables: follows.tables.map(tablePattern),
          },
        }
      : {}),
    excluded: excluded.map(tablePattern),
  };
}
