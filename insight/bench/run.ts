// One measured process of insight/bench/bench.ts: plans the stacks it is given, then reports what it took.
import "../../stacks/quietStackTraces";
import { writeSync } from "node:fs";
import { planStack } from "../plan/offlinePlan";

/** What the parent reads from this process's standard output. */
export interface BenchRun {
  resources: number;
  /** Highest resident memory, in MB. */
  peakMb: number;
}

async function main(stacks: string[]): Promise<void> {
  let resources = 0;
  for (const stack of stacks) {
    const plan = await planStack(stack);
    resources += plan.resources.length;
  }
  const result: BenchRun = { resources, peakMb: process.resourceUsage().maxRSS / 1024 };
  writeSync(1, JSON.stringify(result));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
