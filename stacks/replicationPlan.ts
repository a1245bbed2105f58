import type { PlatformConfig, ReplicationConfig } from "./config/platformConfig";
import type { ServiceLevel } from "./serviceLevel";

/** What a region's database does for the other region, and what it gets from there. */
export interface ReplicationPlan {
  /** The application may change data in this region. */
  writable: boolean;
  /** Changes are captured here for the other region: which tables, `schema.table` patterns. */
  captures?: string[];
  /** Neither captured nor copied, in either direction. */
  excluded: string[];
  /** Changes come from the other region. */
  follows?: Following;
  /** The two regions are connected. */
  peered: boolean;
  /** This stack owns the peering and what else crosses regions: it is not the home stack. */
  ownsPeering: boolean;
  /** Two-way: changes that DMS itself applied are not sent back. */
  loopbackPrevention: boolean;
  /** The other region in use, whether or not anything is copied. */
  otherRegion?: string;
}

/** Where changes come from, and which. */
export interface Following extends Share {
  region: string;
  /** True: the tables are copied as they stand first. False: only changes, for they began here. */
  fullLoad: boolean;
}

/** Rows that one region alone writes: tables, and among their rows those with a value. */
interface Share {
  /** `schema.table` patterns. */
  tables: string[];
  /** Only rows whose column equals the value. */
  filter?: { column: string; value: string };
}

/** The one place where the replication keys become decisions; components get the plain results. */
export function replicationPlan(config: PlatformConfig, level: ServiceLevel): ReplicationPlan {
  const { replication, regions, regionCount, region } = config;
  const active = level.active ? regions.slice(0, regionCount) : [];
  const otherRegion = active.find((name) => name !== region);
  const alone: ReplicationPlan = {
    writable: level.active && config.database.appAccess === "readWrite",
    peered: false,
    ownsPeering: false,
    loopbackPrevention: false,
    excluded: replication.exclude,
    ...(otherRegion === undefined ? {} : { otherRegion }),
  };
  if (otherRegion === undefined || replication.mode === "none") return alone;
  const joined = { ...alone, peered: true, ownsPeering: !level.isHomeRegion };
  const leads = replication.writer === region;
  if (replication.mode === "twoWay") {
    return {
      ...joined,
      loopbackPrevention: true,
      captures: shareOf(replication, region).tables,
      follows: { region: otherRegion, ...shareOf(replication, otherRegion), fullLoad: !leads },
    };
  }
  const { tables } = replication;
  if (leads) return { ...joined, captures: tables };
  return { ...joined, writable: false, follows: { region: otherRegion, tables, fullLoad: true } };
}

function shareOf({ ownership, tables }: ReplicationConfig, region: string): Share {
  const own = ownership && "tables" in ownership ? ownership.tables[region] : tables;
  const value = ownership && "values" in ownership ? ownership.values[region] : undefined;
  if (!ownership || !own) throw new Error(`twoWay without what ${region} owns passed the rules.`);
  if (!("tenantColumn" in ownership)) return { tables: own };
  if (value === undefined)
    throw new Error(`twoWay without the value of ${region} passed the rules.`);
  return { tables: own, filter: { column: ownership.tenantColumn, value } };
}
