import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId";
import { Alarms } from "../components/alarms";
import { AllowedFlow, type FlowEnd } from "../components/allowedFlow";
import { AppTier } from "../components/appTier";
import { ArtifactStore, type SiteArtifact } from "../components/artifactStore";
import { EncryptionKeys } from "../components/encryptionKeys";
import { GlobalDns } from "../components/globalDns";
import type { FleetArgs } from "../components/loadBalancedFleet";
import { LogArchive } from "../components/logArchive";
import { MachineKey } from "../components/machineKey";
import { Network, type NetworkZone } from "../components/network";
import { RegionalEntry } from "../components/regionalEntry";
import { SecurityGroups } from "../components/securityGroups";
import { sitePackage } from "../components/sitePackage";
import { SqlServerCluster } from "../components/sqlServerCluster";
import { WebTier } from "../components/webTier";
import { cidrPlan } from "./cidrPlan";
import type { PlatformConfig } from "./config";
import { requestPath, type Station } from "./requestPath";
import type { ServiceLevel } from "./serviceLevel";

export interface RegionalPlatformArgs {
  config: PlatformConfig;
  level: ServiceLevel;
  /** Id of the zone that the home stack created; needed where another stack owns the zone. */
  homeZoneId?: Input<string>;
  /** Project and stack, for tags that providers cannot add. */
  installationTags: Record<string, string>;
}

/** One region of an installation, wired: the request path, what it stands on, and its names. */
export class RegionalPlatform extends ComponentResource {
  readonly network: Network;
  readonly dns: GlobalDns;
  readonly database: SqlServerCluster;
  readonly web: WebTier;
  private readonly child = { parent: this };

  constructor(name: string, args: RegionalPlatformArgs, opts?: ComponentResourceOptions) {
    super("pe:platform:RegionalPlatform", name, {}, opts);
    const { config, level } = args;
    const { region, protect } = config;
    const { child } = this;
    const accountId = getCallerIdentityOutput({}, child).accountId;
    const suffix = new RandomId("suffix", { byteLength: 4 }, child).hex;
    const keys = new EncryptionKeys("keys", { region, accountId, suffix, protect }, child);
    const logs = new LogArchive(
      "logs",
      { region, accountId, retentionDays: config.logRetentionDays, protect },
      child,
    );
    const store = new ArtifactStore(
      "artifacts",
      { keyArn: keys.serversKeyArn, sites: sampleSites(config), protect },
      child,
    );
    const machineKey = new MachineKey(
      "machine-key",
      { keyArn: keys.serversKeyArn, protect },
      child,
    );
    this.network = this.createNetwork(config, level, keys);
    const groups = new SecurityGroups("groups", { vpcId: this.network.vpcId }, child);
    const flows = this.allowFlows(config, level, groups);
    this.database = this.createDatabase(args, keys, groups, { accountId, suffix });
    this.dns = this.createDns(args);

    const tier = (role: "web" | "app"): FleetArgs => ({
      region,
      accountId,
      suffix,
      vpcId: this.network.vpcId,
      loadBalancerSubnetIds: this.network.subnetIds(
        role === "web" && config.exposure === "public" ? "public" : "private",
        level.loadBalancerZones,
      ),
      serverSubnetIds: this.network.subnetIds("private", level.zones),
      loadBalancerGroupId: groups.ids[`${role}-load-balancer`],
      serverGroupId: groups.ids[`${role}-servers`],
      certificateArn: this.dns.certificateArn,
      instanceType: config[role].instanceType,
      capacity: {
        min: config[role].instancesPerAz.min * level.zones.length,
        max: config[role].instancesPerAz.max * level.zones.length,
      },
      rootVolumeGiB: config[role].rootVolumeGiB,
      windows: config[role].windows,
      artifact: siteOf(config, role, store),
      machineKeySecretArn: machineKey.secretArn,
      stickySessionMinutes: config[role].stickySessionMinutes,
      accessLogBucket: logs.bucketName,
      accessLogGuards: logs.guards,
      serversKeyArn: keys.serversKeyArn,
      logsKeyArn: keys.logsKeyArn,
      logRetentionDays: config.logRetentionDays,
      protect,
      installationTags: args.installationTags,
      waitFor: [this.network, ...flows],
    });
    const app = new AppTier(
      "app",
      {
        ...tier("app"),
        databaseEndpoint: this.database.address,
        databaseSecretArn: this.database.masterSecretArn,
        databaseZones: Object.fromEntries(
          networkZones(config).map((zone) => [zone.isolatedCidr, zone.availabilityZone]),
        ),
      },
      child,
    );
    this.web = new WebTier(
      "web",
      {
        ...tier("web"),
        internetFacing: config.exposure === "public",
        appEndpoint: `https://app.${region}.${config.domain}`,
      },
      child,
    );
    new RegionalEntry(
      "entry",
      {
        region,
        domain: config.domain,
        hostedZoneId: this.dns.hostedZoneId,
        vpcId: this.network.vpcId,
        web: this.web.loadBalancer,
        app: app.loadBalancer,
        healthCheck: level.healthCheck,
      },
      child,
    );
    new Alarms(
      "alarms",
      {
        logsKeyArn: keys.logsKeyArn,
        ...(config.alarmEmail ? { email: config.alarmEmail } : {}),
        tiers: { web: this.web.loadBalancer, app: app.loadBalancer },
        database: {
          identifier: this.database.identifier,
          storageGiB: config.database.storageGiB,
        },
      },
      child,
    );
    this.registerOutputs();
  }

