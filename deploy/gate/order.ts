import type { PlatformConfig } from "../../stacks/config/platformConfig";

/** What decides when a stack's turn comes. */
export interface OrderedStack {
  stack: string;
  config: Pick<PlatformConfig, "domain" | "region" | "regions" | "regionCount" | "replication">;
}

/** One installation of a push: at most two stacks, one after the other. */
export interface InstallationTurn {
  domain: string;
  /** Deployed first, when `deployFirst`. */
  first: string;
  /** Deployed when `first` is done and healthy; "" where the installation has one stack. */
  second: string;
  deployFirst: boolean;
  deploySecond: boolean;
  firstRegion: string;
  secondRegion: string;
}

/**
 * Who is deployed after whom. Installations have nothing to do with each other. Within one:
 *
 * 1. A region that `regionCount` leaves out, first: the other one keeps what it needs to go
 *    (docs/runbooks/regions.md).
 * 2. The writer's region before the copy's: a fail-over ends writes in one place before they begin
 *    in the other only in this order (docs/runbooks/failover.md). By default that is the home region.
 */
export function deployOrder(
  stacks: OrderedStack[],
  changed: readonly string[],
): InstallationTurn[] {
  const domains = [...new Set(stacks.map(({ config }) => config.domain))];
  return domains
    .map((domain): InstallationTurn => {
      const members = stacks
        .filter(({ config }) => config.domain === domain)
        .toSorted((one, other) => place(one) - place(other));
      const [first = "", second = "", ...more] = members.map(({ stack }) => stack);
      if (more.length > 0) {
        throw new Error(
          `${domain} is the domain of ${members.length} stacks (${members.map(({ stack }) => stack).join(", ")}): an installation has at most two. Give the others a domain of their own.`,
        );
      }
      return {
        domain,
        first,
        second,
        deployFirst: changed.includes(first),
        deploySecond: changed.includes(second),
        firstRegion: members[0]?.config.region ?? "",
        secondRegion: members[1]?.config.region ?? "",
      };
    })
    .filter(({ deployFirst, deploySecond }) => deployFirst || deploySecond);
}

/** Lower comes first. */
function place({ config }: OrderedStack): number {
  const { region, regions, regionCount, replication } = config;
  const index = regions.indexOf(region);
  if (index >= regionCount) return -2;
  return replication.writer === region ? -1 : index;
}
