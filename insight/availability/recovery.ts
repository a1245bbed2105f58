import { fleet, tierNames, zoneLoss } from "./disruptions";
import { failoverMinutes, recoverMinutes, replaceMinutes, restoreMinutes } from "./durations";
import type { AvailabilityInputs } from "./inputs";
import { carries, clientsMoved, writesMoved } from "./paths";
import type { InstallationShape, Recovery, RegionShape, ServiceLevelFigures } from "./types";

interface Comeback {
  rto: number;
  rpo: number;
  how: string;
}

/** What each kind of disruption costs in time and data; the worst of the regions that it may hit. */
export function recoveries(shape: InstallationShape, inputs: AvailabilityInputs): Recovery[] {
  const writers = writingRegions(shape);
  return [
    ofRegions(shape, writers, "instance", (region) => instance(region, inputs)),
    ofRegions(shape, writers, "zone", (region) => zone(region, inputs)),
    region(shape, inputs),
    corruption(shape, inputs),
  ];
}

/** Regions in which requests write. */
export function writingRegions({ regions, replication }: InstallationShape): RegionShape[] {
  if (replication.mode !== "oneWay") return regions;
  return regions.filter(({ region: name }) => name === replication.writer);
}

function ofRegions(
  { regions }: InstallationShape,
  writers: RegionShape[],
  disruption: "instance" | "zone",
  of: (region: RegionShape) => Comeback,
): Recovery {
  const worst = (some: RegionShape[]): Comeback =>
    some.map(of).reduce((high, one) => (one.rto > high.rto ? one : high));
  const reads = worst(regions);
  const writes = worst(writers);
  const differ = reads.how !== writes.how;
  return {
    disruption,
    readRtoMinutes: reads.rto,
    writeRtoMinutes: writes.rto,
    rpoMinutes: Math.max(...writers.map((one) => of(one).rpo)),
    how: differ ? `Where requests write: ${writes.how} Elsewhere: ${reads.how}` : writes.how,
    source: disruption === "instance" ? "formulae 2 and 5" : "formulae 3 and 5",
  };
}

function instance(region: RegionShape, inputs: AvailabilityInputs): Comeback {
  const lacking = tierNames.filter((name) => {
    const { servers, needed } = fleet(region, name);
    return servers - 1 < needed;
  });
  const seen = inputs.values["loadBalancer.detectionSeconds"] / 60;
  const servers = lacking.length > 0 ? replaceMinutes(inputs) : seen;
  const { multiAz } = region.database;
  const database = multiAz ? failoverMinutes(inputs) : recoverMinutes(inputs);
  const serverText =
    lacking.length > 0
      ? `${lacking[0] === "app" ? "an" : "a"} ${lacking.join(" or ")} server is replaced, which takes Windows' start`
      : "the load balancer leaves a failed server out";
  const databaseText = multiAz
    ? "the database fails over to its standby"
    : "RDS starts the database on another host with the same storage (if that is lost too: a restore)";
  return {
    rto: Math.max(servers, database),
    rpo: 0,
    how: `${upper(serverText)}; ${databaseText}.`,
  };
}

function zone(region: RegionShape, inputs: AvailabilityInputs): Comeback {
  const { values } = inputs;
  if (region.zones === 1 || !region.database.multiAz) {
    const servers = region.zones === 1 ? ", with azCount 2 for the servers" : "";
    return {
      rto: restoreMinutes(inputs),
      rpo: values["database.logMinutes"],
      how: `People restore the database in another zone${servers}, or wait for the zone.`,
    };
  }
  const { short, noStart } = zoneLoss(region, inputs);
  const detection = values["loadBalancer.detectionSeconds"] / 60;
  const servers = short.length > 0 ? replaceMinutes(inputs) : detection;
  const percent = Math.round(noStart * 100);
  const serverText =
    short.length > 0
      ? `Auto Scaling starts the missing ${short.join(" and ")} servers elsewhere (in ${percent} % of cases there are none to be had)`
      : "the other zones' servers carry the load";
  return {
    rto: Math.max(servers, failoverMinutes(inputs)),
    rpo: 0,
    how: `${upper(serverText)}; the database fails over to its standby, which has every change.`,
  };
}

