import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Output,
  type ProviderResource,
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
import type { IsolatedZone } from "../components/regionPeering";
import { ReplicationServiceRoles } from "../components/replicationServiceRoles";
import { RegionalEntry } from "../components/regionalEntry";
import { SecurityGroups } from "../components/securityGroups";
import { sitePackage } from "../components/sitePackage";
import { SqlServerCluster } from "../components/sqlServerCluster";
import { WebTier } from "../components/webTier";
import { cidrPlan } from "./cidrPlan";
import type { PlatformConfig } from "./config";
import type { RegionContract } from "./contract";
import {
  bootstrapPeer,
  createLink,
  createReplication,
  createReplicationTools,
  followedDatabase,
  sourceSecret,
  type RegionLink,
} from "./regionLink";
import {
  bootstrapDatabase,
  createFunctions,
  createLogins,
  type RegionalData,
  type RegionBase,
} from "./regionalData";
import type { ReplicationPlan } from "./replicationPlan";
import { requestPath, type Station } from "./requestPath";
import type { ServiceLevel } from "./serviceLevel";

export interface RegionalPlatformArgs {
  config: PlatformConfig;
  level: ServiceLevel;
  replication: ReplicationPlan;
  /** The other region's contract, where there is another region to work with. */
  peer?: RegionContract;
  /** Provider of the other region, in the stack that owns what crosses regions. */
  peerProvider?: ProviderResource;
  /** Project and stack, for tags that providers cannot add. */
  installationTags: Record<string, string>;
}

/** One region of an installation, wired: the request path, what it stands on, and its names. */
export class RegionalPlatform extends ComponentResource {
  readonly suffix: Output<string>;
  readonly keys: EncryptionKeys;
  readonly network: Network;
  readonly groups: SecurityGroups;
  readonly dns: GlobalDns;
  readonly database: SqlServerCluster;
  readonly data: RegionalData;
  readonly web: WebTier;
  /** The isolated subnets, with what leads out of them. */
  readonly isolated: IsolatedZone[];
  /** What joins the regions, in the stack that owns it. */
  readonly link?: RegionLink;
  private readonly child = { parent: this };

  constructor(name: string, args: RegionalPlatformArgs, opts?: ComponentResourceOptions) {
    super("pe:platform:RegionalPlatform", name, {}, opts);
    const { config, level } = args;
    const { region, protect } = config;
    const { child } = this;
    const accountId = getCallerIdentityOutput({}, child).accountId;
    const suffix = new RandomId("suffix", { byteLength: 4 }, child).hex;
    this.suffix = suffix;
    const keys = new EncryptionKeys(
      "keys",
      { region, accountId, suffix, rotationDays: config.rotation.keyDays, protect },
      child,
    );
    this.keys = keys;
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
    this.isolated = isolatedZones(config, this.network);
    const groups = new SecurityGroups("groups", { vpcId: this.network.vpcId }, child);
    this.groups = groups;
    const flows = this.allowFlows(args, groups);
    this.database = this.createDatabase(args, keys, groups, { accountId, suffix });
    const base: RegionBase = {
      ...args,
      child,
      ...{ accountId, suffix, keys, groups, flows },
      network: this.network,
      database: this.database,
    };
    const logins = createLogins(base);
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
        databaseSecretArn: logins.app.secretArn,
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
    const { peer, peerProvider } = args;
    if (peer && peerProvider) this.link = createLink(base, peer, peerProvider, this.isolated);
    const { link } = this;
    const allLogins = { ...logins, ...(link ? { source: link.ownSource } : {}) };
    this.data = createFunctions(base, allLogins, sourceSecret(base, link));
    const alarms = new Alarms(
      "alarms",
      {
        accountId,
        logsKeyArn: keys.logsKeyArn,
        ...(config.alarmEmail ? { email: config.alarmEmail } : {}),
        tiers: { web: this.web.loadBalancer, app: app.loadBalancer },
        database: {
          identifier: this.database.identifier,
          storageGiB: config.database.storageGiB,
          functionName: this.data.function.functionName,
        },
      },
      child,
    );
    const followed = followedDatabase(base, link);
    const bootstrap = bootstrapDatabase(base, this.data, allLogins, followed);
    const serviceRoles = this.createServiceRoles(args);
    const peerReady =
      peer && peerProvider && link ? [bootstrapPeer(base, peer, peerProvider, link)] : [];
    const tools = logins.target ? createReplicationTools(base, link, logins.target) : undefined;
    if (peer && followed && logins.target && tools) {
      createReplication(base, peer, {
        tools,
        followed,
        target: logins.target,
        serviceRoles,
        topicArn: alarms.topicArn,
        logins: [logins.target.value, ...(link ? [link.homeSource.value] : [])],
        waitFor: [bootstrap.done, ...peerReady, ...(link?.peering.ways ?? [])],
      });
    }
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

  /**
   * The account's DMS roles belong to the home stack. They stay while the other region is still up,
   * also when `regionCount` has left it out: DMS needs them to go.
   */
  private createServiceRoles({ config, level, replication, peer }: RegionalPlatformArgs) {
    const wanted = level.home && config.replication.serviceRoles === "create";
    if (!wanted || !(replication.peered || peer?.sourceSecretReplicaArn)) return [];
    return new ReplicationServiceRoles("replication-roles", this.child).ready;
  }

  private allowFlows(
    { config, level, replication, peer }: RegionalPlatformArgs,
    groups: SecurityGroups,
  ): AllowedFlow[] {
    const end = (station: Station): FlowEnd => {
      if (typeof station === "object") return { cidr: station.addresses };
      if (station === "internet") return { cidr: "0.0.0.0/0" };
      if (station === "s3") return { prefixListId: this.network.s3PrefixListId };
      if (station !== "endpoints") return { groupId: groups.ids[station] };
      return { groupId: this.network.endpointSecurityGroupId };
    };
    return requestPath(config, level, replication, peer?.isolated ?? []).map(
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

  private createDns({ config, level, peer }: RegionalPlatformArgs): GlobalDns {
    const homeZoneId = level.home ? undefined : peer?.hostedZoneId;
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

function isolatedZones(config: PlatformConfig, network: Network): IsolatedZone[] {
  const zones = networkZones(config);
  return network.isolatedRouteTables().map(({ letter, routeTableId }) => {
    const cidr = zones.find((zone) => zone.letter === letter)?.isolatedCidr ?? "";
    return { letter, cidr, routeTableId };
  });
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
