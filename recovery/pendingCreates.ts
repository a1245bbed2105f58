import type { DeploymentV3, PendingOperation, StateResource } from "../local/checkpoint";
import { LocalFailure } from "../local/mistake";
import { recoveries } from "./createdIds";
import type { FindTagged, FindZones, Tags } from "./taggedResources";

/** What became of the creates that a killed run left open. */
export interface Recovered {
  /** The state without them. */
  state: DeploymentV3;
  /** To be read back by a refresh, which drops those that do not exist. */
  adopted: { urn: string; id: string }[];
  /** To be created by the next `up`. */
  again: string[];
  /** Were being deleted: to be read back, since an `up` that wants them again sees no difference. */
  deleting: string[];
}

/**
 * Decides for each pending operation, by the table of {@link recoveries}. An update that was cut
 * off is dropped: the state still has the resource as it was, so the next `up` does it again.
 *
 * @throws LocalFailure for a type without a row, and where only somebody who looks can tell.
 */
export async function recoverPending(
  state: DeploymentV3,
  find: FindTagged,
  findZones: FindZones,
): Promise<Recovered> {
  const { pending_operations: pending = [], ...rest } = state;
  const resources = [...(rest.resources ?? [])];
  const adopted: Recovered["adopted"] = [];
  const again: string[] = [];
  const deleting: string[] = [];
  for (const operation of pending) {
    const { resource, type } = operation;
    const isKnown = resources.some(({ urn }) => urn === resource.urn);
    if (type === "deleting" && resource.custom && isKnown) deleting.push(resource.urn);
    if (type !== "creating") continue;
    const id = resource.custom ? await createdId(operation, resources, find, findZones) : undefined;
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
  return { state: { ...rest, resources }, adopted, again, deleting };
}

/** @returns undefined where it does not exist, or may be created again. */
async function createdId(
  { resource }: PendingOperation,
  known: StateResource[],
  find: FindTagged,
  findZones: FindZones,
): Promise<string | undefined> {
  const { type, urn, inputs = {} } = resource;
  if (type.startsWith("pulumi:")) return undefined;
  const row = recoveries[type];
  if (!row) {
    throw new LocalFailure(
      `${urn} was cut off, and recovery/createdIds.ts has no row for ${type}: add it.`,
    );
  }
  if ("again" in row) return undefined;
  if ("look" in row) {
    throw new LocalFailure(
      `${urn} was cut off, and nothing tells whether it exists: look for ${row.look}, then run ` +
        "pulumi refresh with --import-pending-creates or --clear-pending-creates.",
    );
  }
  if (!("arn" in row)) return row.id(inputs);
  const provider = providerOf(resource, known);
  const tags = { ...defaultTags(provider), ...(inputs.tags as Tags | undefined) };
  if (Object.keys(tags).length === 0) throw new LocalFailure(`${urn} was cut off and has no tags.`);
  const region = row.global ? "us-east-1" : regionOf(provider);
  const taken = new Set(known.map(({ id }) => id));
  const ids = (await find(region, tags))
    .filter((found) => row.arn.test(found.arn) && isSame(found.tags, tags))
    .map(({ arn }) => (row.idOf ? row.idOf(arn) : arn))
    .filter((id) => !taken.has(id));
  if (ids.length === 0 && type === "aws:route53/zone:Zone") {
    const found = await untaggedZones(inputs, findZones);
    ids.push(...found.filter((id) => !taken.has(id)));
  }
  if (ids.length > 1) {
    throw new LocalFailure(
      `${urn} was cut off, and ${ids.join(" and ")} are as it would be: keep one, delete the others, ` +
        "then recover again.",
    );
  }
  return ids[0];
}

/** Zones as a killed run leaves them between the create and its tags: nothing is in them yet. */
async function untaggedZones(
  { name, comment, vpcs }: Record<string, unknown>,
  find: FindZones,
): Promise<string[]> {
  const isPrivate = Array.isArray(vpcs) && vpcs.length > 0;
  return (await find(String(name)))
    .filter((zone) => zone.comment === comment && zone.isPrivate === isPrivate && zone.records <= 2)
    .map(({ id }) => id);
}

/** Without those of AWS itself, such as CloudFormation's. */
function isSame(found: Tags, wanted: Tags): boolean {
  const own = Object.keys(found).filter((key) => !key.startsWith("aws:"));
  return (
    own.length === Object.keys(wanted).length && own.every((key) => found[key] === wanted[key])
  );
}

function providerOf({ urn, provider = "" }: StateResource, known: StateResource[]): StateResource {
  const own = known.find((other) => `${other.urn}::${other.id}` === provider);
  if (own) return own;
  throw new LocalFailure(`${urn} was cut off, and the state does not have its provider.`);
}

function regionOf({ urn, inputs = {} }: StateResource): string {
  if (typeof inputs.region === "string") return inputs.region;
  throw new LocalFailure(`The provider ${urn} has no region in the state.`);
}

/** A provider's settings are text in the state, and the tags it adds are in no resource's inputs. */
function defaultTags({ inputs = {} }: StateResource): Tags {
  const { defaultTags: setting = "{}" } = inputs;
  const parsed = typeof setting === "string" ? (JSON.parse(setting) as unknown) : setting;
  return (parsed as { tags?: Tags }).tags ?? {};
}
