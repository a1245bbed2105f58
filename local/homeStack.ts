import type { PlatformConfig } from "../stacks/config/platformConfig";
import { replicationPlan } from "../stacks/replicationPlan";
import { serviceLevel } from "../stacks/serviceLevel";

/** The stack whose outputs this one reads and needs; undefined for a stack that stands alone. */
export function homeStack(config: PlatformConfig): string | undefined {
  const level = serviceLevel(config);
  if (!level.active || level.isHomeRegion) return undefined;
  const joins = replicationPlan(config, level).peered || config.hostedZone === "create";
  return joins ? config.peerStack : undefined;
}
