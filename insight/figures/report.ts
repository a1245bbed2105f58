import { RunError } from "@pulumi/pulumi";
import { parseConfig, type PlatformConfig } from "../../stacks/config/platformConfig";
import { crossCheck, type InstallationProblem } from "../../stacks/installation";
import {
  replicationPlan,
  type Following,
  type ReplicationPlan,
} from "../../stacks/replicationPlan";
import { serviceLevel } from "../../stacks/serviceLevel";
import { crossRegion, type CrossRegion } from "../plan/crossRegion";
import { inventory, isCreated, type Inventory } from "../plan/inventory";
import { planStack } from "../plan/offlinePlan";
import { type StackPlan } from "../plan/plan";
import { redact, type Json, type JsonObject } from "../../catalogue/json";
import { readableStacks } from "./readableStacks";
import { listStacks, projectName, projectRoot, readStack } from "../../config/stackFiles";
import { located, locatedLine } from "../../config/positions";
import { namespace } from "../../stacks/config/reader";
import { warnings, type Warning } from "./warnings";
import { messageOf, UserError } from "../../config/mistake";
import { ConfigError, problemCount, type Problem } from "../../config/problems";

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
      message:
        problems.length > 0
          ? [problemCount(problems), ...problems.map(locatedLine)].join("\n  - ")
          : messageOf(error),
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

/** Raised whenever a field of the JSON form is removed or changes its meaning. */
export const schemaVersion = 1;

/**
 * The JSON form of `npm start -s -- [stack] --json`:
 *
 * - `schemaVersion`: 1; `project`: the project's name
 * - `stacks[]`: `stack`, then either `error` {`message`, `problems[]` {`key`, `message`}} or
 *   `region`, `active`, `regionCount`, `zones[]`, `exposure`, `domain`,
 *   `resources` {`total`, `byComponent`, `byNearest`, `byType`, `protected[]`},
 *   `replication`,
 *   `warnings[]` {`code`, `message`}, `outputs`; and, when one stack was asked for, `plan[]`: every
 *   registration in order with `urn`, `type`, `name`, `parent`, `path`, `component`, `created`,
 *   `expanded` (created by awsx), `options`, `inputs`
 * - `replication`: `mode` as it takes effect (`none` with one region), `writer` (the region that
 *   takes writes), `role` (of this database: `writer`, `replica` or `writer and replica`; null for
 *   an empty stack), `follows` {`region`, `tables[]`, `filter` {`column`, `value`}, `fullLoad`} where
 *   changes come from, `captures[]` the tables whose changes the other region gets, `peered`,
 *   `ownsPeering`, `crossRegion[]`: either `kind` `reads` with `stack`, `what`, `fields[]` (of the
 *   other stack's output `contract`) and `for[]` (components), or `kind` `owns` with `region`,
 *   `provider`, `component`, `resources` (their number) and `untouched` (`replication.peerRegion`)
 * - `installations[]`: cost and service level, see figuresJson.ts; `figuresError`: why there are none
 * - `against`: with --against, see figuresJson.ts
 * - `problems[]`: what is wrong between stacks {`stacks[]`, `key`, `message`}
 * - `totals` {`stacks`, `failed`, `resources`, `warnings`}
 *
 * Ids, ARNs and addresses in inputs and outputs are made up (account 123456789012); secrets read
 * `[secret]`.
 */
export function toJson(
  results: StackResult[],
  problems: InstallationProblem[],
  detailed: boolean,
  figures: JsonObject = {},
): JsonObject {
  const reports = results.filter(isReport);
  const sum = (of: (report: StackReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  return {
    schemaVersion,
    project: projectName(),
    stacks: results.map((result) =>
      isFailure(result) ? failureJson(result) : stackJson(result, detailed),
    ),
    ...figures,
    problems: problems.map(({ stacks, key, message }) => ({ stacks, key, message })),
    totals: {
      stacks: results.length,
      failed: results.length - reports.length,
      resources: sum((report) => report.inventory.total),
      warnings: sum((report) => report.warnings.length),
    },
  };
}

function failureJson({ stack, message, problems }: StackFailure): JsonObject {
  return { stack, error: { message, problems: JSON.parse(JSON.stringify(problems)) as Json } };
}

function stackJson(report: StackReport, detailed: boolean): JsonObject {
  const { stack, config, plan } = report;
  const { total, byComponent, byNearest, byType, protected: kept } = report.inventory;
  return {
    stack,
    region: config.region,
    active: isActive(report),
    regionCount: config.regionCount,
    zones: activeZones(report),
    exposure: config.exposure,
    domain: config.domain,
    resources: { total, byComponent, byNearest, byType, protected: kept },
    replication: replicationJson(report),
    warnings: report.warnings.map(({ code, message }) => ({ code, message })),
    outputs: redact(plan.outputs),
    ...(detailed && { plan: planJson(plan) }),
  };
}

function replicationJson(report: StackReport): JsonObject {
  const { follows, captures, peered, ownsPeering } = report.replication;
  const { mode, writer } = report.config.replication;
  return {
    mode: peered ? mode : "none",
    writer,
    role: databaseRole(report) ?? null,
    ...(follows ? { follows: followsJson(follows) } : {}),
    ...(captures ? { captures } : {}),
    peered,
    ownsPeering,
    crossRegion: report.crossRegion.map((entry) => ({ ...entry })),
  };
}

function followsJson({ region, tables, filter, fullLoad }: Following): JsonObject {
  return { region, tables, ...(filter ? { filter: { ...filter } } : {}), fullLoad };
}

function planJson(plan: StackPlan): Json {
  return plan.resources.map((resource) => {
    const { urn, type, name, parent, path, component, expanded, options, inputs } = resource;
    return redact({
      urn,
      type,
      name,
      parent: parent ?? null,
      path,
      component: component ?? null,
      created: isCreated(resource),
      expanded,
      options: options as unknown as JsonObject,
      inputs,
    });
  });
}
