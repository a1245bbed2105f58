/** A launch template in one numbered version. */
export interface TemplateVersion {
  id: string;
  version: string;
}

/** An instance refresh as Auto Scaling tells it. */
export interface Refresh {
  id: string;
  status: string;
  statusReason?: string | undefined;
  percentage?: number | undefined;
  /** What it brings servers to; absent where its starter named nothing. */
  template?: TemplateVersion | undefined;
}

/** What an auto-scaling group is, and has in service. */
export interface FleetState {
  /** What new servers start from. */
  template: TemplateVersion;
  minSize: number;
  inService: number;
  /** Whether the load balancer finds a server healthy. */
  serving: boolean;
}

/** The calls to EC2 Auto Scaling that a roll needs, for one group. */
export interface FleetApi {
  state(): Promise<FleetState>;
  /** The refresh of that id, or the latest one, whatever became of it. */
  refresh(id?: string): Promise<Refresh | undefined>;
  /** @returns its id. */
  startRefresh(template: TemplateVersion): Promise<string>;
  cancelRefresh(): Promise<void>;
  /** Writes a template into the group without replacing a server. */
  setTemplate(template: TemplateVersion): Promise<void>;
  /** Why a server could not be launched since then, if one could not. */
  failedLaunch(since: Date): Promise<string | undefined>;
}

export interface FleetWork {
  /** Of the group, for messages. */
  name: string;
  api: FleetApi;
  say: (message: string) => void;
  /** @default waits on the clock */
  sleep?: (seconds: number) => Promise<void>;
}

const pollSeconds = 15;
/** Minutes between two signs of life while nothing changes. */
const quietMinutes = 5;

// InstanceRefresh, Status (Amazon EC2 Auto Scaling API Reference).
const failures: Record<string, string> = {
  Cancelled: "was cancelled, so old and new servers may run side by side",
  Failed: "failed and was not rolled back, so old and new servers may run side by side",
  RollbackFailed: "failed, and so did rolling it back: old and new servers may run side by side",
  RollbackSuccessful: "failed and was rolled back: the servers run the version of before",
};
const leaving = ["Cancelling", "RollbackInProgress"];

/**
 * Brings a group's servers to a version of their launch template and returns when they all run it.
 *
 * The group must still name the former version: only then has Auto Scaling something to roll back
 * to ("Undo changes with a manual or auto rollback", Amazon EC2 Auto Scaling User Guide). It writes
 * the new one into the group itself, after success. So a run that was killed finds in the group
 * whether the roll it began has come through, and waits for one that goes on.
 *
 * @throws Error in a sentence when the roll fails, is rolled back or is cancelled.
 */
export async function rollFleet(work: FleetWork, wanted: TemplateVersion): Promise<void> {
  const { name, api, say } = work;
  const active = await activeRefresh(work, wanted);
  if (active) return follow(work, active.id, wanted);
  const state = await api.state();
  if (state.inService === 0) {
    say(`${name}: no server is in service, so there is nothing to roll: new ones start with it.`);
    if (!same(state.template, wanted)) await api.setTemplate(wanted);
    return awaitServers(work, state.minSize, 60);
  }
  if (same(state.template, wanted)) return;
  const servers = `${state.inService} server${state.inService === 1 ? "" : "s"}`;
  say(
    `${name}: replacing ${servers} by launch template version ${wanted.version}, new ones first.`,
  );
  return follow(work, await api.startRefresh(wanted), wanted);
}

/** A refresh to that version that goes on. One to another version is cancelled, and its end awaited. */
async function activeRefresh(
  { name, api, say, sleep = pause }: FleetWork,
  wanted: TemplateVersion,
): Promise<Refresh | undefined> {
  let asked: string | undefined;
  for (;;) {
    const refresh = await api.refresh();
    if (!refresh || isOver(refresh)) return undefined;
    if (!leaving.includes(refresh.status)) {
      if (same(refresh.template ?? (await api.state()).template, wanted)) {
        say(`${name}: a roll to this version is under way: waiting for it.`);
        return refresh;
      }
      if (asked !== refresh.id) {
        say(`${name}: cancelling a roll to another version.`);
        await api.cancelRefresh();
        asked = refresh.id;
      }
    }
    await sleep(pollSeconds);
  }
}

async function follow(
  { name, api, say, sleep = pause }: FleetWork,
  id: string,
  { version }: TemplateVersion,
): Promise<void> {
  let told = "";
  for (let polls = 0; ; polls += 1) {
    // One that has just begun may not be there to read yet.
    const { status = "Pending", statusReason, percentage = 0 } = (await api.refresh(id)) ?? {};
    if (status === "Successful") return say(`${name}: all servers run version ${version}.`);
    const failure = failures[status];
    if (failure) {
      const reason = statusReason ? ` (${statusReason.replace(/[.\s]+$/, "")})` : "";
      throw new Error(
        `${name}: the roll to launch template version ${version} ${failure}${reason}. The tier's log ` +
          "group says why servers did not start (docs/servers.md). Correct the edit, or take it " +
          "back, and run `pulumi up` again: unchanged, it tries the same roll once more.",
      );
    }
    const progress = `${name}: ${status}, ${percentage} % of the servers replaced.`;
    const quiet = polls % ((quietMinutes * 60) / pollSeconds) === 0;
    if (progress !== told || quiet) say(progress);
    told = progress;
    await sleep(pollSeconds);
  }
}

/**
 * Returns when that many servers are in service and the load balancer finds one healthy.
 * @throws Error in a sentence when one cannot be launched, or after that many minutes.
 */
export async function awaitServers(
  { name, api, say, sleep = pause }: FleetWork,
  count: number,
  minutes: number,
): Promise<void> {
  const since = new Date();
  let told = "";
  for (let waited = 0; ; waited += pollSeconds) {
    const { inService, serving } = await api.state();
    if (inService >= count && serving) return;
    const failed = await api.failedLaunch(since);
    const progress = `${name}: ${inService} of ${count} servers are in service.`;
    if (failed) throw new Error(`${progress} A launch failed: ${failed}`);
    if (waited >= minutes * 60) {
      const answer = serving ? "" : " The load balancer finds none healthy.";
      throw new Error(
        `${progress}${answer} That took ${minutes} minutes; the tier's log group says why ` +
          "(docs/servers.md). Run `pulumi up` again to go on waiting, or with a correction.",
      );
    }
    if (progress !== told || waited % (quietMinutes * 60) === 0) say(progress);
    told = progress;
    await sleep(pollSeconds);
  }
}

const isOver = ({ status }: Refresh) => status === "Successful" || status in failures;

const same = (one: TemplateVersion, other: TemplateVersion) =>
  one.id === other.id && one.version === other.version;

const pause = (seconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));
