import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot, useProject } from "../../config/stackFiles";

/** What a command printed, and the code it ended with. */
export interface Ended {
  stdout: string;
  stderr: string;
  status: number;
}

/** The files behind the commands of scripts/run.mjs that can run in the process of a test. */
const files = {
  plan: "insight/cli.ts",
  tradeoff: "insight/tradeoff/cli.ts",
  report: "insight/report/cli.ts",
};
export type Command = keyof typeof files;

/** Runs `npm run <command>` in a project's folder: seconds, for a smoke test. */
export function spawnCommand(cwd: string, command: Command, ...args: string[]): Ended {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join("scripts", "run.mjs"), command, ...args],
    {
      cwd,
      env: { ...process.env, PE_DEBUG: "" },
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return { stdout, stderr, status: status ?? -1 };
}

/** Runs the same program in this process, where everything is loaded, on the stack files of a folder. */
export const runCommandHere = (folder: string, command: Command, ...args: string[]) =>
  runFileHere(files[command], args, { folder });

/**
 * Runs the command line of a file, which exports when it has `ended`, in this process. One at a time:
 * it captures what the process prints.
 *
 * @param env is set while it runs.
 */
export async function runFileHere(
  file: string,
  args: string[],
  { folder = projectRoot, env = {} }: { folder?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const path = join(__dirname, "..", "..", file);
  const { argv, exitCode } = process;
  const { stackTraceLimit } = Error;
  const cwd = process.cwd();
  const stdout = capture(process.stdout);
  const stderr = capture(process.stderr);
  const before = useProject(folder);
  const restore = setEnvironment({ PE_DEBUG: "", ...env });
  try {
    process.chdir(folder);
    process.argv = [process.execPath, path, ...args];
    process.exitCode = undefined;
    Reflect.deleteProperty(require.cache, require.resolve(path));
    const { ended } = (await import(path)) as { ended: Promise<void> };
    await ended;
    const status = Number(process.exitCode ?? 0);
    return { stdout: stdout.text(), stderr: stderr.text(), status };
  } finally {
    stdout.release();
    stderr.release();
    useProject(before);
    process.chdir(cwd);
    restore();
    Object.assign(process, { argv, exitCode });
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** @returns what undoes it. */
function setEnvironment(values: Record<string, string>): () => void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
}

/** As if the stream were a file's, so that nothing is drawn for a terminal. */
function capture(stream: NodeJS.WriteStream) {
  const { write, isTTY } = stream;
  const parts: string[] = [];
  stream.write = (chunk: string | Uint8Array): boolean => {
    parts.push(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
    return true;
  };
  stream.isTTY = false;
  return {
    text: () => parts.join(""),
    release: () => Object.assign(stream, { write, isTTY }),
  };
}

/** `runCommandHere` for the project as it stands. */
export const here = (command: Command, ...args: string[]): Promise<Ended> =>
  runCommandHere(projectRoot, command, ...args);
