/**
 * One price of one product, as every form of AWS's price list says it: offer files (CSV and JSON)
 * and the query API. Format: AWS Billing User Guide, "Reading the service price list file for an
 * AWS service".
 */
export interface Offer {
  sku: string;
  /** `OnDemand`, `Reserved`, … */
  term: string;
  /** `Compute Instance`, `Database Storage`, … */
  family: string;
  /** By {@link attributeName}: the forms spell the same attribute differently. */
  attributes: Record<string, string>;
  unit: string;
  usd: number;
  /** Where its tier begins, in units a month; 0 for a price without tiers. */
  from: number;
}

/**
 * One spelling for all forms: the CSV's `Pre Installed S/W` is the JSON's `preInstalledSw`, and
 * `Region Code` is `regionCode`.
 */
export function attributeName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** A damaged offer: the message says what is wrong with it. */
export class OfferError extends Error {
  override name = "OfferError";
}

/** Columns that describe the price, not the product. */
const priceColumns = {
  sku: "sku",
  term: "termtype",
  from: "startingrange",
  unit: "unit",
  usd: "priceperunit",
  currency: "currency",
  family: "productfamily",
};

/**
 * Reads the records of a CSV with this header. Records of other terms and currencies give
 * undefined before their attributes are looked at: of EC2's millions most are reservations.
 * @throws OfferError where a column is missing, or a record is not of the header's form.
 */
export function csvReader(header: string[]): (record: string[]) => Offer | undefined {
  const names = header.map(attributeName);
  const column = (name: string) => {
    const index = names.indexOf(name);
    if (index < 0) throw new OfferError(`it has no column ${name}`);
    return index;
  };
  const at = Object.fromEntries(
    Object.entries(priceColumns).map(([key, name]) => [key, column(name)]),
  ) as Record<keyof typeof priceColumns, number>;
  return (record) => {
    if (record.length !== names.length) {
      throw new OfferError(`a record has ${record.length} columns instead of ${names.length}`);
    }
    const value = (index: number) => record[index] ?? "";
    if (value(at.term) !== "OnDemand" || value(at.currency) !== "USD") return undefined;
    const attributes: Record<string, string> = {};
    names.forEach((name, index) => {
      const text = value(index);
      if (text !== "") attributes[name] = text;
    });
    return {
      sku: value(at.sku),
      term: value(at.term),
      family: value(at.family),
      attributes,
      unit: value(at.unit),
      usd: amount(value(at.usd), value(at.sku)),
      from: amount(value(at.from) || "0", value(at.sku)),
    };
  };
}

function amount(text: string, sku: string): number {
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number) && number >= 0) return number;
  throw new OfferError(`the product ${sku} has the price or tier "${text}", which is no amount`);
}

/** A product with its terms, as an offer file in JSON holds it. */
interface ProductWithTerms {
  product?: { sku?: string; productFamily?: string; attributes?: Record<string, string> };
  terms?: Record<string, Record<string, TermOffer>>;
}

interface TermOffer {
  priceDimensions?: Record<
    string,
    { unit?: string; beginRange?: string; pricePerUnit?: Record<string, string> }
  >;
}

/** On-demand offers in USD of one product; none for a product without such a term. */
function productOffers({ product, terms }: ProductWithTerms): Offer[] {
  const { sku, productFamily = "", attributes: own = {} } = product ?? {};
  if (typeof sku !== "string") throw new OfferError("a product has no SKU");
  const attributes = Object.fromEntries(
    Object.entries(own)
      .filter(([, value]) => value !== "")
      .map(([name, value]) => [attributeName(name), value]),
  );
  return Object.values(terms?.OnDemand ?? {}).flatMap(({ priceDimensions = {} }) =>
    Object.values(priceDimensions).flatMap(({ unit = "", beginRange = "0", pricePerUnit }) => {
      const usd = pricePerUnit?.USD;
      if (usd === undefined) return [];
      const price = { unit, usd: amount(usd, sku), from: amount(beginRange, sku) };
      return [{ sku, term: "OnDemand", family: productFamily, attributes, ...price }];
    }),
  );
}

/**
 * Offers of an offer file in JSON.
 * @throws OfferError where it lacks `products` or `terms`.
 */
export function* offersOfFile(content: unknown): Generator<Offer> {
  const file = content as {
    products?: Record<string, ProductWithTerms["product"]>;
    terms?: Record<string, Record<string, Record<string, TermOffer>>>;
  } | null;
  if (typeof file?.products !== "object" || typeof file.terms !== "object") {
    throw new OfferError("it has no products and terms");
  }
  for (const [sku, product] of Object.entries(file.products)) {
    yield* productOffers({ product, terms: { OnDemand: file.terms.OnDemand?.[sku] ?? {} } });
  }
}
