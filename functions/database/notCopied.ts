import type { Refusal } from "./limits";
import { metricLine } from "./metrics";
import type { NotCopied } from "./request";
import type { Row, Session, Statement } from "./session";

// Which tables are not copied is kept in the database, so that every look can say since when.

const list = `SELECT name, reason, CONVERT(nvarchar(30), since, 126) + N'Z' AS since
FROM platform.not_copied ORDER BY since, name;`;

/**
 * Two spellings may be one table: the writer's and the copy's migrations differ in capitals. Whether
 * they are is for the database's collation to say.
 */
export const noteNotCopied = (found: Refusal[]): Statement => ({
  label: "note which tables are not copied",
  text: `IF SCHEMA_ID(N'platform') IS NULL EXEC (N'CREATE SCHEMA platform AUTHORIZATION dbo');
IF OBJECT_ID(N'platform.not_copied', N'U') IS NULL
CREATE TABLE platform.not_copied (
  name nvarchar(257) NOT NULL CONSTRAINT pk_not_copied PRIMARY KEY,
  reason nvarchar(max) NOT NULL,
  since datetime2(0) NOT NULL CONSTRAINT df_not_copied DEFAULT SYSUTCDATETIME());
DECLARE @now TABLE (name nvarchar(257) NOT NULL PRIMARY KEY, reason nvarchar(max) NOT NULL);
INSERT INTO @now (name, reason)
SELECT MIN(name), STRING_AGG(reason, N'; ') WITHIN GROUP (ORDER BY reason)
FROM OPENJSON(@found) WITH (name nvarchar(257), reason nvarchar(max))
GROUP BY name COLLATE DATABASE_DEFAULT;
DELETE FROM platform.not_copied WHERE name NOT IN (SELECT name FROM @now);
UPDATE old SET reason = n.reason
FROM platform.not_copied AS old JOIN @now AS n ON n.name = old.name WHERE old.reason <> n.reason;
INSERT INTO platform.not_copied (name, reason)
SELECT n.name, n.reason FROM @now AS n
WHERE NOT EXISTS (SELECT 1 FROM platform.not_copied AS old WHERE old.name = n.name);
${list}`,
  parameters: { found: JSON.stringify(found) },
});

export const readNotCopied: Statement = {
  label: "read which tables are not copied",
  text: `IF OBJECT_ID(N'platform.not_copied', N'U') IS NOT NULL
${list}`,
};

/**
 * One entry a table, whichever look found it.
 * @param known False where the writer did not answer: what was found before then stands.
 */
export async function note(session: Session, found: Refusal[], known = true): Promise<NotCopied[]> {
  const names = new Set(found.map(({ name }) => name));
  const before = known ? [] : rowsOf(await session.run(readNotCopied));
  const reasons = new Map<string, Set<string>>();
  for (const { name, reason } of [...found, ...before.filter(({ name }) => !names.has(name))]) {
    reasons.set(name, (reasons.get(name) ?? new Set()).add(reason));
  }
  const merged = [...reasons].map(([name, all]) => ({ name, reason: [...all].join("; ") }));
  return rowsOf(await session.run(noteNotCopied(merged)));
}

const rowsOf = (rows: Row[]): NotCopied[] =>
  rows.map(({ name, reason, since }) => ({
    name: String(name),
    reason: String(reason),
    since: String(since),
  }));

/** The metric of the alarm: how many tables of this database are not copied. */
export const notCopiedMetric = "TablesNotCopied";

// A log line takes 256 KB (CloudWatch Logs quotas); platform.not_copied has them all.
const mostNamed = 100;

/**
 * A log line that is a metric (Embedded Metric Format) and also says what the metric cannot: which
 * tables, why, since when. The alarm's text leads here.
 */
export function notCopiedLine(database: string, tables: NotCopied[], now: number): string {
  const named = tables.slice(0, mostNamed).map(({ name, reason, since }) => ({
    name,
    reason: reason.slice(0, 1000),
    since,
  }));
  const dimensions = { Database: database };
  return metricLine(
    dimensions,
    now,
    { [notCopiedMetric]: [tables.length, "Count"] },
    { Tables: named },
  );
}
