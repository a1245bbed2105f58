import type { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm";
import { HealthCheck } from "@pulumi/aws/route53/healthCheck";
import { Record } from "@pulumi/aws/route53/record";
import { Zone } from "@pulumi/aws/route53/zone";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { createAlarms } from "../base/alarmRules";
import { PlatformComponent } from "../base/platformComponent";
import { noServers, type WatchedBalancer } from "../servers/tierAlarms";
import { healthPath } from "../servers/tierLoadBalancer";

/** A load balancer as an alias target and a source of metrics. */
export interface EntryLoadBalancer extends WatchedBalancer {
  dnsName: Input<string>;
  zoneId: Input<string>;
}

export interface RegionalEntryArgs {
  region: string;
  domain: string;
  hostedZoneId: Input<string>;
  vpcId: Input<string>;
  web: EntryLoadBalancer;
  app: EntryLoadBalancer;
  /** "https": asked from the internet; "alarm": judged by the load balancer's metric. */
  healthCheck: "https" | "alarm";
  /** Hears when a name leads to no server. */
  topicArn: Input<string>;
}

/**
 * This region's names. `domain` leads each client to its closest healthy region (latency records,
 * one per region); `<region>.<domain>` always leads here; `app.<region>.<domain>` leads web servers
 * to this region's app tier and exists inside this VPC only, so no request can leave its region.
 * An alarm for each tier tells when its name leads to no server.
 *
 * Cost: an HTTPS check with the fast interval, 3 USD/month (Amazon Route 53 Pricing).
 */
export class RegionalEntry extends PlatformComponent {
  readonly healthCheckId: Output<string>;

  constructor(name: string, args: RegionalEntryArgs, opts?: ComponentResourceOptions) {
    super("RegionalEntry", name, opts);
    const alias = (target: EntryLoadBalancer, evaluateTargetHealth: boolean) => [
      { name: target.dnsName, zoneId: target.zoneId, evaluateTargetHealth },
    ];
    const noWebServers = this.createAlarms(name, args);
    const health =
      args.healthCheck === "https"
        ? this.httpsCheck(name, args)
        : this.alarmCheck(name, args, noWebServers);
    this.healthCheckId = health.id;
    new Record(
      `${name}-latency`,
      {
        zoneId: args.hostedZoneId,
        name: args.domain,
        type: "A",
        aliases: alias(args.web, true),
        latencyRoutingPolicies: [{ region: args.region }],
        // A latency record even when there is one region: a second one then joins without a change.
        setIdentifier: args.region,
        healthCheckId: health.id,
      },
      { parent: this },
    );
    new Record(
      `${name}-direct`,
      {
        zoneId: args.hostedZoneId,
        name: `${args.region}.${args.domain}`,
        type: "A",
        // Always answers: it is what the health check asks.
        aliases: alias(args.web, false),
      },
      { parent: this },
    );
    const appName = `app.${args.region}.${args.domain}`;
    const appZone = new Zone(
      `${name}-app`,
      {
        name: appName,
        comment: "The app tier, for this region's web servers only",
        vpcs: [{ vpcId: args.vpcId }],
        forceDestroy: true,
        tags: this.tags("internal"),
      },
      { parent: this },
    );
    new Record(
      `${name}-app`,
      { zoneId: appZone.zoneId, name: appName, type: "A", aliases: alias(args.app, true) },
      { parent: this },
    );
    this.registerOutputs();
  }

  private httpsCheck(name: string, args: RegionalEntryArgs): HealthCheck {
    return new HealthCheck(
      name,
      {
        type: "HTTPS",
        fqdn: `${args.region}.${args.domain}`,
        port: 443,
        resourcePath: healthPath,
        enableSni: true,
        // Ten seconds instead of thirty: a failed region leaves rotation within about half a minute.
        requestInterval: 10,
        failureThreshold: 3,
        tags: this.tags("internal", `${name}-${args.region}`),
      },
      { parent: this },
    );
  }

  private createAlarms(name: string, { web, app, topicArn, healthCheck }: RegionalEntryArgs) {
    const so = healthCheck === "alarm" ? "; Route 53 then avoids the region" : "";
    const rules = {
      "healthy-servers": noServers("web", web, so),
      "healthy-app-servers": noServers("app", app),
    };
    const to = { parent: this, topicArn, tags: this.tags("internal") };
    return createAlarms(name, rules, to)["healthy-servers"];
  }

  /** Route 53's checkers cannot reach a closed region, so they watch an alarm in it. */
  private alarmCheck(name: string, args: RegionalEntryArgs, alarm: MetricAlarm): HealthCheck {
    return new HealthCheck(
      name,
      {
        type: "CLOUDWATCH_METRIC",
        cloudwatchAlarmName: alarm.name,
        cloudwatchAlarmRegion: args.region,
        insufficientDataHealthStatus: "LastKnownStatus",
        tags: this.tags("internal", `${name}-${args.region}`),
      },
      { parent: this },
    );
  }
}
