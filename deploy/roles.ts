import type { Output } from "@pulumi/pulumi";
import type { DeployConfig } from "./config/deployConfig";

/** What a role is for. `drift` is every look at what is there that changes nothing. */
export type Operation = "preview" | "drift" | "update" | "destroy";

/** The operations of every stack; only review stacks are destroyed by a deployment. */
export const stackOperations: Operation[] = ["preview", "drift", "update"];
export const reviewOperations: Operation[] = ["preview", "update", "destroy"];

/** Name of the stack in Pulumi Cloud whose settings review stacks copy. */
export const reviewTemplate = "review";

/** IAM path of everything made here: what a deployment may never touch. */
export const rolePath = "/pe-deploy/";

export function roleName(stack: string, operation: Operation): string {
  return `pe-deploy-${stack}-${operation}`;
}

/**
 * The `operation` values of a Pulumi Deployments run that a role serves, as in its token's subject
 * and in PULUMI_CI_OPERATION. Source: pulumi.com/docs/deployments/guides/oidc (preview, update,
 * refresh, destroy) and …/concepts/settings/environment-variables, which adds the two of drift.
 */
export function operationsOf(operation: Operation, driftRemediate = false): string[] {
  if (operation === "drift") return ["refresh", "detect-drift"];
  if (operation === "update" && driftRemediate) return ["update", "remediate-drift"];
  return [operation];
}

/** True for an operation that only looks. */
export function isReadOnly(operation: Operation): boolean {
  return operation === "preview" || operation === "drift";
}

/** Minutes a session lasts: reading needs no more than AWS's own default. */
export function sessionMinutes(operation: Operation, config: DeployConfig): number {
  return isReadOnly(operation) ? 60 : config.sessionMinutes;
}

/** ARNs by stack (and {@link reviewTemplate}) and operation. */
export type StackRoles = Record<string, Partial<Record<Operation, Output<string>>>>;
