import "../../stacks/quietStackTraces";
import { readArguments } from "../../config/commandLine";
import { exitCodes, worstExit, type ExitCode } from "../../config/exitCodes";
import { usageError, runCommand } from "../command";
import { listStacks, readStack } from "../../config/stackFiles";
import type { Answer } from "./cheapest";
import { readInstallation } from "./installation";
import { homeStack } from "./space";
import { parseKeep, parseTargets, targetKeys, type Targets } from "./targets";
import type { ExplainedTradeOff } from "./tradeOff";
import { UserError } from "../../config/mistake";

const line = {
  name: "npm run tradeoff --",
  word: "<stack>",
  about: "Weigh cost against downtime for every setting around a stack. Offline.",
  options: {
    availability: { value: "percent", text: "Writes that the model must reach, e.g. 99.95" },
    rto: { value: "time", text: "Longest time to recover, e.g. 90s, 15m, 4h" },
    rpo: { value: "time", text: "Most changes to lose, as time, e.g. 5m" },
    budget: { value: "usd", text: "Most USD a month for the whole installation, e.g. 9000" },
    disruption: {
      value: "kind",
      text: "Up to what --rto and --rpo hold: instance, zone or region",
    },
    keep: {
      value: "what",
      many: true,
      text: "Leave as it is: zones,regions,database,edition,class,servers,nat",
    },
    write: { text: "Edit the stack files: comments and form stay as they are" },
    all: { text: "Name every dominated setting and every reason" },
    json: { text: "Print JSON (use `npm run -s` to silence npm's own lines)" },
  },
  examples: [
    "npm run tradeoff -- prod-east",
    "npm run tradeoff -- prod-east --availability 99.9 --rto 1h --keep database",
    "npm run tradeoff -- prod-east --write",
  ],
} as const;

/** Work that takes longer than this says so. */
const quietMs = 1000;

/**
 * Prints what the settings around a stack's config cost and give, and the cheapest that meets the
 * targets.
 * @returns by docs/exit-codes.md: refused is a --write that is; missed, when no setting meets the
 *   targets or the answer misses an objective; unknown, where settings could not be judged.
 */
async function main(argv: string[]): Promise<number> {
  const read = readArguments(line, argv);
  if (!read) return exitCodes.fine;
  const { word: stack, options } = read;
  if (stack === undefined) return usageError(noStack());
  const keep = parseKeep(options.keep);
  readStack(stack);
  const { objectives } = homeStack(readInstallation(stack)).config;
  const targets = parseTargets(options, objectives);
  const hasTargets = targetKeys.some((key) => targets[key] !== undefined);
  if (options.write === true && !hasTargets) {
    return usageError(
      "--write needs something to reach: set objectives in the stack file, or give --availability, --rto, --rpo or --budget.",
    );
  }
  return show(stack, keep, hasTargets ? targets : undefined, {
    json: options.json === true,
    all: options.all === true,
    write: options.write === true,
  });
}

/** Evaluates and prints. Loaded only now: a wrong argument shouldn't wait. */
async function show(
  stack: string,
  keep: ReturnType<typeof parseKeep>,
  targets: Targets | undefined,
  { json, all, write }: { json: boolean; all: boolean; write: boolean },
): Promise<ExitCode> {
  const { tradeOff } = await import("./tradeOff");
  const { cheapest, unjudged } = await import("./cheapest");
  const progress = progressLine();
  const of = await tradeOff(stack, undefined, { keep, onProgress: progress.tell });
  progress.end();
  const answer = targets && cheapest(of, targets);
  const outcome = await written(of, answer, write);
  if (json) {
    const { tradeOffJson } = await import("./json");
    console.log(JSON.stringify(tradeOffJson(of, targets, answer, outcome.files), null, 2));
  } else {
    const { renderTradeOff } = await import("./render");
    const { renderAnswer } = await import("./renderAnswer");
    console.log(renderTradeOff(of, { all }));
    if (targets && answer) console.log(`\n${renderAnswer(of, targets, answer)}`);
    if (outcome.files.length > 0) console.log(`\nWritten: ${outcome.files.join(", ")}`);
    else if (!write && answer?.cheapest?.edits.some(({ diff }) => diff !== "")) {
      const second = answer.keepingDatabase ? "; with --keep database, the second" : "";
      console.log(`\n--write makes the first of these edits${second}.`);
    }
  }
  for (const { stacks, key, message } of of.problems) {
    console.error(`✖ ${stacks.join(", ")}: ${key}: ${message}`);
  }
  if (json) for (const line of answer?.unreachable ?? []) console.error(line);
  if (outcome.refusal !== undefined) console.error(`✖ ${outcome.refusal}`);
  const unknown = unjudged(of);
  if (unknown !== undefined) console.error(`✖ ${unknown}`);
  const missed = answer?.unknown === undefined && answer?.cheapest?.missed.length !== 0;
  return worstExit([
    ...(of.problems.length > 0 ? [exitCodes.mistake] : []),
    ...(outcome.refusal === undefined ? [] : [exitCodes.failed]),
    ...(answer && missed ? [exitCodes.missed] : []),
    ...(unknown === undefined ? [] : [exitCodes.unknown]),
  ]);
}

/** What was written, or why nothing was. */
async function written(
  of: ExplainedTradeOff,
  answer: Answer | undefined,
  write: boolean,
): Promise<{ files: string[]; refusal?: string }> {
  if (!write || !answer?.cheapest) return { files: [] };
  const { edits, missed } = answer.cheapest;
  if (missed.length > 0) {
    return {
      files: [],
      refusal: `Nothing is written, because the answer misses the stack's objectives: change objectives in ${of.stack}'s file first, or leave out the option that asks for less.`,
    };
  }
  const { writeEdits } = await import("./fileEdits");
  try {
    return { files: writeEdits(edits, of.root) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { files: [], refusal: error.message };
  }
}

/** One line on stderr that counts, on a terminal; elsewhere one line, once. */
function progressLine() {
  const started = performance.now();
  let told = 0;
  return {
    tell: (done: number, all: number): void => {
      const now = performance.now();
      if (now - started < quietMs || now - told < 100) return;
      if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${all} settings …`);
      else if (told === 0) console.error(`Evaluating ${all} settings …`);
      told = now;
    },
    end: (): void => {
      if (told > 0 && process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    },
  };
}

function noStack(): string {
  const stacks = listStacks();
  return stacks.length === 0
    ? "There is no stack yet: add a Pulumi.<stack>.yaml, e.g. as a copy of another."
    : `Name a stack: ${stacks.join(", ")}. For example: npm run tradeoff -- ${stacks[0] ?? ""}`;
}

/** When the command has ended: the tests run it in their own process. */
export const ended = runCommand(main);
