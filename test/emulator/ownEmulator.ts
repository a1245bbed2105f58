import { ensureEmulator, type Emulator } from "../../local/emulator/emulator";
import { skipWithoutTools } from "./prerequisites";
import { closeBench, openBench, type Bench } from "./ring";

/** A bench of the suite's own with its emulator, from before its first test until after its last. */
export function ownBench(): () => { bench: Bench; emulator: Emulator } {
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
    if (!bench || !emulator) throw new Error("The emulator runs during tests only.");
    return { bench, emulator };
  };
}

/** As {@link ownBench}, where only the emulator matters. */
export function ownEmulator(): () => Emulator {
  const own = ownBench();
  return () => own().emulator;
}
