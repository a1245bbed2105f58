/**
 * Something the user can put right: one sentence that says what is wrong and one that says what to
 * do. The command line prints the message alone, without a stack trace.
 */
export class LocalMistake extends Error {
  override name = "LocalMistake";
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
