import {
  interpolate,
  type ComponentResourceOptions,
  type Input,
  type ProviderResource,
} from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId";
import type { FollowedDatabase, Logins } from "../../components/data/databaseBootstrap";
import { DatabaseLogin } from "../../components/data/databaseLogin";
import { RegionPeering } from "../../components/network/regionPeering";
import type { RegionContract } from "../contract";
import type { RegionContext } from "./context";
import { ownLogin, peerSecretPrefix, usernames, type RegionalLogins } from "./logins";
import { inPeerRegion } from "./peerRegion";

/** What joins this region to the home region, owned by the stack that is not home. */
export interface Crossing {
  peer: RegionContract;
  /** Options of components whose resources are in the home region. */
  there: ComponentResourceOptions;
  peering: RegionPeering;
  /** With it, DMS of the home region reads this region's database. */
  ownSource: DatabaseLogin;
  /** With it, DMS of this region reads the home region's database. */
  homeSource: DatabaseLogin;
}

/** How this region's database stands to the other one. */
export interface RegionLink {
  /** All logins of this region's database. */
  logins: Logins;
  /** Only in the stack that owns it. */
  crossing?: Crossing;
  /** The login with which DMS of this region reads the other one's database, once it is known. */
  sourceSecretArn?: Input<string>;
  /** Where this region's copy comes from; undefined when there is nothing to follow (yet). */
  followed?: FollowedDatabase;
}

/** Joins the regions where this stack is the one to do so, and tells what it then knows of the other. */
export function createLink(region: RegionContext, logins: RegionalLogins): RegionLink {
  const { peer, peerProvider, replication } = region;
  const crossing = peer && peerProvider ? cross(region, peer, peerProvider) : undefined;
  // The stack that made the login knows it at all times; the home stack asks only where it follows,
  // so that its plan does not change when the other stack comes or goes.
  const offered = replication.follows ? peer?.sourceSecretReplicaArn : undefined;
  const secretArn = crossing ? crossing.homeSource.replicaArn : offered;
  return {
    logins: { ...logins, ...(crossing ? { source: crossing.ownSource } : {}) },
    ...(crossing ? { crossing } : {}),
    ...(secretArn === undefined ? {} : { sourceSecretArn: secretArn }),
    ...(replication.follows && peer && secretArn !== undefined
      ? { followed: { host: peer.database.host, port: peer.database.port, secretArn } }
      : {}),
  };
}

/**
 * The way between the regions, and a login on each database by which DMS of the other region reads
 * it. Each secret lives beside its database, where it is rotated, with a copy where DMS reads it.
 * Both directions stand at all times, so that moving the writer makes nothing in a region that may
 * be lost.
 */
function cross(
  context: RegionContext,
  peer: RegionContract,
  peerProvider: ProviderResource,
): Crossing {
  const { config, network, groups, keys, accountId, child } = context;
  const { region } = config;
  const there = inPeerRegion(context, peerProvider);
  const peering = new RegionPeering(
    "peering",
    {
      own: {
        region,
        vpcId: network.vpcId,
        isolated: network.subnets("isolated"),
        databaseGroupId: groups.ids.database,
      },
      peer,
      peerProvider,
      leavePeerAlone: config.replication.peerRegion === "untouched",
    },
    child,
  );
  const ownSource = new DatabaseLogin(
    "replication-source-login",
    {
      ...ownLogin(context),
      username: usernames.source,
      purpose: "replicationSource",
      replica: { region: peer.region, keyArn: peer.databaseKeyArn },
    },
    child,
  );
  // A name that is not taken by a former secret, which Secrets Manager keeps for a while.
  const generation = new RandomId("link", { byteLength: 4 }, child).hex;
  const homeSource = new DatabaseLogin(
    "peer-replication-source-login",
    {
      username: usernames.source,
      purpose: "replicationSource",
      secretName: interpolate`${peerSecretPrefix(peer.suffix)}${generation}`,
      host: peer.database.host,
      port: peer.database.port,
      database: config.database.name,
      accountId,
      keyArn: peer.databaseKeyArn,
      replica: { region, keyArn: keys.databaseKeyArn },
      protect: config.protect,
    },
    there,
  );
  return { peer, there, peering, ownSource, homeSource };
}
