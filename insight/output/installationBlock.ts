import pc from "picocolors";
import type { InstallationProblem } from "../../stacks/installation";
import type { InstallationFigures } from "../figures/figures";
import type { Fact, Installation } from "../figures/installations";
import type { StackFailure } from "../figures/report";
import { findings } from "../figures/warnings";
import { figureFacts } from "./figureLines";
import { hanging, labelled, terminalWidth } from "./text";

/** Lines of facts where there is no terminal to say how wide it is. */
const pageWidth = 100;

export function factLines(all: Fact[]): string[] {
  const rows = all.map(([name, text]): [string, string] => [pc.dim(name), text]);
  return labelled(rows, terminalWidth() ?? pageWidth);
}

/** What the installation costs and buys, whether that is what was asked for, and what is wrong. */
export function verdictLines(
  { domain, stacks }: Installation,
  figures: InstallationFigures[],
): string[] {
  const own = figures.find((entry) => entry.domain === domain);
  const objectives = own?.objectives.map(({ status, text }, index): Fact => [
    index === 0 ? "Objectives" : "",
    `${verdicts[status]}: ${text}`,
  ]);
  return [
    ...(own ? factLines([...figureFacts(own), ...(objectives ?? [])]) : []),
    ...warningLines(stacks),
  ];
}

const verdicts = {
  met: pc.green("met"),
  missed: pc.red("missed"),
  unknown: pc.yellow("unknown"),
};

/** One line per finding, with the stacks it applies to; as wide as the terminal. */
function warningLines(stacks: Installation["stacks"]): string[] {
  return findings(stacks).map(([message, names]) => {
    const whose = stacks.length > 1 ? `${pc.bold(names.join(", "))}: ` : "";
    return hanging(
      `  ${pc.yellow("!")} `,
      `${whose}${message}`,
      terminalWidth() ?? Infinity,
      "    ",
    );
  });
}

export function renderProblem({ stacks, key, message }: InstallationProblem): string {
  return `${pc.red("✖")} ${pc.bold(stacks.join(", "))}: ${key}: ${message}`;
}

/** A failure as its sentences, without a trace; the program's own bugs say how to get one. */
export function renderFailure({ stack, message, isUserMistake }: StackFailure): string {
  const hint = isUserMistake ? "" : "\n  PE_DEBUG=1 shows where in the program this comes from.";
  return `${pc.red("✖")} ${pc.bold(stack)}: ${message}${hint}`;
}

/** The commands that are useful next, the first one most. */
export function nextLines(commands: [command: string, what: string][]): string[] {
  const longest = Math.max(...commands.map(([command]) => command.length));
  return commands.map(
    ([command, what], index) =>
      `${index === 0 ? "Next:" : "     "} ${command.padEnd(longest)}  ${pc.dim(what)}`,
  );
}
