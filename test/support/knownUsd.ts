import assert from "node:assert/strict";
import type { MonthlySum } from "../../insight/cost/types";

/** The amount of a sum that has to be known. */
export function knownUsd(sum: MonthlySum): number {
  assert.ok(sum.known, "the sum is unknown");
  return sum.usd;
}
