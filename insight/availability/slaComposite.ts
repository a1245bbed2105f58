import { minutesPerMonth, series } from "./arithmetic";
import type { AvailabilityInputs } from "./inputs";
import { figure } from "./paths";
import type { Figure, RegionShape } from "./types";

/** A service on the request path with what its agreement promises. */
export interface Commitment {
  what: string;
  /** 0 to 1. */
  availability: number;
  /** The agreement. */
  source: string;
}

/** Route 53 · ALB · EC2 · ALB · EC2 · RDS: what a request of a region needs, in its order. */
export function commitments(region: RegionShape, { values }: AvailabilityInputs): Commitment[] {
  const balancer = (tier: string): Commitment => ({
    what: `${tier} load balancer`,
    availability: values["sla.loadBalancer"] / 100,
    source: "SLA of Elastic Load Balancing",
  });
  const zones = region.zones >= 2;
  const servers = (tier: string): Commitment => ({
    what: zones ? `${tier} servers in two zones or more` : `${tier} servers in one zone`,
    availability: values[zones ? "sla.ec2TwoZones" : "sla.ec2Instance"] / 100,
    source: zones ? "SLA of Compute, Region-Level" : "SLA of Compute, Instance-Level",
  });
  const { multiAz } = region.database;
  return [
    { what: "DNS", availability: values["sla.route53"] / 100, source: "SLA of Route 53" },
    balancer("web"),
    servers("web"),
    balancer("app"),
    servers("app"),
    {
      what: multiAz ? "RDS Multi-AZ" : "RDS Single-DB",
      availability: values[multiAz ? "sla.rdsMultiAz" : "sla.rdsSingle"] / 100,
      source: multiAz ? "SLA of RDS, Multi-AZ" : "SLA of RDS, Single-DB",
    },
  ];
}

/**
 * Product of the agreements along a region's path (formula 1). Its parts share the whole in
 * proportion to the logarithms, so their order does not matter.
 */
export function slaCompositeFigure(region: RegionShape, inputs: AvailabilityInputs): Figure {
  const chain = commitments(region, inputs);
  const minutes = (1 - series(chain.map(({ availability }) => availability))) * minutesPerMonth;
  const logs = chain.map(({ availability }) => -Math.log(availability));
  const sum = logs.reduce((total, log) => total + log, 0);
  return figure(
    chain.map(({ what, source }, i) => ({
      what,
      source,
      minutesPerMonth: sum > 0 ? (minutes * (logs[i] ?? 0)) / sum : 0,
    })),
  );
}

/** The lowest promise of the regions' paths: no figure of theirs can be better. */
export function lowestCommitment(
  regions: RegionShape[],
  inputs: AvailabilityInputs,
): { what: string; availability: number } {
  const all = regions.flatMap((region) => commitments(region, inputs).toReversed());
  const lowest = all.reduce((low, one) => (one.availability < low.availability ? one : low));
  // Rounded: 0.9995 × 100 is not 99.95 in binary.
  const percent = Number((lowest.availability * 100).toFixed(4));
  return { what: `${lowest.what} ${percent} %`, availability: lowest.availability };
}
