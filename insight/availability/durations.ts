import type { AvailabilityInputs } from "./inputs";

/** Minutes from a server's failure until another one has its place. */
export function replaceMinutes({ values }: AvailabilityInputs): number {
  return (
    values["loadBalancer.detectionSeconds"] / 60 +
    values["instance.noticeMinutes"] +
    values["instance.bootMinutes"]
  );
}

/**
 * Most batches in which a roll replaces a fleet. stacks/fleetApi.ts lets half as many
 * servers more run as are wanted, at least one, so that ⌊n/2⌋ of n are replaced at a time: one server
 * takes one batch, three take three, which is the most that any number takes.
 */
export const rollBatches = 3;

/** Minutes of a roll of a fleet, at most: each batch starts, and then has its warm-up. */
export function rollMinutes({ values }: AvailabilityInputs): number {
  return rollBatches * (values["instance.bootMinutes"] + values["instance.warmUpSeconds"] / 60);
}

/**
 * Minutes of a change of one's own that no health check sees, until it is noticed and rolled back by
 * a roll. One that they see costs nothing: the former servers stay until the new ones are healthy.
 */
export function ownChangeMinutes(inputs: AvailabilityInputs): number {
  return inputs.values["people.detectMinutes"] + rollMinutes(inputs);
}

/** Minutes until a database with a standby answers again. */
export function failoverMinutes({ values }: AvailabilityInputs): number {
  return (values["database.failoverSeconds"] + values["database.reconnectSeconds"]) / 60;
}

/** Minutes until RDS has a database without a standby running on another host. */
export function recoverMinutes({ values }: AvailabilityInputs): number {
  return values["database.recoverMinutes"] + values["database.reconnectSeconds"] / 60;
}

/** Minutes until people have restored a database from its backups. */
export function restoreMinutes({ values }: AvailabilityInputs): number {
  return (
    values["people.detectMinutes"] +
    values["people.decideMinutes"] +
    values["database.restoreMinutes"]
  );
}
