import { Listr } from "listr2";

/** Hears what is being done now; what was told before is done. */
export type Progress = (doing: string) => void;

/** Runs work that tells its steps: on a terminal in one line that changes, else as lines on stderr. */
export async function withProgress<T>(
  work: (progress: Progress) => Promise<T>,
  isTerminal = process.stdout.isTTY,
): Promise<T> {
  if (!isTerminal) return work((doing) => console.error(`${doing} …`));
  const context: { result?: { value: T } } = {};
  const list = new Listr<typeof context>(
    [
      {
        title: "Starting",
        task: async (ctx, task) => {
          const started = performance.now();
          const value = await work((doing) => {
            task.title = doing;
          });
          ctx.result = { value };
          task.title = `Done in ${((performance.now() - started) / 1000).toFixed(1)} s`;
        },
      },
    ],
    // Ctrl-C ends the process as ever; the failure's text is printed once, at the end.
    {
      registerSignalListeners: false,
      rendererOptions: { showErrorMessage: false, collapseErrors: false },
    },
  );
  const { result } = await list.run(context);
  if (!result) throw new Error("The work ended without a result.");
  return result.value;
}
