import type { DeploymentV3, PendingOperation, StateResource } from "../engine/checkpoint";
import { missingRows, rowOf } from "../catalogue";
import type { AwsLookups, FoundHealthCheck, LookupsOf, Tags } from "./awsLookups";
import { UserError } from "../config/mistake";

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
 * Decides for each pending operation, by the catalogue. An update that was cut off is dropped: the
 * state still has the resource as it was, so the next `up` does it again.
 *
 * @throws UserError for a type without a row, and where only somebody who looks can tell.
 */
export async function recoverPending(
  state: DeploymentV3,
  lookupsOf: LookupsOf,
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
    const listed = resources.find((known) => known.urn === resource.urn && isUnread(known))?.id;
    if (listed !== undefined) {
      adopted.push({ urn: resource.urn, id: listed });
      continue;
    }
    const id = resource.custom ? await createdId(operation, resources, lookupsOf) : undefined;
    if (id === undefined) {
      again.push(resource.urn);
      continue;
    }
    const at = resources.findIndex((known) => known.urn === resource.urn && known.id === id);
    // Read already, by a recovery that was cut off after its refresh.
    if (at >= 0 && !resources[at]?.pendingReplacement) continue;
    adopted.push({ urn: resource.urn, id });
    const created = { ...resource, id };
    if (at >= 0) {
      // Deleted first, and made again under the name that it was given: the entry is the new one's.
      resources[at] = created;
      continue;
    }
    // Created to replace another one, which goes when nothing uses it any more.
    const others = resources.map((known) =>
      known.urn === resource.urn ? { ...known, delete: true } : known,
    );
    resources.splice(0, resources.length, ...others, created);
  }
  return { state: { ...rest, resources }, adopted, again, deleting };
}

/** Listed by a recovery that was itself cut off before the refresh. */
function isUnread({ custom, outputs = {} }: StateResource): boolean {
  return custom && Object.keys(outputs).length === 0;
}

/** @returns undefined where it does not exist, or may be created again. */
async function createdId(
  { resource }: PendingOperation,
  known: StateResource[],
  lookupsOf: LookupsOf,
): Promise<string | undefined> {
  const { type, urn, inputs = {} } = resource;
  if (type.startsWith("pulumi:")) return undefined;
  const row = rowOf(type)?.recovery;
  if (!row) {
    throw UserError.failed(`${urn} was cut off. ${missingRows([type])}`);
  }
  if ("again" in row) return undefined;
  if ("look" in row) {
    throw UserError.failed(
      `${urn} was cut off, and nothing tells whether it exists: look for ${row.look}, then run ` +
        "pulumi refresh with --import-pending-creates or --clear-pending-creates.",
    );
  }
  if (!("arn" in row)) return row.id(inputs);
  const provider = settingsOf(providerOf(resource, known));
  const aws = lookupsOf(provider);
  const tags = { ...defaultTags(provider), ...(inputs.tags as Tags | undefined) };
  if (Object.keys(tags).length === 0) throw UserError.failed(`${urn} was cut off and has no tags.`);
  const region = row.global ? "us-east-1" : regionOf(resource, provider);
  const taken = new Set(known.map(({ id }) => id));
  const byTags = (await aws.tagged(region, tags))
    .filter((found) => row.arn.test(found.arn) && isSame(found.tags, tags))
    .map(({ arn }) => (row.idOf ? row.idOf(arn) : arn));
  const found = byTags.length > 0 ? byTags : await untagged(type, inputs, aws);
  const ids = found.filter((id) => !taken.has(id));
  if (ids.length > 1) {
    throw UserError.failed(
      `${urn} was cut off, and ${ids.join(" and ")} are as it would be: keep one, delete the others, ` +
        "then recover again.",
    );
  }
  return ids[0];
}

/** Of the types that AWS tags in a second call, what a run left that was killed between the two. */
async function untagged(
  type: string,
  inputs: Record<string, unknown>,
  aws: AwsLookups,
): Promise<string[]> {
  if (type === "aws:route53/zone:Zone") return untaggedZones(inputs, aws);
  if (type !== "aws:route53/healthCheck:HealthCheck") return [];
  const found = await aws.untaggedHealthChecks();
  return found.filter((check) => isCheckOf(inputs, check)).map(({ id }) => id);
}

/** Nothing is in them yet. */
async function untaggedZones(
  { name, comment, vpcs }: Record<string, unknown>,
  aws: AwsLookups,
): Promise<string[]> {
  const isPrivate = Array.isArray(vpcs) && vpcs.length > 0;
  return (await aws.zones(String(name)))
    .filter((zone) => zone.comment === comment && zone.isPrivate === isPrivate && zone.records <= 2)
    .map(({ id }) => id);
}

function isCheckOf(inputs: Record<string, unknown>, { config }: FoundHealthCheck): boolean {
  return (
    config.Type === inputs.type &&
    config.FullyQualifiedDomainName === inputs.fqdn &&
    config.ResourcePath === inputs.resourcePath &&
    config.AlarmIdentifier?.Name === inputs.cloudwatchAlarmName &&
    config.AlarmIdentifier?.Region === inputs.cloudwatchAlarmRegion
  );
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
  throw UserError.failed(`${urn} was cut off, and the state does not have its provider.`);
}

function regionOf({ urn }: StateResource, { region }: Record<string, unknown>): string {
  if (typeof region === "string") return region;
  throw UserError.failed(`The provider of ${urn} has no region in the state.`);
}

/** A provider's lists, objects and switches are JSON in the state. */
function settingsOf({ inputs = {} }: StateResource): Record<string, unknown> {
  const parsed = Object.entries(inputs).map(([name, value]) => {
    const isJson = typeof value === "string" && /^(?:[[{]|true$|false$)/.test(value);
    return [name, isJson ? (JSON.parse(value) as unknown) : value] as const;
  });
  return Object.fromEntries(parsed);
}

/** The tags that a provider adds are in no resource's inputs. */
function defaultTags({ defaultTags: setting }: Record<string, unknown>): Tags {
  return (setting as { tags?: Tags } | undefined)?.tags ?? {};
}
