import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { json } from "./api";
import { findPython } from "./python";
import { exitCodes } from "../../config/exitCodes";
import type { LocalPaths } from "../../engine/paths";
import { UserError } from "../../config/mistake";

export const defaultPort = 5570;

/** The emulator that belongs to this project folder. */
export interface Emulator {
  pid: number;
  port: number;
  /** Kept in the emulator's memory too: when it is gone there, so is everything else. */
  mark: string;
  endpoint: string;
}

const markName = "/pe-platform/local-run";
const startSeconds = 60;

/** The emulator of this folder if it runs and still holds what was created in it. */
export async function runningEmulator(paths: LocalPaths): Promise<Emulator | undefined> {
  if (!existsSync(paths.emulator)) return undefined;
  const known = JSON.parse(readFileSync(paths.emulator, "utf8")) as Emulator;
  if (!isAlive(known.pid)) return undefined;
  return (await readMark(known.endpoint)) === known.mark ? known : undefined;
}

/**
 * The running emulator, else a new one on `port`.
 * @throws UserError when the port is taken, or the emulator can't be installed or started.
 */
export async function ensureEmulator(
  paths: LocalPaths,
  port: number | undefined,
  report: (line: string) => void = () => undefined,
): Promise<Emulator> {
  const running = await runningEmulator(paths);
  if (running && port !== undefined && port !== running.port) {
    throw new UserError(
      `The emulator of this project already runs on port ${running.port}: leave --port and ` +
        "MOTO_PORT out, or take its stacks down first (npm run down:local -- --all).",
    );
  }
  if (running) return running;
  await stopEmulator(paths);
  return start(paths, port ?? defaultPort, report);
}

async function start(
  paths: LocalPaths,
  port: number,
  report: (line: string) => void,
): Promise<Emulator> {
  if (!(await isFree(port))) throw new UserError(portTaken(port));
  const python = findPython(paths, report);
  mkdirSync(paths.local, { recursive: true });
  const log = openSync(paths.emulatorLog, "w");
  const child = spawn(
    python,
    [join(__dirname, "emulator.py"), "-H", "127.0.0.1", "-p", String(port)],
    {
      // It outlives this command: down:local, or another up:local, needs it.
      detached: true,
      stdio: ["ignore", log, log],
      env: {
        ...withoutAws(process.env),
        // AWS's own managed policies exist only with this setting.
        MOTO_IAM_LOAD_MANAGED_POLICIES: "true",
        MOTO_ACM_VALIDATION_WAIT: "1",
        PYTHONUNBUFFERED: "1",
      },
    },
  );
  closeSync(log);
  child.unref();
  let exited = false;
  child.on("exit", () => (exited = true)).on("error", () => (exited = true));
  const stop = () => {
    if (!exited && child.pid) process.kill(child.pid);
  };
  // Until it is written down as ours, nobody else would end it.
  const abort = () => {
    stop();
    process.exit(exitCodes.interrupted);
  };
  process.once("SIGINT", abort);
  const endpoint = `http://127.0.0.1:${port}`;
  const emulator = { pid: child.pid ?? 0, port, mark: randomUUID(), endpoint };
  try {
    for (let tries = 0; tries < startSeconds * 4 && !exited; tries += 1) {
      if (await setMark(emulator)) {
        writeFileSync(paths.emulator, `${JSON.stringify(emulator, null, 2)}\n`);
        return emulator;
      }
      await sleep(250);
    }
  } finally {
    process.off("SIGINT", abort);
  }
  stop();
  throw new UserError(
    `The AWS emulator did not start on port ${port}: its own words are in ${paths.emulatorLog}` +
      `${lastLine(paths.emulatorLog)}.`,
  );
}

/** Ends the emulator that this folder started, if it runs; nothing else is touched. */
export async function stopEmulator(paths: LocalPaths): Promise<boolean> {
  if (!existsSync(paths.emulator)) return false;
  const { pid, endpoint, mark } = JSON.parse(readFileSync(paths.emulator, "utf8")) as Emulator;
  // A process id may be somebody else's by now; the mark is the proof that it is ours.
  const ours = isAlive(pid) && (await readMark(endpoint)) === mark;
  rmSync(paths.emulator, { force: true });
  if (!ours) return false;
  process.kill(pid, "SIGTERM");
  for (let tries = 0; tries < 40 && isAlive(pid); tries += 1) await sleep(100);
  return true;
}

/** `--port`, else MOTO_PORT, else undefined. */
export function chosenPort(option: unknown, env = process.env): number | undefined {
  const value = option ?? env.MOTO_PORT;
  if (value === undefined || value === "") return undefined;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1024 && port <= 65535) return port;
  throw new UserError(
    `${String(value)} is not a port: give --port (or MOTO_PORT) a whole number from 1024 to 65535.`,
  );
}

function portTaken(port: number): string {
  return (
    `Port ${port}, on which the AWS emulator is to run, is taken by another program: ` +
    "end that program or choose another port, e.g. --port " +
    `${port + 1} (or MOTO_PORT=${port + 1}).`
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

const ssm = (endpoint: string) => ({ endpoint, service: "ssm", region: "us-east-1" });

async function setMark({ endpoint, mark }: Emulator): Promise<boolean> {
  try {
    const body = { Name: markName, Value: mark, Type: "String", Overwrite: true };
    await json(ssm(endpoint), "AmazonSSM.PutParameter", body);
    return true;
  } catch {
    return false;
  }
}

async function readMark(endpoint: string): Promise<string | undefined> {
  try {
    const answer = await json<{ Parameter?: { Value?: string } }>(
      ssm(endpoint),
      "AmazonSSM.GetParameter",
      { Name: markName },
    );
    return answer.Parameter?.Value;
  } catch {
    return undefined;
  }
}

function lastLine(file: string): string {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.at(-1) ? ` (${lines.at(-1)})` : "";
}

function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("AWS_")));
}
