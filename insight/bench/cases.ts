import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { exitCodes } from "../../config/exitCodes";
import type { Sample } from "./figures";
import type { BenchRun } from "./run";
import { projectRoot } from "../../config/stackFiles";

/** One way of starting a process whose time and memory are measured. */
export interface Case {
  name: string;
  /**
   * `node` and `sdk` are floors; `typescript` and `javascript` plan stacks: through ts-node, as
   * `npm start` and the engine do, or from JavaScript. `figures` is `npm start` as a whole, with cost
   * and availability; `tradeoff` is `npm run tradeoff`.
   */
  kind: "node" | "sdk" | "typescript" | "javascript" | "figures" | "tradeoff";
  stacks: string[];
  env?: Record<string, string>;
}

// A folder of its own: `.build` also holds packed functions, which another run may be deploying.
const build = join(projectRoot, ".build", "bench");
const tool = (...path: string[]): string => join(projectRoot, "node_modules", ...path);

/** Compiles the whole program to JavaScript in the ignored `.build/bench` folder. */
export function compile(): void {
  rmSync(build, { recursive: true, force: true });
  const tsc = tool("typescript", "bin", "tsc");
  const options = ["-p", "tsconfig.json", "--outDir", build, "--rootDir", projectRoot];
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...options], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The program could not be compiled: ${stdout}`);
  // The handlers' sources beside what was compiled of them: the program bundles them itself.
  cpSync(join(projectRoot, "functions"), join(build, "functions"), { recursive: true });
  // What else the program reads beside its modules: scripts, sites.
  for (const entry of readdirSync(projectRoot, { withFileTypes: true })) {
    const hidden = entry.name.startsWith(".") || entry.name === "node_modules";
    const target = join(build, entry.name);
    if (entry.isDirectory() && !hidden && !existsSync(target)) {
      symlinkSync(join(projectRoot, entry.name), target);
    }
  }
}

const transpiled = (...path: string[]): string[] => [
  "-r",
  tool("ts-node", "register", "transpile-only.js"),
  join(projectRoot, "insight", ...path),
];

const commands: Record<Case["kind"], (stacks: string[]) => string[]> = {
  node: () => ["-e", "0"],
  sdk: () => ["-e", 'require("@pulumi/pulumi")'],
  typescript: (stacks) => [...transpiled("bench", "run.ts"), ...stacks],
  javascript: (stacks) => [join(build, "insight", "bench", "run.js"), ...stacks],
  figures: () => [...transpiled("cli.ts"), "--json"],
  tradeoff: (stacks) => [...transpiled("tradeoff", "cli.ts"), ...stacks, "--json"],
};

/** Judging was the work: what it found is no failure of the measured command. */
const goodExits: number[] = [exitCodes.fine, exitCodes.missed, exitCodes.unknown];

/** Runs one case once, in a process of its own. */
export function runCase({ name, kind, stacks, env }: Case): Sample {
  const started = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(process.execPath, commands[kind](stacks), {
    cwd: projectRoot,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, PE_DEBUG: "", ...env },
  });
  const ms = Number(process.hrtime.bigint() - started) / 1e6;
  if (!goodExits.includes(status ?? 1)) throw new Error(`"${name}" failed: ${stderr.trim()}`);
  if (kind !== "typescript" && kind !== "javascript") return { ms, peakMb: 0, resources: 0 };
  const { peakMb, resources } = JSON.parse(stdout) as BenchRun;
  return { ms, peakMb, resources };
}
