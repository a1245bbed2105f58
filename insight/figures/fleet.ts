/** How many servers a tier runs: one rule for what is paid and for what fails. */
export interface FleetSize {
  /** Servers in each zone that always run, counting what the load needs. */
  perZone: number;
  /** Servers over a month on average, all zones. */
  average: number;
  /** False: even `max` in every zone is fewer than the load needs. */
  sufficient: boolean;
}

/**
 * @param tier bounds per zone, from the config.
 * @param load `needed`: servers that carry the load; `average`: servers over a month where scaling
 *   runs more than that (usage file).
 */
export function fleetSize(
  zones: number,
  tier: { min: number; max: number },
  load: { needed: number; average?: number },
): FleetSize {
  const perZone = Math.min(tier.max, Math.max(tier.min, Math.ceil(load.needed / zones)));
  const average = Math.min(tier.max * zones, Math.max(perZone * zones, load.average ?? 0));
  return { perZone, average, sufficient: tier.max * zones >= load.needed };
}
