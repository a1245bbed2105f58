import type { Input, Resource } from "@pulumi/pulumi";
import { CaptureAlarms } from "../../components/data/captureAlarms";
import { PreReplicationSnapshot } from "../../components/data/preReplicationSnapshot";
import {
  DatabaseBootstrap,
  type BootstrapRole,
  type FollowedDatabase,
} from "../../components/data/databaseBootstrap";
import { DatabaseUpkeep } from "../../components/data/databaseUpkeep";
import { tablePattern } from "../../components/data/replicationSettings";
import type { RegionContext } from "./context";
import type { DatabaseFunctions } from "./functions";
import type { RegionLink } from "./link";

/**
 * Gives the database its part in the installation. What is to become a copy is kept in a snapshot
 * first, since the load empties its tables.
 * @param topicArn hears when nothing looks after it any more.
 * @returns what is done once the database has its part.
 */
export function bootstrapDatabase(
  region: RegionContext,
  { logins, followed }: RegionLink,
  functions: DatabaseFunctions,
  topicArn: Input<string>,
): Resource {
  const { config, replication, database, flows, child } = region;
  const { functionName, codeHash, arn: functionArn, logGroupName } = functions.function;
  const role = bootstrapRole(region, followed);
  const becomesCopy =
    role.follows && replication.follows?.fullLoad && !replication.loopbackPrevention;
  const guard = becomesCopy
    ? [
        new PreReplicationSnapshot(
          "database-before-copy",
          { identifier: database.identifier, functionName, logins, waitFor: flows },
          child,
        ).snapshot,
      ]
    : [];
  const { done } = new DatabaseBootstrap(
    "database-bootstrap",
    {
      functionName,
      codeHash,
      logins,
      role,
      rotation: { functionArn: functions.rotation.arn, days: config.rotation.secretDays },
      waitFor: [...flows, ...guard],
    },
    child,
  );
  if (!role.capture && !role.follows) return done;
  const upkeep = new DatabaseUpkeep(
    "database-upkeep",
    {
      functionName,
      functionArn,
      region: config.region,
      logGroupName,
      database: database.address,
      logins,
      role,
      topicArn,
      waitFor: [done],
    },
    child,
  );
  if (replication.captures) {
    const { maxStorageGiB } = config.database;
    new CaptureAlarms(
      "capture-alarms",
      { topicArn, database: database.address, maxStorageGiB, waitFor: [upkeep.target] },
      child,
    );
  }
  return done;
}

function bootstrapRole(
  { config, level, replication }: RegionContext,
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
