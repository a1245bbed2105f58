import "../stacks/quietStackTraces";
import { cac } from "cac";
import { listStacks, readStack, StackFileError } from "./stackFiles";

/** Options of the command, as cac hands them over. */
interface Flags {
  json?: boolean;
  help?: boolean;
  "--": string[];
}

/** Prints the plan of one stack or of all; the exit code says whether all of them are valid. */
async function main(argv: string[]): Promise<number> {
  const cli = cac("npm start --");
  cli
    .command(
      "[stack]",
      "Plan one stack in detail, or all stacks in one table. Offline: nothing is created.",
    )
    .option("--json", "Print the plan as JSON (use `npm start -s` to silence npm's own lines)")
    .example("npm start")
    .example("npm start -- prod-east")
    .example("npm start -s -- prod-east --json");
  cli.help();
  const { args, options } = cli.parse(argv, { run: false });
  const flags = options as Flags;
  if (flags.help) return 0;
  const unknown = Object.keys(flags).find((key) => !["json", "--"].includes(key));
  if (unknown) return complain(`There is no option --${unknown}: see npm start -- --help.`);
  if (args.length > 1) return complain(`Name one stack, not ${args.length}: ${args.join(", ")}.`);
  const [stack] = args;
  if (stack !== undefined) readStack(stack);
  if (stack === undefined && listStacks().length === 0) {
    return complain("There is no stack yet: add a Pulumi.<stack>.yaml, e.g. as a copy of another.");
  }
  return show(stack, flags.json === true);
}

/** Plans and prints. Loaded only now: a wrong argument shouldn't wait for the SDK. */
async function show(stack: string | undefined, asJson: boolean): Promise<number> {
  const { installationProblems, isFailure, reportAll, reportStack, toJson } =
    await import("./report");
  const { renderFailure, renderOverview, renderProblem, renderStack } = await import("./render");
  const results = stack === undefined ? await reportAll() : [await reportStack(stack)];
  const problems = installationProblems(stack);
  const [first] = results;
  if (asJson) {
    console.log(JSON.stringify(toJson(results, problems, stack !== undefined), null, 2));
  } else if (stack === undefined || !first) {
    console.log(renderOverview(results, problems));
  } else if (isFailure(first)) {
    console.error(renderFailure(first));
  } else {
    console.log(renderStack(first));
    for (const problem of problems) console.error(renderProblem(problem));
  }
  for (const result of results.filter(isFailure)) {
    if (process.env.PE_DEBUG) console.error(result.error);
  }
  return results.some(isFailure) || problems.length > 0 ? 1 : 0;
}

function complain(sentence: string): number {
  console.error(sentence);
  return 1;
}

main(process.argv).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isMistake = error instanceof StackFileError;
    console.error(isMistake && !process.env.PE_DEBUG ? error.message : error);
    process.exitCode = 1;
  },
);
