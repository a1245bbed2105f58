/** SQL Server's limit for the name of a schema, a table or a column (sysname). */
export const longestName = 128;

/** Every table of every schema. */
export const everyTable = "%.%";

// Patterns and values end up in SQL, in a table mapping's JSON and in log lines. What could end a
// text there has no business in a name: quotes (also those that SQL Server folds to ' when it
// narrows text), brackets, semicolons, backslashes, invisible characters.
const unsafe = /["'`\u2018\u2019\u02B9\u02BC\uFF07[\](){}<>;\\]|[^\S ]|\p{C}/u;

function isPlain(value: string): boolean {
  return (
    value.length > 0 && value.length <= longestName && value.trim() === value && !unsafe.test(value)
  );
}

/**
 * A table pattern as DMS reads it: `schema.table`, where % is any text and _ any one character. DMS
 * also knows sets in brackets; they are not allowed here.
 */
export function isTablePattern(value: string): boolean {
  const parts = value.split(".");
  return parts.length === 2 && parts.every(isPlain) && !value.includes("*");
}

export function tablePatternHint(value: unknown): string | undefined {
  if (Array.isArray(value)) return listHint(value);
  if (typeof value !== "string") return undefined;
  if (value.includes("*")) return "the wildcard is %";
  if (/["'`[\]]/.test(value)) return "leave quotes and brackets out";
  const parts = value.split(".");
  if (parts.length === 1) return "name the schema, too";
  return parts.length > 2 ? "leave the database out" : undefined;
}

function listHint(patterns: unknown[]): string | undefined {
  if (!distinctPatterns(patterns.filter((pattern) => typeof pattern === "string"))) {
    return "one is there twice; SQL Server does not tell capitals from small letters";
  }
  return patterns.length > 0 ? `it has ${patterns.length}` : undefined;
}

/** True when no two are the same to SQL Server, whose usual collations ignore case. */
export function distinctPatterns(patterns: string[]): boolean {
  return new Set(patterns.map((pattern) => pattern.toLowerCase())).size === patterns.length;
}

/** A column's name without wildcards. */
export function isColumnName(value: string): boolean {
  return isPlain(value) && !/[.%*]/.test(value);
}

/** A text that a filter can compare a column with. */
export function isFilterValue(value: string): boolean {
  return isPlain(value);
}

/** True when some table's name matches both patterns. */
export function patternsMeet(one: string, other: string): boolean {
  const [schema = "", table = ""] = one.split(".");
  const [otherSchema = "", otherTable = ""] = other.split(".");
  return likeMeet(schema, otherSchema) && likeMeet(table, otherTable);
}

// From the ends to the starts: `row[j]` tells whether what is left of both can match one text. A %
// ends, or takes in one more character of the other pattern.
function likeMeet(one: string, other: string): boolean {
  const first = [...one.toLowerCase()];
  const second = [...other.toLowerCase()];
  let below: boolean[] = [];
  for (let i = first.length; i >= 0; i -= 1) {
    const row: boolean[] = [];
    for (let j = second.length; j >= 0; j -= 1) {
      const [left, right] = [first[i], second[j]];
      if (left === undefined && right === undefined) row[j] = true;
      else if (left === "%" || right === "%") row[j] = (below[j] || row[j + 1]) ?? false;
      else row[j] = sameCharacter(left, right) && (below[j + 1] ?? false);
    }
    below = row;
  }
  return below[0] ?? false;
}

function sameCharacter(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  return left === right || left === "_" || right === "_";
}
