import { valueAt, type JsonObject } from "../../catalogue/json";
import { peerValues } from "./peerValues";
import type { StackPlan } from "./plan";

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
    const made = references.map((key) =>
      key in inputs ? undefined : valueAt(outputs, key.split(".")),
    );
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
    const region = valueAt(item, ["region"]);
    if (typeof arn !== "string" || typeof region !== "string") return [];
    return [[arn.replace(/^(arn:aws:secretsmanager:)[^:]*/, `$1${region}`), region]];
  });
}
