import { createHash } from "node:crypto";
import { reveal, type Json, type JsonObject } from "./plan";

/** What the mock provider knows of the registration or call it answers. */
export interface MockContext {
  /** Resource type, or the token of the called function. */
  type: string;
  name: string;
  urn: string;
  inputs: JsonObject;
  /** The region of the provider in use. */
  region: string;
}

/** AWS documentation's own example account: no real one can be meant. */
export const mockAccountId = "123456789012";

/** Deterministic hexadecimal digits, so that two plans of one stack are identical. */
export function hex(seed: string, length: number): string {
  let digits = "";
  for (let block = 0; digits.length < length; block++) {
    digits += createHash("sha256").update(`${block}:${seed}`).digest("hex");
  }
  return digits.slice(0, length);
}

export function uuid(seed: string): string {
  const digits = hex(seed, 32);
  return [8, 12, 16, 20].reduceRight((id, at) => `${id.slice(0, at)}-${id.slice(at)}`, digits);
}

export function text(value: Json | undefined, otherwise = ""): string {
  const shown = reveal(value);
  return typeof shown === "string" ? shown : otherwise;
}

export function texts(value: Json | undefined): string[] {
  const shown = reveal(value);
  return Array.isArray(shown) ? shown.filter((item) => typeof item === "string") : [];
}

export function arn(service: string, context: MockContext, resource: string): string {
  const region = ["iam", "s3", "route53"].includes(service) ? "" : context.region;
  const account = ["s3", "route53"].includes(service) ? "" : mockAccountId;
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}
