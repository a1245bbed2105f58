import { Listr } from "listr2";

/** What a step tells the reader while it runs. */
export interface Reporter {
  /** Something to know, which stays on the screen. */
  note(line: string): void;
  /** One thing done among many; shown only where lines scroll by anyway. */
  detail(line: string): void;
  /** How things stand, replaced by the next one; shown only on a terminal. */
  status(line: string): void;
}

export interface Step {
  title: string;
  /** Returns what came of it, for the step's line. */
  run(reporter: Reporter): Promise<string>;
}

/** On a terminal a live list; elsewhere plain lines; `quiet` shows nothing. Ends at a failure. */
export async function runSteps(steps: Step[], quiet: boolean): Promise<void> {
  if (quiet) return plainly(steps, () => undefined);
  if (process.stdout.isTTY) return live(steps);
  return plainly(steps, (line) => console.log(line));
}

async function plainly(steps: Step[], print: (line: string) => void): Promise<void> {
  for (const { title, run } of steps) {
    print(`> ${title}`);
    const indented = (line: string) => print(`  ${line}`);
    const result = await run({ note: indented, detail: indented, status: () => undefined });
    print(`  = ${result}`);
  }
}

async function live(steps: Step[]): Promise<void> {
  const tasks = steps.map(({ title, run }) => ({
    title,
    task: async (_: unknown, task: { title: string; output: string }) => {
      const result = await run({
        note: (line) => (task.output = line),
        detail: () => undefined,
        status: (line) => (task.title = `${title}: ${line}`),
      });
      task.title = `${title}: ${result}`;
    },
    rendererOptions: { persistentOutput: true, outputBar: Infinity },
  }));
  await new Listr(tasks, {
    // Ctrl-C is the engine's to answer; the failure's text is printed once, at the end.
    registerSignalListeners: false,
    rendererOptions: { showErrorMessage: false, collapseErrors: false },
  }).run();
}
