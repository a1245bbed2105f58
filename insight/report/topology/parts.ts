import type { StackReport } from "../../figures/report";
import type { PlanReader, RegionFacts } from "./facts";
import type { TopologyEdge, TopologyNode, TopologyRegion } from "./types";

/** A region that a stack was read for. */
export interface ReadRegion {
  region: TopologyRegion;
  report: StackReport;
  facts: RegionFacts;
  read: PlanReader;
}

/** A share of the graph. */
export interface Parts {
  nodes: TopologyNode[];
  edges: TopologyEdge[];
}

export function edge(
  kind: TopologyEdge["kind"],
  from: string,
  to: string,
  label: string,
  detail: string,
): TopologyEdge {
  return { id: `${from}→${to} ${kind}`, kind, from, to, label, detail };
}

/** `3 to 12`, or `3`. */
export function range({ min, max }: { min: number; max: number }, dash = " to "): string {
  return min === max ? String(min) : `${min}${dash}${max}`;
}
