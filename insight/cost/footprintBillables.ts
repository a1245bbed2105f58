import { databaseBillables } from "./databaseBillables";
import type { Footprint } from "../../catalogue/footprint";
import { networkBillables } from "./networkBillables";
import { otherBillables } from "./otherBillables";
import { replicationBillables } from "./replicationBillables";
import { serverBillables } from "./serverBillables";
import type { Billable } from "./types";
import type { Usage } from "./usageSchema";

/** The lines of a bill, the dearest areas first. What comes to nothing is left out. */
export function footprintBillables(footprint: Footprint, usage: Usage): Billable[] {
  const lines = [
    ...serverBillables(footprint, usage),
    ...databaseBillables(footprint, usage),
    ...replicationBillables(footprint, usage),
    ...networkBillables(footprint, usage),
    ...otherBillables(footprint, usage),
  ];
  return lines.filter(({ quantity }) => quantity > 0);
}
