import type { Row, Session, Statement } from "./session";

/**
 * How SQL Server's capture job reads the log. DMS reads the log itself; what the job has read may be
 * cut from it. So it waits as long as it can between two rounds: for that long a task that stood
 * still finds what it has missed (DMS User Guide, "Setting up ongoing replication on a cloud SQL
 * Server DB instance").
 *
 * A round takes `maxtrans` × `maxscans` transactions at most (Microsoft, `sys.sp_cdc_change_job`).
 * What is above stays in the log for another day, every day, until the storage is full. So it takes
 * more than a day brings: 1,000 transactions a second, day and night, are 86.4 million. A round ends
 * where the log does, so room that is not needed costs nothing.
 */
export const captureSettings = {
  pollinginterval: 86_399,
  maxtrans: 5_000,
  maxscans: 17_280,
};

/** A round is late when it is not even there an hour after the interval. */
const longestRest = captureSettings.pollinginterval + 3600;

export const readJobs: Statement = {
  label: "read the capture job",
  text: "EXEC sys.sp_cdc_help_jobs;",
};

// The Agent names a step's session after its job, "SQLAgent - TSQL JobStep (Job 0x… : Step 2)". The
// session is there as long as the job runs, also while that waits for its next round.
const runs = `EXISTS (
  SELECT 1 FROM sys.dm_exec_sessions
  WHERE program_name LIKE N'SQLAgent - TSQL JobStep (Job '
    + CONVERT(nvarchar(34), CONVERT(binary(16), CONVERT(uniqueidentifier, @job)), 1) + N'%')`;

/** Whether the job runs, and seconds since its last round; null when there was none since a start. */
export const readRounds = (job: string): Statement => ({
  label: "look whether capture runs",
  text: `SELECT CASE WHEN ${runs} THEN 1 ELSE 0 END AS runs,
  (SELECT DATEDIFF(second, MAX(ISNULL(end_time, GETDATE())), GETDATE())
    FROM sys.dm_cdc_log_scan_sessions WHERE session_id <> 0) AS rested;`,
  parameters: { job },
});

const waitWhile = (condition: string, otherwise: string): string =>
  `DECLARE @patience datetime = DATEADD(second, @seconds, GETDATE());
WHILE ${condition}
BEGIN
  IF GETDATE() > @patience THROW 50000, N'${otherwise}', 1;
  WAITFOR DELAY '00:00:00.500';
END;`;

/** The wait is for a job that has just been told to begin, and is not to be seen yet. */
export const stopJob: Statement = {
  label: "stop the capture job",
  text: `WAITFOR DELAY '00:00:05';
EXEC sys.sp_cdc_stop_job @job_type = N'capture';`,
};

export const startJob: Statement = {
  label: "start the capture job",
  text: "EXEC sys.sp_cdc_start_job @job_type = N'capture';",
};

/** What an interrupted round has written is rolled back first; then the Agent closes its books. */
export const awaitStop = (job: string): Statement => ({
  label: "wait until the capture job stands",
  text: `${waitWhile(runs, "The capture job does not stop.")}
WAITFOR DELAY '00:00:02';`,
  parameters: { job, seconds: 240 },
});

/** After a failure the Agent tries again by itself a minute later. */
export const awaitStart = (job: string): Statement => ({
  label: "wait until the capture job runs",
  text: waitWhile(`NOT ${runs}`, "The capture job does not start."),
  parameters: { job, seconds: 75 },
});

/** Takes effect when the job starts the next time. */
export const changeJob: Statement = {
  label: "set how capture reads the log",
  text: `EXEC sys.sp_cdc_change_job @job_type = N'capture',
  @maxtrans = @maxtrans, @maxscans = @maxscans, @pollinginterval = @pollinginterval;`,
  parameters: captureSettings,
};

export const addJob: Statement = {
  label: "make the capture job",
  text: `EXEC sys.sp_cdc_add_job @job_type = N'capture', @start_job = 1, @continuous = 1,
  @maxtrans = @maxtrans, @maxscans = @maxscans, @pollinginterval = @pollinginterval;`,
  parameters: captureSettings,
};

/**
 * After a fail-over RDS makes the jobs anew, from what is recorded here. By position, as its guide
 * calls it, which names no parameters (RDS User Guide, CDC).
 */
export const recordSettings: Statement = {
  label: "record it for a fail-over to the standby",
  text: `EXEC rdsadmin.dbo.rds_set_configuration N'cdc_capture_maxtrans', @maxtrans;
EXEC rdsadmin.dbo.rds_set_configuration N'cdc_capture_maxscans', @maxscans;
EXEC rdsadmin.dbo.rds_set_configuration N'cdc_capture_pollinginterval', @pollinginterval;`,
  parameters: captureSettings,
};

/** Bytes of the log that are in use, and why they cannot be used again. */
export const readLog: Statement = {
  label: "read how full the log is",
  text: `SELECT CONVERT(float, u.used_log_space_in_bytes) AS used, d.log_reuse_wait_desc AS waits
FROM sys.dm_db_log_space_usage AS u
JOIN sys.databases AS d ON d.database_id = u.database_id;`,
};

/** How capture at the writer fares. */
export interface CaptureState {
  /** It ran, and its last round was in time, when it was looked at. */
  runs: boolean;
  logUsedBytes?: number;
  /** SQL Server's word for what keeps it from using the log again, e.g. "REPLICATION". */
  logWaitsFor?: string;
}

/**
 * Lets the capture job run, with our settings. Only what differs is touched, for a job that starts
 * begins with a round: what it reads then may be cut, though a DMS task that stands still has not
 * read it (docs/runbooks/capture.md).
 *
 * Settings change only while the job stands, so that one which runs has those that are stored: a run
 * of ours that ended half-way leaves a job that stands, or settings that differ.
 *
 * @returns whether it ran before.
 */
export async function keepCaptureJob(session: Session): Promise<boolean> {
  const jobs = await session.run(readJobs);
  const job = jobs.find(({ job_type }) => job_type === "capture");
  if (!job) {
    await session.run(addJob);
    return false;
  }
  const id = String(job.job_id);
  const [found] = await session.run(readRounds(id));
  const ran = found?.runs === 1;
  const fares = ran && Number(found.rested) <= longestRest;
  const right = hasSettings(job);
  if (right && fares) return true;
  // Also one that seems to stand: it may be about to run, with its old settings.
  if (ran || !right) await ask(session, stopJob, awaitStop(id));
  if (!right) await session.run(changeJob);
  await ask(session, startJob, awaitStart(id));
  return fares;
}

export async function readLogUse(session: Session): Promise<Omit<CaptureState, "runs">> {
  const [row] = await session.run(readLog);
  return row ? { logUsedBytes: Number(row.used), logWaitsFor: String(row.waits) } : {};
}

const hasSettings = (job: Row): boolean =>
  Object.entries(captureSettings).every(([setting, value]) => Number(job[setting]) === value);

/**
 * The Agent refuses to start what runs and to stop what stands, and its refusal (error 22022, from
 * an extended procedure) reaches us past any TRY in T-SQL. What it says then is as good as the
 * outcome; after any other refusal, what counts is how the job stands.
 */
async function ask(session: Session, request: Statement, outcome: Statement): Promise<void> {
  let refusal: Error | undefined;
  try {
    await session.run(request);
  } catch (error) {
    refusal = error as Error;
    if (/already running|not currently running/.test(refusal.message)) return;
  }
  try {
    await session.run(outcome);
  } catch (error) {
    throw refusal ?? error;
  }
}
