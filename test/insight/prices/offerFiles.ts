import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// Makes offer files in the form of AWS's public price list, and serves them. The form: five lines
// of metadata, a header, one record per price; the header's names differ from the JSON's.

/** A product with its prices, from which every form is made. */
export interface SampleProduct {
  sku: string;
  family: string;
  /** By the JSON's names. */
  attributes: Record<string, string>;
  unit: string;
  /** By where the tier begins. */
  tiers: Record<string, string>;
  term?: "OnDemand" | "Reserved";
}

/** CSV columns of attributes whose name is not the JSON's. */
const columns: Record<string, string> = {
  locationType: "Location Type",
  regionCode: "Region Code",
  instanceType: "Instance Type",
  operatingSystem: "Operating System",
  tenancy: "Tenancy",
  capacitystatus: "CapacityStatus",
  preInstalledSw: "Pre Installed S/W",
  licenseModel: "License Model",
  databaseEngine: "Database Engine",
  databaseEdition: "Database Edition",
  deploymentOption: "Deployment Option",
  unbundledLicensing: "Unbundled Licensing",
  volumeType: "Volume Type",
  volumeApiName: "Volume API Name",
  storageMedia: "Storage Media",
  availabilityZone: "AvailabilityZone",
  usagetype: "usageType",
  transferType: "Transfer Type",
  fromRegionCode: "From Region Code",
  fromLocationType: "From Location Type",
  toRegionCode: "To Region Code",
  alarmType: "Alarm Type",
  queueType: "Queue Type",
  group: "Group",
  operation: "operation",
};

const priceColumns = [
  ...["SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate"],
  ...["StartingRange", "EndingRange", "Unit", "PricePerUnit", "Currency", "Product Family"],
  ...["serviceCode", "Location"],
];

const quote = (text: string) => (text === "" ? "" : `"${text.replaceAll('"', '""')}"`);
const line = (values: string[]) => values.map(quote).join(",");

export const published = "2026-11-20T17:07:46Z";

export function csvHead(code: string): string[] {
  return [
    line(["FormatVersion", "v1.0"]),
    line(["Disclaimer", 'This pricing list is for informational purposes only, "as is".']),
    line(["Publication Date", published]),
    line(["Version", "20261120170746"]),
    line(["OfferCode", code]),
    line([...priceColumns, ...Object.values(columns)]),
  ];
}

export function csvRecords(code: string, product: SampleProduct): string[] {
  const { sku, family, attributes, unit, tiers, term = "OnDemand" } = product;
  return Object.entries(tiers).map(([start, usd]) =>
    line([
      ...[sku, "JRTCKXETXF", `${sku}.JRTCKXETXF.6YS6EN2CT7`, term, "words, with a comma"],
      ...["2026-11-01", start, "Inf", unit, usd, "USD", family, code, "US East (N. Virginia)"],
      ...Object.keys(columns).map((name) => attributes[name] ?? ""),
    ]),
  );
}

export function csvFile(code: string, products: SampleProduct[]): string {
  return `${[...csvHead(code), ...products.flatMap((each) => csvRecords(code, each))].join("\n")}\n`;
}

function termsOf({ sku, unit, tiers, term = "OnDemand" }: SampleProduct) {
  const dimensions = Object.entries(tiers).map(([beginRange, USD], index) => [
    `${sku}.JRTCKXETXF.${index}`,
    { unit, beginRange, endRange: "Inf", pricePerUnit: { USD } },
  ]);
  return {
    term,
    offer: { [`${sku}.JRTCKXETXF`]: { priceDimensions: Object.fromEntries(dimensions) } },
  };
}

export function jsonFile(code: string, products: SampleProduct[]): string {
  const terms: Record<string, Record<string, unknown>> = {};
  for (const product of products) {
    const { term, offer } = termsOf(product);
    (terms[term] ??= {})[product.sku] = offer;
  }
  const listed = products.map(({ sku, family, attributes }) => [
    sku,
    { sku, productFamily: family, attributes },
  ]);
  const head = { formatVersion: "v1.0", offerCode: code, publicationDate: published };
  return JSON.stringify({ ...head, products: Object.fromEntries(listed), terms });
}

/** What a request is answered with, instead of the file as it is. */
export type Fault = (request: IncomingMessage, response: ServerResponse, text: string) => boolean;

/** AWS's server on this machine: index, region indexes and offer files, with ranges. */
export class PriceListServer {
  /** By path; indexes are made from `offers`. */
  readonly files = new Map<string, string>();
  readonly requests: { path: string; range?: string }[] = [];
  fault: Fault = () => false;
  etag = '"v1"';
  private server?: Server;

  constructor(readonly offers: Record<string, Record<string, SampleProduct[]>>) {
    const codes = Object.keys(offers);
    const base = "/offers/v1.0/aws";
    const index = codes.map((code) => [
      code,
      {
        offerCode: code,
        currentVersionUrl: `${base}/${code}/current/index.json`,
        currentRegionIndexUrl: `${base}/${code}/current/region_index.json`,
      },
    ]);
    const json = (content: object) => JSON.stringify({ publicationDate: published, ...content });
    this.files.set(`${base}/index.json`, json({ offers: Object.fromEntries(index) }));
    for (const [code, byRegion] of Object.entries(offers)) {
      const regions = Object.keys(byRegion).map((regionCode) => [
        regionCode,
        {
          regionCode,
          currentVersionUrl: `${base}/${code}/20261120170746/${regionCode}/index.json`,
        },
      ]);
      const path = `${base}/${code}/current`;
      this.files.set(`${path}/region_index.json`, json({ regions: Object.fromEntries(regions) }));
      this.files.set(`${path}/index.csv`, csvFile(code, Object.values(byRegion).flat()));
      for (const [region, products] of Object.entries(byRegion)) {
        const folder = `${base}/${code}/20261120170746/${region}`;
        this.files.set(`${folder}/index.csv`, csvFile(code, products));
        this.files.set(`${folder}/index.json`, jsonFile(code, products));
      }
    }
  }

  async start(): Promise<string> {
    const server = createServer((request, response) => this.answer(request, response));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** May be called twice. */
  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? "";
    const { range } = request.headers;
    this.requests.push({ path, ...(range !== undefined && { range }) });
    const text = this.files.get(path);
    if (text === undefined) return void response.writeHead(404).end("no such key");
    if (this.fault(request, response, text)) return;
    const bytes = Buffer.from(text);
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? NaN);
    if (start > 0 && request.headers["if-range"] === this.etag) {
      if (start >= bytes.length) return void response.writeHead(416).end();
      response.writeHead(206, {
        "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
        ...{ "content-length": bytes.length - start, etag: this.etag },
      });
      return void response.end(bytes.subarray(start));
    }
    response.writeHead(200, { "content-length": bytes.length, etag: this.etag });
    response.end(bytes);
  }
}
