import { deepStrictEqual, strictEqual } from "node:assert";
import { ensureEmulator } from "../../../local/emulator/emulator";
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

/** Whatever becomes of one run, the next finds an empty emulator. */
async function onBench(work: (bench: Bench, endpoint: string) => Promise<void>): Promise<void> {
  const bench = await openBench();
  try {
    const { endpoint } = await ensureEmulator(bench.paths, Number(bench.env.MOTO_PORT));
    await work(bench, endpoint);
  } finally {
    await closeBench(bench);
  }
}

describe("an up that is killed in each of its phases", () => {
  let undisturbed: string[];

  before(function () {
    skipWithoutTools(this);
    return onBench(async (bench) => {
      await up(bench, variant);
      undisturbed = await whatStands(bench, variant);
    });
  });

  for (const [phase, call] of Object.entries(phases)) {
    it(`${phase}: converges at the next run, to what an undisturbed one makes`, () =>
      onBench(async (bench, endpoint) => {
        await killedUp(bench, variant, call);
        strictEqual((await up(bench, variant)).preview.changes, 0);
        deepStrictEqual(await whatStands(bench, variant), undisturbed);
        await down(bench, variant);
        deepStrictEqual(await leftovers(endpoint, ["us-east-1"]), []);
      }));
  }
});
