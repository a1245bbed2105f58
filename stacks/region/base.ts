import type { Output, Resource } from "@pulumi/pulumi";
import type { AllowedFlow } from "../../components/base/allowedFlow";
import type { EncryptionKeys } from "../../components/base/encryptionKeys";
import type { SecurityGroups } from "../../components/base/securityGroups";
import type { SqlServerCluster } from "../../components/data/sqlServerCluster";
import type { Network } from "../../components/network/network";
import type { PlatformConfig } from "../config/platformConfig";
import type { RegionContract } from "../contract";
import type { ReplicationPlan } from "../replicationPlan";
import type { ServiceLevel } from "../serviceLevel";

/** What the parts of a region stand on; platform.ts makes it. */
export interface RegionBase {
  config: PlatformConfig;
  level: ServiceLevel;
  replication: ReplicationPlan;
  /** The other region, where there is one to work with. */
  peer?: RegionContract;
  child: { parent: Resource };
  accountId: Output<string>;
  suffix: Output<string>;
  keys: EncryptionKeys;
  network: Network;
  groups: SecurityGroups;
  flows: AllowedFlow[];
  database: SqlServerCluster;
}
