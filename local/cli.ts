Error.stackTraceLimit = process.env.PE_DEBUG ? 50 : 2;

import { cac } from "cac";
import { listStacks, readStack } from "../config/stackFiles";
import type { Exposure } from "../stacks/config/platformConfig";
import { downSteps, type Target } from "./down";
import { readEdits } from "./edits";
import { chosenPort, stopEmulator } from "./emulator/emulator";
import { UserError, tell } from "../config/mistake";
import { exposures, localPaths, type LocalPaths } from "../engine/paths";
import { everythingUp, forgetEverything } from "./session";
import { runSteps } from "./steps";
import { upSteps, type UpReport } from "./up";

interface Flags {
  exposure?: unknown;
  port?: unknown;
  json?: boolean;
  keepGoing?: boolean;
  set?: unknown;
  all?: boolean;
  forget?: boolean;
  keepEmulator?: boolean;
  help?: boolean;
}

const known = {
  up: ["exposure", "port", "keepGoing", "set", "json"],
  down: ["exposure", "all", "forget", "keepEmulator", "json"],
};
type Command = keyof typeof known;

function parseArguments(command: Command, argv: string[]) {
  const cli = cac(`npm run ${command}:local --`);
  if (command === "up") {
    cli
      .command("[stack]", "Bring a stack up, for real, on an AWS emulator on this machine.")
      .option("--exposure <exposure>", "public or private, instead of the stack file's")
      .option("--port <port>", "Port of the emulator (MOTO_PORT; default 5570)")
      .option("--set <key=value>", "Another value for this run; may be given several times")
      .option("--keep-going", "After a failure go on with what doesn't depend on it")
      .option("--json", "Print one JSON object at the end, and nothing else")
      .example("npm run up:local -- cost-saver")
      .example("npm run up:local -- prod-east --exposure private")
      .example("npm run up:local -- prod-west --set replication.writer=us-west-2");
  } else {
    cli
      .command("[stack]", "Destroy what up:local made of a stack, and forget its state.")
      .option("--exposure <exposure>", "Only the public or the private one, where both are up")
      .option("--all", "All stacks that are up")
      .option("--keep-emulator", "Leave the emulator running when nothing is left in it")
      .option("--forget", "With --all: drop emulator and state at once, destroying nothing first")
      .option("--json", "Print one JSON object at the end, and nothing else")
      .example("npm run down:local -- cost-saver")
      .example("npm run down:local -- --all");
  }
  cli.help();
  const { args, options } = cli.parse(["node", command, ...argv], { run: false });
  const unknown = Object.keys(options).find(
    (key) => ![...known[command], "--", "help", "h"].includes(key),
  );
  if (unknown) {
    const shown = unknown.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UserError(`There is no option --${shown}: see npm run ${command}:local -- --help.`);
  }
  if (args.length > 1) {
    throw new UserError(`Name one stack, not ${args.length}: ${args.join(", ")}.`);
  }
  return { stack: args[0], flags: options as Flags };
}

async function up(paths: LocalPaths, argv: string[]): Promise<void> {
  const { stack, flags } = parseArguments("up", argv);
  if (flags.help) return;
  const { steps, report } = upSteps(paths, {
    stack: neededStack(paths, stack, "up:local"),
    exposure: exposureOf(flags.exposure),
    port: chosenPort(flags.port),
    edits: readEdits(flags.set),
    keepGoing: flags.keepGoing === true,
  });
  await runSteps(steps, flags.json === true);
  if (flags.json) console.log(JSON.stringify(report, null, 2));
  else console.log(describeUp(report));
}

async function down(paths: LocalPaths, argv: string[]): Promise<void> {
  const { stack, flags } = parseArguments("down", argv);
  if (flags.help) return;
  if (flags.forget) {
    if (!flags.all || stack !== undefined) {
      throw new UserError("--forget drops the whole emulator: use it with --all, without a stack.");
    }
    const gone = await forgetEverything(paths);
    console.log(flags.json ? JSON.stringify({ forgotten: gone }) : `Forgotten: ${list(gone)}.`);
    return;
  }
  const keepEmulator = flags.keepEmulator === true;
  const targets = downTargets(paths, stack, exposureOf(flags.exposure), flags.all === true);
  if (targets.length === 0) {
    const text = stack === undefined ? "No stack is up here" : `${stack} is not up here`;
    console.log(flags.json ? "[]" : `${text}: there is nothing to take down.`);
    if (!keepEmulator && everythingUp(paths).length === 0) await stopEmulator(paths);
    return;
  }
  const { steps, reports } = downSteps(paths, targets, keepEmulator);
  await runSteps(steps, flags.json === true);
  if (flags.json) console.log(JSON.stringify(reports, null, 2));
  else
    console.log(
      `Gone: ${list(reports.map(({ stack: name, exposure }) => `${name} (${exposure})`))}.`,
    );
}

function downTargets(
  paths: LocalPaths,
  stack: string | undefined,
  exposure: Exposure | undefined,
  all: boolean,
): Target[] {
  const isUp = everythingUp(paths).filter(
    (target) => exposure === undefined || target.exposure === exposure,
  );
  if (all && stack === undefined) return isUp;
  if (all) throw new UserError(`Name ${stack} or --all, not both.`);
  const name = neededStack(paths, stack, "down:local");
  const found = isUp.filter((target) => target.stack === name);
  // A stack that is up may have lost its file; any other name must be that of a file.
  if (found.length === 0) readStack(name, paths.root);
  return found;
}

function neededStack(paths: LocalPaths, stack: string | undefined, command: string): string {
  if (stack !== undefined) return stack;
  throw new UserError(
    `Name the stack, e.g. npm run ${command} -- cost-saver. ` +
      `The stacks are: ${list(listStacks(paths.root))}.`,
  );
}

function exposureOf(value: unknown): Exposure | undefined {
  if (value === undefined) return undefined;
  const found = exposures.find((exposure) => exposure === value);
  if (found) return found;
  throw new UserError(`--exposure is ${String(value)}, and can be ${exposures.join(" or ")}.`);
}

const list = (names: string[]) => names.join(", ") || "none";

function describeUp({ stack, exposure, emulator, outputs }: UpReport): string {
  const width = Math.max(0, ...Object.keys(outputs).map((name) => name.length));
  const lines = Object.entries(outputs).map(
    ([name, value]) =>
      `  ${name.padEnd(width)}  ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return (
    `\n${stack} (${exposure}) is up on ${emulator}, and a second preview finds no changes.\n` +
    `${lines.join("\n")}\nTake it down with: npm run down:local -- ${stack}`
  );
}

async function main([command, ...argv]: string[]): Promise<void> {
  const paths = localPaths();
  if (command === "up") return up(paths, argv);
  if (command === "down") return down(paths, argv);
  throw new UserError("Use npm run up:local or npm run down:local.");
}

export const ended = main(process.argv.slice(2)).catch((error: unknown) => {
  process.exitCode = tell(error);
});
