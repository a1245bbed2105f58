import { parallel } from "./arithmetic";
import type { AvailabilityInputs } from "./inputs";
import type { RegionCase } from "./paths";
import type { InstallationShape, PathFigures } from "./types";

/** What a reader must know to use the figures. */
export function notes(
  shape: InstallationShape,
  cases: RegionCase[],
  read: PathFigures,
  inputs: AvailabilityInputs,
): string[] {
  const { values } = inputs;
  return [
    "Modelled figures and those by SLA are never mixed: an SLA promises money back, leaves maintenance and " +
      "much else out, and is no forecast; the model is a forecast that nobody promises.",
    `Common causes: of the failures that would take one unit, ${percent(values["beta.instance"])} take all ` +
      `servers of a tier, ${percent(values["beta.zone"])} all zones, ${percent(values["beta.region"])} both regions.`,
    ...(shape.regions.length > 1 ? twoRegions(shape, cases, read) : []),
    ...(shape.exposure === "private"
      ? ["Clients come through a network of yours; its availability is not in the figures."]
      : []),
    ...startNotes(shape),
    ...overrideNotes(inputs),
  ];
}

function twoRegions(shape: InstallationShape, cases: RegionCase[], read: PathFigures): string[] {
  const { mode, writer } = shape.replication;
  const naive = parallel(cases.map(() => read.slaComposite.availability));
  return [
    "The figure by SLA is that of one region, the weaker one for reads: no SLA of AWS covers two " +
      `regions together. Multiplied as if they were independent they would have ${fine(naive)}, which means ` +
      "nothing without their common causes.",
    ...(mode === "none"
      ? ["Each region has data of its own: neither stands in for the other."]
      : []),
    ...(mode === "oneWay" ? oneWayNotes(cases, writer) : []),
    ...(mode === "twoWay"
      ? [
          "Each row is written in one region; the write figure takes each region's writes in proportion to its " +
            "clients. A client near one region cannot write rows of the other there.",
        ]
      : []),
    ...(mode === "none"
      ? []
      : [
          "Health checks ask the web tier only: a failing app tier or database moves no client to the other region.",
        ]),
    ...weakerNotes(cases),
  ];
}

function oneWayNotes(cases: RegionCase[], writer: string): string[] {
  const reader = cases.find(({ shape: { region } }) => region !== writer);
  if (!reader) return [];
  return [
    `Writes go to ${writer} alone: a second region does not square their unavailability away, it shortens the ` +
      `loss of ${writer} to the time that people need. ${percent(reader.share)} of clients are nearest to ` +
      `${reader.shape.region}, whose login only reads: their requests that write fail there, so the ` +
      `application must send them to ${writer}.<domain>.`,
  ];
}

function weakerNotes(cases: RegionCase[]): string[] {
  const [home, second] = cases;
  if (!home || !second || second.unavailability <= home.unavailability * 1.000001) return [];
  return [
    `${second.shape.region} alone is less available than ${home.shape.region}; health checks do not see all ` +
      "of that, so clients near it have worse reads than with one region.",
  ];
}

function startNotes({ regions }: InstallationShape): string[] {
  return regions
    .filter(({ natGateways, startsNeedNat }) => startsNeedNat && natGateways === "none")
    .map(
      ({ region }) =>
        `${region}: without interface endpoints and NAT gateways servers cannot start; the figures take them as started.`,
    );
}

function overrideNotes({ overridden, file }: AvailabilityInputs): string[] {
  if (overridden.length === 0 || file === undefined) return [];
  return [`Set in ${file}: ${overridden.join(", ")}.`];
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function fine(availability: number): string {
  return `${Number((availability * 100).toFixed(5))} %`;
}
