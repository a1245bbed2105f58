import { inspect } from "node:util";
import { exitCodes, type ExitCode } from "./exitCodes";

/**
 * Something the user can put right: one sentence that says what is wrong and one that says what to
 * do. Its message is all that is told, without a stack trace.
 */
export class UserError extends Error {
  override name = "UserError";
  readonly exitCode: ExitCode = exitCodes.mistake;

  /** What was given is fine, but the run is refused as things stand, or something in it failed. */
  static failed(message: string): UserError {
    return Object.assign(new UserError(message), { exitCode: exitCodes.failed });
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Tells what ended a command, on stderr: a mistake of the user by its sentences alone; with PE_DEBUG,
 * and for errors of the program, the trace stands there.
 * @returns the exit code.
 */
export function tell(error: unknown): ExitCode {
  const isMistake = error instanceof UserError;
  const text = isMistake && !process.env.PE_DEBUG ? error.message : inspect(error);
  process.stderr.write(`${text}\n`);
  return isMistake ? error.exitCode : exitCodes.mistake;
}
