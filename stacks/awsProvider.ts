import { Provider, type ProviderArgs } from "@pulumi/aws/provider";
import { healthMetricsRegion } from "./serviceLevel";

// Settings whose value is text even where it looks like something else, e.g. a profile "12".
const textual = new Set(["profile", "region"]);

/**
 * The one AWS provider of a stack, from the same `aws:` settings that the default one would read
 * (region, defaultTags, assumeRoles, allowedAccountIds …). Explicit, because awsx brings a provider
 * version of its own: handed down, every resource uses this one, and the engine starts no second.
 *
 * @param raw the stack's config in the engine's raw form.
 */
export function awsProvider(raw: Record<string, string>): Provider {
  return new Provider("aws", providerSettings(raw));
}

/**
 * The second provider of a stack whose resources cross regions: the same settings, for the other
 * region.
 */
export function peerProvider(raw: Record<string, string>, region: string): Provider {
  return elsewhere("aws-peer", raw, region);
}

/** Another one for the alarm on the region's Route 53 check, unless the region is where that goes. */
export function healthProvider(raw: Record<string, string>): Provider | undefined {
  if (raw["aws:region"] === healthMetricsRegion) return undefined;
  return elsewhere("aws-health", raw, healthMetricsRegion);
}

/**
 * It makes sure of its credentials in the stack's own region, so that a lost region stops no run that
 * leaves its resources alone.
 */
function elsewhere(name: string, raw: Record<string, string>, region: string): Provider {
  return new Provider(name, { ...providerSettings(raw), region, stsRegion: raw["aws:region"] });
}

/** The `aws:` settings of a stack as the provider takes them. */
export function providerSettings(raw: Record<string, string>): ProviderArgs {
  const entries = Object.entries(raw)
    .filter(([key]) => key.startsWith("aws:"))
    .map(([key, value]) => [key.slice("aws:".length), settingOf(key.slice(4), value)] as const);
  return Object.fromEntries(entries) as ProviderArgs;
}

/** Objects, lists, numbers and booleans arrive as JSON text. */
function settingOf(key: string, value: string): unknown {
  const isJson = !textual.has(key) && /^(true|false|\d+|[[{].*)$/s.test(value);
  return isJson ? (JSON.parse(value) as unknown) : value;
}
