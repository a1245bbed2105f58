import { exitCodes, type ExitCode } from "../config/exitCodes";
import { StackFileError } from "../config/stackFiles";

/** Says what is wrong with how the command was called. */
export function complain(sentence: string): ExitCode {
  console.error(sentence);
  return exitCodes.mistake;
}

/**
 * Runs a command to its exit code. A mistake of the user is told by its sentences alone; with
 * PE_DEBUG, and for errors of the program, the trace stands there.
 * @param mistakes error classes besides StackFileError whose message is all the user needs.
 * @returns when it has ended; never rejects.
 */
export function runCommand(
  main: (argv: string[]) => Promise<number> | number,
  ...mistakes: (new (...args: never[]) => Error)[]
): Promise<void> {
  return Promise.resolve(process.argv)
    .then(main)
    .then(
      (code) => {
        process.exitCode = code;
      },
      (error: unknown) => {
        const isMistake = [StackFileError, ...mistakes].some((kind) => error instanceof kind);
        console.error(isMistake && !process.env.PE_DEBUG ? (error as Error).message : error);
        process.exitCode = exitCodes.mistake;
      },
    );
}
