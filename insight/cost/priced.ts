import { missingRows } from "../../catalogue";
import { isOwnLicence, modifierOf } from "./modifiers";
import { unknownType } from "./otherCosts";
import { doubtOf, margins, type Doubt, type PriceRow, type PriceTable } from "./priceTable";
import { atLeast, monthlySum } from "./sums";
import type { CostComponent, LineItem, MissingPrice, StackCost, MonthlySum } from "./types";
import type { Usage } from "./usageSchema";
import { UserError } from "../../config/mistake";

/** A stack whose lines are to be priced. */
export interface StackToPrice {
  name: string;
  region: string;
  costComponents: CostComponent[];
  usage: Usage;
  /** Where the usage was read; absent: all defaults. */
  usageFile?: string;
}

/**
 * The month's bill. Each line is rounded to the cent, and the total is the sum of the rounded lines.
 * What has no price is in `missing`, in a sentence, and is never counted as nothing.
 *
 * @param today decides which prices are old.
 * @throws UserError where `pricesOf` names a region without a price file.
 */
export function priced(stack: StackToPrice, prices: PriceTable, today: Date): StackCost {
  const { name, region, costComponents, usage, usageFile } = stack;
  const book = new PriceBook(prices, today, usage.pricesOf, usageFile);
  const lines: LineItem[] = [];
  const missing = new Map<string, MissingPrice>();
  const splits = new Map(
    costComponents.filter(({ minus }) => minus).map((line) => [keyOf(line), line]),
  );
  for (const costComponent of costComponents) {
    if (costComponent.partOf !== undefined && standsForBoth(costComponent, splits, book, usage))
      continue;
    const item = price(costComponent, book, usage);
    if (item) lines.push(item);
    else {
      const found = missingPrice(stack, costComponent, prices);
      const key = `${found.region} ${found.priceKey}`;
      const { components = [], lines: before = 0 } = missing.get(key) ?? {};
      const named = [...new Set([...components, costComponent.component])];
      missing.set(key, { ...found, components: named, lines: before + 1 });
    }
  }
  const unpriced = [...missing.values()];
  const sum = (of: LineItem[]): MonthlySum =>
    monthlySum(
      of.map(({ usd }) => usd),
      unpriced,
    );
  return {
    stack: name,
    region,
    lines,
    total: sum(lines),
    uncertaintyUsd: book.uncertaintyUsd(lines),
    estimatedUsd: atLeast(sum(lines.filter(({ doubt }) => doubt))),
    windowsLicence: sum(lines.filter(({ licence }) => licence === "Windows")),
    sqlServerLicence: sum(lines.filter(({ licence }) => licence === "SQL Server")),
    ...(usageFile === undefined ? {} : { usageFile }),
    missing: unpriced,
  };
}

function keyOf({ region, priceKey }: Pick<CostComponent, "region" | "priceKey">): string {
  return `${region} ${priceKey}`;
}

/** True where a part's price is unknown or useless, so that the line of the whole shows it all. */
function standsForBoth(
  part: CostComponent,
  splits: Map<string, CostComponent>,
  book: PriceBook,
  usage: Usage,
): boolean {
  const whole = splits.get(keyOf({ region: part.region, priceKey: part.partOf ?? "" }));
  // With an own licence, the part alone is what is paid, and its price is needed.
  if (!whole?.minus || (whole.licence === "Windows" && isOwnLicence(whole, usage))) return false;
  const rest = book.rest(whole);
  return rest === undefined ? !book.find(part) : rest.part === undefined;
}

function price(costComponent: CostComponent, book: PriceBook, usage: Usage): LineItem | undefined {
  if (!costComponent.minus) {
    const row = book.find(costComponent);
    return (
      row &&
      lineItem(costComponent, { row, unitUsd: row.usd }, book, modifierOf(costComponent, usage))
    );
  }
  if (isOwnLicence(costComponent, usage) && !book.rest(costComponent)) {
    // The price of the whole would only serve to show what the licence would cost.
    const part = costComponent.licence === "Windows" && book.find(partIn(costComponent));
    return part
      ? lineItem(costComponent, { row: part, unitUsd: 0 }, book, modifierOf(costComponent, usage))
      : undefined;
  }
  const rest = book.rest(costComponent);
  if (!rest) return undefined;
  const { row, part } = rest;
  if (part) {
    const unitUsd = row.usd - costComponent.minus.times * part.usd;
    return lineItem(costComponent, { row, unitUsd, part }, book, modifierOf(costComponent, usage));
  }
  const { minus, licence, how, ...others } = costComponent;
  const whole = { ...others, what: minus.whole, how: how.replace(/, [^,]* less .*$/, "") };
  const modifier = modifierOf(whole, usage);
  const text = isOwnLicence(costComponent, usage)
    ? `own ${licence ?? ""} licence not taken off, its part of the price is unknown`
    : undefined;
  const texts = [modifier.text, text].filter((item) => item !== undefined);
  return lineItem(whole, { row, unitUsd: row.usd }, book, {
    ...modifier,
    ...(texts.length > 0 && { text: texts.join("; ") }),
  });
}

function partIn({ region, minus }: CostComponent): Pick<CostComponent, "region" | "priceKey"> {
  return { region, priceKey: minus?.priceKey ?? "" };
}

interface UnitPrice {
  row: PriceRow;
  unitUsd: number;
  /** Row whose price is taken off. */
  part?: PriceRow;
}

