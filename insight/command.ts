import { exitCodes, type ExitCode } from "../config/exitCodes";
import { tell } from "../config/mistake";

/** Says what is wrong with how the command was called. */
export function usageError(sentence: string): ExitCode {
  console.error(sentence);
  return exitCodes.mistake;
}

/**
 * Runs a command to its exit code; what ends it early is told on stderr.
 * @returns when it has ended; never rejects.
 */
export function runCommand(main: (argv: string[]) => Promise<number> | number): Promise<void> {
  return Promise.resolve()
    .then(() => main(process.argv.slice(2)))
    .catch(tell)
    .then((code) => {
      process.exitCode = code;
    });
}
