/** One region of an installation, as far as it decides availability. */
export interface RegionShape {
  region: string;
  /** Zones that run servers, 1 to 3. */
  zones: number;
  web: TierShape;
  app: TierShape;
  database: { multiAz: boolean; backupRetentionDays: number };
  natGateways: "none" | "single" | "onePerAz";
  /** True where servers reach AWS's APIs, and so start, through a NAT gateway only. Default false. */
  startsNeedNat?: boolean;
  /** How Route 53 sees the region's health, and how long that takes at most. */
  healthCheck: { kind: "https" | "alarm"; intervalSeconds: number; failures: number };
}

export interface TierShape {
  /** Servers per zone that always run, and the most that scaling starts. */
  minPerZone: number;
  maxPerZone: number;
  /** Servers that carry the load (usage file). Scaling keeps at least as many while it can. */
  needed: number;
}

/** A whole installation: all its regions in use. */
export interface InstallationShape {
  /** Regions in use, the home region first. */
  regions: RegionShape[];
  exposure: "public" | "private";
  replication: {
    /** As it takes effect: `none` with one region. */
    mode: "none" | "oneWay" | "twoWay";
    /** The region that takes writes. */
    writer: string;
    /** Days the writer's backups are also kept in the other region; 0: not at all. */
    backupCopyDays: number;
  };
  /** Share of clients nearest to each region in use, in the regions' order; sums to 1. */
  shares: number[];
}

/** A share of time, and what it means. */
export interface Figure {
  /** 0 to 1, e.g. 0.9991. */
  availability: number;
  /** (1 − availability) × 43,800: a month of 730 h. */
  minutesPerMonth: number;
  /** (1 − availability) × 525,600. */
  minutesPerYear: number;
  /** What takes it down, the worst first; minutes per month. */
  parts: Part[];
}

export interface Part {
  /** e.g. `database: fail-over to the standby`. */
  what: string;
  minutesPerMonth: number;
  /** The formula's number in docs/availability-model.md, or the SLA. */
  source: string;
}

/** Two columns that are never mixed. */
export interface PathFigures {
  /** Product of AWS's SLAs along the path in one region; excludes what SLAs exclude. */
  slaComposite: Figure;
  /** From failure rates, capacity, fail-over times, common causes and maintenance. */
  modelled: Figure;
}

export type DisruptionKind = "instance" | "zone" | "region" | "corruption";

/** What one kind of disruption costs in time and data. */
export interface Recovery {
  disruption: DisruptionKind;
  /** Minutes until requests are answered again; null: no recovery action, wait for AWS. */
  readRtoMinutes: number | null;
  writeRtoMinutes: number | null;
  /** Minutes of the newest changes that are lost; null: unbounded. */
  rpoMinutes: number | null;
  /** How it comes back, one sentence. */
  how: string;
  source: string;
}

/** What has no twin, and what its failure means. */
export interface SinglePoint {
  what: string;
  /** One sentence. */
  why: string;
  /** Modelled minutes per month that it costs. */
  minutesPerMonth: number;
  /** The config edit that gives it a twin, where there is one. */
  remedy?: string;
}

export interface ServiceLevelFigures {
  read: PathFigures;
  write: PathFigures;
  recovery: Recovery[];
  /** AWS's own name of the disaster-recovery strategy, and why. */
  strategy: { name: string; why: string };
  /** The worst first. */
  singlePoints: SinglePoint[];
  /** The dependency that caps the figure by SLA, e.g. `RDS Multi-AZ 99.95 %`. */
  cap: { what: string; availability: number };
  /** Assumptions that the reader must know, e.g. β. */
  notes: string[];
}
