/** The decisions that the trade-off varies; everything else stays as the stack's config has it. */
export interface Setting {
  azCount: 1 | 2 | 3;
  regionCount: 1 | 2;
  edition: "web" | "standard" | "enterprise";
  /** RDS class. */
  instanceClass: string;
  /** Servers per zone that always run, both tiers. */
  minPerAz: number;
  natGateways: "none" | "single" | "onePerAz";
}

/** A valid setting with what it buys. */
export interface Evaluated {
  setting: Setting;
  /** USD per month of the whole installation. */
  usd: number;
  uncertaintyUsd: number;
  /** Minutes per month, of the write path (the lower availability of the two). */
  modelledMinutes: number;
  slaCompositeMinutes: number;
  /** The same of the read path. */
  modelledReadMinutes: number;
  slaCompositeReadMinutes: number;
  /** Worst over instance, zone and region disruptions; null: unbounded. */
  rtoMinutes: number | null;
  rpoMinutes: number | null;
  /** The same over instance and zone disruptions only. */
  zoneRtoMinutes: number | null;
  zoneRpoMinutes: number | null;
  /** The same over instance disruptions only. */
  instanceRtoMinutes?: number | null;
  instanceRpoMinutes?: number | null;
  /** Of the present setting: what its stacks have that a {@link Setting} cannot say. */
  differs?: string;
  /** True for the setting that the stack has now. */
  current: boolean;
}

export interface Frontier {
  /** Cheapest first; each is better in minutes than all before. */
  points: Evaluated[];
  /** Between neighbours: USD per avoided minute of downtime per month. */
  steps: { from: Evaluated; to: Evaluated; usdPerMinute: number }[];
}

/** Settings that were left out for the same reason, a sentence. */
export interface LeftOut {
  reason: string;
  settings: number;
}

export interface TradeOff {
  stack: string;
  evaluated: Evaluated[];
  /** How many settings the config's own rules refused, by the rule's sentence. */
  invalid: LeftOut[];
  /** How many could not be judged, by what is missing: no verdict speaks of them. */
  unknown: LeftOut[];
  modelled: Frontier;
  slaComposite: Frontier;
  /** The same among the settings that keep the edition and the class of the present one. */
  keepingDatabase?: { modelled: Frontier; slaComposite: Frontier };
  /**
   * Settings that another one dominates in cost and both minutes, with the one that beats them; never
   * by one that is worse in something else, see `dominates` of frontier.ts.
   */
  dominated: { setting: Evaluated; by: Evaluated }[];
  current?: Evaluated;
  milliseconds: number;
}
