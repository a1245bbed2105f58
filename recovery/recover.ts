import type { DeploymentV3 } from "../engine/checkpoint";
import type { Engine } from "../engine/engine";
import { UserError, messageOf } from "../config/mistake";
import { must } from "../engine/state";
import { awsLookups } from "./awsLookups";
import { recoverPending } from "./pendingCreates";

/**
 * Makes the state whole after a run that was killed: what it created and could not record is in the
 * state afterwards, so that the next `up` goes on from there. Cut off itself, it starts again: the
 * state keeps what is pending until all of it has been read.
 * @returns what was done, one sentence each; nothing where no operation is pending.
 */
export async function recoverStack(engine: Engine, stack: string): Promise<string[]> {
  const before = await exported(engine, stack);
  const { pending_operations: pending = [] } = before.deployment;
  if (pending.length === 0) return [];
  const { state, adopted, again, deleting } = await recoverPending(
    before.deployment,
    awsLookups(engine.env),
  );
  const unread = [...adopted.map(({ urn }) => urn), ...deleting];
  if (unread.length === 0) {
    await imported(engine, stack, { ...before, deployment: state });
  } else {
    const listed = { ...state, pending_operations: pending };
    await imported(engine, stack, { ...before, deployment: listed });
    await read(engine, stack, unread);
    const after = await exported(engine, stack);
    const { pending_operations: done, ...deployment } = after.deployment;
    if (done) await imported(engine, stack, { ...after, deployment });
  }
  return [
    `${pending.length} operations of the last run were cut off.`,
    ...adopted.map(({ urn, id }) => `Looked up: ${nameOf(urn)} (${id}).`),
    ...again.map((urn) => `Comes again: ${nameOf(urn)}.`),
  ];
}

/** A stack's export: the deployment, and what an import wants beside it. */
interface StateFile {
  deployment: DeploymentV3;
}

async function exported(engine: Engine, stack: string): Promise<StateFile> {
  const { stdout } = await must(engine, ["stack", "export", "--stack", stack]);
  return JSON.parse(stdout) as StateFile;
}

async function imported(engine: Engine, stack: string, file: StateFile): Promise<void> {
  await must(engine, ["stack", "import", "--stack", stack, "--force"], JSON.stringify(file));
}

/** Reads what the state lists without its properties, and drops what does not exist. */
async function read(engine: Engine, stack: string, urns: string[]): Promise<void> {
  const targets = urns.flatMap((urn) => ["--target", urn]);
  const options = ["--stack", stack, "--yes", "--skip-preview", "--skip-pending-creates"];
  try {
    await must(engine, ["refresh", ...options, ...targets]);
  } catch (error) {
    throw UserError.failed(
      `What the last run of ${stack} was cut off at could not be read back: an up would make it ` +
        `again. Run npm run recover -- ${stack} once more before any up.\n${messageOf(error)}`,
    );
  }
}

const nameOf = (urn: string) => urn.split("::").slice(2).join(" ").replace(/^.*\$/, "");
