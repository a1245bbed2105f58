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

export const findDatabase = (database: string): Statement => ({
  label: `look for database ${database}`,
  text: "SELECT name FROM sys.databases WHERE name = @database;",
  parameters: { database },
});

export const findUser = (login: string): Statement => ({
  label: `look for user ${login}`,
  text: "SELECT name FROM sys.database_principals WHERE name = @login AND type = N'S';",
  parameters: { login },
});

export const findLogin = (login: string): Statement => ({
  label: `look for login ${login}`,
  text: `SELECT name, CONVERT(int, is_disabled) AS disabled
FROM sys.server_principals WHERE name = @login AND type = N'S';`,
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

/** For a login that may enter only once that is decided: it never is open before. */
export const createDisabledLogin = (login: string, password: string): Statement => ({
  label: `create login ${login}, disabled`,
  text: when(
    "SUSER_ID(@login) IS NULL",
    dynamic`CREATE LOGIN ${name("login")} WITH PASSWORD = ${literal("password")}, CHECK_POLICY = ON, CHECK_EXPIRATION = OFF;
ALTER LOGIN ${name("login")} DISABLE;`,
  ),
  parameters: { login, password },
});

/** Keeps new sessions out; those that are open go on until {@link endSessions}. */
export const disableLogin = (login: string): Statement => ({
  label: `disable login ${login}`,
  text: when("SUSER_ID(@login) IS NOT NULL", dynamic`ALTER LOGIN ${name("login")} DISABLE`),
  parameters: { login },
});

export const enableLogin = (login: string): Statement => ({
  label: `enable login ${login}`,
  text: dynamic`ALTER LOGIN ${name("login")} ENABLE`,
  parameters: { login },
});

const sessionsOfLogin = `FROM sys.dm_exec_sessions
WHERE is_user_process = 1 AND login_time <= @asOf AND @login IN (login_name, original_login_name)`;

/**
 * Ends a login's sessions and waits until what they had open is rolled back. Sessions that begin
 * later are left alone: they have met the login's new rights.
 *
 * The second at first is for those that were let in just before those rights changed and are not
 * listed yet. KILL takes no parameter; the only thing in its text is a number of the server's own.
 * A session that has ended by itself is an error of KILL, and no failure; a missing right is one.
 */
export const endSessions = (login: string): Statement => ({
  label: `end sessions of ${login}`,
  text: `WAITFOR DELAY '00:00:01';
DECLARE @asOf datetime = GETDATE(), @session int, @kill nvarchar(20), @problem nvarchar(2048) = N'';
DECLARE @patience datetime = DATEADD(second, 240, @asOf);
WHILE EXISTS (SELECT 1 ${sessionsOfLogin})
BEGIN
  SET @session = 0;
  WHILE @session IS NOT NULL
  BEGIN
    SET @session = (SELECT MIN(session_id) ${sessionsOfLogin} AND session_id > @session);
    SET @kill = N'KILL ' + CONVERT(nvarchar(11), @session);
    BEGIN TRY
      IF @session IS NOT NULL EXEC sys.sp_executesql @kill;
    END TRY
    BEGIN CATCH
      IF ERROR_NUMBER() = 6102 THROW;
      SET @problem = ERROR_MESSAGE();
    END CATCH;
  END;
  IF GETDATE() > @patience
  BEGIN
    SET @problem = N'Sessions of a login do not end. ' + @problem;
    THROW 50000, @problem, 1;
  END;
  WAITFOR DELAY '00:00:00.200';
END;`,
  parameters: { login },
});

export const setPassword = (login: string, password: string): Statement => ({
  label: `set password of ${login}`,
  text: dynamic`ALTER LOGIN ${name("login")} WITH PASSWORD = ${literal("password")}`,
  parameters: { login, password },
});

/**
 * What DMS asks of its login beside ownership of the database; from 3.5.3 on it also reads RDS's
 * backups of the log (DMS User Guide, "Using a Microsoft SQL Server database as a source",
 * "Permissions for ongoing replication on a cloud SQL Server DB instance").
 */
export const grantReplication = (login: string): Statement => ({
  label: `let ${login} see the log`,
  text: dynamic`GRANT VIEW SERVER STATE, VIEW ANY DEFINITION TO ${name("login")};
USE msdb;
IF USER_ID(${literal("login")}) IS NULL
CREATE USER ${name("login")} FOR LOGIN ${name("login")};
ALTER USER ${name("login")} WITH LOGIN = ${name("login")};
IF OBJECT_ID(N'msdb.dbo.rds_dms_tlog_download') IS NOT NULL
GRANT EXECUTE ON dbo.rds_dms_tlog_download TO ${name("login")};
IF OBJECT_ID(N'msdb.dbo.rds_dms_tlog_read') IS NOT NULL
GRANT EXECUTE ON dbo.rds_dms_tlog_read TO ${name("login")};
IF OBJECT_ID(N'msdb.dbo.rds_dms_tlog_list_current_lsn') IS NOT NULL
GRANT EXECUTE ON dbo.rds_dms_tlog_list_current_lsn TO ${name("login")};
IF OBJECT_ID(N'msdb.dbo.rds_task_status') IS NOT NULL
GRANT EXECUTE ON dbo.rds_task_status TO ${name("login")};`,
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

export const disown = (login: string): Statement => ({
  label: `${login} owns the database no more`,
  text: dynamic`IF IS_ROLEMEMBER(N'db_owner', ${literal("login")}) = 1
ALTER ROLE db_owner DROP MEMBER ${name("login")};`,
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

export const findWriter = (login: string): Statement => ({
  label: `look whether ${login} writes`,
  text: "SELECT IS_ROLEMEMBER(N'db_datawriter', @login) AS writes;",
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