  private createNetwork(
    config: PlatformConfig,
    level: ServiceLevel,
    keys: EncryptionKeys,
  ): Network {
    const { privateGateway, cidrBlock } = config.network;
    return new Network(
      "network",
      {
        region: config.region,
        cidrBlock,
        zones: networkZones(config),
        activeZones: level.zones,
        natGateways: level.natGateways,
        interfaceEndpoints: config.network.interfaceEndpoints,
        ...(privateGateway ? { privateGateway } : {}),
        logKeyArn: keys.logsKeyArn,
        logRetentionDays: config.logRetentionDays,
      },
      this.child,
    );
  }

  private allowFlows(
    config: PlatformConfig,
    level: ServiceLevel,
    groups: SecurityGroups,
  ): AllowedFlow[] {
    const end = (station: Station): FlowEnd => {
      if (typeof station === "object") return { cidr: station.clients };
      if (station === "internet") return { cidr: "0.0.0.0/0" };
      if (station === "s3") return { prefixListId: this.network.s3PrefixListId };
      if (station !== "endpoints") return { groupId: groups.ids[station] };
      const groupId = this.network.endpointSecurityGroupId;
      if (!groupId) throw new Error("A flow leads to endpoints that the network does not have.");
      return { groupId };
    };
    return requestPath(config, level).map(
      ({ name, from, to, port, reason }) =>
        new AllowedFlow(name, { from: end(from), to: end(to), port, reason }, this.child),
    );
  }

  private createDatabase(
    { config, level }: RegionalPlatformArgs,
    keys: EncryptionKeys,
    groups: SecurityGroups,
    identity: { accountId: Output<string>; suffix: Output<string> },
  ): SqlServerCluster {
    return new SqlServerCluster(
      "database",
      {
        ...config.database,
        ...identity,
        region: config.region,
        subnetIds: this.network.subnetIds("isolated"),
        securityGroupId: groups.ids.database,
        multiAz: level.multiAz,
        deletionProtection: config.database.deletionProtection && config.protect,
        protect: config.protect,
        databaseKeyArn: keys.databaseKeyArn,
        logsKeyArn: keys.logsKeyArn,
        logRetentionDays: config.logRetentionDays,
      },
      this.child,
    );
  }

  private createDns({ config, level, homeZoneId }: RegionalPlatformArgs): GlobalDns {
    const hostedZoneId = config.hostedZone === "create" ? homeZoneId : config.hostedZone;
    return new GlobalDns(
      "dns",
      {
        region: config.region,
        domain: config.domain,
        ...(hostedZoneId === undefined ? {} : { hostedZoneId }),
        ...(config.exposure === "private" ? { privateVpcId: this.network.vpcId } : {}),
        ...(config.certificateArn ? { certificateArn: config.certificateArn } : {}),
        ownsSharedRecords: level.home,
        protect: config.protect,
      },
      this.child,
    );
  }
}

/** The three zones of the layout with their names in AWS. */
function networkZones({ network }: PlatformConfig): NetworkZone[] {
  return cidrPlan(network.cidrBlock).map((zone, index) => ({
    ...zone,
    availabilityZone: network.availabilityZones[index] ?? "",
  }));
}

function sampleSites(config: PlatformConfig) {
  const roles = (["web", "app"] as const).filter((role) => !config[role].artifact);
  return Object.fromEntries(roles.map((role) => [role, sitePackage(role, config.region)]));
}

function siteOf(config: PlatformConfig, role: "web" | "app", store: ArtifactStore): SiteArtifact {
  return config[role].artifact ?? store.artifact(role);
}
