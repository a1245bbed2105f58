import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { LoadBalancedFleet, type FleetArgs } from "./loadBalancedFleet";
import { PlatformComponent } from "../base/platformComponent";
import type { TierLoadBalancer } from "./tierLoadBalancer";

export interface WebTierArgs extends FleetArgs {
  /** True: clients come from the internet; false: through the private gateway. */
  internetFacing: boolean;
  /** HTTPS address of this region's app tier. */
  appEndpoint: Input<string>;
}

/**
 * The servers that clients talk to. They know the app tier's address and hold no right to any
 * database secret. An internet-facing tier also answers on 80, only to redirect to 443.
 */
export class WebTier extends PlatformComponent {
  readonly loadBalancer: TierLoadBalancer;
  readonly autoScalingGroupName: Output<string>;

  constructor(name: string, args: WebTierArgs, opts?: ComponentResourceOptions) {
    super("WebTier", name, opts);
    const { internetFacing, appEndpoint, ...fleetArgs } = args;
    const fleet = new LoadBalancedFleet(
      name,
      {
        ...fleetArgs,
        role: "web",
        internal: !internetFacing,
        redirectHttp: internetFacing,
        settings: { appEndpoint },
        statements: [],
      },
      { parent: this },
    );
    this.loadBalancer = fleet.loadBalancer;
    this.autoScalingGroupName = fleet.autoScalingGroupName;
    this.registerOutputs();
  }
}
