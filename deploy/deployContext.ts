import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { listStacks, projectName, readStackConfig } from "../config/stackFiles";
import { shortBranch } from "./config/formats";
import { isOpen } from "../stacks/serviceLevel";
import type { OrderedStack } from "./gate/order";

/** What a stack file of the platform says that matters to its deployment. */
export interface PlatformStack {
  /** Of its AWS provider; undefined when the file lacks it. */
  region?: string;
  /** Of its installation, in order: a stack has resources in its own, and may have in the other. */
  regions: string[];
  /** Anybody may connect: Route 53 asks from the internet, and tells CloudWatch in its own region. */
  open: boolean;
  /** How many of them are in use. */
  regionCount: number;
  /** The region that takes writes. */
  writer: string;
  /** Stacks of one domain are the regions of one installation. */
  domain?: string;
  cidrBlock?: string;
  /** The default tag `project` on everything the stack creates: what its roles may touch. */
  projectTag?: string;
  /** Pulumi or RDS refuses to delete what holds its data. */
  protected: boolean;
}

/** What the config is checked against, beyond itself. */
export interface DeployContext {
  /** Name of the platform's project. */
  project: string;
  stacks: Record<string, PlatformStack>;
  /** Branches that the clone knows, short; empty where there is no clone. */
  branches: string[];
  /** A token for Pulumi Cloud is in the environment or in the provider's config. */
  hasToken: boolean;
}

const root = join(__dirname, "..");

/** @throws UserError for a stack file that can't be read. */
export function readDeployContext(raw: Record<string, string>): DeployContext {
  const stacks = listStacks(root).map((name) => [name, platformStack(readStackConfig(name, root))]);
  return {
    project: projectName(root),
    stacks: Object.fromEntries(stacks) as Record<string, PlatformStack>,
    branches: knownBranches(),
    hasToken: Boolean(process.env.PULUMI_ACCESS_TOKEN || raw["pulumiservice:accessToken"]),
  };
}

/** @param raw the platform stack's config in the engine's raw form. */
export function platformStack(raw: Record<string, string>): PlatformStack {
  const own = (name: string): string | undefined => raw[`pe-platform:${name}`] || undefined;
  const region = raw["aws:region"];
  const regions = parsed<string[]>(own("regions")) ?? [];
  const domain = own("domain");
  const { cidrBlock, clientCidrs = ["0.0.0.0/0"] } =
    parsed<{ cidrBlock?: string; clientCidrs?: string[] }>(own("network")) ?? {};
  const tags = parsed<{ tags?: Record<string, string> }>(raw["aws:defaultTags"])?.tags;
  const projectTag = tags?.project;
  const database = parsed<{ deletionProtection?: boolean }>(own("database"));
  return {
    ...(region === undefined ? {} : { region }),
    regions,
    open: isOpen(own("exposure") === "private" ? "private" : "public", clientCidrs),
    regionCount: Number(own("regionCount") ?? 1),
    writer: parsed<{ writer?: string }>(own("replication"))?.writer ?? regions[0] ?? "",
    ...(domain === undefined ? {} : { domain }),
    ...(cidrBlock === undefined ? {} : { cidrBlock }),
    ...(projectTag === undefined ? {} : { projectTag }),
    protected: own("protect") !== "false" || database?.deletionProtection !== false,
  };
}

/** What decides when the stack's turn comes. */
export function turnOf(file: PlatformStack | undefined): OrderedStack["config"] {
  const { domain = "", region = "", regions = [], regionCount = 1, writer = "" } = file ?? {};
  // Of `replication` the order goes by the writer alone; whether the rest is right, it never asks.
  return {
    domain,
    region,
    regions,
    regionCount,
    replication: { writer },
  } as OrderedStack["config"];
}

function parsed<T>(text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    // The platform's own config check says what is wrong with it.
    return undefined;
  }
}

/** A clone of one branch, as CI makes it, knows only that one: then nothing can be said. */
function knownBranches(): string[] {
  const { status, stdout } = spawnSync(
    "git",
    ["for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes"],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) return [];
  const names = stdout
    .split("\n")
    .filter((line) => line !== "" && !line.endsWith("/HEAD"))
    .map((line) => shortBranch(line).replace(/^refs\/remotes\/[^/]+\//, ""));
  const branches = [...new Set(names)];
  return branches.length > 1 ? branches : [];
}
