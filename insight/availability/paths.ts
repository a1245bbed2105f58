import { minutesPerMonth, minutesPerYear } from "./arithmetic";
import { fleet, lost, regionDisruptions, tierNames, type Disruption } from "./disruptions";
import { ownChangeMinutes, replaceMinutes } from "./durations";
import type { AvailabilityInputs } from "./inputs";
import type { Figure, InstallationShape, Part, RegionShape } from "./types";

/** A region with what takes it down, once for all figures. */
export interface RegionCase {
  shape: RegionShape;
  /** Share of the installation's clients that are nearest to it. */
  share: number;
  disruptions: Disruption[];
  /** Sum of what the disruptions take, 0 to 1. */
  unavailability: number;
}

export function regionCases(shape: InstallationShape, inputs: AvailabilityInputs): RegionCase[] {
  return shape.regions.map((region, i) => {
    const disruptions = regionDisruptions(region, inputs);
    const sum = disruptions.reduce((total, disruption) => total + lost(disruption), 0);
    return {
      shape: region,
      share: shape.shares[i] ?? 0,
      disruptions,
      unavailability: Math.min(1, sum),
    };
  });
}

/** Minutes until clients of a region whose health check fails are led to the other one (formula 6). */
export function clientsMoved(region: RegionShape, { values }: AvailabilityInputs): number {
  const { kind, intervalSeconds, failures } = region.healthCheck;
  const alarm = kind === "alarm" ? values["dns.alarmDelaySeconds"] : 0;
  const seconds =
    intervalSeconds * failures +
    alarm +
    values["dns.ttlSeconds"] +
    values["dns.resolverSlackSeconds"];
  return seconds / 60;
}

/** Minutes until the other region takes the lost one's writes (formula 7). */
export function writesMoved({ values }: AvailabilityInputs): number {
  return (
    values["people.detectMinutes"] +
    values["people.decideMinutes"] +
    values["failover.drainMinutes"] +
    values["failover.promoteMinutes"]
  );
}

/**
 * Minutes that `region` needs until it carries the load of all regions: 0 where enough servers run,
 * the start of servers where they may, no bound where even the most are too few. Each region's load
 * is rounded up to whole servers once, as its own fleet is.
 */
export function carries(
  shape: InstallationShape,
  region: RegionShape,
  inputs: AvailabilityInputs,
): number {
  const waits = tierNames.map((name) => {
    const load = shape.regions.reduce((sum, one) => sum + fleet(one, name).needed, 0);
    if (fleet(region, name).servers >= load) return 0;
    const most = region[name].maxPerZone * region.zones;
    return most >= load ? replaceMinutes(inputs) : Number.POSITIVE_INFINITY;
  });
  return Math.max(...waits);
}

/** Of two regions, the one that is not `region`, where it can stand in for it. */
function standIn(
  shape: InstallationShape,
  cases: RegionCase[],
  region: RegionCase,
): RegionCase | undefined {
  return shape.replication.mode === "none" ? undefined : cases.find((one) => one !== region);
}

/**
 * Reads: each client reads in its nearest region. What the health check sees moves its clients; what
 * it does not see (app tier, database) is waited for. A common cause hits both regions.
 */
export function readFigure(
  shape: InstallationShape,
  cases: RegionCase[],
  inputs: AvailabilityInputs,
): Figure {
  const parts = cases.flatMap((region) => {
    const other = standIn(shape, cases, region);
    const moved = other
      ? clientsMoved(region.shape, inputs) + carries(shape, other.shape, inputs)
      : Number.POSITIVE_INFINITY;
    return region.disruptions.map((disruption) =>
      part(
        disruption,
        region.share *
          (disruption.seen && other
            ? withStandIn(disruption, moved, other.unavailability, inputs)
            : lost(disruption)),
      ),
    );
  });
  return figure([...parts, ...sharedParts(inputs)]);
}

/**
 * Writes: each row has one region that takes it. Losing that region is waited for, or ended by moving
 * the writer; nobody moves it for less. Where both regions write, each does for its own clients.
 */
export function writeFigure(
  shape: InstallationShape,
  cases: RegionCase[],
  inputs: AvailabilityInputs,
): Figure {
  const parts = cases.flatMap((region) => {
    const share = writeShare(shape, region);
    if (share === 0) return [];
    const other = standIn(shape, cases, region);
    const moved = other
      ? Math.max(writesMoved(inputs), carries(shape, other.shape, inputs))
      : Number.POSITIVE_INFINITY;
    return region.disruptions.map((disruption) =>
      part(
        disruption,
        share *
          (disruption.part === "region" && other
            ? withStandIn(disruption, moved, other.unavailability, inputs)
            : lost(disruption)),
      ),
    );
  });
  return figure([...parts, ...sharedParts(inputs)]);
}

/** Share of the installation's writes that a region takes. */
export function writeShare(shape: InstallationShape, region: RegionCase): number {
  const { mode, writer } = shape.replication;
  if (mode !== "oneWay") return region.share;
  return region.shape.region === writer ? 1 : 0;
}

/**
 * Formula 6 for one disruption: a common cause leaves no region to go to; otherwise requests wait
 * until they are moved, and as long as the disruption if the other region is down as well. It never
 * takes more than the disruption without another region.
 */
function withStandIn(
  disruption: Disruption,
  moved: number,
  otherUnavailability: number,
  { values }: AvailabilityInputs,
): number {
  const { minutes, rate, share } = disruption;
  const beta = values["beta.region"];
  const waited = Math.min(minutes, moved);
  const rest = otherUnavailability * (minutes - waited);
  return Math.min(1, rate * (beta * minutes + (1 - beta) * (waited + rest))) * share;
}

/** What no second region helps against (the last term of formula 6). */
function sharedParts(inputs: AvailabilityInputs): Part[] {
  const { values } = inputs;
  const shared = (what: string, perYear: number, minutes: number): Part => ({
    what,
    minutesPerMonth: Math.min(1, (perYear / minutesPerYear) * minutes) * minutesPerMonth,
    source: "formula 9",
  });
  return [
    shared(
      "DNS, identity and certificates, shared by all regions",
      values["global.failuresPerYear"],
      values["global.outageMinutes"],
    ),
    shared(
      "own changes that health checks do not see, until they are rolled back",
      values["deploy.failuresPerYear"],
      ownChangeMinutes(inputs),
    ),
  ].filter(({ minutesPerMonth: minutes }) => minutes > 0);
}

function part({ what, source }: Disruption, unavailability: number): Part {
  return { what, source, minutesPerMonth: unavailability * minutesPerMonth };
}

/** Parts of the same name are added up; no figure exceeds the month (formula 8). */
export function figure(parts: Part[]): Figure {
  const byName = new Map<string, Part>();
  for (const one of parts) {
    if (one.minutesPerMonth <= 0) continue;
    const known = byName.get(one.what);
    if (known) known.minutesPerMonth += one.minutesPerMonth;
    else byName.set(one.what, { ...one });
  }
  const sum = [...byName.values()].reduce((total, one) => total + one.minutesPerMonth, 0);
  const scale = sum > minutesPerMonth ? minutesPerMonth / sum : 1;
  const sorted = [...byName.values()]
    .map((one) => ({ ...one, minutesPerMonth: one.minutesPerMonth * scale }))
    .sort((a, b) => b.minutesPerMonth - a.minutesPerMonth);
  const minutes = Math.min(minutesPerMonth, sum);
  return {
    availability: 1 - minutes / minutesPerMonth,
    minutesPerMonth: minutes,
    minutesPerYear: (minutes / minutesPerMonth) * minutesPerYear,
    parts: sorted,
  };
}