function region(shape: InstallationShape, inputs: AvailabilityInputs): Recovery {
  const { mode, backupCopyDays, writer } = shape.replication;
  const lost = { disruption: "region" as const, source: "formulae 6 and 7" };
  const unbounded = { readRtoMinutes: null, writeRtoMinutes: null, rpoMinutes: null };
  if (shape.regions.length < 2) {
    return { ...lost, ...unbounded, how: "Nothing is elsewhere: wait for the region." };
  }
  if (mode === "none") {
    const how =
      "The other region has a database of its own and none of the lost one's data: wait for the region.";
    return { ...lost, ...unbounded, how };
  }
  // Either region may be the one that is lost.
  const moves = shape.regions.map((gone) => {
    const other = shape.regions.find((one) => one !== gone) ?? gone;
    const ready = carries(shape, other, inputs);
    return {
      gone,
      reads: clientsMoved(gone, inputs) + ready,
      writes: Math.max(writesMoved(inputs), ready),
    };
  });
  const writes = moves
    .filter(({ gone }) => mode === "twoWay" || gone.region === writer)
    .map((move) => move.writes);
  const backups = backupCopyDays > 0 ? ` Backups of ${backupCopyDays} days are there too.` : "";
  return {
    ...lost,
    readRtoMinutes: bound(Math.max(...moves.map(({ reads }) => reads))),
    writeRtoMinutes: bound(Math.max(...writes)),
    rpoMinutes: inputs.values["replication.lagMinutes"],
    how: `Health checks lead clients to the other region; people make it the writer (docs/runbooks/failover.md).${backups}`,
  };
}

function bound(minutes: number): number | null {
  return Number.isFinite(minutes) ? minutes : null;
}

function corruption(shape: InstallationShape, inputs: AvailabilityInputs): Recovery {
  const { values } = inputs;
  const days = Math.min(
    ...writingRegions(shape).map(({ database }) => database.backupRetentionDays),
  );
  const minutes = values["people.decideMinutes"] + values["database.restoreMinutes"];
  const copied =
    shape.replication.mode === "none" ? "" : " The copy has the mistake within seconds.";
  return {
    disruption: "corruption",
    readRtoMinutes: minutes,
    writeRtoMinutes: minutes,
    rpoMinutes: Math.max(values["corruption.noticeMinutes"], values["database.logMinutes"]),
    how: `A restore beside the database, to a second before the mistake, at most ${days} days back; what was written since is entered again.${copied}`,
    source: "RDS User Guide, Restoring a DB Instance to a Specified Time",
  };
}

/** AWS's name for what is done about a lost region, and why it is that one. */
export function strategy(
  shape: InstallationShape,
  inputs: AvailabilityInputs,
): ServiceLevelFigures["strategy"] {
  const { mode, writer } = shape.replication;
  if (shape.regions.length < 2) {
    const why =
      "One region: its backups stay in it, so not even backup and restore helps against its loss.";
    return { name: "none for the loss of a region", why };
  }
  if (mode === "none") {
    const why =
      "Two regions serve, but each has data of its own; not even backups of the other's are copied.";
    return { name: "none for the loss of a region", why };
  }
  // Where both write, either may be the one that is left.
  const left = shape.regions.filter(({ region: name }) => mode === "twoWay" || name !== writer);
  const wait = Math.max(...left.map((one) => carries(shape, one, inputs)));
  const load =
    wait === 0
      ? "its servers carry both regions' load without scaling"
      : Number.isFinite(wait)
        ? "it has to start servers to carry both regions' load"
        : "even the most servers that it may run are too few for both regions' load";
  if (mode === "twoWay") {
    const why = `Both regions serve reads and writes, each the rows that it owns; once one is left alone, ${load} (ACTIVE_ACTIVE in Resilience Hub).`;
    return { name: "multi-site active/active", why };
  }
  const role =
    "The copy's region serves reads all the time and takes writes once people promote it";
  return wait === 0
    ? {
        name: "hot standby",
        why: `${role}; ${load} (HOT_STANDBY in Resilience Hub, in AWS's paper a warm standby at full size).`,
      }
    : {
        name: "warm standby",
        why: `${role}; ${load} (WARM_STANDBY in Resilience Hub).`,
      };
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
