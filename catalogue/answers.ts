import { createHash } from "node:crypto";
import { text, type JsonObject } from "./json";

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

export function arn(service: string, context: MockContext, resource: string): string {
  const region = ["iam", "s3", "route53"].includes(service) ? "" : context.region;
  const account = ["s3", "route53"].includes(service) ? "" : mockAccountId;
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

export interface MockAnswer {
  id: string;
  /** Added to the inputs, which every resource also gives back. */
  outputs: JsonObject;
}

/** The name AWS would see: the given one, else the provider's autonaming `name-1234567`. */
export function physicalName(context: MockContext, property = "name"): string {
  const given = text(context.inputs[property]);
  if (given !== "") return given;
  const prefix = text(context.inputs[`${property}Prefix`], `${context.name}-`);
  return `${prefix}${hex(context.urn, 7)}`;
}

export type Answer = (context: MockContext) => MockAnswer;

/** A resource whose id is `prefix-` and digits, as in EC2. */
export function withId(
  prefix: string,
  service: string,
  kind: string,
  outputs?: (id: string) => JsonObject,
) {
  return (context: MockContext): MockAnswer => {
    const id = `${prefix}-0${hex(context.urn, 16)}`;
    return { id, outputs: { arn: arn(service, context, `${kind}/${id}`), ...outputs?.(id) } };
  };
}

/** A resource that is known by its name. */
export function withName(
  service: string,
  resource: (name: string) => string,
  outputs?: (name: string, context: MockContext) => JsonObject,
): Answer {
  return (context) => {
    const name = physicalName(context);
    return {
      id: name,
      outputs: { name, arn: arn(service, context, resource(name)), ...outputs?.(name, context) },
    };
  };
}

/** A resource that is known by its ARN, which ends in digits of its own. */
export function withArn(
  service: string,
  resource: (name: string, context: MockContext) => string,
  outputs?: (name: string, context: MockContext) => JsonObject,
): Answer {
  return (context) => {
    const name = physicalName(context);
    const id = arn(service, context, resource(name, context));
    return { id, outputs: { arn: id, name, ...outputs?.(name, context) } };
  };
}
