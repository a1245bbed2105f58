import assert from "node:assert/strict";
import * as capture from "../../functions/database/capture";
import * as follow from "../../functions/database/follow";
import { noteNotCopied } from "../../functions/database/notCopied";
import { moveOn } from "../../functions/database/sequences";
import type { Statement } from "../../functions/database/session";
import * as sql from "../../functions/database/statements";
import { lookAtTables } from "../../functions/database/tables";
import { lookAtColumns } from "../../functions/database/tend";

// Names that config, a migration or a secret could bring. None may change what a statement does.
const hostile = [
  "]",
  "]]",
  "[",
  "[]",
  "'",
  "''",
  '"',
  "`",
  ";",
  "--",
  "-- x",
  "/*",
  "*/",
  "/* */",
  "]; DROP DATABASE platform; --",
  "']; DROP DATABASE platform; --",
  "'; SHUTDOWN; --",
  "'; EXEC xp_cmdshell 'dir'; --",
  "x'; ALTER SERVER ROLE sysadmin ADD MEMBER [x]; --",
  "x] WITH PASSWORD = ''; --",
  "a]b",
  "a]]b",
  "a'b",
  "a''b",
  "a[b",
  "@sql",
  "@@version",
  "$(x)",
  "N'x'",
  "0x5D3B",
  "\\",
  "\\'",
  "%",
  "_",
  "[%]",
  "select",
  "GO",
  "\nGO\n",
  "\r\n",
  "\t",
  " ",
  " leading and trailing ",
  "\u0000",
  "\u001b[2J",
  "\u2019",
  "\uff07",
  "\u02bc; DROP TABLE x; --",
  "\uff3d; DROP TABLE x; --",
  "\u202e",
  "\ud83d\udc80",
  "ſelect",
  "é".repeat(60),
  "]".repeat(128),
  "'".repeat(128),
];

const at = (value: string) => ({ schema: value, table: value, keyed: true });
const chosen = (value: string) => ({ tables: [at(value)], excluded: [at(value)] });
/** Every builder with something from outside, called with that in each place. */
const builders: Record<string, (value: string) => Statement> = {
  createDatabase: sql.createDatabase,
  findLogin: sql.findLogin,
  createLogin: (value) => sql.createLogin(value, value),
  createDisabledLogin: (value) => sql.createDisabledLogin(value, value),
  disableLogin: sql.disableLogin,
  enableLogin: sql.enableLogin,
  endSessions: sql.endSessions,
  setPassword: (value) => sql.setPassword(value, value),
  grantReplication: sql.grantReplication,
  createUser: sql.createUser,
  linkUser: sql.linkUser,
  makeOwner: sql.makeOwner,
  disown: sql.disown,
  findWriter: sql.findWriter,
  allowWrites: sql.allowWrites,
  refuseWrites: sql.refuseWrites,
  beat: capture.beat,
  readHeartbeat: capture.readHeartbeat,
  enableCapture: capture.enableCapture,
  disableCapture: capture.disableCapture,
  findLeftOut: (value) => capture.findLeftOut(chosen(value)),
  captureTable: (value) => capture.captureTable(at(value)),
  tryCaptureTable: (value) => capture.tryCaptureTable(at(value)),
  releaseTable: (value) => capture.releaseTable(at(value)),
  lookAtTables: (value) => lookAtTables(chosen(value)),
  lookAtColumns: (value) => lookAtColumns(chosen(value)),
  noteNotCopied: (value) => noteNotCopied([{ name: value, reason: value }]),
  findObstacles: (value) => follow.findObstacles(chosen(value)),
  setForeignKeyAside: (value) => follow.setForeignKeyAside(1, value),
  setTriggerAside: (value) => follow.setTriggerAside(1, value),
  bringBack: (value) => follow.bringBack(1, value),
  reseed: follow.reseed,
  moveOn: (value) =>
    moveOn({ schema: value, sequence: value, tableSchema: value, table: value, column: value }),
};

