import type { PriceRow } from "../priceTable";
import type { MappingContext, Match, Service } from "./mapping";
import type { Offer } from "./offer";

/** What one service's list says, in the table's terms. */
export interface Collected {
  rows: Omit<PriceRow, "region">[];
  /** Keys for which the list has several prices that nothing tells apart: none is taken. */
  ambiguous: string[];
  /** Offers that were looked at. */
  offers: number;
}

interface Candidate {
  match: Match;
  /** Prices by where their tier begins. */
  tiers: Map<number, number>;
}

/** What the list calls units of the table; a product in another one is not what it seems. */
const units: Record<string, RegExp> = {
  hour: /^(hrs?|hours?)$/i,
  "GB-month": /^(gb|gib)-mo(nth)?s?$/i,
  GB: /^(gb|gigabytes?)$/i,
};

/** Collects the offers of one service; holds no more than those that have a key. */
export class Collector {
  private readonly candidates = new Map<string, Map<string, Candidate>>();
  private offers = 0;

  constructor(
    private readonly service: Service,
    private readonly context: MappingContext,
  ) {}

  get count(): number {
    return this.offers;
  }

  add(offer: Offer): void {
    this.offers += 1;
    if (offer.term !== "OnDemand") return;
    const match = this.service.match(offer, this.context);
    if (match === undefined || !this.context.wanted(match.key)) return;
    if (units[match.unit]?.test(offer.unit) === false) return;
    const products = this.candidates.get(match.key) ?? new Map<string, Candidate>();
    const candidate = products.get(offer.sku) ?? { match, tiers: new Map() };
    candidate.tiers.set(offer.from, offer.usd);
    products.set(offer.sku, candidate);
    this.candidates.set(match.key, products);
  }

  /** @param date of the list's publication, `YYYY-MM-DD`. */
  finish(date: string): Collected {
    const rows: Collected["rows"] = [];
    const ambiguous: string[] = [];
    for (const [key, products] of this.candidates) {
      const prices = best(products);
      const [first] = prices;
      if (first === undefined) continue;
      if (prices.some(({ usd }) => usd !== first.usd)) {
        ambiguous.push(key);
        continue;
      }
      const { unit, note } = first.match;
      const source = `AWS price list, ${this.service.code}, SKU ${first.sku}`;
      rows.push({
        ...{ key, usd: first.usd, unit, source, date, confidence: "price-list" },
        ...(note !== undefined && { note }),
      });
      // Traffic over a peering connection is billed as transfer between the regions.
      if (key === "transfer:inter-region" && this.context.wanted("peering:gb")) {
        const peering = `billed as transfer between regions${note === undefined ? "" : `, ${note}`}`;
        rows.push({
          ...{ key: "peering:gb", usd: first.usd, unit, source, date, confidence: "price-list" },
          note: peering,
        });
      }
    }
    return { rows, ambiguous: ambiguous.sort(), offers: this.offers };
  }
}

/** Products of the highest rank with the price of their first tier that costs something. */
function best(products: Map<string, Candidate>) {
  const all = [...products].sort(([a], [b]) => (a < b ? -1 : 1));
  const top = Math.max(...all.map(([, { match }]) => match.rank));
  return all
    .filter(([, { match }]) => match.rank === top)
    .flatMap(([sku, { match, tiers }]) => {
      const paid = [...tiers].sort(([a], [b]) => a - b).find(([, usd]) => usd > 0);
      if (paid === undefined) return [];
      // 0.0000004 × 1,000,000 is 0.39999999999999997 in binary.
      return [{ sku, match, usd: Number((paid[1] * match.per).toPrecision(12)) }];
    });
}
