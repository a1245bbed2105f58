import assert from "node:assert/strict";
import * as capture from "../../functions/database/capture";
import * as sql from "../../functions/database/statements";
import { built, quoted } from "./builtText";
import { builders } from "./everyStatement";

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
      const usual = built(build("name"), "name");
      for (const value of hostile) {
        const made = built(build(value), value);
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
    assert.deepEqual(built(sql.createDatabase("x".repeat(129)), ""), [undefined]);
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

function renamed(token: Token, from: string, to: string): Token {
  if (token.kind === "code") return token;
  if (token.value === from) return { ...token, value: to };
  // A text that holds names, as OBJECT_ID takes it.
  return { ...token, value: token.value.replaceAll(quoted(from), () => quoted(to)) };
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
