import type { DeploymentV3, PendingOperation, StateResource } from "../local/checkpoint";
import { recoveries } from "./createdIds";
import type { FindTagged, Tags } from "./taggedResources";

/** What became of the creates that a killed run left open. */
export interface Recovered {
  /** The state without them. */
  state: DeploymentV3;
  /** To be read back by a refresh, which drops those that do not exist. */
  adopted: { urn: string; id: string }[];
  /** To be created by the next `up`. */
  again: string[];
}

/**
 * Decides for each pending operation, by the table of {@link recoveries}. An update or a delete that
 * was cut off is dropped: the state still has the resource as it was, so the next `up` does it again.
 *
 * @throws Error for a type without a row, and where only somebody who looks can tell.
 */
export async function recoverPending(state: DeploymentV3, find: FindTagged): Promise<Recovered> {
  const { pending_operations: pending = [], ...rest } = state;
  const resources = [...(rest.resources ?? [])];
  const adopted: Recovered["adopted"] = [];
  const again: string[] = [];
  for (const operation of pending) {
    const { resource, type } = operation;
    if (type !== "creating") continue;
    const id = resource.custom ? await createdId(operation, resources, find) : undefined;
    if (id === undefined) {
      again.push(resource.urn);
      continue;
    }
    if (resources.some(({ urn, id: known }) => urn === resource.urn && known === id)) continue;
    // Created to replace another one, which goes when nothing uses it any more.
    const others = resources.map((known) =>
      known.urn === resource.urn ? { ...known, delete: true } : known,
    );
    resources.splice(0, resources.length, ...others, { ...resource, id });
    adopted.push({ urn: resource.urn, id });
  }
  return { state: { ...rest, resources }, adopted, again };
}

/** @returns undefined where it does not exist, or may be created again. */
async function createdId(
  { resource }: PendingOperation,
  known: StateResource[],
  find: FindTagged,
): Promise<string | undefined> {
  const { type, urn, inputs = {} } = resource;
  if (type.startsWith("pulumi:")) return undefined;
  const row = recoveries[type];
  if (!row) {
    throw new Error(
      `${urn} was cut off, and recovery/createdIds.ts has no row for ${type}: add it.`,
    );
  }
  if ("again" in row) return undefined;
  if ("look" in row) {
    throw new Error(
      `${urn} was cut off, and nothing tells whether it exists: look for ${row.look}, then run ` +
        "pulumi refresh with --import-pending-creates or --clear-pending-creates.",
    );
  }
  if (!("arn" in row)) return row.id(inputs);
  const tags = (inputs.tagsAll ?? inputs.tags ?? {}) as Tags;
  if (Object.keys(tags).length === 0) throw new Error(`${urn} was cut off and has no tags.`);
  const region = row.global ? "us-east-1" : regionOf(resource, known);
  const taken = new Set(known.map(({ id }) => id));
  const ids = (await find(region, tags))
    .filter((found) => row.arn.test(found.arn) && isSame(found.tags, tags))
    .map(({ arn }) => (row.idOf ? row.idOf(arn) : arn))
    .filter((id) => !taken.has(id));
  if (ids.length > 1) {
    throw new Error(
      `${urn} was cut off, and ${ids.join(" and ")} carry its tags: keep one, delete the others, ` +
        "then recover again.",
    );
  }
  return ids[0];
}

/** Without those of AWS itself, such as CloudFormation's. */
function isSame(found: Tags, wanted: Tags): boolean {
  const own = Object.keys(found).filter((key) => !key.startsWith("aws:"));
  return (
    own.length === Object.keys(wanted).length && own.every((key) => found[key] === wanted[key])
  );
}

function regionOf({ urn, provider = "" }: StateResource, known: StateResource[]): string {
  const own = known.find((other) => `${other.urn}::${other.id}` === provider);
  const region = own?.inputs?.region;
  if (typeof region === "string") return region;
  throw new Error(`${urn} was cut off, and its provider in the state has no region.`);
}
