import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { allow } from "../base/iamStatements";
import { LoadBalancedFleet, type FleetArgs } from "./loadBalancedFleet";
import { PlatformComponent } from "../base/platformComponent";
import type { TierLoadBalancer } from "./tierLoadBalancer";

export interface AppTierArgs extends FleetArgs {
  /**
   * Secret of the application's login: host, port, dbname, username, password. The one database
   * secret this tier may read. It may be without a value while servers start, so that they need not
   * wait for the database.
   */
  databaseSecretArn: Input<string>;
  /** Zone names by the CIDR of their isolated subnet: tells which zone a database address is in. */
  databaseZones: Record<string, string>;
}

/** The servers of the internal API, never reachable from outside, and the only way to the data. */
export class AppTier extends PlatformComponent {
  readonly loadBalancer: TierLoadBalancer;
  readonly autoScalingGroupName: Output<string>;

  constructor(name: string, args: AppTierArgs, opts?: ComponentResourceOptions) {
    super("AppTier", name, opts);
    const { databaseSecretArn, databaseZones, ...fleetArgs } = args;
    const databaseSubnets = Object.entries(databaseZones)
      .map(([cidr, zone]) => `${cidr}=${zone}`)
      .join(";");
    const fleet = new LoadBalancedFleet(
      name,
      {
        ...fleetArgs,
        role: "app",
        internal: true,
        redirectHttp: false,
        settings: { databaseSecretArn, databaseSubnets },
        statements: [
          allow("ReadDatabaseSecret", ["secretsmanager:GetSecretValue"], [databaseSecretArn]),
        ],
      },
      { parent: this },
    );
    this.loadBalancer = fleet.loadBalancer;
    this.autoScalingGroupName = fleet.autoScalingGroupName;
    this.registerOutputs();
  }
}
