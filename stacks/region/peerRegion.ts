import {
  mergeOptions,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type ProviderResource,
} from "@pulumi/pulumi";
import type { RegionContext } from "./context";

/**
 * What the program says of one. With all of it kept the provider refuses its own default ("filter_policy
 * is required when filter_policy_scope is set").
 */
const subscription = ["topic", "protocol", "endpoint"];

/** Options of a component whose resources are in the other region, or are left alone there. */
export function inPeerRegion(
  { config, child }: RegionContext,
  peerProvider: ProviderResource,
): ComponentResourceOptions {
  const there = { ...child, providers: { aws: peerProvider } };
  if (config.replication.peerRegion === "managed") return there;
  const untouched = (type: string): CustomResourceOptions => ({
    ignoreChanges: type === "aws:sns/topicSubscription:TopicSubscription" ? subscription : ["*"],
  });
  return {
    ...there,
    transformations: [
      ({ type, props, opts }) => ({ props, opts: mergeOptions(opts, untouched(type)) }),
    ],
  };
}
