import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planStack } from "../../insight/plan/offlinePlan";
import { listStacks } from "../../config/stackFiles";
import { goldenText } from "./goldenText";

// What each stack consists of, with the inputs that matter: a rename, a lost resource or a weaker
// setting shows in review as a changed line. UPDATE_GOLDEN=1 npm test -- test/stacks/golden.test.ts writes the files anew.
const folder = join(__dirname, "..", "golden");

describe("golden inventories", () => {
  for (const stack of listStacks()) {
    it(`${stack} consists of what test/golden/${stack}.txt lists`, async () => {
      const file = join(folder, `${stack}.txt`);
      const actual = goldenText(await planStack(stack));
      if (process.env.UPDATE_GOLDEN) writeFileSync(file, actual);
      assert.ok(existsSync(file), `${file} is missing: run with UPDATE_GOLDEN=1`);
      const expected = readFileSync(file, "utf8").replaceAll("\r\n", "\n");
      assert.equal(actual, expected);
    });
  }
});
