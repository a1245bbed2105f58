// A process that the benchmark measures: plans the stacks it is given, and nothing else.
import "../../stacks/quietStackTraces";
import { tell } from "../../config/mistake";
import { planStack } from "../plan/offlinePlan";

async function main(stacks: string[]): Promise<void> {
  for (const stack of stacks) await planStack(stack);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.exitCode = tell(error);
});
