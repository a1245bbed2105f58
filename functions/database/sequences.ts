import type { Session, Statement } from "./session";

/** A sequence, and a column that takes its next value where none is given. */
export interface DefaultingSequence {
  schema: string;
  sequence: string;
  tableSchema: string;
  table: string;
  column: string;
}

/** Sequences behind defaults of whole numbers: which values of theirs are in use can be seen. */
export const findSequences: Statement = {
  label: "look for sequences",
  text: `SELECT qs.name AS [schema], q.name AS [sequence],
  s.name AS [tableSchema], t.name AS [table], c.name AS [column]
FROM sys.sql_expression_dependencies AS e
JOIN sys.sequences AS q ON q.object_id = e.referenced_id
JOIN sys.schemas AS qs ON qs.schema_id = q.schema_id
JOIN sys.default_constraints AS d ON d.object_id = e.referencing_id
JOIN sys.tables AS t ON t.object_id = d.parent_object_id
JOIN sys.schemas AS s ON s.schema_id = t.schema_id
JOIN sys.columns AS c ON c.object_id = t.object_id AND c.column_id = d.parent_column_id
WHERE t.is_ms_shipped = 0
  AND TYPE_NAME(c.system_type_id) IN
    (N'tinyint', N'smallint', N'int', N'bigint', N'decimal', N'numeric')
ORDER BY qs.name, q.name, s.name, t.name, c.name;`,
};

/**
 * Moves an ascending sequence past the values in use, if it stands before them: rows that DMS brought
 * did not take them from it. One whose numbers are beyond bigint stays. RESTART takes no parameter; what
 * the server puts into the text are quoted names and a number of its own.
 */
export const moveOn = (found: DefaultingSequence): Statement => ({
  label: `move sequence ${found.schema}.${found.sequence} on`,
  text: `DECLARE @last bigint, @read nvarchar(max), @move nvarchar(max);
SET @read = N'SELECT @last = TRY_CONVERT(bigint, MAX(' + QUOTENAME(@column) + N')) FROM '
  + QUOTENAME(@tableSchema) + N'.' + QUOTENAME(@table);
EXEC sys.sp_executesql @read, N'@last bigint OUTPUT', @last OUTPUT;
SELECT @move = N'ALTER SEQUENCE ' + QUOTENAME(@schema) + N'.' + QUOTENAME(@sequence)
  + N' RESTART WITH ' + CONVERT(nvarchar(20), @last + TRY_CONVERT(bigint, q.increment))
FROM sys.sequences AS q JOIN sys.schemas AS s ON s.schema_id = q.schema_id
WHERE s.name = @schema AND q.name = @sequence
  AND TRY_CONVERT(bigint, q.increment) > 0 AND @last >= TRY_CONVERT(bigint, q.current_value)
  AND @last + TRY_CONVERT(bigint, q.increment) <= TRY_CONVERT(bigint, q.maximum_value);
IF @move IS NOT NULL EXEC sys.sp_executesql @move;`,
  parameters: { ...found },
});

/** @returns what failed: one sequence must not keep a fail-over from being done. */
export async function advanceSequences(session: Session): Promise<string[]> {
  const failed: string[] = [];
  for (const row of await session.run(findSequences)) {
    const move = moveOn({
      schema: String(row.schema),
      sequence: String(row.sequence),
      tableSchema: String(row.tableSchema),
      table: String(row.table),
      column: String(row.column),
    });
    await session.run(move).catch(({ message }: Error) => {
      failed.push(`Could not ${move.label}: ${message}`);
    });
  }
  return failed;
}
