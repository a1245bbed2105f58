import type { Answer, Choice } from "./cheapest";
import type { Targets } from "./targets";
import type { ExplainedTradeOff } from "./tradeOff";
import type { Evaluated, Frontier } from "./types";

/** Raised whenever a field of the JSON form is removed or changes its meaning. */
export const schemaVersion = 2;

/**
 * The JSON form of `npm run tradeoff -s -- <stack> --json`. Money is USD a month of the whole
 * installation, times are minutes; null is a recovery time without bound.
 *
 * - `schemaVersion`: 2; `stack`, `domain`, `milliseconds`; `families[]` of RDS classes
 * - `present`: the setting as the files have it {`azCount`, `regionCount`, `edition`,
 *   `instanceClass`, `minPerAz`, `natGateways`}
 * - `settings[]`: every evaluated setting, the cheapest first: `setting`, `usd`, `doubtUsd`,
 *   `modelledMinutes`, `contractualMinutes` (of writes, a month), `modelledReadMinutes`,
 *   `contractualReadMinutes`, `rtoMinutes`, `rpoMinutes` (worst of the loss of an instance, a zone
 *   and a region), `zoneRtoMinutes`, `zoneRpoMinutes`, `instanceRtoMinutes`, `instanceRpoMinutes`,
 *   `current` (the present one), `differs` (what of it no setting says)
 * - `frontiers`: `modelled`, `contractual`, and of the settings with the present database
 *   `modelledKeepingDatabase`, `contractualKeepingDatabase`; each `points[]` (indexes of
 *   `settings`, the cheapest first) and `usdPerMinute[]` (of the step from each point to the next)
 * - `dominated[]`: `setting` and `by`, indexes of `settings`
 * - `invalid[]`: `reason` and the number of `settings` that it left out; `unknown[]`: the same of
 *   settings that could not be judged, for want of a price or of the second region's file
 * - `problems[]`: what is wrong between the stacks {`stacks[]`, `key`, `message`}
 * - `objectives` of the stack; with these or an option, `targets` {`availability`, `rtoMinutes`,
 *   `rpoMinutes`, `monthlyBudgetUsd`, `disruption`}, and `answer`: `cheapest` and `keepingDatabase`
 *   (each `setting`, an index, `edits[]` {`stack`, `file`, `changes[]` {`path[]`, `from`, `to`},
 *   `refusal`: why it must be edited by hand}, `diff` of all files, unified, `missed[]` objectives
 *   {`key`, `target`, `value`, `text`}, `cautions[]`; null: none), `unreachable[]` sentences,
 *   `unknown`: why there is no answer (null: there is), `written[]` files
 */
export function tradeOffJson(
  of: ExplainedTradeOff,
  targets: Targets | undefined,
  answer: Answer | undefined,
  written: string[] = [],
): object {
  const indexes = new Map(of.evaluated.map((one, index) => [one, index]));
  const place = (one: Evaluated): number => indexes.get(one) ?? -1;
  const line = ({ points, steps }: Frontier): object => ({
    points: points.map(place),
    usdPerMinute: steps.map(({ usdPerMinute }) => usdPerMinute),
  });
  const pick = (choice: Choice | undefined): object | null =>
    choice
      ? {
          setting: place(choice.of),
          edits: choice.edits.map(({ text: _, diff: __, ...edit }) => edit),
          diff: choice.edits.map(({ diff }) => diff).join(""),
          missed: choice.missed.map(({ status: _, ...result }) => result),
          cautions: choice.cautions,
        }
      : null;
  return {
    schemaVersion,
    stack: of.stack,
    domain: of.domain,
    milliseconds: of.milliseconds,
    families: of.families,
    present: of.present,
    settings: of.evaluated,
    frontiers: {
      modelled: line(of.modelled),
      contractual: line(of.contractual),
      ...(of.keepingDatabase && {
        modelledKeepingDatabase: line(of.keepingDatabase.modelled),
        contractualKeepingDatabase: line(of.keepingDatabase.contractual),
      }),
    },
    dominated: of.dominated.map(({ setting, by }) => ({ setting: place(setting), by: place(by) })),
    invalid: of.invalid,
    unknown: of.unknown,
    objectives: of.objectives,
    problems: of.problems,
    ...(targets && answer
      ? {
          targets,
          answer: {
            cheapest: pick(answer.cheapest),
            keepingDatabase: pick(answer.keepingDatabase),
            unreachable: answer.unreachable,
            unknown: answer.unknown ?? null,
            written,
          },
        }
      : {}),
  };
}
