import * as job from "../../functions/database/captureJob";
import type { Statement } from "../../functions/database/session";
import type { Effect, ServerState } from "./fakeServer";

export type CaptureSettings = Record<keyof typeof job.captureSettings, number>;

/** The job that reads the log for capture, and what the Agent has been asked and not done yet. */
export interface CaptureJob {
  settings: CaptureSettings;
  /** Those with which it runs. Absent: it stands. */
  running?: CaptureSettings;
  asked?: "start" | "stop";
  /** In a round that does not end: it does not stop either. */
  stuck?: boolean;
  /** Its session has another name than we look for. */
  unseen?: boolean;
  /** Seconds since its last round. */
  rested: number | null;
}

const jobId = "0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0";
const defaultSettings: CaptureSettings = { pollinginterval: 5, maxtrans: 500, maxscans: 10 };

function jobOf({ job: found }: ServerState): CaptureJob {
  if (!found) throw new Error("There is no capture job.");
  return found;
}

/** Time passes, and the Agent does what it was asked. A job that starts begins with a round. */
export function settle(found: CaptureJob): CaptureJob {
  if (found.asked === "stop" && !found.stuck) delete found.running;
  if (found.asked === "start") Object.assign(found, { running: { ...found.settings }, rested: 0 });
  delete found.asked;
  return found;
}

const seen = ({ running, unseen }: CaptureJob): boolean => running !== undefined && !unseen;

/** The Agent's words, as SQL Server passes them on. */
function refuse(state: ServerState, what: "run" | "stop", reason: string | undefined): void {
  const own = state.refusals > 0 ? "SQLServerAgent is not running" : undefined;
  state.refusals = Math.max(0, state.refusals - 1);
  if (!own && !reason) return;
  throw new Error(`SQLServerAgent Error: Request to ${what} job refused because ${reason ?? own}.`);
}

/** A job as SQL Server makes it, with its own settings; it does not run at once. */
export const newJob = (settings: CaptureSettings = defaultSettings): CaptureJob => ({
  settings: { ...settings },
  asked: "start",
  rested: null,
});

/** The statements of captureJob.ts, and what SQL Server and its Agent would do. */
export function captureJobEffects(
  on: (statement: Statement, effect: (...args: Parameters<Effect>) => unknown) => void,
): void {
  on(job.readJobs, ({ job: found }) =>
    found
      ? [
          { job_type: "capture", job_id: jobId, ...found.settings },
          { job_type: "cleanup", job_id: "another", pollinginterval: 0 },
        ]
      : [],
  );
  on(job.addJob, (state, settings) => {
    if (state.job) throw new Error("The job is there already.");
    state.job = newJob(settings as CaptureSettings);
  });
  on(job.changeJob, (state, settings) => {
    jobOf(state).settings = { ...settings } as CaptureSettings;
  });
  on(job.recordSettings, (state, settings) => {
    state.recorded = { ...settings } as CaptureSettings;
  });
  on(job.readRounds(""), (state) => {
    const found = jobOf(state);
    return [{ runs: seen(found) ? 1 : 0, rested: found.rested }];
  });
  on(job.stopJob, (state) => {
    const found = jobOf(state);
    settle(found);
    refuse(state, "stop", found.running ? undefined : "the job is not currently running");
    found.asked = "stop";
  });
  on(job.startJob, (state) => {
    const found = jobOf(state);
    refuse(state, "run", found.running || found.asked ? "the job is already running" : undefined);
    found.asked = "start";
  });
  on(job.awaitStop(""), (state) => {
    if (seen(settle(jobOf(state)))) throw new Error("The capture job does not stop.");
  });
  on(job.awaitStart(""), (state) => {
    if (!seen(settle(jobOf(state)))) throw new Error("The capture job does not start.");
  });
  on(job.readLog, ({ log }) => [log]);
}
