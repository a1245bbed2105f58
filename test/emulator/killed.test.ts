import { deepStrictEqual, strictEqual } from "node:assert";
import { ensureEmulator, type Emulator } from "../../local/emulator";
import { cutOffState, killedUp, whatStands } from "./killedRuns";
import { leftovers } from "./leftovers";
import { skipWithoutTools } from "./prerequisites";
import { closeBench, down, openBench, up, type Bench, type Variant } from "./ring";

const variant: Variant = { stack: "cost-saver", exposure: "public" };

describe("an up that is killed while records for DNS validation are made", () => {
  let bench: Bench;
  let emulator: Emulator;

  before(async function () {
    skipWithoutTools(this);
    bench = await openBench();
    emulator = await ensureEmulator(bench.paths, Number(bench.env.MOTO_PORT));
  });

  after(async () => {
    if (bench) await closeBench(bench);
  });

  it("converges at the next run, to what an undisturbed one makes", async () => {
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
