import assert from "node:assert/strict";
import type { Statement } from "../../functions/database/session";

/** A name as QUOTENAME gives it. */
export const quoted = (name: string): string => `[${name.replaceAll("]", "]]")}]`;

type Values = (string | undefined)[];

/**
 * The texts that the server builds within a statement, to run them or to keep them for later, where
 * everything in the catalogue is called `name`. Undefined where a name is too long for QUOTENAME.
 */
export function built({ text, parameters = {} }: Statement, name: string): Values {
  const ran = [...text.matchAll(/sp_executesql @(\w+)/g)].map(([, variable]) => variable!);
  const kept = text.includes("(what, bring_back)") ? ["back"] : [];
  const places = [...new Set([...ran, ...kept])].flatMap((variable) => [
    ...text.matchAll(new RegExp(`@${variable}(?: nvarchar\\(max\\))? = `, "g")),
  ]);
  const direct = [...text.matchAll(/EXEC \(/g)];
  return [...places, ...direct].flatMap(({ index, 0: found }) =>
    new Reader(text, index + found.length, parameters, name).expression(),
  );
}

/** Concatenations of T-SQL, as far as the function uses them; every outcome of a CASE. */
class Reader {
  private readonly columns: Record<string, string>;

  constructor(
    private readonly source: string,
    private at: number,
    private readonly parameters: Record<string, string | number>,
    private readonly name: string,
  ) {
    const one = quoted(name);
    this.columns = {
      "own.name": `${one}.${one}`,
      "other.name": `${one}.${one}`,
      "columns.own": `${one}, ${one}`,
      "columns.other": `${one}, ${one}`,
      "f.delete_referential_action_desc": "SET_NULL",
      "f.update_referential_action_desc": "NO_ACTION",
    };
  }

  expression(): Values {
    let values = this.term();
    while (this.take(/\+/y)) {
      const next = this.term();
      values = values.flatMap((left) =>
        next.map((right) => (left === undefined || right === undefined ? undefined : left + right)),
      );
    }
    return values;
  }

  private term(): Values {
    // What was kept is what another statement's text was built to.
    if (this.take(/\(SELECT bring_back FROM/y)) return [];
    const literal = this.literal();
    if (literal !== undefined) return [literal];
    if (this.take(/CASE WHEN [\w.]+ = 1\s+THEN/y)) {
      const then = this.expression();
      this.demand(/ELSE/y);
      const otherwise = this.expression();
      this.demand(/END/y);
      return [...then, ...otherwise];
    }
    if (this.take(/REPLACE\(/y)) {
      const values = this.expression();
      this.demand(/,/y);
      const what = this.literal()!;
      this.demand(/,/y);
      const by = this.literal()!;
      this.demand(/\)/y);
      return values.map((value) => value?.replaceAll(what, by));
    }
    const named = this.take(/QUOTENAME\((?:@(\w+)|[^()]+(?:\([^()]*\))?)\)/y);
    if (named) {
      const name = named[1] === undefined ? this.name : this.parameter(named[1]);
      return [name.length > 128 ? undefined : quoted(name)];
    }
    if (this.take(/CONVERT\(nvarchar\(11\), @session\)/y)) return ["51"];
    const number = /CONVERT\(nvarchar\(20\), @last \+ TRY_CONVERT\(bigint, q\.increment\)\)/y;
    if (this.take(number)) return ["51"];
    const parameter = this.take(/@(\w+)/y);
    if (parameter) return [this.parameter(parameter[1]!)];
    const [column] = this.demand(/\w+\.\w+/y);
    const value = this.columns[column.trim()];
    assert.ok(value !== undefined, `unknown column: ${column}`);
    return [value];
  }

  private literal(): string | undefined {
    return this.take(/N'((?:[^']|'')*)'/y)?.[1]!.replaceAll("''", "'");
  }

  private parameter(name: string): string {
    assert.ok(name in this.parameters, `unknown parameter: ${name}`);
    return String(this.parameters[name]);
  }

  private demand(pattern: RegExp): RegExpExecArray {
    const found = this.take(pattern);
    assert.ok(found, `unknown expression: ${this.source.slice(this.at, this.at + 80)}`);
    return found;
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    this.at += /^\s*/.exec(this.source.slice(this.at))![0].length;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source) ?? undefined;
    if (found) this.at = pattern.lastIndex;
    return found;
  }
}
