import { fleetSize } from "../figures/fleet";
import { binomialPmf, binomialCdf, minutesPerYear } from "./arithmetic";
import { failoverMinutes, recoverMinutes, replaceMinutes, restoreMinutes } from "./durations";
import type { AvailabilityInputs } from "./inputs";
import type { RegionShape, TierShape } from "./types";

/** Something that takes a region's request path down, or a share of it. */
export interface Disruption {
  what: string;
  source: string;
  /** Times per minute. */
  rate: number;
  /** Minutes each time. */
  minutes: number;
  /** Share of the region's requests that it hits. */
  share: number;
  /** Route 53's health check of the region fails, so clients are led to the other one. */
  seen: boolean;
  part: "web" | "app" | "zone" | "database" | "loadBalancer" | "region" | "capacity";
}

/** Unavailability, 0 to 1, that a disruption brings to its region. */
export function lost({ rate, minutes, share }: Disruption): number {
  return Math.min(1, rate * minutes) * share;
}

export type TierName = "web" | "app";
export const tierNames: readonly TierName[] = ["web", "app"];

/** RDS may place the database in any of the three zones: its subnets are in all of them. */
const databaseZones = 3;

/** A tier's servers as they run. */
export interface Fleet {
  perZone: number;
  servers: number;
  needed: number;
  /** False: even the most that may run are fewer than needed. */
  sufficient: boolean;
}

export function fleet(region: RegionShape, name: TierName): Fleet {
  const { minPerZone, maxPerZone, needed }: TierShape = region[name];
  const whole = Math.max(1, Math.ceil(needed));
  const size = fleetSize(region.zones, { min: minPerZone, max: maxPerZone }, { needed: whole });
  const { perZone, sufficient } = size;
  return { perZone, servers: perZone * region.zones, needed: whole, sufficient };
}

/** Everything that takes a region's request path down, without what all regions share. */
export function regionDisruptions(region: RegionShape, inputs: AvailabilityInputs): Disruption[] {
  const short = tierNames.filter((name) => !fleet(region, name).sufficient);
  if (short.length > 0) return [neverEnough(short)];
  return [
    ...tierNames.flatMap((name) => serverDisruptions(name, fleet(region, name), inputs)),
    ...zoneDisruptions(region, inputs),
    ...databaseDisruptions(region, inputs),
    ...serviceDisruptions(inputs),
  ].filter((disruption) => lost(disruption) > 0);
}

// One literal, so that all have one shape: spreading took most of the model's time.
function disruption(
  part: Disruption["part"],
  what: string,
  source: string,
  rate: number,
  minutes: number,
  more: { share?: number; seen?: boolean } = {},
): Disruption {
  const { share = 1, seen = false } = more;
  return { what, source, rate, minutes, share, seen, part };
}

function neverEnough(short: TierName[]): Disruption {
  const what = `${short.join(" and ")} servers: even the most that may run are too few`;
  return disruption("capacity", what, "formula 3", 1, 1);
}

function serverDisruptions(
  name: TierName,
  { servers, needed }: Fleet,
  inputs: AvailabilityInputs,
): Disruption[] {
  const { values } = inputs;
  const beta = values["beta.instance"];
  const rate = values["instance.failuresPerYear"] / minutesPerYear;
  const minutes = replaceMinutes(inputs);
  const unavailability = Math.min(1, rate * minutes);
  const tooFew = binomialCdf(needed - 1, servers, 1 - (1 - beta) * unavailability);
  const web = name === "web";
  const found = [
    disruption(
      name,
      `${name} servers: all at once, common cause`,
      "formula 4",
      beta * rate,
      minutes,
      { seen: web },
    ),
    disruption(
      name,
      `${name} servers: too few left`,
      "formula 2",
      minutes > 0 ? tooFew / minutes : 0,
      minutes,
      // With some servers left the health check still gets its answer.
      { seen: web && needed === 1 },
    ),
  ];
  if (servers > needed) {
    const what = `${name} servers: requests to a failed one, until the load balancer sees it`;
    const detection = values["loadBalancer.detectionSeconds"] / 60;
    const failures = (1 - beta) * rate * servers;
    found.push(disruption(name, what, "formula 3", failures, detection, { share: 1 / servers }));
  }
  return found;
}

/** What the loss of one of a region's zones does to its servers. */
export function zoneLoss(region: RegionShape, inputs: AvailabilityInputs) {
  const short = tierNames.filter((name) => {
    const { servers, perZone, needed } = fleet(region, name);
    return servers - perZone < needed;
  });
  const none = inputs.values["zone.capacityShortShare"];
  // Where servers start through the one NAT gateway, its zone takes the others' starts with it.
  const behindNat = region.startsNeedNat === true && region.natGateways === "single";
  return { short, noStart: behindNat ? none + (1 - none) / region.zones : none };
}

/**
 * Zones that run servers are the first ones; the database may be in any of the three. In each zone's
 * event servers and database recover side by side, so the longer of both counts, once.
 */
