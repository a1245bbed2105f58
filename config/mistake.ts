import { exitCodes, type ExitCode } from "./exitCodes";

/**
 * Something the user can put right: one sentence that says what is wrong and one that says what to
 * do. The command line prints the message alone, without a stack trace.
 */
export class LocalMistake extends Error {
  override name = "LocalMistake";
  readonly exitCode: ExitCode = exitCodes.mistake;
}

/** What was given is fine, but the run is refused as things stand, or something in it failed. */
export class LocalFailure extends LocalMistake {
  override name = "LocalFailure";
  override readonly exitCode = exitCodes.failed;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
