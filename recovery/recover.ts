import type { DeploymentV3 } from "../local/checkpoint";
import type { Engine } from "../local/engine";
import { LocalFailure, messageOf } from "../local/mistake";
import { must } from "../local/state";
import { recoverPending } from "./pendingCreates";
import { hostedZones, taggedResources } from "./taggedResources";

/**
 * Makes the state whole after a run that was killed: what it created and could not record is in the
 * state afterwards, so that the next `up` goes on from there.
 * @returns what was done, one sentence each; nothing where no operation is pending.
 */
export async function recoverStack(engine: Engine, stack: string): Promise<string[]> {
  const exported = await must(engine, ["stack", "export", "--stack", stack]);
  const file = JSON.parse(exported.stdout) as { deployment: DeploymentV3 };
  const pending = file.deployment.pending_operations ?? [];
  if (pending.length === 0) return [];
  const find = taggedResources(engine.env);
  const { state, adopted, again, deleting } = await recoverPending(
    file.deployment,
    find,
    hostedZones(engine.env),
  );
  const text = JSON.stringify({ ...file, deployment: state });
  await must(engine, ["stack", "import", "--stack", stack, "--force"], text);
  const unread = [...adopted.map(({ urn }) => urn), ...deleting];
  if (unread.length > 0) {
    const targets = unread.flatMap((urn) => ["--target", urn]);
    try {
      await must(engine, ["refresh", "--stack", stack, "--yes", "--skip-preview", ...targets]);
    } catch (error) {
      // The state lists them unread by now: an `up` would replace them.
      throw new LocalFailure(
        `What the last run was cut off at is not read back. Before any \`pulumi up\`, run: pulumi refresh -s ${stack} ${targets.join(" ")}\n${messageOf(error)}`,
      );
    }
  }
  return [
    `${pending.length} operations of the last run were cut off.`,
    ...adopted.map(({ urn, id }) => `Looked up: ${nameOf(urn)} (${id}).`),
    ...again.map((urn) => `Comes again: ${nameOf(urn)}.`),
  ];
}

const nameOf = (urn: string) => urn.split("::").slice(2).join(" ").replace(/^.*\$/, "");
