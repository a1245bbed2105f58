import { Listener } from "@pulumi/aws/lb/listener";
import { LoadBalancer } from "@pulumi/aws/lb/loadBalancer";
import { TargetGroup } from "@pulumi/aws/lb/targetGroup";
import type { ComponentResourceOptions, Input, Output, Resource } from "@pulumi/pulumi";
import { PlatformComponent } from "../base/platformComponent";

export interface TierLoadBalancerArgs {
  vpcId: Input<string>;
  /** At least two subnets in different zones, an AWS rule. */
  subnetIds: Input<string>[];
  securityGroupId: Input<string>;
  /** True: private addresses only. */
  internal: boolean;
  certificateArn: Input<string>;
  /** A listener on 80 that sends browsers to 443. */
  redirectHttp: boolean;
  /** Minutes a client stays on one server, for ASP.NET session state; 0 turns it off. */
  stickySessionMinutes: number;
  accessLogs: { bucket: Input<string>; prefix: string };
  /** What must stand before access logs are turned on. */
  accessLogGuards: Resource[];
  protect: boolean;
}

/** TLS 1.2 and 1.3 with forward secrecy and AEAD ciphers; the API's own default allows TLS 1.0. */
export const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";

/** Path that servers answer when IIS and the site run; it asks nothing of the tiers behind. */
export const healthPath = "/healthz";

/**
 * A tier's application load balancer: HTTPS in, HTTPS to the servers. Servers show a certificate
 * they made themselves, which load balancers accept by design; it is the encryption that counts on
 * that hop, the security groups decide who talks.
 *
 * Cost: about 16 USD/month plus capacity units (Elastic Load Balancing Pricing).
 */
export class TierLoadBalancer extends PlatformComponent {
  readonly dnsName: Output<string>;
  readonly zoneId: Output<string>;
  readonly arnSuffix: Output<string>;
  readonly targetGroupArn: Output<string>;
  readonly targetGroupArnSuffix: Output<string>;
  /** Servers may register once requests can reach them. */
  readonly listener: Resource;

  constructor(name: string, args: TierLoadBalancerArgs, opts?: ComponentResourceOptions) {
    super("TierLoadBalancer", name, opts);
    const balancer = new LoadBalancer(
      name,
      {
        loadBalancerType: "application",
        internal: args.internal,
        ipAddressType: "ipv4",
        subnets: args.subnetIds,
        securityGroups: [args.securityGroupId],
        enableDeletionProtection: args.protect,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        idleTimeout: 60,
        accessLogs: { ...args.accessLogs, enabled: true },
        tags: this.tags("internal"),
      },
      { parent: this, dependsOn: args.accessLogGuards },
    );
    const targets = this.createTargetGroup(name, args);
    // A target group serves one load balancer at a time (TargetGroupAssociationLimit): when that is
    // replaced, the old one's listeners go first.
    const listener = { parent: this, deleteBeforeReplace: true };
    this.listener = new Listener(
      `${name}-https`,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: tlsPolicy,
        certificateArn: args.certificateArn,
        defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
        tags: this.tags("internal"),
      },
      listener,
    );
    if (args.redirectHttp) {
      new Listener(
        `${name}-http`,
        {
          loadBalancerArn: balancer.arn,
          port: 80,
          protocol: "HTTP",
          defaultActions: [
            {
              type: "redirect",
              redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" },
            },
          ],
          // Tells it from the other listener, also after a killed run: catalogue/loadBalancing.ts.
          tags: this.tags("internal", `${name}-redirect`),
        },
        listener,
      );
    }
    this.dnsName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
    this.arnSuffix = balancer.arnSuffix;
    this.targetGroupArn = targets.arn;
    this.targetGroupArnSuffix = targets.arnSuffix;
    this.registerOutputs();
  }

  private createTargetGroup(name: string, args: TierLoadBalancerArgs): TargetGroup {
    return new TargetGroup(
      name,
      {
        vpcId: args.vpcId,
        port: 443,
        protocol: "HTTPS",
        targetType: "instance",
        deregistrationDelay: 60,
        healthCheck: {
          path: healthPath,
          protocol: "HTTPS",
          port: "traffic-port",
          matcher: "200",
          interval: 15,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 3,
        },
        stickiness: {
          type: "lb_cookie",
          enabled: args.stickySessionMinutes > 0,
          // AWS wants a duration even when off; its own default is a day.
          cookieDuration: args.stickySessionMinutes > 0 ? args.stickySessionMinutes * 60 : 86_400,
        },
        tags: this.tags("internal"),
      },
      { parent: this },
    );
  }
}
