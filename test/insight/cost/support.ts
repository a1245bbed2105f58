import type { CostComponent } from "../../../insight/cost/types";
import type { Confidence, PriceRow, PriceTable } from "../../../insight/cost/priceTable";
import { defaultUsage, type Usage } from "../../../insight/cost/usage";
import { usageKeys } from "../../../insight/cost/usageSchema";

/** The day on which price ages are judged. */
export const today = new Date("2026-11-24T00:00:00Z");

/** A row that is sound on that day. */
export function row(key: string, usd: number, more: Partial<PriceRow> = {}): PriceRow {
  const confidence: Confidence = "price-list";
  return {
    ...{ key, region: "us-east-1", usd, unit: "hour", source: "test", date: "2026-11-01" },
    ...{ confidence, ...more },
  };
}

export function table(...rows: PriceRow[]): PriceTable {
  const regions = [...new Set(rows.map(({ region }) => region))].sort();
  return {
    regions,
    find: (key, region) => rows.find((item) => item.key === key && item.region === region),
    rows: (region) => rows.filter((item) => item.region === region),
  };
}

/** A price for everything: one dollar, but what a server's price is part of costs more. */
export const anyPrice: PriceTable = {
  regions: [],
  find: (key, region) =>
    row(key, key.startsWith("rds:db.") ? 5 : key.endsWith(":windows") ? 2 : 1, { region }),
  rows: () => [],
};

export function costComponent(change: Partial<CostComponent> = {}): CostComponent {
  return {
    ...{ region: "us-east-1", component: "Network", what: "things", priceKey: "things:hour" },
    ...{ quantity: 10, how: "10", ...change },
  };
}

/** A usage with one key set, e.g. `traffic.requestKiB`. */
export function withKey(key: string, value: unknown, usage: Usage = defaultUsage): Usage {
  const copy = structuredClone(usage) as Record<string, unknown>;
  const path = key.split(".");
  const last = path.pop() ?? "";
  let at = copy;
  for (const name of path) at = (at[name] ??= {}) as Record<string, unknown>;
  at[last] = value;
  return copy as unknown as Usage;
}

export function valueOf(key: string, usage: Usage = defaultUsage): unknown {
  return key
    .split(".")
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], usage);
}

/** Keys that say how much is used, not how it is paid for. */
export const amounts = usageKeys()
  .filter(({ default: assumed }) => typeof assumed === "number")
  .map(({ key }) => key)
  .filter((key) => key !== "clients.share");

/** A line's identity. */
export function nameOf({ region, component, what, priceKey }: CostComponent): string {
  return [region, component, what, priceKey].join(" | ");
}
