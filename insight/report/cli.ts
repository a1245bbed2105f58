import "../../stacks/quietStackTraces";
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { readArguments } from "../../config/commandLine";
import { exitCodes, worstExit, type ExitCode } from "../../config/exitCodes";
import { usageError, runCommand } from "../command";
import type { StackResult } from "../figures/report";
import { listStacks, projectRoot, readStack } from "../../config/stackFiles";
import { withProgress } from "./progress";
import { UserError } from "../../config/mistake";

const defaultFile = join(".local", "report.html");
const line = {
  name: "npm run report --",
  word: "[stack]",
  about: "Write the report of all installations, or of a stack's. Offline.",
  options: {
    out: { value: "file", text: `Where to write it (default ${defaultFile})` },
    svg: { value: "file", text: "Write the architecture picture alone, as SVG" },
    png: { value: "file", text: "Write the architecture picture alone, as PNG" },
  },
  examples: ["npm run report", "npm run report -- prod-east --svg architecture.svg"],
} as const;

interface Options {
  stack?: string;
  out?: string;
  svg?: string;
  png?: string;
}

/** Writes the report, or its pictures alone. @returns see docs/exit-codes.md. */
async function main(argv: string[]): Promise<ExitCode> {
  const given = readArguments(line, argv);
  if (!given) return exitCodes.fine;
  const read: Options = {
    ...given.options,
    ...(given.word === undefined ? {} : { stack: given.word }),
  };
  if (read.stack !== undefined) readStack(read.stack);
  if (listStacks().length === 0) {
    return usageError(
      "There is no stack yet: add a Pulumi.<stack>.yaml, e.g. as a copy of another.",
    );
  }
  if (read.svg === undefined && read.png === undefined) return writeReport(read, defaultFile);
  const plan = plannedOnce(read.stack);
  const pictures = await writePictures(read, plan);
  if (read.out === undefined) return pictures;
  return worstExit([pictures, await writeReport(read, read.out, await plan())]);
}

type Plan = () => Promise<StackResult[]>;

/** Picture and page of one run show the same plan. */
function plannedOnce(stack: string | undefined): Plan {
  let results: Promise<StackResult[]> | undefined;
  return () =>
    (results ??= withProgress(async (onProgress) => {
      const { plannedStacks } = await import("./data");
      return plannedStacks(stack, onProgress);
    }));
}

/** @param results where the stacks are planned already. */
async function writeReport(
  { stack, out }: Options,
  otherwise: string,
  results?: StackResult[],
): Promise<ExitCode> {
  const file = resolve(out === undefined ? join(projectRoot, otherwise) : out);
  checkTarget(file);
  // Loaded only now: a wrong argument should not wait for the SDK.
  const { pageData } = await import("./data");
  const { reportDocument } = await import("./document");
  const data = await withProgress(async (onProgress) =>
    pageData({ onProgress, ...(stack !== undefined && { stack }), ...(results && { results }) }),
  );
  if (data.installations.length > 0) {
    write(file, reportDocument(data));
    console.log(`Report: ${shown(file)}`);
  }
  const { figuresExit, unknownLines } = await import("../figures/verdict");
  const figures = data.installations.map((view) => view.figures);
  const wrong = mistakes(data.failures, data.problems);
  for (const line of unknownLines(figures)) console.error(line);
  return worstExit([wrong, figuresExit(figures)]);
}

async function writePictures({ svg, png }: Options, plan: Plan): Promise<ExitCode> {
  const files = [svg, png].flatMap((file) => (file === undefined ? [] : [resolve(file)]));
  for (const file of files) checkTarget(file);
  const { isActive, isFailure, isReport } = await import("../figures/report");
  const { installations } = await import("../figures/installations");
  const { topologySvg } = await import("./topology/svg");
  const { pngOf, svgFile } = await import("./picture");
  const results = await plan();
  const failures = results.filter(isFailure);
  const found = installations(results.filter(isReport));
  const [first, ...others] = found;
  if (others.length > 0) {
    const names = found.map(({ stacks }) => stacks[0]?.stack ?? "").join(" or ");
    return usageError(`A picture is of one installation: name a stack, ${names}.`);
  }
  if (first && !first.stacks.some(isActive)) {
    return usageError(`No region of ${first.domain} is in use: there is nothing to draw.`);
  }
  if (first) {
    const picture = await topologySvg(first.stacks);
    if (svg !== undefined) write(resolve(svg), svgFile(picture));
    if (png !== undefined) write(resolve(png), await pngOf(picture));
    for (const file of files) console.log(`Picture: ${shown(file)}`);
  }
  return mistakes(failures, []);
}

/** Tells what keeps stacks out of the page, or is wrong between them. */
function mistakes(
  failures: { stack: string; message: string }[],
  problems: { stacks: string[]; key: string; message: string }[],
): ExitCode {
  for (const { stack, message } of failures) console.error(`✖ ${stack}: ${message}`);
  for (const { stacks, key, message } of problems) {
    console.error(`✖ ${stacks.join(", ")}: ${key}: ${message}`);
  }
  return failures.length + problems.length > 0 ? exitCodes.mistake : exitCodes.fine;
}

/** Before the work: it should not be for nothing. */
function checkTarget(file: string): void {
  const folder = dirname(file);
  if (folder === join(projectRoot, dirname(defaultFile))) mkdirSync(folder, { recursive: true });
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(`${shown(file)} cannot be written: there is no folder ${folder}.`);
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(`${shown(file)} cannot be written: it is a folder.`);
  }
}

/** Whole or not at all: a reader may have the file open. */
function write(file: string, content: string | Buffer): void {
  const partial = `${file}.${process.pid}`;
  try {
    writeFileSync(partial, content);
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new UserError(`${shown(file)} cannot be written: ${(error as Error).message}.`);
  }
}

function shown(file: string): string {
  const short = relative(process.cwd(), file);
  return short.startsWith("..") ? file : short;
}

/** When the command has ended: the tests run it in their own process. */
export const ended = runCommand(main);
