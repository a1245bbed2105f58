/** What finance calls the costs of each component; the JSON keeps the component's own name. */
const names: Record<string, string> = {
  Alarms: "Alarms: servers and database",
  AppTier: "App servers and their load balancer",
  ArtifactStore: "Application packages",
  CaptureAlarms: "Alarms: change capture",
  CopyGuard: "Replication: snapshots before a full load",
  CrossRegionReplication: "Replication: DMS",
  DatabaseFunction: "Database: functions",
  DatabaseLogin: "Database: secrets of logins",
  DatabaseUpkeep: "Database: scheduled checks",
  EncryptionKeys: "Encryption keys",
  EntryAlarms: "Alarms: entry",
  GlobalDns: "DNS: hosted zone",
  LogArchive: "Logs",
  MachineKey: "Secret of the web tier",
  Network: "Network: gateways, endpoints, flow logs",
  RegionalEntry: "DNS: records and health checks",
  RegionPeering: "Network: peering between regions",
  ReplicatedBackups: "Database: backups in the other region",
  ReplicationAlarms: "Alarms: replication",
  SqlServerCluster: "Database: SQL Server and its licence",
  Stack: "Not in a component",
  WebTier: "Web servers and their load balancer",
};

/** @param component the name of its class, as in a line of the bill. */
export function costName(component: string): string {
  return names[component] ?? component;
}
