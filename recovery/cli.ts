import { projectRoot, readStack } from "../config/stackFiles";
import { findEngine } from "../engine/cli";
import { messageOf, tell, UserError } from "../config/mistake";
import { localPaths } from "../engine/paths";
import { recoverStack } from "./recover";

/** `npm run recover -- [organization/project/]<stack> [--json]`, on the backend and account that this shell uses. */
async function main(argv: string[]): Promise<void> {
  const flags = argv.filter((word) => word.startsWith("-"));
  const [stack, ...more] = argv.filter((word) => !word.startsWith("-"));
  const unknown = flags.find((flag) => flag !== "--json");
  if (stack === undefined || more.length > 0 || unknown !== undefined) {
    const wrong = unknown ? `There is no option ${unknown}` : "Name one stack";
    throw new UserError(`${wrong}: npm run recover -- <stack> [--json].`);
  }
  readStack(stack.replace(/^.*\//, ""), projectRoot);
  const run = { project: projectRoot, state: projectRoot, logs: projectRoot };
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
  const done = await recoverStack({ cli: findEngine(localPaths()).path, env, run }, stack);
  if (flags.length > 0) console.log(JSON.stringify({ stack, done }));
  else console.log(done.join("\n") || `No operation of ${stack} was cut off.`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  // What AWS or the engine refuses is told by its message as well.
  const isTrace = error instanceof UserError || process.env.PE_DEBUG;
  process.exitCode = tell(isTrace ? error : new UserError(messageOf(error)));
});
