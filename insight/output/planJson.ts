import { redact } from "../../catalogue/json";
import { projectName } from "../../config/stackFiles";
import type { InstallationProblem } from "../../stacks/installation";
import {
  activeZones,
  databaseRole,
  isActive,
  isFailure,
  isReport,
  type StackFailure,
  type StackReport,
  type StackResult,
} from "../figures/report";
import { isCreated } from "../plan/inventory";
import type { StackPlan } from "../plan/plan";
import type { PlanJson } from "./planSchema";

type StackJson = Extract<PlanJson["stacks"][number], { plan?: unknown }>;

/**
 * What `npm start -s -- [stack] --json` prints, by docs/plan.schema.json. Ids, ARNs and addresses are
 * made up (account 123456789012); secrets read `[secret]`.
 */
export function toJson(
  results: StackResult[],
  problems: InstallationProblem[],
  detailed: boolean,
  figures: Pick<PlanJson, "installations" | "figuresError" | "against" | "againstError"> = {
    installations: [],
  },
): PlanJson {
  const reports = results.filter(isReport);
  const sum = (of: (report: StackReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  return {
    schemaVersion: 2,
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

function failureJson({ stack, message, problems }: StackFailure): PlanJson["stacks"][number] {
  return { stack, error: { message, problems } };
}

function stackJson(report: StackReport, detailed: boolean): StackJson {
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

function replicationJson(report: StackReport): StackJson["replication"] {
  const { follows, captures, peered, ownsPeering } = report.replication;
  const { mode, writer } = report.config.replication;
  return {
    mode: peered ? mode : "none",
    writer,
    role: databaseRole(report) ?? null,
    ...(follows ? { follows } : {}),
    ...(captures ? { captures } : {}),
    peered,
    ownsPeering,
    crossRegion: report.crossRegion.map((entry) => ({ ...entry })),
  };
}

function planJson(plan: StackPlan): StackJson["plan"] {
  return plan.resources.map((resource) => {
    const { urn, type, name, parent, path, component, expanded, options, inputs } = resource;
    return {
      ...{ urn, type, name, path, expanded },
      parent: parent ?? null,
      component: component ?? null,
      created: isCreated(resource),
      options: { ...options },
      inputs: redact(inputs),
    };
  });
}
