/**
 * What every command of the project ends with; docs/exit-codes.md has the same table for readers.
 * Programs that run without packages or before a build (deploy/gate/*.mjs, deploy/steps/*.mjs,
 * scripts/run.mjs) repeat the numbers, because they can import no TypeScript.
 */
export const exitCodes = {
  /** Done, and everything that was asked holds. */
  fine: 0,
  /** A mistake in what was given: an option, a name, a file, the machine's set-up. */
  mistake: 1,
  /** Refused, data would be lost, or a check failed: the input was fine, what it leads to is not. */
  failed: 2,
  /** An objective is certainly missed. */
  missed: 3,
  /** Ctrl-C or a signal ended it: it tells nothing about the rest. */
  interrupted: 4,
  /** A figure or an objective that was asked for cannot be known, e.g. for want of a price. */
  unknown: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * Least severe first. What ended early can vouch for nothing; what failed comes before what was
 * never tried; a missed objective is certain, an unknown one may yet be met.
 */
const rising: readonly ExitCode[] = [
  exitCodes.fine,
  exitCodes.unknown,
  exitCodes.missed,
  exitCodes.mistake,
  exitCodes.failed,
  exitCodes.interrupted,
];

/** The most severe of several outcomes; `fine` for none. */
export function worstExit(codes: readonly ExitCode[]): ExitCode {
  return rising[Math.max(0, ...codes.map((code) => rising.indexOf(code)))] ?? exitCodes.fine;
}
