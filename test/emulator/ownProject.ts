import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../config/stackFiles";
import type { Emulator } from "../../local/emulator/emulator";
import { runEngine, type Engine, type EngineResult } from "../../engine/engine";
import { findEngine } from "../../engine/cli";
import { openEngine } from "../../local/session";
import { must } from "../../engine/state";
import type { Bench } from "./ring";

/**
 * A project of this repository, run as its users run it (`pulumi login`, no backend in the
 * environment), but on the emulator and in a folder of its own: the engine writes stack files.
 */
export class OwnProject {
  /** Where the engine works: Pulumi.yaml and stack files. */
  readonly folder: string;
  private readonly engine: Engine;

  /** @param project its folder below the repository's root, e.g. `deploy/bootstrap`. */
  constructor(bench: Bench, emulator: Emulator, project: string) {
    const parts = ["project", "state", "logs"] as const;
    const base = join(bench.paths.local, project.replaceAll("/", "-"));
    const [folder, state, logs] = parts.map((part) => join(base, part)) as [string, string, string];
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    const source = join(projectRoot, project, "Pulumi.yaml");
    const declared = parse(readFileSync(source, "utf8")) as { main: string };
    const main = relative(folder, join(dirname(source), declared.main)).replaceAll("\\", "/");
    writeFileSync(join(folder, "Pulumi.yaml"), stringify({ ...declared, main }));
    const cli = findEngine(bench.paths);
    const run = { project: folder, state, logs };
    const engine = openEngine(bench.paths, run, cli, emulator);
    this.engine = without(engine, "PULUMI_BACKEND_URL");
  }

  /** The same, without the passphrase of stacks that need one. */
  withoutPassphrase(): Pick<OwnProject, "try" | "run"> {
    const engine = without(this.engine, "PULUMI_CONFIG_PASSPHRASE");
    return { try: (...args) => runEngine(engine, args), run: (...args) => printed(engine, args) };
  }

  /** Runs `pulumi` with these arguments, whatever comes of it. */
  try(...args: string[]): Promise<EngineResult> {
    return runEngine(this.engine, args);
  }

  /** @returns what it prints. @throws Error with its words where it fails. */
  run(...args: string[]): Promise<string> {
    return printed(this.engine, args);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const text = await this.run("stack", "output", "--json", "--show-secrets");
    return JSON.parse(text) as Record<string, unknown>;
  }
}

function without(engine: Engine, variable: string): Engine {
  const env = Object.entries(engine.env).filter(([name]) => name !== variable);
  return { ...engine, env: Object.fromEntries(env) };
}

async function printed(engine: Engine, args: string[]): Promise<string> {
  return (await must(engine, args)).stdout.trim();
}
