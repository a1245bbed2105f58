import { deepStrictEqual, strictEqual } from "node:assert";
import { cutOffState, killedUp, whatStands } from "./killedRuns";
import { leftovers } from "./leftovers";
import { ownBench } from "./ownEmulator";
import { down, up, type Variant } from "./ring";

const variant: Variant = { stack: "cost-saver", exposure: "public" };

describe("an up that is killed while records for DNS validation are made", () => {
  const own = ownBench();

  it("converges at the next run, to what an undisturbed one makes", async () => {
    const { bench, emulator } = own();
    await killedUp(bench, variant, "POST .*rrset");
    cutOffState(bench, variant);
    strictEqual((await up(bench, variant)).preview.changes, 0);
    const recovered = await whatStands(bench, variant);
    await down(bench, variant);
    deepStrictEqual(await leftovers(emulator.endpoint, ["us-east-1"]), []);
    await up(bench, variant);
    deepStrictEqual(recovered, await whatStands(bench, variant));
    await down(bench, variant);
  });
});
