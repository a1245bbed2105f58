import { RunError } from "@pulumi/pulumi";
import { parseConfig, type PlatformConfig } from "../../stacks/config/platformConfig";
import { crossCheck, type InstallationProblem } from "../../stacks/installation";
import { replicationPlan, type ReplicationPlan } from "../../stacks/replicationPlan";
import { serviceLevel } from "../../stacks/serviceLevel";
import { crossRegion, type CrossRegion } from "../plan/crossRegion";
import { inventory, type Inventory } from "../plan/inventory";
import { planStack } from "../plan/offlinePlan";
import { type StackPlan } from "../plan/plan";
import { readableStacks } from "./readableStacks";
import { listStacks, projectRoot, readStack } from "../../config/stackFiles";
import { located, locatedText } from "../../config/positions";
import { namespace } from "../../stacks/config/reader";
import { warnings, type Warning } from "./warnings";
import { messageOf, UserError } from "../../config/mistake";
import { ConfigError, type Problem } from "../../config/problems";

/** What was read and planned for one stack. */
export interface StackReport {
  stack: string;
  config: PlatformConfig;
  plan: StackPlan;
  inventory: Inventory;
  /** What its database does for the other region, and gets from there. */
  replication: ReplicationPlan;
  /** What ties it to the other region. */
  crossRegion: CrossRegion[];
  warnings: Warning[];
}

/** A stack that cannot be planned, and why. */
export interface StackFailure {
  stack: string;
  /** All of it as readable text. */
  message: string;
  /** One entry per wrong config key, with its place in the file; empty if the failure is not about the config. */
  problems: Problem[];
  /** A mistake in the input (true) or an error of the program (false). */
  isUserMistake: boolean;
  error: unknown;
}

export type StackResult = StackReport | StackFailure;

export function isFailure(result: StackResult): result is StackFailure {
  return "error" in result;
}

export function isReport(result: StackResult): result is StackReport {
  return !isFailure(result);
}

/** Reads, checks and plans one stack. Never throws: what is wrong is part of the result. */
export async function reportStack(stack: string): Promise<StackResult> {
  try {
    const { raw, secretKeys } = readStack(stack);
    return await describeStack(stack, raw, secretKeys);
  } catch (error) {
    const known = error instanceof UserError || RunError.isInstance(error);
    const problems =
      error instanceof ConfigError ? located(stack, error.problems, projectRoot, namespace) : [];
    return {
      stack,
      message: problems.length > 0 ? locatedText(problems) : messageOf(error),
      problems,
      isUserMistake: known,
      error,
    };
  }
}

/**
 * Plans one stack from its config in the engine's raw form.
 * @param secretKeys keys whose values only the engine can read.
 * @throws what the program throws, e.g. a ConfigError.
 */
export async function describeStack(
  stack: string,
  raw: Record<string, string>,
  secretKeys: string[] = [],
): Promise<StackReport> {
  const config = parseConfig(raw, stack);
  const plan = await planStack({ stack, raw });
  return {
    stack,
    config,
    plan,
    inventory: inventory(plan),
    replication: replicationPlan(config, serviceLevel(config)),
    crossRegion: crossRegion(plan),
    warnings: [...encrypted(secretKeys), ...warnings(config, plan)],
  };
}

/** All stacks, one after another in this process (the SDK is loaded once). */
export async function reportAll(stacks = listStacks()): Promise<StackResult[]> {
  const results: StackResult[] = [];
  for (const stack of stacks) results.push(await reportStack(stack));
  return results;
}

function encrypted(keys: string[]): Warning[] {
  if (keys.length === 0) return [];
  const list = keys.join(", ");
  const message = `${list}: only the engine can read encrypted values, this plan is without them.`;
  return [{ code: "encrypted", message }];
}

/**
 * What is wrong between stacks whose config is right by itself. Reads all stacks, also where only
 * one is reported on; `of` leaves out what doesn't concern that one.
 */
export function installationProblems(of?: string): InstallationProblem[] {
  return crossCheck(readableStacks()).filter(
    ({ stacks }) => of === undefined || stacks.includes(of),
  );
}

/** False for a stack whose region `regionCount` leaves out: its plan is empty. */
export function isActive({ config }: StackReport): boolean {
  return serviceLevel(config).active;
}

/** Zones in which the stack runs servers. */
export function activeZones(report: StackReport): string[] {
  const { availabilityZones } = report.config.network;
  return isActive(report) ? availabilityZones.slice(0, report.config.azCount) : [];
}

/** `writer`, `replica` or `writer and replica`; undefined for a stack that is empty. */
export function databaseRole({ plan }: StackReport): string | undefined {
  const { databaseRole: role } = plan.outputs;
  return typeof role === "string" ? role : undefined;
}