describe("hostile names and passwords", () => {
  it("are at least forty, all different", () => {
    assert.ok(new Set(hostile).size === hostile.length && hostile.length >= 40);
  });

  for (const [name, build] of Object.entries(builders)) {
    it(`never change the text of ${name}`, () => {
      const usual = build("name").text;
      for (const value of hostile) assert.equal(build(value).text, usual, JSON.stringify(value));
    });

    it(`stay one name or one text in what the server makes of ${name}`, () => {
      const usual = built(build("name"));
      for (const value of hostile) {
        const made = built(build(value));
        assert.equal(made.length, usual.length);
        made.forEach((statement, index) => {
          const wanted = tokens(usual[index]!).map((token) => renamed(token, "name", value));
          assert.deepEqual(tokens(statement), wanted, JSON.stringify(value));
        });
      }
    });
  }

  it("are refused, not cut, where SQL Server's limit of 128 characters is passed", () => {
    const { text } = sql.createDatabase("");
    assert.match(text, /IF @sql IS NULL THROW/);
    assert.deepEqual(built(sql.createDatabase("x".repeat(129))), [undefined]);
  });

  it("make capture instances that differ and have at most 100 characters", () => {
    const pairs = hostile.flatMap((schema) => hostile.map((table) => [schema, table] as const));
    const made = [...pairs, ["a_b", "c"] as const, ["a", "b_c"] as const].map(([schema, table]) =>
      capture.captureInstance(schema, table),
    );
    assert.equal(new Set(made).size, made.length);
    assert.ok(made.every((instance) => instance.length <= 100));
    assert.equal(capture.captureInstance("dbo", "Funds"), "dbo_Funds");
  });
});

type Token = { kind: "name" | "text" | "code"; value: string };

const renamed = (token: Token, from: string, to: string): Token =>
  token.kind !== "code" && token.value === from ? { ...token, value: to } : token;

/** What `DECLARE @sql … = <expression>` amounts to with the statement's parameters. */
function built({ text, parameters = {} }: Statement): (string | undefined)[] {
  return [...text.matchAll(/DECLARE @sql nvarchar\(max\) = ([\s\S]*?);\nIF @sql IS NULL/g)].map(
    ([, expression]) => evaluate(expression!, parameters),
  );
}

/** T-SQL's concatenation of literals, QUOTENAME(@p) and REPLACE(@p, 'x', 'y'). */
function evaluate(
  expression: string,
  parameters: Record<string, string | number>,
): string | undefined {
  const operand =
    /\s*(?:N'((?:[^']|'')*)'|QUOTENAME\(@(\w+)\)|REPLACE\(@(\w+), N'((?:[^']|'')*)', N'((?:[^']|'')*)'\))\s*(\+|$)/y;
  const plain = (quoted: string) => quoted.replaceAll("''", "'");
  let result = "";
  while (operand.lastIndex < expression.length) {
    const from = operand.lastIndex;
    const match = operand.exec(expression);
    assert.ok(match, `unknown expression: ${expression.slice(from)}`);
    const [, literal, named, replaced, what, by] = match;
    if (literal !== undefined) result += plain(literal);
    else if (named !== undefined) {
      const value = String(parameters[named]);
      if (value.length > 128) return undefined;
      result += `[${value.replaceAll("]", "]]")}]`;
    } else {
      result += String(parameters[replaced!]).replaceAll(plain(what!), plain(by!));
    }
  }
  return result;
}

/** SQL Server's own reading of a text: quoted names, text literals, and the code between. */
function tokens(statement: string | undefined): Token[] {
  const found: Token[] = [];
  let rest = statement ?? "";
  while (rest !== "") {
    const name = /^\[((?:[^\]]|\]\])*)\]/.exec(rest);
    const literal = /^N?'((?:[^']|'')*)'/.exec(rest);
    const comment = /^(--|\/\*)/.test(rest);
    assert.ok(!comment, `a comment begins: ${rest}`);
    const code = /^[^['N-]+|^[\s\S]/.exec(rest)![0];
    if (name) found.push({ kind: "name", value: name[1]!.replaceAll("]]", "]") });
    else if (literal) found.push({ kind: "text", value: literal[1]!.replaceAll("''", "'") });
    else found.push({ kind: "code", value: code });
    rest = rest.slice((name ?? literal)?.[0].length ?? code.length);
  }
  return found;
}
