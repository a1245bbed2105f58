import { interpolate } from "@pulumi/pulumi";
import { DatabaseFunction } from "../../components/data/databaseFunction";
import { RotationFunction } from "../../components/data/rotationFunction";
import type { RegionContext } from "./context";
import type { RegionLink } from "./link";
import { peerSecretPrefix } from "./logins";

/** What keeps a region's database as it shall be. */
export interface DatabaseFunctions {
  function: DatabaseFunction;
  rotation: RotationFunction;
}

/** The function that works on the database, and AWS's own that rotates its logins. */
export function createFunctions(
  context: RegionContext,
  { logins, sourceSecretArn }: RegionLink,
): DatabaseFunctions {
  const { config, level, replication, accountId, suffix, keys, network, groups, database, child } =
    context;
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
          ...(replication.peered && level.isHomeRegion ? [fromPeer] : []),
          ...(sourceSecretArn === undefined ? [] : [sourceSecretArn]),
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
