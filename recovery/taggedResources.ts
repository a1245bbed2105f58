import { createHash, createHmac } from "node:crypto";
import { LocalFailure } from "../local/mistake";

export type Tags = Record<string, string>;

export interface TaggedResource {
  arn: string;
  tags: Tags;
}

/** Finds a region's resources that carry these tags, and perhaps others. */
export type FindTagged = (region: string, tags: Tags) => Promise<TaggedResource[]>;

type Environment = Record<string, string | undefined>;

interface Answer {
  PaginationToken?: string;
  ResourceTagMappingList?: { ResourceARN: string; Tags: { Key: string; Value: string }[] }[];
}

/**
 * Looks with the Resource Groups Tagging API, whose one action (`tag:GetResources`) knows all types.
 * @param env with the credentials in `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, where they
 *   are a session's, `AWS_SESSION_TOKEN`.
 * @throws LocalFailure where they are missing, or AWS refuses the call.
 */
export function taggedResources(env: Environment): FindTagged {
  return async (region, tags) => {
    const TagFilters = Object.entries(tags).map(([Key, value]) => ({ Key, Values: [value] }));
    const found: TaggedResource[] = [];
    let PaginationToken: string | undefined;
    do {
      const body = { TagFilters, ...(PaginationToken ? { PaginationToken } : {}) };
      const answer = await call<Answer>(env, region, getResources, body);
      for (const { ResourceARN, Tags } of answer.ResourceTagMappingList ?? []) {
        if (await isDueForDeletion(env, region, ResourceARN)) continue;
        const own = Tags.map(({ Key, Value }) => [Key, Value] as const);
        found.push({ arn: ResourceARN, tags: Object.fromEntries(own) });
      }
      PaginationToken = answer.PaginationToken;
    } while (PaginationToken);
    return found;
  };
}

/** A hosted zone, which Route 53 creates without tags: they come in a second call. */
export interface FoundZone {
  id: string;
  comment: string;
  isPrivate: boolean;
  /** Its own two, NS and SOA, included. */
  records: number;
}

export type FindZones = (name: string) => Promise<FoundZone[]>;

/** Lists the account's zones of exactly that name. */
export function hostedZones(env: Environment): FindZones {
  return async (name) => {
    const url = new URL(env.AWS_ENDPOINT_URL ?? "https://route53.amazonaws.com");
    url.pathname = "/2013-04-01/hostedzonesbyname";
    url.search = `dnsname=${encodeURIComponent(name)}`;
    const call = { region: "us-east-1", service: "route53", url, headers: {}, body: "" };
    const headers = signed(env, call);
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(60_000) });
    const xml = await response.text();
    if (!response.ok) {
      throw new LocalFailure(
        `ListHostedZonesByName answered ${response.status}: ${xml.slice(0, 300)}`,
      );
    }
    const all = xml.match(/<HostedZone>[^]*?<\/HostedZone>/g) ?? [];
    const text = (zone: string, element: string) =>
      new RegExp(`<${element}>([^<]*)</${element}>`).exec(zone)?.[1] ?? "";
    return all
      .filter((zone) => text(zone, "Name").replace(/\.$/, "") === name)
      .map((zone) => ({
        id: text(zone, "Id").replace("/hostedzone/", ""),
        comment: text(zone, "Comment"),
        isPrivate: text(zone, "PrivateZone") === "true",
        records: Number(text(zone, "ResourceRecordSetCount")),
      }));
  };
}

const getResources = {
  service: "tagging",
  target: "ResourceGroupsTaggingAPI_20170126.GetResources",
};
const describeKey = { service: "kms", target: "TrentService.DescribeKey" };

/** A key keeps its tags until its waiting period is over: an earlier life of the stack left it. */
async function isDueForDeletion(env: Environment, region: string, arn: string): Promise<boolean> {
  if (!/:kms:.*:key\//.test(arn)) return false;
  const { KeyMetadata } = await call<{ KeyMetadata: { KeyState: string } }>(
    env,
    region,
    describeKey,
    { KeyId: arn },
  );
  return KeyMetadata.KeyState === "PendingDeletion";
}

interface Action {
  service: string;
  target: string;
}

async function call<Result>(
  env: Environment,
  region: string,
  action: Action,
  parameters: object,
): Promise<Result> {
  const body = JSON.stringify(parameters);
  const url = new URL(env.AWS_ENDPOINT_URL ?? `https://${action.service}.${region}.amazonaws.com`);
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": action.target };
  const response = await fetch(url, {
    method: "POST",
    headers: signed(env, { region, service: action.service, url, headers, body }),
    body,
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as Result;
  throw new LocalFailure(
    `${action.target} in ${region} answered ${response.status}: ${text.slice(0, 300)}`,
  );
}

interface SignedCall {
  region: string;
  service: string;
  url: URL;
  headers: Tags;
  /** Empty for a GET. */
  body: string;
}

/** Headers with a signature (AWS, "Create a signed AWS API request"). */
function signed(env: Environment, call: SignedCall): Tags {
  const { region, service, url, body } = call;
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env;
  if (!id || !secret) {
    throw new LocalFailure(
      "Some creates can only be found at AWS, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are " +
        'not set: run eval "$(aws configure export-credentials --format env)" first.',
    );
  }
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const headers: Tags = {
    ...call.headers,
    host: url.host,
    "x-amz-date": time,
    ...(token ? { "x-amz-security-token": token } : {}),
  };
  const sorted = Object.entries(headers).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const names = sorted.map(([name]) => name).join(";");
  const lines = sorted.map(([name, value]) => `${name}:${value}\n`).join("");
  const method = body === "" ? "GET" : "POST";
  const query = url.search.slice(1);
  const request = [method, url.pathname, query, lines, names, sha256(body)].join("\n");
  const scope = [time.slice(0, 8), region, service, "aws4_request"];
  const toSign = ["AWS4-HMAC-SHA256", time, scope.join("/"), sha256(request)].join("\n");
  const key = scope.reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secret}`);
  const signature = hmac(key, toSign).toString("hex");
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${id}/${scope.join("/")}, SignedHeaders=${names}, ` +
    `Signature=${signature}`;
  return { ...headers, authorization };
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) =>
  createHmac("sha256", key).update(text).digest();
