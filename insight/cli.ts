import "../stacks/quietStackTraces";
import { readArguments } from "../config/commandLine";
import { exitCodes, worstExit } from "../config/exitCodes";
import type { InstallationProblem } from "../stacks/installation";
import type { Against } from "./figures/against";
import { usageError, runCommand } from "./command";
import type { InstallationFigures } from "./figures/figures";
import type { StackResult } from "./figures/report";
import { listStacks, readStack } from "../config/stackFiles";
import { UserError } from "../config/mistake";

/** What to print besides the plan itself, and how. */
interface Output {
  form: "text" | "json" | "markdown";
  /** Also how many resources each component has. */
  components: boolean;
  /** Commit to compare with. */
  against?: string;
}

const line = {
  name: "npm start --",
  word: "[stack]",
  about:
    "What each installation costs and buys and what is wrong with it, then its stacks; or one stack in detail. Offline: nothing is created.",
  options: {
    against: { value: "commit", text: "Add the difference in cost and service level to a commit" },
    components: { text: "Add how many resources each component has, by stack" },
    json: { text: "Print the plan as JSON (use `npm start -s` to silence npm's own lines)" },
    markdown: { text: "Print a comment for a pull request" },
  },
  examples: [
    "npm start",
    "npm start -- prod-east",
    "npm start -- --against main",
    "npm start -s -- prod-east --json",
  ],
} as const;

/**
 * Prints the plan of one stack or of all, and what it costs and buys. The exit code: 0 all is valid
 * and every objective met; 1 something is wrong; 3 an objective is missed; 5 the cost or an objective is
 * unknown.
 */
async function main(argv: string[]): Promise<number> {
  const read = readArguments(line, argv);
  if (!read) return exitCodes.fine;
  const { word: stack, options: flags } = read;
  if (flags.json && flags.markdown) return usageError("Choose one of --json and --markdown.");
  if (stack !== undefined) readStack(stack);
  if (stack === undefined && listStacks().length === 0) {
    return usageError(
      "There is no stack yet: add a Pulumi.<stack>.yaml, e.g. as a copy of another.",
    );
  }
  return show(stack, {
    components: flags.components === true,
    form: flags.json ? "json" : flags.markdown ? "markdown" : "text",
    ...(flags.against === undefined ? {} : { against: flags.against }),
  });
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
