import { rowOf } from "../../catalogue";
import { redact, valueAt, type Json } from "../../catalogue/json";
import type { PlannedResource } from "./plan";
import type { Referrer } from "./references";

// What the engine makes itself, and AWS never hears of.
const engines: Record<string, string[]> = {
  "awsx:ec2:Vpc": ["cidrBlock", "availabilityZoneNames", "natGateways.strategy"],
  "pulumi:providers:aws": ["region"],
};

const longest = 72;

/** The inputs that matter of one resource, as short text, in the catalogue's order; unset ones left out. */
export function keyInputs(resource: PlannedResource, refer: Referrer): [string, string][] {
  const row = rowOf(resource.type);
  const paths = row?.shows ?? engines[resource.type] ?? scalars(resource);
  const plain = paths.flatMap((path): [string, string][] => {
    const value = valueAt(resource.inputs, path.split("."));
    return value === undefined || value === null ? [] : [[label(path), show(value, refer)]];
  });
  const read = row?.reads?.(resource.inputs) ?? [];
  return [...plain, ...read.map(([key, value]): [string, string] => [key, show(value, refer)])];
}

/** Types without an entry show their plain settings, at most four. */
function scalars(resource: PlannedResource): string[] {
  return Object.keys(resource.inputs)
    .filter((key) => ["boolean", "number", "string"].includes(typeof resource.inputs[key]))
    .sort()
    .slice(0, 4);
}

function label(path: string): string {
  return path.replaceAll("[]", "").split(".").slice(-1).join("");
}

function show(value: Json, refer: Referrer): string {
  const text = plainText(redact(value), refer).replace(/\s+/g, " ");
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function plainText(value: Json, refer: Referrer): string {
  if (typeof value === "string") return refer(value);
  if (Array.isArray(value)) return value.map((item) => plainText(item, refer)).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  const fields = Object.entries(value).filter(([, item]) => item !== null);
  return `{${fields.map(([key, item]) => `${key}: ${plainText(item, refer)}`).join(", ")}}`;
}
