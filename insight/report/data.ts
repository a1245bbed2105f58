import type { InstallationProblem } from "../../stacks/installation";
import {
  figuresOf,
  readSources,
  type FigureSources,
  type InstallationFigures,
} from "../figures/figures";
import { facts, installations, type Fact } from "../figures/installations";
import { regionFinder } from "../plan/crossRegion";
import { flags, isCreated, shortType } from "../plan/inventory";
import { keyInputs } from "../plan/keyInputs";
import { readableStacks } from "../figures/readableStacks";
import { referrer } from "../plan/references";
import { installationProblems, isFailure, isReport, reportStack } from "../figures/report";
import type { StackFailure, StackReport, StackResult } from "../figures/report";
import { listStacks, projectName } from "../../config/stackFiles";
import { tradeOff } from "../tradeoff/tradeOff";
import type { TradeOff } from "../tradeoff/types";
import { flowRows, stackPath, type FlowRow, type StackPath } from "./hops";
import { topologySvg } from "./topology/svg";
import { usageRows, type UsageRow } from "./usageRows";
import { UserError } from "../../config/mistake";

/** All that the page shows. */
export interface PageData {
  project: string;
  /** The day that prices' ages count from. */
  today: Date;
  installations: InstallationView[];
  /** Stacks that could not be planned. */
  failures: StackFailure[];
  /** What is wrong between stacks. */
  problems: InstallationProblem[];
  resources: ResourceRow[];
  sources: FigureSources;
}

/** One installation: its stacks, what they buy and what they look like. */
export interface InstallationView {
  domain: string;
  /** Planned stacks, the home region's first. */
  stacks: StackReport[];
  figures: InstallationFigures;
  /** The architecture as an SVG element; absent when no region is in use. */
  picture?: string;
  paths: StackPath[];
  flows: FlowRow[];
  facts: Fact[];
  usage: UsageRow[];
  /** Stacks of it that could not be planned: all figures are without them. */
  lacking: string[];
  /** Around the home region's stack; where it cannot be done, why. */
  tradeOff: TradeOff | string;
}

export interface ResourceRow {
  stack: string;
  region: string;
  component: string;
  type: string;
  name: string;
  /** Options that stand out, e.g. `protect`. */
  flags: string[];
  /** Inputs that matter; secrets read `[secret]`. */
  inputs: [string, string][];
}

export interface PageRequest {
  /** Only the installation of this stack. @default all */
  stack?: string;
  /** Where these stacks are planned already. @default they are planned */
  results?: StackResult[];
  /** @default now */
  today?: Date;
  /** Hears what is being done, e.g. `Planning prod-east`. */
  onProgress?: (doing: string) => void;
}

/**
 * Plans the stacks and works everything out. Stacks that fail are part of the result.
 * @throws UserError for what is wrong in the files that figures stand on: prices, usage files,
 *   availability inputs.
 */
export async function pageData(request: PageRequest = {}): Promise<PageData> {
  const { stack, today = new Date(), onProgress = () => undefined } = request;
  const results = request.results ?? (await plannedStacks(stack, onProgress));
  const reports = results.filter(isReport);
  const failures = results.filter(isFailure);
  await step(onProgress, "Working out cost and service level");
  const sources = readSources(today);
  const figures = await figuresOf(reports, sources);
  const views: InstallationView[] = [];
  for (const installation of installations(reports)) {
    const own = figures.find(({ domain }) => domain === installation.domain);
    if (!own) continue;
    const lacks = lacking(installation.stacks, failures);
    views.push(await view(installation, own, lacks, sources, { today, onProgress }));
  }
  return {
    project: projectName(),
    today,
    installations: views,
    failures,
    problems: installationProblems(stack),
    resources: reports.flatMap(resourceRows),
    sources,
  };
}

/** All stacks; with one named, those of its installation as far as their files can be read. */
export async function plannedStacks(
  wanted: string | undefined,
  onProgress: (doing: string) => void,
): Promise<StackResult[]> {
  const results: StackResult[] = [];
  for (const stack of wanted === undefined ? listStacks() : installationOf(wanted)) {
    await step(onProgress, `Planning ${stack}`);
    results.push(await reportStack(stack));
  }
  return results;
}

function installationOf(stack: string): string[] {
  const readable = readableStacks();
  const domain = readable.find((one) => one.stack === stack)?.config.domain;
  if (domain === undefined) return [stack];
  return readable.filter(({ config }) => config.domain === domain).map((one) => one.stack);
}

async function view(
  { domain, stacks }: { domain: string; stacks: StackReport[] },
  figures: InstallationFigures,
  lacks: string[],
  sources: FigureSources,
  { today, onProgress }: { today: Date; onProgress: (doing: string) => void },
): Promise<InstallationView> {
  const name = stacks.map(({ stack }) => stack).join(" and ");
  await step(onProgress, `Drawing ${name}`);
  const picture = figures.level ? await topologySvg(stacks) : undefined;
  await step(onProgress, `Weighing the settings of ${name}`);
  return {
    domain,
    stacks,
    figures,
    lacking: lacks,
    ...(picture === undefined ? {} : { picture }),
    paths: stacks.map(stackPath).filter(({ request }) => request.length > 0),
    flows: stacks.flatMap(flowRows),
    facts: facts({ domain, stacks }),
    usage: usageRows(
      figures.stacks.map(({ stack }) => stack),
      sources.usageOf,
    ),
    tradeOff: await weighed(stacks, today),
  };
}

/** Where it cannot be done, the sentence that says why: the rest of the page is worth reading. */
async function weighed(stacks: StackReport[], today: Date): Promise<TradeOff | string> {
  const [first] = stacks;
  if (!first) return "No stack of it could be planned.";
  try {
    return await tradeOff(first.stack, undefined, { today });
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** Stacks that belong to an installation and failed: its figures are without them. */
function lacking(stacks: StackReport[], failures: StackFailure[]): string[] {
  const failed = new Set(failures.map(({ stack }) => stack));
  return stacks.flatMap(({ config: { peerStack } }) =>
    peerStack !== undefined && failed.has(peerStack) ? [peerStack] : [],
  );
}

/** Lets the terminal or the server's clients have their turn between two pieces of work. */
async function step(onProgress: (doing: string) => void, doing: string): Promise<void> {
  onProgress(doing);
  await new Promise((resolve) => setImmediate(resolve));
}

function resourceRows({ stack, plan }: StackReport): ResourceRow[] {
  const refer = referrer(plan);
  const regionOf = regionFinder(plan);
  return plan.resources.filter(isCreated).map((resource) => {
    const { component, type, name } = resource;
    return {
      stack,
      region: regionOf(resource),
      component: component ? `${shortType(component.type)} ${component.name}` : "Stack",
      type,
      name,
      flags: flags(resource),
      inputs: keyInputs(resource, refer),
    };
  });
}
