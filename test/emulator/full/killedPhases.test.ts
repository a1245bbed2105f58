import { deepStrictEqual, strictEqual } from "node:assert";
import { ensureEmulator, type Emulator } from "../../../local/emulator";
import { killedUp, whatStands } from "../killedRuns";
import { leftovers } from "../leftovers";
import { skipWithoutTools } from "../prerequisites";
import { closeBench, down, openBench, up, type Bench, type Variant } from "../ring";

const variant: Variant = { stack: "cost-saver", exposure: "public" };

/** The call that is done but not answered when the run is killed. */
const phases = {
  keys: "^CreateKey$",
  roles: "^CreateRole$",
  network: "^CreateNatGateway$",
  database: "^CreateDBInstance$",
  "the group's wait": "^DescribeAutoScalingGroups$",
  bootstrap: "POST .*/invocations",
};

describe("an up that is killed in each of its phases", () => {
  let bench: Bench;
  let emulator: Emulator;
  let undisturbed: string[];

  before(async function () {
    skipWithoutTools(this);
    bench = await openBench();
    emulator = await ensureEmulator(bench.paths, Number(bench.env.MOTO_PORT));
    await up(bench, variant);
    undisturbed = await whatStands(bench, variant);
    await down(bench, variant);
  });

  after(async () => {
    if (bench) await closeBench(bench);
  });

  for (const [phase, call] of Object.entries(phases)) {
    it(`${phase}: converges at the next run, to what an undisturbed one makes`, async () => {
      await killedUp(bench, variant, call);
      strictEqual((await up(bench, variant)).preview.changes, 0);
      deepStrictEqual(await whatStands(bench, variant), undisturbed);
      await down(bench, variant);
      deepStrictEqual(await leftovers(emulator.endpoint, ["us-east-1"]), []);
    });
  }
});
