import { lockTimeout } from "./capture";
import type { Statement } from "./session";
import { parametersOf, selected, type Selection } from "./tables";

// While DMS fills a copy, foreign keys would refuse rows that come before those they refer to, and
// triggers would do again what the writer's have done. They stand aside in a table of ours, and come
// back when the copy becomes the writer.

export const createSetAside: Statement = {
  label: "create the table of what stands aside",
  text: `IF SCHEMA_ID(N'platform') IS NULL EXEC (N'CREATE SCHEMA platform AUTHORIZATION dbo');
IF OBJECT_ID(N'platform.set_aside', N'U') IS NULL
CREATE TABLE platform.set_aside (
  id int IDENTITY NOT NULL CONSTRAINT pk_set_aside PRIMARY KEY,
  what nvarchar(300) NOT NULL,
  bring_back nvarchar(max) NOT NULL);`,
};

/**
 * Foreign keys and enabled triggers of the selected tables, with the text that removes each. A key of
 * any table that points to a selected one keeps it from being emptied as well.
 */
export const findObstacles = (selection: Selection): Statement => ({
  label: "look for foreign keys and triggers",
  text: `SELECT f.object_id AS id, N'foreign key' AS kind, f.name AS name
FROM sys.foreign_keys AS f
WHERE EXISTS (SELECT 1 FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id
  WHERE t.object_id IN (f.parent_object_id, f.referenced_object_id) AND ${selected})
UNION ALL
SELECT g.object_id, N'trigger', g.name
FROM sys.triggers AS g
JOIN sys.tables AS t ON t.object_id = g.parent_id
JOIN sys.schemas AS s ON s.schema_id = t.schema_id
WHERE g.is_disabled = 0 AND ${selected}
ORDER BY kind, name;`,
  parameters: parametersOf(selection),
});

const keep = (what: string, find: string): string => `SET XACT_ABORT ON;
DECLARE @away nvarchar(max), @back nvarchar(max);
${find}
IF @away IS NULL OR @back IS NULL RETURN;
BEGIN TRANSACTION;
INSERT INTO platform.set_aside (what, bring_back) VALUES (N'${what}' + @name, @back);
EXEC sys.sp_executesql @away;
COMMIT;`;

/** Dropped, not disabled: a truncation before the load refuses disabled ones too. */
export const setForeignKeyAside = (id: number, name: string): Statement => ({
  label: `set foreign key ${name} aside`,
  text: keep(
    "foreign key ",
    `SELECT
  @away = N'ALTER TABLE ' + own.name + N' DROP CONSTRAINT ' + QUOTENAME(f.name),
  @back = N'IF OBJECT_ID(N''' + REPLACE(QUOTENAME(OBJECT_SCHEMA_NAME(f.object_id)) + N'.'
    + QUOTENAME(f.name), N'''', N'''''') + N''', N''F'') IS NULL ALTER TABLE ' + own.name + N' WITH NOCHECK ADD CONSTRAINT ' + QUOTENAME(f.name)
    + N' FOREIGN KEY (' + columns.own + N') REFERENCES ' + other.name + N' (' + columns.other + N')'
    + N' ON DELETE ' + REPLACE(f.delete_referential_action_desc, N'_', N' ')
    + N' ON UPDATE ' + REPLACE(f.update_referential_action_desc, N'_', N' ')
    + CASE WHEN f.is_not_for_replication = 1 THEN N' NOT FOR REPLICATION' ELSE N'' END
    + CASE WHEN f.is_disabled = 1
        THEN N'; ALTER TABLE ' + own.name + N' NOCHECK CONSTRAINT ' + QUOTENAME(f.name) ELSE N'' END
FROM sys.foreign_keys AS f
CROSS APPLY (SELECT QUOTENAME(OBJECT_SCHEMA_NAME(f.parent_object_id)) + N'.'
  + QUOTENAME(OBJECT_NAME(f.parent_object_id)) AS name) AS own
CROSS APPLY (SELECT QUOTENAME(OBJECT_SCHEMA_NAME(f.referenced_object_id)) + N'.'
  + QUOTENAME(OBJECT_NAME(f.referenced_object_id)) AS name) AS other
CROSS APPLY (
  SELECT
    STRING_AGG(QUOTENAME(COL_NAME(c.parent_object_id, c.parent_column_id)), N', ')
      WITHIN GROUP (ORDER BY c.constraint_column_id) AS own,
    STRING_AGG(QUOTENAME(COL_NAME(c.referenced_object_id, c.referenced_column_id)), N', ')
      WITHIN GROUP (ORDER BY c.constraint_column_id) AS other
  FROM sys.foreign_key_columns AS c WHERE c.constraint_object_id = f.object_id) AS columns
WHERE f.object_id = @id;`,
  ),
  parameters: { id, name },
});

export const setTriggerAside = (id: number, name: string): Statement => ({
  label: `set trigger ${name} aside`,
  text: keep(
    "trigger ",
    `SELECT
  @away = N'DISABLE TRIGGER ' + QUOTENAME(OBJECT_SCHEMA_NAME(g.object_id)) + N'.' + QUOTENAME(g.name)
    + N' ON ' + QUOTENAME(OBJECT_SCHEMA_NAME(g.parent_id)) + N'.' + QUOTENAME(OBJECT_NAME(g.parent_id)),
  @back = N'ENABLE TRIGGER ' + QUOTENAME(OBJECT_SCHEMA_NAME(g.object_id)) + N'.' + QUOTENAME(g.name)
    + N' ON ' + QUOTENAME(OBJECT_SCHEMA_NAME(g.parent_id)) + N'.' + QUOTENAME(OBJECT_NAME(g.parent_id))
FROM sys.triggers AS g WHERE g.object_id = @id AND g.is_disabled = 0;`,
  ),
  parameters: { id, name },
});

export const findSetAside: Statement = {
  label: "look for what stands aside",
  text: "SELECT id, what FROM platform.set_aside ORDER BY id DESC;",
};

/** Foreign keys come back unchecked, so that a large table does not hold up a fail-over. */
export const bringBack = (id: number, what: string): Statement => ({
  label: `bring ${what} back`,
  text: `SET XACT_ABORT ON;
DECLARE @back nvarchar(max) = (SELECT bring_back FROM platform.set_aside WHERE id = @id);
IF @back IS NULL RETURN;
BEGIN TRANSACTION;
EXEC sys.sp_executesql @back;
DELETE FROM platform.set_aside WHERE id = @id;
COMMIT;`,
  parameters: { id },
});

export const findIdentities: Statement = {
  label: "look for identity columns",
  text: `SELECT QUOTENAME(s.name) + N'.' + QUOTENAME(t.name) AS name
FROM sys.identity_columns AS i
JOIN sys.tables AS t ON t.object_id = i.object_id
JOIN sys.schemas AS s ON s.schema_id = t.schema_id
WHERE t.is_ms_shipped = 0 AND s.name NOT IN (N'cdc', N'platform')
ORDER BY name;`,
};

/**
 * Rows that DMS brought did not advance the counter: the next own row would meet one of them. Every
 * deployment of a writer asks for it, and it locks the table against everything.
 */
export const reseed = (table: string): Statement => ({
  label: `reseed ${table}`,
  text: `${lockTimeout}
DBCC CHECKIDENT (@table, RESEED) WITH NO_INFOMSGS;`,
  parameters: { table },
});
