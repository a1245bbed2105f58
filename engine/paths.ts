import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { projectRoot } from "../config/stackFiles";
import type { Exposure } from "../stacks/config/platformConfig";

/** Where local runs keep what they need; all of it is ignored by git and may be deleted. */
export interface LocalPaths {
  /** The project: Pulumi.yaml, the stack files, the program. */
  root: string;
  /** `.local`, or `PE_LOCAL_DIR`. */
  local: string;
  /** The engine's home: plugins and logs, instead of ~/.pulumi. */
  pulumiHome: string;
  /** Which emulator belongs to this folder: its process, port and mark. */
  emulator: string;
  emulatorLog: string;
  /** Python environment for the emulator, made only when no other one has it. */
  venv: string;
  /** Empty AWS configuration files, so that no profile of the user is ever read. */
  aws: string;
}

/** One installation, public or private: its own state, so that both can be up side by side. */
export interface RunPaths {
  /** Copies of Pulumi.yaml and of stack files: the engine writes into these, not the project's. */
  project: string;
  /** Folder of the `file://` backend. */
  state: string;
  /** Event logs of the engine. */
  logs: string;
}

export function localPaths(root = projectRoot, env = process.env): LocalPaths {
  const local = env.PE_LOCAL_DIR ? resolve(root, env.PE_LOCAL_DIR) : join(root, ".local");
  return {
    root,
    local,
    pulumiHome: join(local, "pulumi-home"),
    emulator: join(local, "emulator.json"),
    emulatorLog: join(local, "emulator.log"),
    venv: join(local, "venv"),
    aws: join(local, "aws"),
  };
}

export function runPaths(paths: LocalPaths, exposure: Exposure): RunPaths {
  const folder = join(paths.local, exposure);
  return {
    project: join(folder, "project"),
    state: join(folder, "state"),
    logs: join(folder, "logs"),
  };
}

export const exposures: readonly Exposure[] = ["public", "private"];

/** Makes the folders and the empty AWS files. */
export function prepareFolders(paths: LocalPaths, run: RunPaths): void {
  for (const folder of [paths.aws, paths.pulumiHome, run.project, run.state, run.logs]) {
    mkdirSync(folder, { recursive: true });
  }
  for (const file of ["config", "credentials"]) writeFileSync(join(paths.aws, file), "");
}
