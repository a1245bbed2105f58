Error.stackTraceLimit = process.env.PE_DEBUG ? 50 : 2;

import { readArguments } from "../config/commandLine";
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

const up = {
  name: "npm run up:local --",
  word: "[stack]",
  about: "Bring a stack up, for real, on an AWS emulator on this machine.",
  options: {
    exposure: { value: "exposure", text: "public or private, instead of the stack file's" },
    port: { value: "port", text: "Port of the emulator (MOTO_PORT; default 5570)" },
    set: {
      value: "key=value",
      many: true,
      text: "Another value for this run; may be given several times",
    },
    "keep-going": { text: "After a failure go on with what doesn't depend on it" },
    json: { text: "Print one JSON object at the end, and nothing else" },
  },
  examples: [
    "npm run up:local -- cost-saver",
    "npm run up:local -- prod-east --exposure private",
    "npm run up:local -- prod-west --set replication.writer=us-west-2",
  ],
} as const;

const down = {
  name: "npm run down:local --",
  word: "[stack]",
  about: "Destroy what up:local made of a stack, and forget its state.",
  options: {
    exposure: { value: "exposure", text: "Only the public or the private one, where both are up" },
    all: { text: "All stacks that are up" },
    "keep-emulator": { text: "Leave the emulator running when nothing is left in it" },
    forget: { text: "With --all: drop emulator and state at once, destroying nothing first" },
    json: { text: "Print one JSON object at the end, and nothing else" },
  },
  examples: ["npm run down:local -- cost-saver", "npm run down:local -- --all"],
} as const;

async function bringUp(paths: LocalPaths, argv: string[]): Promise<void> {
  const read = readArguments(up, argv);
  if (!read) return;
  const { word: stack, options: flags } = read;
  const { steps, report } = upSteps(paths, {
    stack: neededStack(paths, stack, "up:local"),
    exposure: exposureOf(flags.exposure),
    port: chosenPort(flags.port),
    edits: readEdits(flags.set),
    keepGoing: flags["keep-going"] === true,
  });
  await runSteps(steps, flags.json === true);
  if (flags.json) console.log(JSON.stringify(report, null, 2));
  else console.log(describeUp(report));
}

async function takeDown(paths: LocalPaths, argv: string[]): Promise<void> {
  const read = readArguments(down, argv);
  if (!read) return;
  const { word: stack, options: flags } = read;
  if (flags.forget) {
    if (!flags.all || stack !== undefined) {
      throw new UserError("--forget drops the whole emulator: use it with --all, without a stack.");
    }
    const gone = await forgetEverything(paths);
    console.log(flags.json ? JSON.stringify({ forgotten: gone }) : `Forgotten: ${list(gone)}.`);
    return;
  }
  const keepEmulator = flags["keep-emulator"] === true;
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
  if (command === "up") return bringUp(paths, argv);
  if (command === "down") return takeDown(paths, argv);
  throw new UserError("Use npm run up:local or npm run down:local.");
}

export const ended = main(process.argv.slice(2)).catch((error: unknown) => {
  process.exitCode = tell(error);
});