function lineItem(
  costComponent: CostComponent,
  { row, unitUsd, part }: UnitPrice,
  book: PriceBook,
  { factor, text }: { factor: number; text?: string },
): LineItem {
  const doubt = book.doubt(costComponent, { row, unitUsd, ...(part && { part }) });
  return {
    ...costComponent,
    unit: row.unit,
    unitUsd,
    factor,
    ...(text === undefined ? {} : { modifier: text }),
    usd: Math.round(costComponent.quantity * unitUsd * factor * 100) / 100,
    price: row,
    ...(part && { minusPrice: part }),
    ...(doubt && { doubt }),
  };
}

/**
 * The one look-up of prices, as a stack pays them: of its lines' regions, or of the one that
 * `pricesOf` names.
 */
export class PriceBook {
  constructor(
    private readonly prices: PriceTable,
    private readonly today: Date,
    private readonly pricesOf: string | undefined,
    file: string | undefined,
  ) {
    if (pricesOf === undefined || prices.regions.includes(pricesOf)) return;
    throw new UserError(
      `${file ?? "The usage"}: pricesOf ${pricesOf} has no price file; there are prices of ${prices.regions.join(", ")}.`,
    );
  }

  find({ priceKey, region }: Pick<CostComponent, "region" | "priceKey">): PriceRow | undefined {
    return this.prices.find(priceKey, this.pricesOf ?? region);
  }

  /** All that is paid in a region, in the order of keys. */
  rows(region: string): PriceRow[] {
    return this.prices.rows(this.pricesOf ?? region);
  }

  /** The price that a line is the rest of, and the part to take off where that makes sense. */
  rest(line: CostComponent): { row: PriceRow; part?: PriceRow } | undefined {
    const row = this.find(line);
    if (!row) return undefined;
    const part = this.find(partIn(line));
    const times = line.minus?.times ?? 0;
    return part && row.usd > times * part.usd ? { row, part } : { row };
  }

  /** Why a line's price is estimated: both rows of a difference count. */
  doubt({ region, minus }: CostComponent, { row, unitUsd, part }: UnitPrice): Doubt | undefined {
    const doubt = this.rowDoubt(row, region);
    const partDoubt = part && this.rowDoubt(part, region);
    if (!part || !minus) return doubt;
    if (!doubt && !partDoubt) return undefined;
    const { reason } = doubt ?? partDoubt ?? { reason: "derived" };
    const [margin, partMargin] = [doubt?.margin ?? 0, partDoubt?.margin ?? 0];
    // Both are off the same way, as everywhere; but never is the rest surer than either price.
    const off = Math.abs(margin * row.usd - partMargin * minus.times * part.usd) / unitUsd;
    const texts = [doubt, partDoubt].flatMap((item) => (item ? [item.text] : []));
    return {
      reason,
      text: [...new Set(texts)].join("; "),
      // Of a small rest of two large prices, nothing is certain.
      margin: Math.min(1, Math.max(off, margin, partMargin)),
    };
  }

  private rowDoubt(row: PriceRow, region: string): Doubt | undefined {
    const own = knownDoubt(row, this.today);
    if (this.pricesOf === undefined || this.pricesOf === region) return own;
    const text = `price of ${this.pricesOf}, by pricesOf`;
    return {
      reason: "otherRegion",
      text: own ? `${text}; ${own.text}` : text,
      margin: Math.max(margins.otherRegion, own?.margin ?? 0),
    };
  }

  /** What the estimated prices may add: a price that lines add and take off counts with its rest. */
  uncertaintyUsd(lines: LineItem[]): number {
    const amounts = new Map<PriceRow, { usd: number; margin: number }>();
    const count = (row: PriceRow, line: LineItem, times: number): void => {
      const margin = this.rowDoubt(row, line.region)?.margin ?? 0;
      const amount = amounts.get(row) ?? { usd: 0, margin };
      amount.usd += line.quantity * line.factor * times * row.usd;
      amounts.set(row, amount);
    };
    for (const line of lines) {
      if (line.unitUsd === 0) continue;
      count(line.price, line, 1);
      if (line.minusPrice && line.minus) count(line.minusPrice, line, -line.minus.times);
    }
    let total = 0;
    for (const { usd, margin } of amounts.values()) total += Math.abs(usd) * margin;
    return Math.round(total * 100) / 100;
  }
}

// The trade-off asks for the same rows thousands of times.
const doubts = new WeakMap<PriceRow, { day: number; doubt: Doubt | undefined }>();

function knownDoubt(row: PriceRow, today: Date): Doubt | undefined {
  const day = today.getTime();
  const known = doubts.get(row);
  if (known?.day === day) return known.doubt;
  const doubt = doubtOf(row, today);
  doubts.set(row, { day, doubt });
  return doubt;
}

function missingPrice(
  { name, usage, usageFile }: StackToPrice,
  { priceKey, region, what, minus }: CostComponent,
  prices: PriceTable,
): Omit<MissingPrice, "components" | "lines"> {
  const from = usage.pricesOf ?? region;
  const file = usageFile ?? `assumptions/usage.${name}.yaml`;
  const regions = prices.regions.join(" or ");
  if (!prices.regions.includes(from)) {
    return {
      priceKey: "*",
      region: from,
      what: `everything in ${from}`,
      message: `There are no prices for ${from}: run \`npm run prices:refresh\` for it, or set \`pricesOf: ${prices.regions[0] ?? ""}\` in ${file}, whose prices then count, marked as estimated.`,
    };
  }
  if (priceKey.startsWith(unknownType)) {
    const type = priceKey.slice(unknownType.length);
    return { priceKey, region: from, what, message: missingRows([type]) };
  }
  const named = minus?.whole ?? what;
  const others = usage.pricesOf === undefined ? `, or set pricesOf (${regions}) in ${file}` : "";
  const message = `There is no price for ${named} (${priceKey}) in ${from}: add a row to insight/prices/${from}.json, run \`npm run prices:refresh\`${others}.`;
  return { priceKey, region: from, what: named, message };
}
