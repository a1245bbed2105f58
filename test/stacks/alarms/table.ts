import { shortType } from "../../../insight/plan/inventory";
import type { PlannedResource, StackPlan } from "../../../insight/plan/plan";
import { allOf } from "../../support/record";
import { losses, settled } from "./losses";
import { silences } from "./silences";

/** The first column's keys of a resource: its component, what it is there, and which one. */
export function keysOf({ component, type, name }: PlannedResource): string[] {
  const kind = component ? shortType(component.type) : "Stack";
  const part = `${kind}/${shortType(type)}`;
  return [kind, part, `${part} ${name}`];
}

/** Minutes until each alarm of the plans says so, by logical name; 0 for events of AWS. */
export function minutesOf(plans: StackPlan[]): Map<string, number> {
  const alarms = plans.flatMap((plan) => allOf(plan, "MetricAlarm"));
  const events = plans.flatMap((plan) =>
    allOf(plan, "EventRule").filter(({ inputs }) => inputs.eventPattern !== undefined),
  );
  return new Map([
    ...alarms.map(({ name, inputs }): [string, number] => [
      name,
      (Number(inputs.period) * Number(inputs.datapointsToAlarm ?? inputs.evaluationPeriods)) / 60,
    ]),
    ...events.map(({ name }): [string, number] => [name, 0]),
  ]);
}

const row = (cells: string[]): string => `| ${cells.join(" | ")} |`;
const counts = { breaching: "bad", notBreaching: "good", ignore: "no change" };

/** The tables of docs/alarms.md. */
export function tables(minutes: Map<string, number>): string {
  const told = (name: string): string => {
    const within = minutes.get(name);
    return `\`${name}\` ${within === 0 ? "at AWS's word" : `${within ?? "?"} min`}`;
  };
  return [
    row(["Gone, or at a stand", "Says so, within", "What that does not see; why nothing does"]),
    row(["---", "---", "---"]),
    ...losses.map(({ what, tells, why = "" }) =>
      row([what, tells.map(told).join(", ") || "nothing", why]),
    ),
    "",
    row(["Alarm", "Silence is", "Because"]),
    row(["---", "---", "---"]),
    ...Object.entries(silences).map(([name, silence]) =>
      row([`\`${name}\``, counts[silence.counts], silence.why]),
    ),
    "",
    row(["Types without a row", "Because"]),
    row(["---", "---"]),
    ...Object.entries(settled).map(([why, types]) => row([types.join(", "), why])),
  ].join("\n");
}
