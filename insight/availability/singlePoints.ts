import { minutesPerMonth } from "./arithmetic";
import { fleet, lost, tierNames, zoneLoss, type Disruption, type TierName } from "./disruptions";
import type { AvailabilityInputs } from "./inputs";
import type { RegionCase } from "./paths";
import type { InstallationShape, SinglePoint } from "./types";

/** What has no twin, the worst first; minutes are those of its own region. */
export function singlePoints(
  shape: InstallationShape,
  cases: RegionCase[],
  writeParts: { what: string; minutesPerMonth: number }[],
  inputs: AvailabilityInputs,
): SinglePoint[] {
  const several = cases.length > 1;
  const found = cases.flatMap((region) =>
    [
      ...zonePoints(region),
      ...databasePoints(region),
      ...tierNames.flatMap((name) => tierPoints(region, name, inputs)),
      ...natPoints(region),
    ].map((point) => ({
      ...point,
      what: several ? `${region.shape.region}: ${point.what}` : point.what,
    })),
  );
  return [...found, ...regionPoints(shape, cases, writeParts)].sort(
    (a, b) => b.minutesPerMonth - a.minutesPerMonth,
  );
}

function minutesOf({ disruptions }: RegionCase, which: (one: Disruption) => boolean): number {
  const sum = disruptions.filter(which).reduce((total, one) => total + lost(one), 0);
  return Math.min(1, sum) * minutesPerMonth;
}

function zonePoints(region: RegionCase): SinglePoint[] {
  if (region.shape.zones > 1) return [];
  return [
    {
      what: "the only zone",
      why: "All servers are in it: when it fails, the region stands still until it is back.",
      minutesPerMonth: minutesOf(region, ({ part }) => part === "zone"),
      remedy: "azCount: 2",
    },
  ];
}

function databasePoints(region: RegionCase): SinglePoint[] {
  if (region.shape.database.multiAz) return [];
  return [
    {
      what: "the database without a standby",
      why: "Every failure and every maintenance of it stops all requests; a lost disk means a restore.",
      minutesPerMonth: minutesOf(region, ({ part }) => part === "database"),
      remedy: "azCount: 2",
    },
  ];
}

function tierPoints(region: RegionCase, name: TierName, inputs: AvailabilityInputs): SinglePoint[] {
  const { zones, [name]: tier } = region.shape;
  const { servers, needed, perZone, sufficient } = fleet(region.shape, name);
  const setting = (min: number): string => {
    const max = Math.max(min, tier.maxPerZone);
    return `${name}.instancesPerAz: { min: ${min}, max: ${max} }`;
  };
  if (!sufficient) {
    return [
      {
        what: `${name} servers: too few`,
        why: `${needed} carry the load, but at most ${tier.maxPerZone * zones} may run.`,
        minutesPerMonth,
        remedy: setting(Math.ceil(needed / zones)),
      },
    ];
  }
  if (servers - 1 < needed) {
    return [
      {
        what: servers === 1 ? `the only ${name} server` : `each of the ${servers} ${name} servers`,
        why: `All of them carry the load: when one fails, too few are left until another has started.`,
        minutesPerMonth: minutesOf(region, (one) => one.part === name),
        remedy: setting(Math.ceil((needed + 1) / zones)),
      },
    ];
  }
  if (zones > 1 && zoneLoss(region.shape, inputs).short.includes(name)) {
    return [
      {
        what: `each zone, for its ${perZone} ${name} servers`,
        why: "The other zones' servers alone do not carry the load, and starting more may fail just then.",
        minutesPerMonth: minutesOf(
          region,
          ({ part, what }) => part === "zone" && what.includes("too few"),
        ),
        remedy: setting(Math.ceil(needed / (zones - 1))),
      },
    ];
  }
  return [];
}

function natPoints({ shape: { zones, natGateways, startsNeedNat } }: RegionCase): SinglePoint[] {
  if (natGateways !== "single" || zones < 2) return [];
  const why = startsNeedNat
    ? "Without interface endpoints servers start through it: with its zone, no zone can start any."
    : "No request passes it: with its zone, updates from the internet stop in all zones.";
  return [
    {
      what: "the NAT gateway",
      why,
      minutesPerMonth: 0,
      remedy: startsNeedNat
        ? "network.interfaceEndpoints: true, or network.natGateways: onePerAz"
        : "network.natGateways: onePerAz",
    },
  ];
}

function regionPoints(
  shape: InstallationShape,
  cases: RegionCase[],
  writeParts: { what: string; minutesPerMonth: number }[],
): SinglePoint[] {
  const { mode, writer } = shape.replication;
  const first = cases[0];
  const ofRegion = ({ part }: Disruption): boolean => part === "region";
  if (cases.length === 1 && first) {
    return [
      {
        what: `the region ${first.shape.region}`,
        why: "Nothing of the installation is elsewhere, its backups neither.",
        minutesPerMonth: minutesOf(first, ofRegion),
        remedy:
          "regionCount: 2 (with a second stack; replication needs edition standard or enterprise)",
      },
    ];
  }
  if (mode === "none") {
    return cases.map((region) => ({
      what: `the region ${region.shape.region}, for its own data`,
      why: "The other region has no copy of what is written here.",
      minutesPerMonth: minutesOf(region, ofRegion),
      remedy: "replication.mode: oneWay",
    }));
  }
  const minutes = writeParts.find(({ what }) => what === "region")?.minutesPerMonth ?? 0;
  return mode === "oneWay"
    ? [
        {
          what: `the region ${writer}, for writes`,
          why: "Its database alone takes writes; when the region is lost, they wait until people move the writer.",
          minutesPerMonth: minutes,
        },
      ]
    : [
        {
          what: "each region, for the rows that it owns",
          why: "A row has one region that writes it; when that is lost, its writes wait for people.",
          minutesPerMonth: minutes,
        },
      ];
}
