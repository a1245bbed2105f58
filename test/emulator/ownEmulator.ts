import { ensureEmulator, type Emulator } from "../../local/emulator";
import { skipWithoutTools } from "./prerequisites";
import { closeBench, openBench, type Bench } from "./ring";

/** An emulator of the suite's own, from before its first test until after its last. */
export function ownEmulator(): () => Emulator {
  let bench: Bench | undefined;
  let emulator: Emulator | undefined;

  before(async function () {
    skipWithoutTools(this);
    bench = await openBench();
    emulator = await ensureEmulator(bench.paths, Number(bench.env.MOTO_PORT));
  });

  after(async () => {
    if (bench) await closeBench(bench);
  });

  return () => {
    if (!emulator) throw new Error("The emulator runs during tests only.");
    return emulator;
  };
}
