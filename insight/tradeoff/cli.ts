import "../../stacks/quietStackTraces";
import { cac } from "cac";
import { closest, distance } from "fastest-levenshtein";
import { ConfigError } from "../../stacks/config";
import { complain, runCommand } from "../command";
import { listStacks, readStack } from "../stackFiles";
import { OptionError, parseKeep, parseTargets, targetKeys } from "./targets";

const known = ["availability", "rto", "rpo", "budget", "disruption", "keep", "json", "all", "help"];

/** Work that takes longer than this says so. */
const quietMs = 1000;

/**
 * Prints what the settings around a stack's config cost and give, and the cheapest that meets the
 * targets.
 * @returns 0; 1 for a wrong option, stack or file; 3 when no setting meets the targets.
 */
async function main(argv: string[]): Promise<number> {
  const cli = cac("npm run tradeoff --");
  cli
    .command("<stack>", "Weigh cost against downtime for every setting around a stack. Offline.")
    .option("--availability <percent>", "Writes that the model must reach, e.g. 99.95")
    .option("--rto <time>", "Longest time to recover, e.g. 90s, 15m, 4h")
    .option("--rpo <time>", "Most changes to lose, as time, e.g. 5m")
    .option("--budget <usd>", "Most USD a month for the whole installation, e.g. 9000")
    .option("--disruption <kind>", "Up to what --rto and --rpo hold: instance, zone or region")
    .option("--keep <what>", "Leave as it is: zones,regions,database,edition,class,servers,nat")
    .option("--all", "Name every dominated setting and every reason")
    .option("--json", "Print JSON (use `npm run -s` to silence npm's own lines)")
    .example("npm run tradeoff -- prod-east")
    .example("npm run tradeoff -- prod-east --availability 99.9 --rto 1h --keep database");
  cli.help();
  const { args, options } = cli.parse(argv, { run: false });
  if (options.help) return 0;
  for (const name of Object.keys(options)) {
    if (name !== "--" && !known.includes(name)) return complain(unknownOption(name));
  }
  const [stack, ...more] = args;
  if (stack === undefined) return complain(noStack());
  if (more.length > 0) return complain(`Name one stack, not ${args.length}: ${args.join(", ")}.`);
  const targets = parseTargets(options);
  const keep = parseKeep(options.keep);
  readStack(stack);
  const hasTargets = targetKeys.some((key) => targets[key] !== undefined);
  return show(stack, keep, hasTargets ? targets : undefined, {
    json: options.json === true,
    all: options.all === true,
  });
}

/** Evaluates and prints. Loaded only now: a wrong argument shouldn't wait. */
async function show(
  stack: string,
  keep: ReturnType<typeof parseKeep>,
  targets: ReturnType<typeof parseTargets> | undefined,
  { json, all }: { json: boolean; all: boolean },
): Promise<number> {
  const { tradeOff } = await import("./tradeOff");
  const { cheapest } = await import("./cheapest");
  const progress = progressLine();
  const of = tradeOff(stack, undefined, { keep, onProgress: progress.tell });
  progress.end();
  const answer = targets && cheapest(of, targets);
  if (json) {
    const { tradeOffJson } = await import("./json");
    console.log(JSON.stringify(tradeOffJson(of, targets, answer), null, 2));
  } else {
    const { renderAnswer, renderTradeOff } = await import("./render");
    console.log(renderTradeOff(of, { all }));
    if (targets && answer) console.log(`\n${renderAnswer(of, targets, answer)}`);
  }
  for (const { stacks, key, message } of of.problems) {
    console.error(`✖ ${stacks.join(", ")}: ${key}: ${message}`);
  }
  if (answer && !answer.cheapest) {
    if (json) for (const line of answer.unreachable) console.error(line);
    return 3;
  }
  return of.problems.length > 0 ? 1 : 0;
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

function unknownOption(name: string): string {
  const near = closest(name, known);
  const hint = distance(name, near) <= 3 ? ` Did you mean --${near}?` : "";
  return `There is no option --${name}: see npm run tradeoff -- --help.${hint}`;
}

runCommand(main, OptionError, ConfigError);
