import * as capture from "./capture";
import { judge, stored, type Refusal } from "./limits";
import type { Row, Session, Statement } from "./session";
import {
  nameOf,
  parametersOf,
  readDatabase,
  readTables,
  selected,
  type Selection,
  type Table,
} from "./tables";

// What is done for a table depends on whether DMS can copy it whole (limits.ts).

/**
 * Captures what can be copied and is not captured yet; lets go of what is left out by name. What the
 * server refuses is told, and keeps no other table from its turn.
 */
export async function captureTables(
  session: Session,
  tables: Selection,
): Promise<{ captured: string[]; refused: Refusal[] }> {
  const captured: string[] = [];
  const told: Refusal[] = [];
  const begin = async (table: capture.CatalogTable, keyed: boolean): Promise<void> => {
    const [row] = await session.run(capture.captureTable({ ...table, keyed }));
    if (!row?.problem) captured.push(nameOf(table));
    else told.push({ name: nameOf(table), reason: `cannot be captured: ${String(row.problem)}` });
  };
  // First ours: the heartbeat, there from the beginning, brings the capture job.
  for (const { schema, table } of await session.run(capture.findOwn)) {
    await begin({ schema: String(schema), table: String(table) }, true);
  }
  for (const { schema, table } of await session.run(capture.findLeftOut(tables))) {
    const left = { schema: String(schema), table: String(table) };
    const [row] = await session.run(capture.releaseTable(left));
    if (!row?.problem) continue;
    told.push({ name: nameOf(left), reason: `is still captured: ${String(row.problem)}` });
  }
  const found = await readTables(session, tables);
  const refused = judge(found, await readDatabase(session), "writer");
  const names = new Set(refused.map(({ name }) => name));
  for (const table of found.filter((it) => !it.captured && !names.has(nameOf(it)))) {
    await begin(
      table,
      table.keys.some(({ primary }) => primary),
    );
  }
  return { captured, refused: [...refused, ...told] };
}

/**
 * The tables of this database that DMS could not fill or keep whole.
 * @param writer Stored columns of the writer's tables ({@link readColumns}); absent: not known.
 */
export async function judgeCopy(
  session: Session,
  selection: Selection,
  writer: Row[] = [],
): Promise<Refusal[]> {
  const tables = await readTables(session, selection);
  return [...judge(tables, {}, "copy"), ...missing(writer, tables)];
}

/** Tables of the writer that are not here, or lack columns: a migration has not run here. */
function missing(writer: Row[], copy: Table[]): Refusal[] {
  const key = (name: string): string => name.toLowerCase();
  const here = new Map(
    copy.map((table) => [key(nameOf(table)), new Set(stored(table).map(({ name }) => key(name)))]),
  );
  return writer.flatMap((row) => {
    const name = nameOf({ schema: String(row.schema), table: String(row.table) });
    const known = here.get(key(name));
    if (!known) return [{ name, reason: "is not in the copy: a migration has not run there" }];
    const columns = JSON.parse(String(row.columns ?? "[]")) as string[];
    const lacking = columns.filter((column) => !known.has(key(column)));
    if (lacking.length === 0) return [];
    return [{ name, reason: `lacks columns in the copy (${lacking.join(", ")})` }];
  });
}

export const lookAtColumns = (selection: Selection): Statement => ({
  label: "look at the columns to copy",
  text: `SELECT s.name AS [schema], t.name AS [table],
  (SELECT N'[' + STRING_AGG(
      CONVERT(nvarchar(max), N'"' + STRING_ESCAPE(c.name, 'json') + N'"'), N',') + N']'
    FROM sys.columns AS c WHERE c.object_id = t.object_id AND c.is_computed = 0) AS [columns]
FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id
WHERE ${selected}
ORDER BY s.name, t.name;`,
  parameters: parametersOf(selection),
});

/** At the writer: the stored columns of each table, all that the copy's region asks of them. */
export const readColumns = (session: Session, selection: Selection): Promise<Row[]> =>
  session.run(lookAtColumns(selection));

/**
 * A copy that cannot be whole is not begun: DMS is not let in. A writer only reports, since nothing
 * of the copy may keep a fail-over from being done.
 */
export function refusalText(refused: Refusal[]): string {
  return `DMS cannot copy all that replication.tables selects, so it is not let into this database:
${refused.map(({ name, reason }) => `- ${name} ${reason}`).join("\n")}
Change these tables by a migration in both regions, or name them in replication.exclude of both stacks (docs/replication.md).`;
}
