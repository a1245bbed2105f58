import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Output,
  type ProviderResource,
} from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId";
import type { Alarms } from "../../components/servers/alarms";
import { AllowedFlow, type FlowEnd } from "../../components/base/allowedFlow";
import { ArtifactStore } from "../../components/servers/artifactStore";
import { EncryptionKeys } from "../../components/base/encryptionKeys";
import type { FleetApis } from "../../components/servers/fleetHooks";
import { GlobalDns } from "../../components/entry/globalDns";
import { LogArchive } from "../../components/base/logArchive";
import { MachineKey } from "../../components/servers/machineKey";
import { Network } from "../../components/network/network";
import type { IsolatedZone } from "../../components/network/regionPeering";
import type { ReplicatedBackups } from "../../components/data/replicatedBackups";
import { ReplicationServiceRoles } from "../../components/data/replicationServiceRoles";
import { SecurityGroups } from "../../components/base/securityGroups";
import { SqlServerCluster } from "../../components/data/sqlServerCluster";
import type { WebTier } from "../../components/servers/webTier";
import type { PlatformConfig } from "../config/platformConfig";
import { networkZones } from "./zones";
import type { RegionContract } from "../contract";
import { editGuard } from "../editGuard";
import type { GuardedConfig } from "../editRules";
import {
  bootstrapPeer,
  createBackups,
  createLink,
  createReplication,
  createReplicationTools,
  followedDatabase,
  sourceSecret,
  type RegionLink,
} from "./link";
import { createAlarms, createEntry } from "./alarms";
import type { RegionBase } from "./base";
import {
  bootstrapDatabase,
  createFunctions,
  createLogins,
  type RegionalData,
  type RegionalLogins,
  watchCapture,
} from "./data";
import { createTiers, sampleSites } from "./tiers";
import type { ReplicationPlan } from "../replicationPlan";
import { requestPath, type Station } from "../requestPath";
import type { ServiceLevel } from "../serviceLevel";

export interface RegionalPlatformArgs {
  config: PlatformConfig;
  level: ServiceLevel;
  replication: ReplicationPlan;
  /** The other region's contract, where there is another region to work with. */
  peer?: RegionContract;
  /** The other region's backups are here from before, and stay although this region writes. */
  holdBackups?: boolean;
  /** Provider of the other region, in the stack that owns what crosses regions. */
  peerProvider?: ProviderResource;
  /** Provider of the region where Route 53's metrics are, where that is another one. */
  healthProvider?: ProviderResource;
  /** Project and stack, for tags that providers cannot add. */
  installationTags: Record<string, string>;
  /** Calls to EC2 Auto Scaling in this region, for rolls of the servers. */
  autoScaling: FleetApis;
  /** What the next edit is judged against; kept in the state in plain text. */
  guarded: GuardedConfig;
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
  /** The other region's backups, where they are kept. */
  backups?: ReplicatedBackups;
  private readonly child = { parent: this };

  constructor(name: string, args: RegionalPlatformArgs, opts?: ComponentResourceOptions) {
    const hooks = { beforeUpdate: [editGuard(args.config.acceptEdits)] };
    super("pe:platform:RegionalPlatform", name, { config: args.guarded }, { ...opts, hooks });
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

    const { app, web } = createTiers(base, {
      logs,
      store,
      machineKeySecretArn: machineKey.secretArn,
      certificateArn: this.dns.certificateArn,
      loginSecretArn: logins.app.secretArn,
      installationTags: args.installationTags,
      autoScaling: args.autoScaling,
    });
    this.web = web;
    const { peer, peerProvider } = args;
    if (peer && peerProvider) this.link = createLink(base, peer, peerProvider, this.isolated);
    const ownLogins = { ...logins, ...(this.link ? { source: this.link.ownSource } : {}) };
    this.data = createFunctions(base, ownLogins, sourceSecret(base, this.link));
    const watched = { web, app, dns: this.dns, data: this.data };
    const alarms = createAlarms(base, watched);
    createEntry(base, watched, alarms, args.healthProvider);
    this.replicate(base, args, ownLogins, alarms);
    this.registerOutputs();
  }

  /** Gives the database its part in the installation, and this region its copy where it is to be one. */
  private replicate(
    base: RegionBase,
    args: RegionalPlatformArgs,
    logins: RegionalLogins,
    { topicArn }: Alarms,
  ): void {
    const { peer, peerProvider } = args;
    const { link } = this;
    const followed = followedDatabase(base, link);
    const { bootstrap, upkeep } = bootstrapDatabase(
      base,
      this.data,
      { ...logins },
      followed,
      topicArn,
    );
    watchCapture(base, upkeep, topicArn);
    const serviceRoles = this.createServiceRoles(args);
    const peerReady =
      peer && peerProvider && link ? [bootstrapPeer(base, peer, peerProvider, link)] : [];
    const tools = logins.target ? createReplicationTools(base, link, logins.target) : undefined;
    if (peer && (followed || args.holdBackups)) this.backups = createBackups(base, peer);
    if (!followed || !logins.target || !tools) return;
    createReplication(base, {
      tools,
      followed,
      target: logins.target,
      serviceRoles,
      topicArn,
      logins: [logins.target.value, ...(link ? [link.homeSource.value] : [])],
      waitFor: [bootstrap.done, ...peerReady, ...(link?.peering.ways ?? [])],
    });
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
