import "../stacks/quietStackTraces";
import { cac } from "cac";
import { exitCodes, worstExit } from "../config/exitCodes";
import type { InstallationProblem } from "../stacks/installation";
import type { Against } from "./figures/against";
import { complain, runCommand } from "./command";
import type { InstallationFigures } from "./figures/figures";
import type { StackResult } from "./figures/report";
import { listStacks, readStack } from "../config/stackFiles";
import { UserError } from "../config/mistake";

/** Options of the command, as cac hands them over. */
interface Flags {
  components?: boolean;
  json?: boolean;
  markdown?: boolean;
  against?: string | boolean | number;
  help?: boolean;
  "--": string[];
}

/** What to print besides the plan itself, and how. */
interface Output {
  form: "text" | "json" | "markdown";
  /** Also how many resources each component has. */
  components: boolean;
  /** Commit to compare with. */
  against?: string;
}

const known = ["components", "json", "markdown", "against", "--"];

/**
 * Prints the plan of one stack or of all, and what it costs and buys. The exit code: 0 all is valid
 * and every objective met; 1 something is wrong; 3 an objective is missed; 5 the cost or an objective is
 * unknown.
 */
async function main(argv: string[]): Promise<number> {
  const cli = cac("npm start --");
  cli
    .command(
      "[stack]",
      "What each installation costs and buys and what is wrong with it, then its stacks; or one stack in detail. Offline: nothing is created.",
    )
    .option("--against <commit>", "Add the difference in cost and service level to a commit")
    .option("--components", "Add how many resources each component has, by stack")
    .option("--json", "Print the plan as JSON (use `npm start -s` to silence npm's own lines)")
    .option("--markdown", "Print a comment for a pull request")
    .example("npm start")
    .example("npm start -- prod-east")
    .example("npm start -- --against main")
    .example("npm start -s -- prod-east --json");
  cli.help();
  const { args, options } = cli.parse(argv, { run: false });
  const flags = options as Flags;
  if (flags.help) return 0;
  const unknown = Object.keys(flags).find((key) => !known.includes(key));
  if (unknown) return complain(`There is no option --${unknown}: see npm start -- --help.`);
  if (args.length > 1) return complain(`Name one stack, not ${args.length}: ${args.join(", ")}.`);
  if (flags.json && flags.markdown) return complain("Choose one of --json and --markdown.");
  if (flags.against === true) return complain("Name a commit: --against main.");
  const [stack] = args;
  if (stack !== undefined) readStack(stack);
  if (stack === undefined && listStacks().length === 0) {
    return complain("There is no stack yet: add a Pulumi.<stack>.yaml, e.g. as a copy of another.");
  }
  return show(stack, {
    components: flags.components === true,
    form: flags.json ? "json" : flags.markdown ? "markdown" : "text",
    ...(flags.against === undefined ? {} : { against: asWritten(argv, "--against") }),
  });
}

/** An option's value as it was written: cac reads a commit such as 0123456 or 12e4567 as a number. */
function asWritten(argv: string[], option: string): string {
  const index = argv.findIndex((word) => word === option || word.startsWith(`${option}=`));
  const word = argv[index] ?? "";
  return word === option ? (argv[index + 1] ?? "") : word.slice(option.length + 1);
}

/** Plans and prints. Loaded only now: a wrong argument shouldn't wait for the SDK. */
async function show(stack: string | undefined, output: Output): Promise<number> {
  const { installationProblems, isFailure, isReport, reportAll, reportStack } =
    await import("./figures/report");
  const { figuresOf } = await import("./figures/figures");
  const results = stack === undefined ? await reportAll() : [await reportStack(stack)];
  const problems = installationProblems(stack);
  const figures = await attempt(() => figuresOf(results.filter(isReport)));
  const against = await compare(output.against);
  const { components } = output;
  const all: Shown = { components, stack, results, problems, figures, against };
  await printers[output.form](all);
  for (const result of results.filter(isFailure)) {
    if (process.env.PE_DEBUG) console.error(result.error);
  }
  const { figuresExit, unknownLines } = await import("./figures/verdict");
  const shown = figures.value ?? [];
  for (const line of unknownLines(shown)) console.error(line);
  const wrong =
    results.some(isFailure) ||
    problems.length > 0 ||
    figures.error !== undefined ||
    against?.error !== undefined;
  return worstExit([
    wrong ? exitCodes.mistake : exitCodes.fine,
    against?.value?.notes.some(({ refused }) => refused) ? exitCodes.failed : exitCodes.fine,
    figuresExit(shown),
    // A difference that nobody knows was asked for as well.
    (against?.value?.before ?? []).every(({ total }) => total.known)
      ? exitCodes.fine
      : exitCodes.unknown,
  ]);
}

/** A value, or the sentences that say why there is none. */
interface Attempt<T> {
  value?: T;
  error?: string;
}

interface Shown {
  components: boolean;
  stack: string | undefined;
  results: StackResult[];
  problems: InstallationProblem[];
  figures: Attempt<InstallationFigures[]>;
  against: Attempt<Against> | undefined;
}

/** A mistake in a file costs the figures, not the plan. */
async function attempt<T>(compute: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await compute() };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { error: error.message };
  }
}

async function compare(ref: string | undefined): Promise<Attempt<Against> | undefined> {
  if (ref === undefined) return undefined;
  const { against } = await import("./figures/against");
  return attempt(() => against(ref));
}

const printers: Record<Output["form"], (shown: Shown) => Promise<void>> = {
  json: async ({ stack, results, problems, figures, against }) => {
    const { againstJson, figuresJson } = await import("./output/figuresJson");
    const { toJson } = await import("./output/planJson");
    const detailed = stack !== undefined;
    const json = toJson(results, problems, detailed, {
      installations: (figures.value ?? []).map((one) => figuresJson(one, detailed)),
      ...(figures.error === undefined ? {} : { figuresError: figures.error }),
      ...(against?.value && { against: againstJson(against.value) }),
      ...(against?.error === undefined ? {} : { againstError: against.error }),
    });
    console.log(JSON.stringify(json, null, 2));
  },
  markdown: async ({ results, problems, figures, against }) => {
    const { renderMarkdown } = await import("./output/markdown");
    const errors = [figures.error, against?.error].filter((text) => text !== undefined);
    console.log(
      renderMarkdown({
        results,
        problems,
        figures: figures.value ?? [],
        ...(errors.length > 0 && { figuresError: errors.join("\n") }),
        ...(against?.value && { against: against.value }),
      }),
    );
  },
  text: async ({ stack, results, problems, figures, against, components }) => {
    const { isFailure } = await import("./figures/report");
    const { renderFailure, renderProblem } = await import("./output/installationBlock");
    const { renderOverview } = await import("./output/overview");
    const { renderStack } = await import("./output/render");
    const [first] = results;
    if (stack === undefined || !first) {
      console.log(renderOverview(results, problems, figures.value, components));
    } else if (isFailure(first)) {
      console.error(renderFailure(first));
    } else {
      console.log(renderStack(first, figures.value));
      for (const problem of problems) console.error(renderProblem(problem));
    }
    if (against?.value) {
      const { renderAgainst } = await import("./output/renderAgainst");
      console.log(renderAgainst(against.value));
    }
    for (const { error } of [figures, against ?? {}]) if (error) console.error(error);
  },
};

/** When the command has ended: the tests run it in their own process. */
export const ended = runCommand(main);
