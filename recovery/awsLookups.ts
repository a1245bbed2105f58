import type { HealthCheckConfig } from "@aws-sdk/client-route-53";
import { clientSettings } from "../stacks/awsClient";

export type Tags = Record<string, string>;

export interface TaggedResource {
  arn: string;
  tags: Tags;
}

/** A hosted zone, which Route 53 creates without tags: they come in a second call. */
export interface FoundZone {
  id: string;
  comment: string;
  isPrivate: boolean;
  /** Its own two, NS and SOA, included. */
  records: number;
}

/** As zones, health checks are tagged in a second call. */
export interface FoundHealthCheck {
  id: string;
  config: HealthCheckConfig;
}

/** What only AWS can tell about a create that was cut off; all throw what AWS answers. */
export interface AwsLookups {
  /** The region's resources that carry these tags, and perhaps others. */
  tagged(region: string, tags: Tags): Promise<TaggedResource[]>;
  /** The account's zones of exactly that name. */
  zones(name: string): Promise<FoundZone[]>;
  /** The account's health checks without tags. */
  untaggedHealthChecks(): Promise<FoundHealthCheck[]>;
}

/** Look-ups with the credentials of a provider in the state, by its inputs there. */
export type LookupsOf = (provider: Record<string, unknown>) => AwsLookups;

/** Route 53 and the tags of its resources are called there. */
const globalRegion = "us-east-1";

/**
 * Looks as the stack's own provider would, whose one action for all types is `tag:GetResources`.
 * @param env where it names an endpoint, that is called, with the keys in it.
 */
export function awsLookups(env: Record<string, string | undefined>): LookupsOf {
  return (provider) => {
    const client = <Client>(
      Service: new (settings: Awaited<ReturnType<typeof clientSettings>>) => Client,
      service: string,
      region: string,
    ) =>
      clientSettings({ ...provider, ...fromEnvironment(env, service), region }, service).then(
        (settings) => new Service(settings),
      );
    const route53 = async () => {
      const sdk = await import("@aws-sdk/client-route-53");
      return { sdk, client: await client(sdk.Route53Client, "route53", globalRegion) };
    };

    /** A key keeps its tags until its waiting period is over: an earlier life of the stack left it. */
    const isDueForDeletion = async (region: string, arn: string) => {
      if (!/:kms:.*:key\//.test(arn)) return false;
      const sdk = await import("@aws-sdk/client-kms");
      const kms = await client(sdk.KMSClient, "kms", region);
      const { KeyMetadata } = await kms.send(new sdk.DescribeKeyCommand({ KeyId: arn }));
      return KeyMetadata?.KeyState === "PendingDeletion";
    };

    return {
      async tagged(region, tags) {
        const sdk = await import("@aws-sdk/client-resource-groups-tagging-api");
        const api = await client(
          sdk.ResourceGroupsTaggingAPIClient,
          "resourcegroupstaggingapi",
          region,
        );
        const TagFilters = Object.entries(tags).map(([Key, value]) => ({ Key, Values: [value] }));
        const found: TaggedResource[] = [];
        for await (const page of sdk.paginateGetResources({ client: api }, { TagFilters })) {
          for (const { ResourceARN: arn = "", Tags = [] } of page.ResourceTagMappingList ?? []) {
            if (await isDueForDeletion(region, arn)) continue;
            const own = Tags.map(({ Key = "", Value = "" }) => [Key, Value] as const);
            found.push({ arn, tags: Object.fromEntries(own) });
          }
        }
        return found;
      },

      async zones(name) {
        const { sdk, client: api } = await route53();
        const { HostedZones = [] } = await api.send(
          new sdk.ListHostedZonesByNameCommand({ DNSName: name }),
        );
        return HostedZones.filter((zone) => zone.Name?.replace(/\.$/, "") === name).map(
          ({ Id = "", Config, ResourceRecordSetCount = 0 }) => ({
            id: Id.replace("/hostedzone/", ""),
            comment: Config?.Comment ?? "",
            isPrivate: Config?.PrivateZone ?? false,
            records: ResourceRecordSetCount,
          }),
        );
      },

      async untaggedHealthChecks() {
        const { sdk, client: api } = await route53();
        const found: FoundHealthCheck[] = [];
        for await (const { HealthChecks = [] } of sdk.paginateListHealthChecks(
          { client: api },
          {},
        )) {
          for (const { Id: id = "", HealthCheckConfig: config } of HealthChecks) {
            const of = { ResourceType: "healthcheck", ResourceId: id } as const;
            const { ResourceTagSet } = await api.send(new sdk.ListTagsForResourceCommand(of));
            if (config && (ResourceTagSet?.Tags ?? []).length === 0) found.push({ id, config });
          }
        }
        return found;
      },
    };
  };
}

/** The emulator's, when `up:local` recovers: this process has not got them in its environment. */
function fromEnvironment(env: Record<string, string | undefined>, service: string) {
  const { AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY } = env;
  if (!url) return {};
  return { endpoints: [{ [service]: url, sts: url }], accessKey, secretKey: AWS_SECRET_ACCESS_KEY };
}
