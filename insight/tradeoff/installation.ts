import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig, type PlatformConfig } from "../../stacks/config/platformConfig";
import { crossCheck, type InstallationProblem } from "../../stacks/installation";
import {
  listStacks,
  projectName,
  projectRoot,
  readStack,
  stackFile,
} from "../../config/stackFiles";
import { UserError } from "../../config/mistake";
import { ConfigError } from "../../config/problems";

/** One stack's file as it stands. */
export interface SourceStack {
  stack: string;
  /** e.g. `Pulumi.prod-east.yaml`. */
  file: string;
  /** The file as it stands. */
  text: string;
  /** Engine form, the project's defaults included. */
  raw: Record<string, string>;
  /** The file's own keys by the key without namespace: as spelled in the file. */
  ownKeys: Record<string, string>;
  config: PlatformConfig;
}

/** The stacks that share a domain with one of them. */
export interface SourceInstallation {
  /** The stack that was asked for. */
  stack: string;
  project: string;
  /** The folder that holds the files. */
  root: string;
  domain: string;
  /** In the order of `regions`: the home region's first. */
  stacks: SourceStack[];
  /** Why nothing is known of the second region, where its stack is not among `stacks`. */
  noSecond?: string;
  /** What is wrong between its stacks. */
  problems: InstallationProblem[];
}

/**
 * Reads the stack and the others of its installation.
 * @throws UserError for an unknown stack, unreadable YAML or no home region; ConfigError for the stack's own
 *   config. Another stack that cannot be read counts as missing, see `noSecond`.
 */
export function readInstallation(stack: string, root = projectRoot): SourceInstallation {
  const project = projectName(root);
  const asked = readSource(stack, project, root);
  const { domain, regions } = asked.config;
  const unreadable: string[] = [];
  const others = listStacks(root)
    .filter((name) => name !== stack)
    .flatMap((name) => {
      try {
        return [readSource(name, project, root)];
      } catch (error) {
        if (error instanceof ConfigError || name === asked.config.peerStack) unreadable.push(name);
        return [];
      }
    });
  const place = ({ config }: SourceStack): number => regions.indexOf(config.region);
  const stacks = [asked, ...others.filter(({ config }) => config.domain === domain)].toSorted(
    (one, other) => place(one) - place(other),
  );
  requireHome(asked, stacks);
  const problems = crossCheck(stacks.map(({ stack: name, config }) => ({ stack: name, config })));
  const noSecond = whyNoSecond(asked, stacks, unreadable);
  return {
    stack,
    project,
    root,
    domain,
    stacks,
    ...(noSecond === undefined ? {} : { noSecond }),
    problems,
  };
}

/** The home region's config stands for the installation's. */
function requireHome({ stack, config }: SourceStack, stacks: SourceStack[]): void {
  const [home = ""] = config.regions;
  if (stacks.some((source) => source.config.region === home)) return;
  throw new UserError(
    `${stack} is a second region, and no valid stack with domain ${config.domain} is in the home region ${home}: the trade-off needs both. Add or repair that stack's file; npm run plan shows what is wrong.`,
  );
}

function readSource(stack: string, project: string, root: string): SourceStack {
  const ownKeys: Record<string, string> = {};
  const { raw } = readStack(stack, root, (own) => {
    for (const key of Object.keys(own)) ownKeys[bareKey(key, project)] = key;
    return own;
  });
  const file = stackFile(stack, root);
  const text = readFileSync(join(root, file), "utf8");
  return { stack, file, text, raw, ownKeys, config: parseConfig(raw, stack) };
}

/** `azCount` of the project's `pe-platform:azCount`, `pe-platform:config:azCount` and `azCount`. */
export function bareKey(key: string, project: string): string {
  const plain = key.replace(":config:", ":");
  return plain.startsWith(`${project}:`) ? plain.slice(project.length + 1) : plain;
}

function whyNoSecond(
  asked: SourceStack,
  stacks: SourceStack[],
  unreadable: string[],
): string | undefined {
  const { regions, peerStack } = asked.config;
  const [, second] = regions;
  // With one region alone the config's own rules say what is missing.
  if (second === undefined || stacks.length > 1) return undefined;
  const other = regions.find((region) => region !== asked.config.region) ?? second;
  if (peerStack !== undefined && unreadable.includes(peerStack)) {
    return `the stack ${peerStack} of ${other} is not valid, so what it costs is unknown: npm run plan -- ${peerStack} says why.`;
  }
  const way = asked.config.regionCount === 1 ? ", or ask with --keep regions" : "";
  return `no stack of this installation is in ${other}, so what it would cost is unknown: add its Pulumi.<stack>.yaml with domain ${asked.config.domain} and aws:region ${other}${way}.`;
}
