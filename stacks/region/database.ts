import { SqlServerCluster } from "../../components/data/sqlServerCluster";
import type { Foundation, RegionNetwork, RegionStart } from "./context";

export function createDatabase(
  { config, level, child }: RegionStart,
  { accountId, suffix, keys }: Foundation,
  { network, groups }: RegionNetwork,
): SqlServerCluster {
  return new SqlServerCluster(
    "database",
    {
      ...config.database,
      accountId,
      suffix,
      region: config.region,
      subnetIds: network.subnetIds("isolated"),
      securityGroupId: groups.ids.database,
      multiAz: level.multiAz,
      deletionProtection: config.database.deletionProtection && config.protect,
      protect: config.protect,
      databaseKeyArn: keys.databaseKeyArn,
      logsKeyArn: keys.logsKeyArn,
      logRetentionDays: config.logRetentionDays,
    },
    child,
  );
}
