import { nothing, type ResourceCounts } from "../../catalogue/resourceCounts";
import type { PlatformConfig } from "../../stacks/config/platformConfig";
import { serviceLevel } from "../../stacks/serviceLevel";
import { countResources } from "../cost/countResources";
import { planStack } from "../plan/offlinePlan";
import { changedRaw, changesFor } from "./edits";
import type { SourceInstallation } from "./installation";
import type { Candidate } from "./space";

/** What a stack pays for with one of the candidates' configs, by its place in the installation. */
export type CountsOf = (index: number, config: PlatformConfig) => ResourceCounts;

/**
 * Plans each stack once per number of regions, because that decides which resources there are. All
 * else that a setting changes are numbers, put in by {@link withSetting} (decision 008).
 */
export async function plannedCounts(
  { stacks, project }: SourceInstallation,
  candidates: Candidate[],
): Promise<CountsOf> {
  const planned = new Map<string, ResourceCounts>();
  for (const [index, { stack, raw, config: own }] of stacks.entries()) {
    for (const { configs, setting, current } of candidates) {
      const key = `${index} ${configs[index]?.regionCount}`;
      if (planned.has(key)) continue;
      const changes = current ? [] : changesFor(own, setting);
      const plan = await planStack({ stack, project, raw: changedRaw(raw, project, changes) });
      planned.set(key, countResources(plan));
    }
  }
  return (index, config) => {
    const counts = planned.get(`${index} ${config.regionCount}`);
    if (!counts) throw new Error(`Stack ${index} was not planned with this number of regions.`);
    return withSetting(counts, config);
  };
}

/** The counts of a plan with the numbers of a config that has the same resources per zone. */
function withSetting(planned: ResourceCounts, config: PlatformConfig): ResourceCounts {
  const level = serviceLevel(config);
  if (!level.active) return nothing(config.region);
  const { network, database, copy } = planned;
  const { multiAz } = level;
  const zones = level.zones.length;
  const balancerZones = level.loadBalancerZones.length;
  // awsx makes a gateway in each zone of the layout, whether or not servers run there.
  const everyZone = config.network.availabilityZones.length;
  const natGateways = { none: 0, single: 1, onePerAz: everyZone }[level.natGateways];
  const { edition, instanceClass } = config.database;
  return {
    ...planned,
    tiers: planned.tiers.map((tier) => {
      const { min: minPerZone, max: maxPerZone } = config[tier.tier].instancesPerAz;
      return { ...tier, zones, balancerZones, minPerZone, maxPerZone };
    }),
    ...(network && {
      network: {
        ...network,
        zones,
        endpointZones: (network.endpointZones / network.zones) * zones,
        natGateways,
        natAddresses: natGateways,
      },
    }),
    ...(database && { database: { ...database, edition, instanceClass, multiAz } }),
    ...(copy && { copy: { ...copy, multiAz } }),
  };
}
