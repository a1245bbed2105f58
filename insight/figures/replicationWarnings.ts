import type { PlatformConfig } from "../../stacks/config/platformConfig";
import { replicationPlan, type ReplicationPlan } from "../../stacks/replicationPlan";
import { serviceLevel } from "../../stacks/serviceLevel";

type ReplicationCheck = (
  config: PlatformConfig,
  replication: ReplicationPlan,
) => string | undefined;

const runbook = "docs/runbooks/failover.md";

// In the order of how much they matter; none applies to a region that is not in use.
const checks: Record<string, ReplicationCheck> = {
  "no-replication": ({ replication }, { otherRegion }) =>
    otherRegion !== undefined && replication.mode === "none"
      ? "replication.mode none: each region's data is its own, and what is written in one is never " +
        `seen in the other (${otherRegion}).`
      : undefined,
  "remote-writer": ({ region, replication: { mode, writer } }, { follows }) =>
    mode === "oneWay" && follows
      ? `Writes go to ${writer}: the database of ${region} is a copy. Users of ${region}'s app can only ` +
        "read, as its login cannot write, so a request that writes fails here. To have this region " +
        `write instead, move the writer: ${runbook}.`
      : undefined,
  "two-way": ({ replication: { mode } }, { peered }) =>
    peered && mode === "twoWay"
      ? "replication.mode twoWay: DMS resolves no conflicts, so rows must only be written in the region " +
        "that owns them. Start it from a oneWay copy that has caught up: a first load into two writing " +
        "databases would meet foreign keys."
      : undefined,
  "frozen-app": ({ region, database, replication }, { follows }) =>
    database.appAccess === "readOnly" && !(follows && replication.mode === "oneWay")
      ? `database.appAccess readOnly: the database is frozen, ${region}'s app can only read. Set it to ` +
        `readWrite when the writer has moved (${runbook}).`
      : undefined,
  "peer-untouched": ({ replication: { peerRegion } }, { ownsPeering, otherRegion }) =>
    ownsPeering && peerRegion === "untouched"
      ? `replication.peerRegion untouched: edits of the other region's resources (${otherRegion}) are ` +
        "held back: set it to managed when the region is back."
      : undefined,
  "no-backup-copy": ({ region, replication: { backupRetentionDays } }, { follows }) =>
    follows && backupRetentionDays === 0
      ? `replication.backupRetentionDays 0: backups of ${follows.region} are not kept in ${region}, so a ` +
        "mistake that was copied cannot be taken back if that region is lost."
      : undefined,
};

/** What to know about the databases of two regions. */
export const replicationChecks: Record<string, (config: PlatformConfig) => string | undefined> =
  Object.fromEntries(
    Object.entries(checks).map(([code, check]) => [
      code,
      (config: PlatformConfig) => {
        const level = serviceLevel(config);
        return level.active ? check(config, replicationPlan(config, level)) : undefined;
      },
    ]),
  );
