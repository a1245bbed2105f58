import type { Doubt, PriceRow } from "./priceTable";

/**
 * USD per month. A sum in which a price is missing is not a smaller sum but none: who shows or
 * compares it has to decide what to do then.
 */
export type MonthlySum =
  | { known: true; usd: number }
  /** `atLeastUsd`: what has a price. A bound from below, never a total. */
  | { known: false; atLeastUsd: number; missing: MissingPrice[] };

/**
 * One thing that costs money for as long as it exists or as much as it is used, before prices: what
 * a plan's resources and a config's decisions are both turned into, so that they can be compared.
 * `key` is its price's key in the price table, without region.
 */
export interface CostComponent {
  /** Region it is billed in. */
  region: string;
  /** The overview's component that it belongs to, e.g. `WebTier` (see Inventory.byComponent). */
  component: string;
  /** What it is, in the reader's words, e.g. `web servers, m6i.large`. Unique with `priceKey`. */
  what: string;
  /** Key of the price, see {@link PriceTable}, e.g. `ec2:m6i.large:windows`. */
  priceKey: string;
  /** Units per month: hours, GiB-months, requests in the price's own unit. Never negative. */
  quantity: number;
  /** How the quantity comes about, e.g. `3 servers × 730 h`. */
  how: string;
  /** Set where the line, or all of it, pays for a licence. */
  licence?: "Windows" | "SQL Server";
  /**
   * The unit price is that of `priceKey` less so many times that of another key: the rest of a
   * price of which another line shows a part, e.g. Windows over Linux. `whole`: what the line is
   * where the other key has no price, so that it stands for both.
   */
  minus?: { priceKey: string; times: number; whole: string };
  /**
   * The price of which this line shows a part, for the split alone: where this line's own price is
   * unknown, the line of that price stands for both.
   */
  partOf?: string;
  /** Whose commitment (`purchase` in the usage file) lowers the price. */
  purchase?: "servers" | "database";
  /** The tier whose office hours (usage file) the line follows. */
  hours?: "web" | "app";
}

/** Makes plain lines of a component's bill. */
export function linesOf(component: string, region: string) {
  return (what: string, priceKey: string, quantity: number, how: string): CostComponent => ({
    region,
    component,
    what,
    priceKey,
    quantity,
    how,
  });
}

/** A {@link CostComponent} with its price. */
export interface LineItem extends CostComponent {
  /** `hour`, `GB-month`, … as the price list says it. */
  unit: string;
  /** USD per unit, before modifiers. */
  unitUsd: number;
  /** Share of the list price that is paid, 1 without a modifier. */
  factor: number;
  /** What made the factor, e.g. `savings plan 28 % on 80 %`; absent without a modifier. */
  modifier?: string;
  /** USD per month, rounded to the cent: the lines' sum is the total, to the cent. */
  usd: number;
  price: PriceRow;
  /** Row of `minus`. */
  minusPrice?: PriceRow;
  /** Why the price is estimated; absent for a sound one. */
  doubt?: Doubt;
}

/** What a stack costs in a month (730 h). */
export interface StackCost {
  stack: string;
  region: string;
  lines: LineItem[];
  /** The sum of the lines, to the cent; unknown where a price is missing. */
  total: MonthlySum;
  /**
   * ± USD per month that the estimated prices may add or take, all of them the same way. A price that
   * one line adds and another takes off (`minus`) counts with what remains of it, so that this is
   * less than the sum of the lines' margins.
   */
  uncertaintyUsd: number;
  /** USD per month of the estimated lines, as far as there are prices. */
  estimatedUsd: number;
  windowsLicence: MonthlySum;
  sqlServerLicence: MonthlySum;
  /** Usage assumptions come from this file; absent: all defaults. */
  usageFile?: string;
  /** Prices that the table lacks; not empty means that the sums are unknown. */
  missing: MissingPrice[];
}

export interface MissingPrice {
  /** Components with a line that has no price for want of it. */
  components: string[];
  /** How many lines those are. */
  lines: number;
  priceKey: string;
  region: string;
  what: string;
  /** One plain sentence: what is missing and what to do. */
  message: string;
}
