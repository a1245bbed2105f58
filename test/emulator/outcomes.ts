import { messageOf } from "../../config/mistake";

/** A step's result or failure: every test reports its own. */
export type Outcome<Value> = { value: Value } | { error: unknown };

export const print = (line: string) => process.stdout.write(`${line}\n`);

/** Shows that something happens: the whole ring takes half an hour. */
export async function timed<Value>(
  what: string,
  say: (line: string) => void,
  work: () => Promise<Value>,
): Promise<Outcome<Value>> {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  try {
    const value = await work();
    say(`${what} in ${seconds()}`);
    return { value };
  } catch (error) {
    say(`${what} failed after ${seconds()}: ${messageOf(error)}`);
    return { error };
  }
}

export function valueOf<Value>(outcome: Outcome<Value> | undefined): Value {
  if (!outcome) throw new Error("Not reached: an earlier step of this stack failed.");
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}

/** The message of a step that had to fail. */
export function refusalOf(outcome: Outcome<unknown> | undefined): string {
  if (!outcome) throw new Error("Not reached: an earlier step of this stack failed.");
  if ("error" in outcome) return messageOf(outcome.error);
  throw new Error("It was not refused.");
}
