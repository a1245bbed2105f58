/** A value inside dynamic SQL: how the server turns a parameter into harmless text. */
export interface Piece {
  expression: string;
}

/** The parameter as a quoted identifier: `]` is doubled. Null above 128 characters. */
export const name = (parameter: string): Piece => ({ expression: `QUOTENAME(@${parameter})` });

/** The parameter as a text literal: `'` is doubled. */
export const literal = (parameter: string): Piece => ({
  expression: `N'N''' + REPLACE(@${parameter}, N'''', N'''''') + N''''`,
});

/**
 * A statement for what takes no parameters in T-SQL (names, passwords of logins). The server builds
 * it from parameters, so the text sent is the same whatever they hold:
 *
 *     dynamic`CREATE DATABASE ${name("database")}`
 *
 * QUOTENAME answers null to a name that cannot exist; that stops here instead of running nothing.
 */
export function dynamic(fixed: TemplateStringsArray, ...pieces: Piece[]): string {
  const parts = fixed.flatMap((text, index) => {
    const quoted = text === "" ? [] : [`N'${text.replaceAll("'", "''")}'`];
    const piece = pieces[index];
    return piece ? [...quoted, piece.expression] : quoted;
  });
  return `DECLARE @sql nvarchar(max) = ${parts.join(" + ")};
IF @sql IS NULL THROW 50000, N'A name is longer than 128 characters.', 1;
EXEC sys.sp_executesql @sql;`;
}