function zoneDisruptions(region: RegionShape, inputs: AvailabilityInputs): Disruption[] {
  const { values } = inputs;
  const { zones } = region;
  const beta = values["beta.zone"];
  const rate = values["zone.failuresPerYear"] / minutesPerYear;
  const single = (1 - beta) * rate;
  const outage = values["zone.outageMinutes"];
  const { database, without } = databaseInZone(region, inputs, outage);
  const several = "several zones at once, common cause";
  const elsewhere = (single * (databaseZones - zones)) / databaseZones;
  const found = [
    disruption("zone", several, "formula 4", beta * rate, outage, { seen: true }),
    zoneLost(`a zone without servers: ${without}`, elsewhere, database),
  ];
  if (zones === 1) {
    // With the only zone of web servers the health check fails too.
    found.push(disruption("zone", "the only zone", "formula 3", single, outage, { seen: true }));
    return found;
  }
  const { short, noStart } = zoneLoss(region, inputs);
  const inZones = single * zones;
  if (short.length === 0) {
    const what = "a zone: requests to its servers, until the load balancer sees it";
    const detection = Math.min(outage, values["loadBalancer.detectionSeconds"] / 60);
    found.push(
      disruption("zone", what, "formula 3", inZones, detection, { share: 1 / zones }),
      zoneLost(`a zone: ${without}`, inZones / databaseZones, database),
    );
  } else {
    const what = `a zone: too few ${short.join(" and ")} servers left`;
    const mean = (servers: number): number =>
      (Math.max(servers, database) + servers * (databaseZones - 1)) / databaseZones;
    const started = mean(Math.min(outage, replaceMinutes(inputs)));
    found.push(
      zoneLost(`${what}, until others have started`, inZones * (1 - noStart), started),
      zoneLost(`${what}, and none to be had elsewhere`, inZones * noStart, mean(outage)),
    );
  }
  found.push(severalZones(region, single * outage, outage));
  return found;
}

function zoneLost(what: string, rate: number, minutes: number): Disruption {
  return disruption("zone", what, "formula 3", rate, minutes);
}

function databaseInZone(region: RegionShape, inputs: AvailabilityInputs, outage: number) {
  if (!region.database.multiAz) {
    return { database: outage, without: "the database is in it, without a standby" };
  }
  const { values } = inputs;
  const manual = values["database.failoverFailsShare"] * values["database.manualRepairMinutes"];
  return {
    database: failoverMinutes(inputs) + manual,
    without: "the database fails over to the standby",
  };
}

/** Independent losses of zones that fall together; the database is lost with two of its three. */
function severalZones(region: RegionShape, unavailability: number, minutes: number): Disruption {
  const fleets = tierNames.map((name) => fleet(region, name));
  let probability = 0;
  for (let down = 2; down <= region.zones; down++) {
    const up = region.zones - down;
    const out = fleets.some(({ perZone, needed }) => up * perZone < needed);
    const chance = binomialPmf(up, region.zones, 1 - Math.min(1, unavailability));
    probability += chance * (out ? 1 : 1 / databaseZones);
  }
  const rate = minutes > 0 ? probability / minutes : 0;
  return zoneLost("several zones, each for a reason of its own", rate, minutes);
}

function databaseDisruptions(region: RegionShape, inputs: AvailabilityInputs): Disruption[] {
  const { values } = inputs;
  const failures = values["database.failuresPerYear"] / minutesPerYear;
  const planned = values["maintenance.perYear"] / minutesPerYear;
  const database = (what: string, rate: number, minutes: number): Disruption =>
    disruption("database", `database: ${what}`, "formula 5", rate, minutes);
  if (region.database.multiAz) {
    const needPeople = failures * values["database.failoverFailsShare"];
    const manual = values["database.manualRepairMinutes"];
    return [
      database("fail-over to the standby", failures, failoverMinutes(inputs)),
      database("a fail-over that needs people", needPeople, manual),
      database("maintenance, by fail-over", planned, values["maintenance.multiAzSeconds"] / 60),
    ];
  }
  const storage = values["database.storageLossPerYear"] / minutesPerYear;
  return [
    database("without a standby, until it runs again", failures, recoverMinutes(inputs)),
    database("storage lost, until it is restored", storage, restoreMinutes(inputs)),
    database("maintenance, without a standby", planned, values["maintenance.singleMinutes"]),
  ];
}

function serviceDisruptions({ values }: AvailabilityInputs): Disruption[] {
  const rate = values["loadBalancer.failuresPerYear"] / minutesPerYear;
  const minutes = values["loadBalancer.outageMinutes"];
  const balancer = (tier: TierName): Disruption =>
    disruption(
      "loadBalancer",
      `${tier} load balancer: the service fails`,
      "formula 9",
      rate,
      minutes,
      {
        seen: tier === "web",
      },
    );
  return [
    balancer("web"),
    balancer("app"),
    disruption(
      "region",
      "region",
      "formula 6",
      values["region.failuresPerYear"] / minutesPerYear,
      values["region.outageMinutes"],
      { seen: true },
    ),
  ];
}
