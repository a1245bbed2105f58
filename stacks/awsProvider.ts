import { Provider, type ProviderArgs } from "@pulumi/aws/provider";

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
  const settings = Object.entries(raw)
    .filter(([key]) => key.startsWith("aws:"))
    .map(([key, value]) => [key.slice("aws:".length), settingOf(key.slice(4), value)] as const);
  return new Provider("aws", Object.fromEntries(settings) as ProviderArgs);
}

/** Objects, lists, numbers and booleans arrive as JSON text. */
function settingOf(key: string, value: string): unknown {
  const isJson = !textual.has(key) && /^(true|false|\d+|[[{].*)$/s.test(value);
  return isJson ? (JSON.parse(value) as unknown) : value;
}
