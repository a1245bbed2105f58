import { InstanceAutomatedBackupsReplication } from "@pulumi/aws/rds/instanceAutomatedBackupsReplication";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { PlatformComponent } from "../base/platformComponent";

export interface ReplicatedBackupsArgs {
  /** Instance in the other region. */
  sourceArn: Input<string>;
  /** Key of this region. */
  keyArn: Input<string>;
  /** Days, 1 to 35. */
  retentionDays: number;
}

/**
 * The other region's automated backups, kept in this region too: any second of the last days can be
 * restored here. Beside the continuous copy, not instead of it: a copy follows a mistake within
 * seconds, a backup reaches back before it.
 *
 * Cost: storage of the backups here, and transfer between regions (Amazon RDS Pricing).
 */
export class ReplicatedBackups extends PlatformComponent {
  constructor(name: string, args: ReplicatedBackupsArgs, opts?: ComponentResourceOptions) {
    super("ReplicatedBackups", name, opts);
    new InstanceAutomatedBackupsReplication(
      name,
      {
        sourceDbInstanceArn: args.sourceArn,
        kmsKeyId: args.keyArn,
        retentionPeriod: args.retentionDays,
      },
      // Every change replaces it, and RDS keeps one copy per database and region.
      { parent: this, deleteBeforeReplace: true, customTimeouts: { create: "120m" } },
    );
    this.registerOutputs();
  }
}
