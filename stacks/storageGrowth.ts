/** Largest gp3 volume that this program asks RDS for SQL Server for. */
export const largestGiB = 16_384;

/**
 * RDS User Guide, "gp3 storage": for SQL Server the ratio of IOPS to GiB is from 0.5 to 500, for the
 * size at creation as for the one that autoscaling may reach.
 */
export const gibPerOperation = 2;
export const operationsPerGib = 500;

export const leastIops = (gib: number): number => Math.ceil(gib / gibPerOperation);

/** RDS User Guide, "Managing capacity automatically with Amazon RDS storage autoscaling". */
export const leastGrown = (storageGiB: number): number => Math.ceil((storageGiB * 11) / 10);

/**
 * How far the storage grows unless the config says: to twice its size, if the IOPS carry that. The
 * largest databases cannot grow at all.
 */
export function roomToGrow(storageGiB: number, iops: number): number {
  const room = Math.min(2 * storageGiB, largestGiB, iops * gibPerOperation);
  return room >= leastGrown(storageGiB) ? room : storageGiB;
}
