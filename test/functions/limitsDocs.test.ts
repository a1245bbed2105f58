import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { databaseLimits, tableLimits } from "../../functions/database/limits";
import { projectRoot } from "../../config/stackFiles";

describe("docs/replication.md", () => {
  const text = readFileSync(join(projectRoot, "docs", "replication.md"), "utf8");
  const [, section = ""] = text.split("\n## What is refused\n");
  const rows = section
    .split("\n## ")[0]!
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(1)
    .map((line) => line.split(" | ").map((cell) => cell.replaceAll("|", "").trim()));

  it("lists exactly what is refused, and where", () => {
    assert.deepEqual(
      rows.map(([what, where]) => [what, where]),
      [...tableLimits, ...databaseLimits].map(({ what, side }) => [what, side ?? "both"]),
    );
  });

  it("says why and where it is written for each", () => {
    for (const [what, , why, source] of rows) {
      assert.ok((why ?? "").length > 10, what);
      assert.match(source ?? "", /^[STABVM]\b/, what);
    }
  });
});
