import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readSync, rmSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { RunPaths } from "./paths";

/** What every call of the engine shares. */
export interface Engine {
  cli: string;
  env: Record<string, string>;
  run: RunPaths;
}

export interface EngineResult {
  /** 0 means success. */
  code: number;
  stdout: string;
  stderr: string;
  events: EngineEvent[];
  /** True when Ctrl-C ended the operation. */
  interrupted: boolean;
}

export interface EngineOptions {
  /** File for the engine's events; they are reported while the operation runs. */
  eventLog?: string;
  onEvent?: (event: EngineEvent) => void;
  /** Called at the first Ctrl-C: the engine then finishes what is in flight. */
  onInterrupt?: () => void;
  /** Text for the engine's standard input. */
  input?: string;
}

const pollMilliseconds = 200;

/**
 * Runs the engine in the local project folder. It gets a process group of its own, so that a
 * Ctrl-C in the terminal reaches it once, from here: twice would make it drop what is in flight.
 */
export async function runEngine(
  engine: Engine,
  args: string[],
  options: EngineOptions = {},
): Promise<EngineResult> {
  const events: EngineEvent[] = [];
  const { eventLog } = options;
  if (eventLog) rmSync(eventLog, { force: true });
  const child = spawn(
    engine.cli,
    [...args, "--non-interactive", "--color=never", ...(eventLog ? ["--event-log", eventLog] : [])],
    { cwd: engine.run.project, env: engine.env, detached: true, stdio: "pipe" },
  );
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => undefined).end(options.input ?? "");

  const follow = eventLog ? eventReader(eventLog) : () => [];
  const report = () => {
    for (const event of follow()) {
      events.push(event);
      options.onEvent?.(event);
    }
  };
  const timer = setInterval(report, pollMilliseconds);
  let interrupted = false;
  const interrupt = () => {
    if (!interrupted) options.onInterrupt?.();
    interrupted = true;
    child.kill("SIGINT");
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => resolve(status ?? 130));
    });
    report();
    return { code, stdout, stderr, events, interrupted };
  } finally {
    clearInterval(timer);
    for (const signal of signals) process.off(signal, interrupt);
  }
}

/** Returns the complete lines that were added to the file since the last call. */
function eventReader(file: string): () => EngineEvent[] {
  const decoder = new StringDecoder("utf8");
  const buffer = Buffer.alloc(1 << 16);
  let offset = 0;
  let rest = "";
  return () => {
    if (!existsSync(file)) return [];
    const handle = openSync(file, "r");
    try {
      for (;;) {
        const length = readSync(handle, buffer, 0, buffer.length, offset);
        if (length === 0) break;
        offset += length;
        rest += decoder.write(buffer.subarray(0, length));
      }
    } finally {
      closeSync(handle);
    }
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as EngineEvent);
  };
}
