import { dynamic, literal, name } from "./dynamicSql";
import type { Statement } from "./session";

// Texts are constants: whatever comes from outside is a parameter (see dynamicSql.ts). Each one may
// run again after any other failed.

/** Runs `text` only if `condition` holds. */
export const when = (condition: string, text: string): string =>
  `IF ${condition}\nBEGIN\n${text}\nEND`;

export const createDatabase = (database: string): Statement => ({
  label: `create database ${database}`,
  text: when("DB_ID(@database) IS NULL", dynamic`CREATE DATABASE ${name("database")}`),
  parameters: { database },
});

export const findLogin = (login: string): Statement => ({
  label: `look for login ${login}`,
  text: "SELECT name FROM sys.server_principals WHERE name = @login AND type = N'S';",
  parameters: { login },
});

// The policy checks the password's strength. It expires by rotation, not by SQL Server.
export const createLogin = (login: string, password: string): Statement => ({
  label: `create login ${login}`,
  text: when(
    "SUSER_ID(@login) IS NULL",
    dynamic`CREATE LOGIN ${name("login")} WITH PASSWORD = ${literal("password")}, CHECK_POLICY = ON, CHECK_EXPIRATION = OFF`,
  ),
  parameters: { login, password },
});

export const setPassword = (login: string, password: string): Statement => ({
  label: `set password of ${login}`,
  text: dynamic`ALTER LOGIN ${name("login")} WITH PASSWORD = ${literal("password")}`,
  parameters: { login, password },
});

/** What DMS asks of its login beside ownership of the database (DMS User Guide, SQL Server). */
export const grantReplication = (login: string): Statement => ({
  label: `let ${login} see the log`,
  text: dynamic`GRANT VIEW SERVER STATE, VIEW ANY DEFINITION TO ${name("login")}`,
  parameters: { login },
});

export const createUser = (login: string): Statement => ({
  label: `create user ${login}`,
  text: when(
    "USER_ID(@login) IS NULL",
    dynamic`CREATE USER ${name("login")} FOR LOGIN ${name("login")}`,
  ),
  parameters: { login },
});

/** A restore or a copy leaves a user without its login. */
export const linkUser = (login: string): Statement => ({
  label: `link user ${login}`,
  text: dynamic`ALTER USER ${name("login")} WITH LOGIN = ${name("login")}`,
  parameters: { login },
});

export const makeOwner = (login: string): Statement => ({
  label: `${login} owns the database`,
  text: dynamic`ALTER ROLE db_owner ADD MEMBER ${name("login")}`,
  parameters: { login },
});

export const allowWrites = (login: string): Statement => ({
  label: `${login} reads and writes`,
  text: dynamic`ALTER ROLE db_datareader ADD MEMBER ${name("login")};
ALTER ROLE db_datawriter ADD MEMBER ${name("login")};
GRANT EXECUTE TO ${name("login")};
IF IS_ROLEMEMBER(N'db_denydatawriter', ${literal("login")}) = 1
ALTER ROLE db_denydatawriter DROP MEMBER ${name("login")};`,
  parameters: { login },
});

/** Procedures run with their owner's rights, so they are denied as well. */
export const refuseWrites = (login: string): Statement => ({
  label: `${login} only reads`,
  text: dynamic`ALTER ROLE db_denydatawriter ADD MEMBER ${name("login")};
DENY EXECUTE TO ${name("login")};
ALTER ROLE db_datareader ADD MEMBER ${name("login")};
IF IS_ROLEMEMBER(N'db_datawriter', ${literal("login")}) = 1
ALTER ROLE db_datawriter DROP MEMBER ${name("login")};`,
  parameters: { login },
});
