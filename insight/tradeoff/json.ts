import type { Answer, Choice } from "./cheapest";
import type { Targets } from "./targets";
import type { ExplainedTradeOff } from "./tradeOff";
import type { TradeOffJson } from "./schema";
import type { Evaluated, Frontier } from "./types";

/** What `npm run tradeoff -s -- <stack> --json` prints, by docs/tradeoff.schema.json. */
export function tradeOffJson(
  of: ExplainedTradeOff,
  targets: Targets | undefined,
  answer: Answer | undefined,
  written: string[] = [],
): TradeOffJson {
  const indexes = new Map(of.evaluated.map((one, index) => [one, index]));
  const place = (one: Evaluated): number => indexes.get(one) ?? -1;
  const line = ({ points, steps }: Frontier): TradeOffJson["frontiers"]["modelled"] => ({
    points: points.map(place),
    usdPerMinute: steps.map(({ usdPerMinute }) => usdPerMinute),
  });
  const pick = (choice: Choice | undefined): NonNullable<TradeOffJson["answer"]>["cheapest"] =>
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
    schemaVersion: 3,
    stack: of.stack,
    domain: of.domain,
    milliseconds: of.milliseconds,
    families: of.families,
    present: of.present,
    settings: of.evaluated,
    frontiers: {
      modelled: line(of.modelled),
      slaComposite: line(of.slaComposite),
      ...(of.keepingDatabase && {
        modelledKeepingDatabase: line(of.keepingDatabase.modelled),
        slaCompositeKeepingDatabase: line(of.keepingDatabase.slaComposite),
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
