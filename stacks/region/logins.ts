import { interpolate, type Input, type Output } from "@pulumi/pulumi";
import { DatabaseLogin, type DatabaseLoginArgs } from "../../components/data/databaseLogin";
import type { RegionContext } from "./context";

/** The logins of a region and who looks after them; servers need no more than `app`. */
export interface RegionalLogins {
  app: DatabaseLogin;
  /** For the application's own migrations: owns the schema. */
  migration: DatabaseLogin;
  /** With it, this region's DMS writes. */
  target?: DatabaseLogin;
}

export const usernames = {
  app: "platform_app",
  migration: "platform_migration",
  target: "platform_replication_target",
  source: "platform_replication_source",
};

/** The logins of a region's database. They stand before the database does. */
export function createLogins(region: RegionContext): RegionalLogins {
  const login = (
    name: string,
    username: string,
    purpose: DatabaseLoginArgs["purpose"],
  ): DatabaseLogin =>
    new DatabaseLogin(name, { ...ownLogin(region), username, purpose }, region.child);
  return {
    app: login("app-login", usernames.app, "application"),
    migration: login("migration-login", usernames.migration, "migration"),
    ...(region.replication.peered
      ? { target: login("replication-target-login", usernames.target, "replicationTarget") }
      : {}),
  };
}

/** What every login of this region's own database has in common. */
export function ownLogin({ config, accountId, keys, database }: RegionContext) {
  return {
    host: database.address,
    port: database.port,
    database: config.database.name,
    accountId,
    keyArn: keys.databaseKeyArn,
    protect: config.protect,
  };
}

/**
 * Secrets that the other region's stack makes for logins of this database begin with this, so that
 * the function here may read them without knowing them.
 */
export function peerSecretPrefix(suffix: Input<string>): Output<string> {
  return interpolate`platform-replication-${suffix}-`;
}
