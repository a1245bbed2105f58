import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { built } from "./builtText";
import { everyStatement } from "./everyStatement";
import { knownTexts } from "./fakeServer";

const folder = join(__dirname, "../../functions/database");
/** SQLFLUFF, else the one on PATH; .ci/run installs it. */
const sqlfluff = process.env.SQLFLUFF ?? "sqlfluff";

/** What sqlfluff does not know, as Microsoft's pages "ALTER LOGIN" and "KILL" have it. */
const unknown = /^(ALTER LOGIN \[\w+\] (ENABLE|DISABLE|WITH PASSWORD = N'\w+')|KILL \d+)(?=;?$)/gm;

interface Linted {
  filepath: string;
  violations: { code: string; start_line_no: number; description: string }[];
}

/** What is no T-SQL, by name: PRS is sqlfluff's code for a part that it cannot parse, LXR its like. */
function unparsed(texts: Record<string, string>): Record<string, string> {
  const place = mkdtempSync(join(tmpdir(), "pe-tsql-"));
  try {
    for (const [name, text] of Object.entries(texts)) {
      writeFileSync(join(place, `${name}.sql`), `${text.replaceAll(unknown, "SELECT 1")}\n`);
    }
    // One rule that never fails here: parts that cannot be parsed are told beside every rule.
    const options = "--dialect tsql --rules LT12 --ignore-local-config --disable-progress-bar";
    const args = ["lint", ...options.split(" "), "--format", "json", place];
    const run = spawnSync(sqlfluff, args, { encoding: "utf8", maxBuffer: 2 ** 26 });
    const files = JSON.parse(run.stdout) as Linted[];
    assert.equal(files.length, Object.keys(texts).length, run.stderr);
    return Object.fromEntries(
      files.flatMap(({ filepath, violations }) =>
        violations
          .filter(({ code }) => code === "PRS" || code === "LXR")
          .map(({ start_line_no: line, description }) => [
            basename(filepath, ".sql"),
            `${line}: ${description}`,
          ]),
      ),
    );
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

describe("the function's SQL", () => {
  it("is all known here: what the fake server plays, and as much as the sources have", () => {
    const texts = new Set(Object.values(everyStatement).map(({ text }) => text));
    const missing = knownTexts().filter((text) => !texts.has(text));
    assert.deepEqual(missing, [], "add its builder to everyStatement.ts");
    const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
    const labels = sources.flatMap((source) => source.match(/^\s+label: (?!string;)/gm) ?? []);
    assert.ok(texts.size >= labels.length, `${labels.length} labels, ${texts.size} texts`);
  });

  it("is T-SQL, and so is what the server builds of it", function () {
    this.timeout(180_000);
    if (spawnSync(sqlfluff, ["version"]).status !== 0) {
      process.stdout.write(
        "    skipped: there is no sqlfluff; install it (pip install sqlfluff) or name it in SQLFLUFF\n",
      );
      this.skip();
    }
    const texts: Record<string, string> = { broken: "SELECT 1 FORM x WHERE;" };
    for (const [name, statement] of Object.entries(everyStatement)) {
      texts[name] = statement.text;
      // Other names give the same tokens: see hostileNames.test.ts.
      built(statement, "name").forEach((text, at) => (texts[`${name}.built${at}`] = text!));
    }
    const { broken, ...others } = unparsed(texts);
    assert.deepEqual(others, {});
    assert.match(broken ?? "", /unparsable/, "sqlfluff refuses nothing");
  });
});
