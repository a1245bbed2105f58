import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { ReplicatedBackups } from "../../components/data/replicatedBackups";
import type { GlobalDns } from "../../components/entry/globalDns";
import { editGuard } from "../editGuard";
import { createAlarms } from "./alarms";
import { bootstrapDatabase } from "./bootstrap";
import type { RegionalPlatformArgs, RegionContext } from "./context";
import { createDatabase } from "./database";
import { createEntry } from "./entry";
import { createFoundation } from "./foundation";
import { createFunctions, type DatabaseFunctions } from "./functions";
import { createLink, type RegionLink } from "./link";
import { createLogins } from "./logins";
import { createNames } from "./names";
import { createNetwork } from "./network";
import { createReplication } from "./replication";
import { createTiers, type RegionalTiers } from "./tiers";

/**
 * One region of an installation, wired: the request path, what it stands on, and its names. Each
 * part takes what the ones before it made.
 */
export class RegionalPlatform extends ComponentResource {
  readonly region: RegionContext;
  readonly dns: GlobalDns;
  readonly tiers: RegionalTiers;
  readonly link: RegionLink;
  readonly functions: DatabaseFunctions;
  /** The other region's backups, where they are kept. */
  readonly backups: ReplicatedBackups | undefined;

  constructor(name: string, args: RegionalPlatformArgs, opts?: ComponentResourceOptions) {
    const hooks = { beforeUpdate: [editGuard(args.config.acceptEdits)] };
    super("pe:platform:RegionalPlatform", name, { config: args.guarded }, { ...opts, hooks });
    const start = { ...args, child: { parent: this } };
    const foundation = createFoundation(start);
    const network = createNetwork(start, foundation);
    const database = createDatabase(start, foundation, network);
    const region = { ...start, ...foundation, ...network, database };
    const logins = createLogins(region);
    const dns = createNames(region);
    const tiers = createTiers(region, logins, dns);
    const link = createLink(region, logins);
    const functions = createFunctions(region, link);
    const { topicArn } = createAlarms(region, { tiers, dns, functions });
    createEntry(region, tiers, dns, topicArn);
    const databaseReady = bootstrapDatabase(region, link, functions, topicArn);
    this.backups = createReplication(region, logins, link, databaseReady, topicArn);
    this.region = region;
    this.dns = dns;
    this.tiers = tiers;
    this.link = link;
    this.functions = functions;
    this.registerOutputs();
  }
}
