import { peerValues } from "./peerValues";
import { reveal, type Json, type JsonObject, type StackPlan } from "./plan";

/** Says which resource an id or ARN belongs to, so that a plan reads without made-up ids. */
export type Referrer = (value: string) => string;

const references = [
  "arn",
  "endpoint",
  "dnsName",
  "prefixListId",
  "certificateArn",
  "endpointArn",
  "replicationInstanceArn",
  "replicationTaskArn",
  "outputs.RotationLambdaARN",
];

/**
 * Replaces ids and ARNs of the plan's own resources by `→ name`, and what the other region's stack
 * offers by `→ stack:field`.
 */
export function referrer(plan: StackPlan): Referrer {
  const names = new Map<string, string>();
  for (const { stack, field, value } of peerValues(plan)) {
    // Addresses are worth more than where they come from.
    if (!field.endsWith(".cidr")) names.set(value, `${stack}:${field}`);
  }
  for (const { id, name, inputs, outputs } of plan.resources) {
    // What was put in is a setting, e.g. where a topic delivers to; only what came out refers.
    const made = references.map((key) => (key in inputs ? undefined : at(outputs, key.split("."))));
    for (const value of [id, ...made]) {
      if (typeof value === "string" && value.length > 6 && value !== name) names.set(value, name);
    }
    for (const [copy, region] of replicas(inputs, outputs)) names.set(copy, `${name} in ${region}`);
  }
  return (value) => {
    const name = names.get(value);
    return name === undefined ? value : `→ ${name}`;
  };
}

/** A secret's copies in other regions: their ARNs, which differ by the region alone. */
function replicas(inputs: JsonObject, { arn }: JsonObject): [arn: string, region: string][] {
  const list = Array.isArray(inputs.replicas) ? inputs.replicas : [];
  return list.flatMap((item): [string, string][] => {
    const region = at(item, ["region"]);
    if (typeof arn !== "string" || typeof region !== "string") return [];
    return [[arn.replace(/^(arn:aws:secretsmanager:)[^:]*/, `$1${region}`), region]];
  });
}

/** The value at a path; of a list (`key[]`) all that there are. */
export function at(value: Json | undefined, path: string[]): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined || value === undefined) return value;
  const key = step.replace("[]", "");
  const shown = reveal(value);
  if (typeof shown !== "object" || shown === null || Array.isArray(shown)) return undefined;
  const next = shown[key];
  if (!step.endsWith("[]")) return at(next, rest);
  if (!Array.isArray(next)) return undefined;
  const found = next.map((item) => at(item, rest)).filter((item) => item !== undefined);
  return found.length > 1 ? found : found[0];
}
