import { UserError } from "../config/mistake";

type Inputs = Record<string, unknown>;

/**
 * What becomes of a create that was cut off, so that nobody knows whether it happened; import ids as
 * in the registry's pages:
 * - `again`: creating it once more does no harm, by the reason given.
 * - `id`: its import id follows from its inputs; a refresh then reads it, or drops it.
 * - `arn`: AWS chose the id; it is found by its tags, and the id is read from its ARN.
 * - `look`: nothing tells whether it exists, and a second one would cost: somebody looks.
 */
export type Recovery =
  | { again: string }
  | { id(inputs: Inputs): string }
  | { arn: RegExp; idOf?(arn: string): string; global?: true }
  | { look: string };

// Only what has no name of its own: the next `up` draws another one, and the first would stay.
export const putAgain = { again: "its create is a Put: the same settings are written again" };

/** The id is one of the inputs; the engine has chosen the names that the program leaves open. */
export const byInput = (...names: string[]): Recovery => ({
  id: (inputs) => names.map((name) => required(inputs, name)).join("/"),
});

export function required(inputs: Inputs, name: string): string {
  const value = inputs[name];
  if (typeof value === "string" && value !== "") return value;
  throw UserError.failed(`A create that was cut off has no readable ${name}.`);
}

/** Ids that are the end of the ARN. */
export const endOfArn = (arn: string): string => arn.replace(/^.*\//, "");

export const byEc2Arn = (kind: string): Recovery => ({
  arn: new RegExp(`:ec2:[^:]+:\\d+:${kind}/`),
  idOf: endOfArn,
});
