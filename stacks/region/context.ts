import type { Output, ProviderResource, Resource } from "@pulumi/pulumi";
import type { AllowedFlow } from "../../components/base/allowedFlow";
import type { EncryptionKeys } from "../../components/base/encryptionKeys";
import type { LogArchive } from "../../components/base/logArchive";
import type { SecurityGroups } from "../../components/base/securityGroups";
import type { SqlServerCluster } from "../../components/data/sqlServerCluster";
import type { Network } from "../../components/network/network";
import type { ArtifactStore } from "../../components/servers/artifactStore";
import type { FleetApis } from "../../components/servers/fleetHooks";
import type { PlatformConfig } from "../config/platformConfig";
import type { RegionContract } from "../contract";
import type { GuardedConfig } from "../editRules";
import type { ReplicationPlan } from "../replicationPlan";
import type { ServiceLevel } from "../serviceLevel";

export interface RegionalPlatformArgs {
  config: PlatformConfig;
  level: ServiceLevel;
  replication: ReplicationPlan;
  /** The other region's contract, where there is another region to work with. */
  peer?: RegionContract;
  /** The other region's backups are here from before, and stay although this region writes. */
  keepReplicatedBackups?: boolean;
  /** Provider of the other region, in the stack that owns what crosses regions. */
  peerProvider?: ProviderResource;
  /** Provider of the region where Route 53's metrics are, where that is another one. */
  healthProvider?: ProviderResource;
  /** Project and stack, for tags that providers cannot add. */
  installationTags: Record<string, string>;
  /** Calls to EC2 Auto Scaling in this region, for rolls of the servers. */
  autoScaling: FleetApis;
  /** What the next edit is judged against; kept in the state in plain text. */
  guarded: GuardedConfig;
}

/** What the first part of a region is made from. */
export interface RegionStart extends RegionalPlatformArgs {
  child: { parent: Resource };
}

/** What the other parts stand on, and what outlives servers. */
export interface Foundation {
  accountId: Output<string>;
  suffix: Output<string>;
  keys: EncryptionKeys;
  logs: LogArchive;
  store: ArtifactStore;
  machineKeySecretArn: Output<string>;
}

export interface RegionNetwork {
  network: Network;
  groups: SecurityGroups;
  flows: AllowedFlow[];
}

/** What every part from the logins on takes; platform.ts puts it together. */
export interface RegionContext extends RegionStart, Foundation, RegionNetwork {
  database: SqlServerCluster;
}
