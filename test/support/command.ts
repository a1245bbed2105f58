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

/**
 * Runs the same program in this process, where everything is loaded, on the stack files of a folder.
 * One at a time: it captures what the process prints.
 */
export async function runCommandHere(
  folder: string,
  command: Command,
  ...args: string[]
): Promise<Ended> {
  const file = join(__dirname, "..", "..", files[command]);
  const { argv, exitCode } = process;
  const { stackTraceLimit } = Error;
  const { PE_DEBUG } = process.env;
  const cwd = process.cwd();
  const stdout = capture(process.stdout);
  const stderr = capture(process.stderr);
  const before = useProject(folder);
  try {
    process.chdir(folder);
    delete process.env.PE_DEBUG;
    process.argv = [process.execPath, file, ...args];
    process.exitCode = undefined;
    Reflect.deleteProperty(require.cache, require.resolve(file));
    const { ended } = (await import(file)) as { ended: Promise<void> };
    await ended;
    const status = Number(process.exitCode ?? 0);
    return { stdout: stdout.text(), stderr: stderr.text(), status };
  } finally {
    stdout.release();
    stderr.release();
    useProject(before);
    process.chdir(cwd);
    Object.assign(process, { argv, exitCode });
    if (PE_DEBUG !== undefined) process.env.PE_DEBUG = PE_DEBUG;
    Error.stackTraceLimit = stackTraceLimit;
  }
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
