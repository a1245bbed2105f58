import assert from "node:assert/strict";
import { log } from "@pulumi/pulumi";
import "../../stacks/quietDebugLog";

describe("the SDK's debug log", () => {
  it("stays in the program, as all of the SDK sees it, unless PE_DEBUG is set", async () => {
    const reachesEngine = (write: unknown): boolean => /getEngine/.test(String(write));
    assert.ok(reachesEngine(log.warn));
    assert.equal(reachesEngine(log.debug), Boolean(process.env.PE_DEBUG));
    if (!process.env.PE_DEBUG) await log.debug("nobody reads this");
  });
});
