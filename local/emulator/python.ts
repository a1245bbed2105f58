import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findOnPath } from "../../engine/cli";
import type { LocalPaths } from "../../engine/paths";
import { UserError } from "../../config/mistake";

/** The emulator's release that this project is tested with. */
export const motoRelease = "5.2.1";

const isWindows = process.platform === "win32";
const probe =
  "import sys, moto, moto.server, flask_cors; print(sys.executable); print(moto.__version__)";

/**
 * A Python that has moto's server: that of `moto_server` on PATH, else a plain `python3` that has
 * it, else one in a virtual environment of this project, made on first use.
 * @throws UserError when there is no Python, or moto can't be installed.
 */
export function findPython(paths: LocalPaths, report: (line: string) => void): string {
  const script = findOnPath("moto_server");
  const onPath = ["python3", "python"].map((name) => findOnPath(name));
  const own = join(paths.venv, isWindows ? "Scripts/python.exe" : "bin/python");
  for (const candidate of [script && interpreterOf(script), ...onPath, own]) {
    const python = candidate && existsSync(candidate) ? withMoto(candidate) : undefined;
    if (python) return python;
  }
  const base = onPath.find((path) => path !== undefined);
  if (!base) throw new UserError(noPython());
  report(`installing moto ${motoRelease} into ${paths.venv}, once`);
  install(base, own, paths);
  return own;
}

/** The program named in a script's first line, e.g. that of moto_server. */
export function interpreterOf(script: string): string | undefined {
  const [first = ""] = readFileSync(script, "latin1").split("\n", 1);
  const program = /^#!\s*(\S+)/.exec(first)?.[1];
  return program && /python[\d.]*$/.test(program) ? program : undefined;
}

function withMoto(python: string): string | undefined {
  const { status, stdout } = spawnSync(python, ["-c", probe], { encoding: "utf8" });
  if (status !== 0) return undefined;
  const [executable, version = ""] = stdout.trim().split(/\r?\n/).slice(-2);
  // emulator.py builds on this series; another one may have moved what it corrects.
  return version.startsWith("5.2.") ? executable : undefined;
}

function install(base: string, python: string, paths: LocalPaths): void {
  const steps: [string, string[]][] = [
    [base, ["-m", "venv", paths.venv]],
    [python, ["-m", "pip", "install", "--quiet", `moto[server]==${motoRelease}`]],
  ];
  for (const [program, args] of steps) {
    const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
    if (status === 0) continue;
    const reason = (stderr ?? "").trim().split("\n").at(-1);
    throw new UserError(
      `The AWS emulator moto could not be installed${reason ? ` (${reason})` : ""}: check the ` +
        `network, or install it yourself (pip install "moto[server]==${motoRelease}").`,
    );
  }
}

function noPython(): string {
  return (
    "There is neither moto_server nor Python on PATH, and local runs need the AWS emulator moto: " +
    `install Python 3.10 or newer, or moto itself (pip install "moto[server]==${motoRelease}").`
  );
}
