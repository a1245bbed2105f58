import { deepStrictEqual } from "node:assert";
import { refreshGaps } from "./knownGaps";
import type { Snapshot } from "./regionPair";
import type { Drift } from "./ring";

/** Names of the replication tasks that a stack has. */
export const tasks = ({ resources }: Pick<Snapshot, "resources">): string[] =>
  resources
    .filter(({ type }) => type === "aws:dms/replicationTask:ReplicationTask")
    .map(({ urn }) => urn.split("::").at(-1) ?? "");

/** Names of the resources that were not there before, in the order of the alphabet. */
export function added(
  after: Pick<Snapshot, "resources">,
  before: Pick<Snapshot, "resources">,
): string[] {
  const known = new Set(before.resources.map(({ urn }) => urn));
  return after.resources
    .filter(({ urn }) => !known.has(urn))
    .map(({ urn }) => urn.split("::").at(-1) ?? "")
    .sort();
}

const data = ["rds/instance:Instance", "ec2/vpc:Vpc", "kms/key:Key", "s3/bucket:Bucket"];

/** What holds data and is another one than before; "" when all of it has stayed. */
export function dataReplaced(after: Snapshot, before: Snapshot): string {
  const ids = new Map(after.resources.map(({ urn, id }) => [urn, id]));
  return before.resources
    .filter(({ type }) => data.includes(type.replace("aws:", "")))
    .filter(({ urn, id }) => ids.get(urn) !== id)
    .map(({ urn }) => urn)
    .join(", ");
}

export function readsBack(drifted: Drift[]): void {
  const unexplained = drifted.filter((drift) => !isKnown(drift));
  deepStrictEqual(
    unexplained.map(({ resource, property }) => `${resource} ${property}`),
    [],
  );
}

export const matches = (gap: { property?: string }, { property }: Drift) =>
  gap.property === undefined || gap.property === property;

const isKnown = (drift: Drift) =>
  refreshGaps.some((gap) => gap.type === drift.type && matches(gap, drift));
