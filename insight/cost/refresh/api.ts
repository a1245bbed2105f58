import type { PricingClient } from "@aws-sdk/client-pricing";
import { type Collected, Collector } from "./collect";
import type { MappingContext, Service } from "./mapping";
import { OfferError, type ProductWithTerms, productOffers } from "./offer";
import { UserError } from "../../../config/mistake";

/** The part of the SDK's client that is used: tests bring their own. */
export type PricingApi = Pick<PricingClient, "send">;

/** A client with the account's credentials; the API is in us-east-1 for all regions. */
export async function pricingApi(): Promise<PricingApi> {
  const { PricingClient: Client } = await sdk();
  return new Client({ region: "us-east-1" });
}

/** Loaded only here: it is large, and only `--from-api` needs it. */
async function sdk() {
  try {
    return await import("@aws-sdk/client-pricing");
  } catch (error) {
    const reason = (error as Error).message.split("\n", 1).join("");
    throw new UserError(
      `--from-api needs the package @aws-sdk/client-pricing: install all packages with npm ci. (${reason})`,
    );
  }
}

/**
 * One service's prices in one region from the query API, by the same mapping as the offer files.
 * @throws UserError without credentials or rights, and for an answer of another form.
 */
export async function collectFromApi(
  api: PricingApi,
  service: Service,
  context: MappingContext,
  progress: (text: string) => void,
): Promise<Collected> {
  const { GetProductsCommand } = await sdk();
  const collector = new Collector(service, context);
  let date = "";
  for (const query of service.queries) {
    const filters = Object.entries(apiFilters(query, service, context));
    let token: string | undefined;
    do {
      const { PriceList = [], NextToken } = await api
        .send(
          new GetProductsCommand({
            ServiceCode: service.code,
            FormatVersion: "aws_v1",
            MaxResults: 100,
            NextToken: token,
            Filters: filters.map(([Field, Value]) => ({ Type: "TERM_MATCH", Field, Value })),
          }),
        )
        .catch((error: unknown) => {
          throw plain(error);
        });
      for (const item of PriceList) {
        const published = take(collector, String(item), service);
        if (published > date) date = published;
      }
      progress(`${collector.count.toLocaleString("en")} offers`);
      token = NextToken;
    } while (token !== undefined && token !== "");
  }
  const collected = collector.finish(date);
  if (collected.rows.length > 0) return collected;
  throw new UserError(
    `The price list API has no price of ${service.code} in ${context.region} that is known here.`,
  );
}

function apiFilters(
  query: Record<string, string>,
  { code, scope }: Service,
  { region }: MappingContext,
) {
  if (scope === "all") return query;
  // Transfer is listed by its ends, and has no region of its own.
  const name = code === "AWSDataTransfer" ? "fromRegionCode" : "regionCode";
  return { ...query, [name]: region };
}

/** @returns day of the list's publication. */
function take(collector: Collector, text: string, { code }: Service): string {
  try {
    const item = JSON.parse(text) as ProductWithTerms & { publicationDate?: string };
    const date = /^\d{4}-\d{2}-\d{2}/.exec(item.publicationDate ?? "")?.[0];
    if (date === undefined) throw new OfferError("a product has no date of publication");
    for (const offer of productOffers(item)) collector.add(offer);
    return date;
  } catch (error) {
    if (!(error instanceof OfferError) && !(error instanceof SyntaxError)) throw error;
    throw new UserError(`The price list API's answer for ${code} is damaged: ${error.message}.`);
  }
}

function plain(error: unknown): UserError {
  const { name, message } = error as Error;
  if (/Credential|Token/.test(name)) {
    return new UserError(
      `There are no AWS credentials that work (${message}). Log in first (aws sso login, or AWS_PROFILE), or leave out --from-api: the public list needs none.`,
    );
  }
  if (/AccessDenied|UnrecognizedClient|InvalidSignature/.test(name)) {
    return new UserError(
      `AWS refused: ${message}. The price list API needs the right pricing:GetProducts; without --from-api none is needed.`,
    );
  }
  return new UserError(`The price list API failed: ${message}. Run the command again.`);
}
