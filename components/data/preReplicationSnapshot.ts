import { Invocation } from "@pulumi/aws/lambda/invocation";
import { Snapshot } from "@pulumi/aws/rds/snapshot";
import {
  interpolate,
  type ComponentResourceOptions,
  type Input,
  type Resource,
} from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId";
import { bootstrapRequest, type Logins } from "./databaseBootstrap";
import { PlatformComponent } from "../base/platformComponent";

export interface PreReplicationSnapshotArgs {
  /** Identifier of the instance that is about to become a copy. */
  identifier: Input<string>;
  functionName: Input<string>;
  logins: Logins;
  /** Ways that the function needs. */
  waitFor: Resource[];
}

/**
 * A snapshot of a database before it becomes a copy: the load empties its tables, and what this
 * region had written and the other never received would be gone for good. The application stops
 * writing first, so that the snapshot holds all of it. It is kept when the region writes again, and
 * when the stack goes; delete it by hand.
 *
 * Cost: storage of the snapshot (Amazon RDS Pricing).
 */
export class PreReplicationSnapshot extends PlatformComponent {
  readonly snapshot: Resource;

  constructor(name: string, args: PreReplicationSnapshotArgs, opts?: ComponentResourceOptions) {
    super("CopyGuard", name, opts);
    // Made anew each time the region becomes a copy, as the former snapshot still has its name.
    const turn = new RandomId(name, { byteLength: 4 }, { parent: this });
    const frozen = new Invocation(
      name,
      {
        functionName: args.functionName,
        input: bootstrapRequest("freeze", { logins: args.logins }),
        triggers: { turn: turn.hex },
      },
      {
        parent: this,
        dependsOn: [...Object.values(args.logins).map(({ value }) => value), ...args.waitFor],
        customTimeouts: { create: "30m" },
      },
    );
    this.snapshot = new Snapshot(
      name,
      {
        dbInstanceIdentifier: args.identifier,
        dbSnapshotIdentifier: interpolate`${args.identifier}-before-copy-${turn.hex}`,
        tags: this.tags("confidential"),
      },
      {
        parent: this,
        dependsOn: [frozen],
        retainOnDelete: true,
        customTimeouts: { create: "120m" },
      },
    );
    this.registerOutputs();
  }
}
