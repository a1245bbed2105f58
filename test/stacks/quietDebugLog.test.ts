import assert from "node:assert/strict";
import { log } from "@pulumi/pulumi";
import "../../stacks/quietDebugLog";

describe("the SDK's debug log", () => {
  it("stays in the program, as all of the SDK sees it", async function () {
    if (process.env.PE_DEBUG) this.skip();
    assert.doesNotMatch(String(log.debug), /getEngine/);
    assert.match(String(log.warn), /getEngine/);
    await log.debug("nobody reads this");
  });
});
