import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { projectRoot } from "../../config/stackFiles";
import { exitCodes, worstExit, type ExitCode } from "../../config/exitCodes";

const all = Object.values(exitCodes);
const anyCodes = fc.array(fc.constantFrom<ExitCode>(...all));

describe("exit codes", () => {
  it("rank interrupted, failed, mistake, missed, unknown, fine", () => {
    const falling: ExitCode[] = [4, 2, 1, 3, 5, 0];
    falling.forEach((code, index) => assert.equal(worstExit(falling.slice(index)), code));
    assert.equal(worstExit([]), 0);
  });

  it("do not depend on the order of the outcomes, and never forget one", () => {
    fc.assert(
      fc.property(anyCodes, anyCodes, (some, others) => {
        const worst = worstExit([...some, ...others]);
        assert.equal(worst, worstExit([...others, ...some]));
        assert.equal(worst, worstExit([worstExit(some), worstExit(others)]));
        assert.equal(
          worst === 0,
          [...some, ...others].every((code) => code === 0),
        );
      }),
    );
  });

  it("are those of the table in the docs, in falling severity", () => {
    const text = readFileSync(join(projectRoot, "docs", "exit-codes.md"), "utf8");
    const rows = [...text.matchAll(/^\| (\d) \|/gm)].map(([, code]) => Number(code));
    assert.deepEqual(rows.toSorted(), all.toSorted());
    const ranked = /most severe first: ([\d, ]+)\./.exec(text)?.[1]?.split(", ").map(Number) ?? [];
    assert.equal(ranked.length, all.length);
    ranked.forEach((code, index) =>
      assert.equal(worstExit(ranked.slice(index) as ExitCode[]), code),
    );
  });
});
