import { usageKeys, type Usage } from "../cost/usageSchema";
import type { StackUsage } from "../cost/usage";

/** One key of the usage files, with each stack's value. */
export interface UsageRow {
  /** Dotted, e.g. `traffic.requestKiB`. */
  key: string;
  unit: string;
  description: string;
  /** In the order of the stacks. */
  values: UsageValue[];
}

export interface UsageValue {
  stack: string;
  /** `–` for a key without a value. */
  text: string;
  /** True where the stack has what is assumed without a file. */
  assumed: boolean;
}

/** Every key of the usage schema for some stacks; keys that no stack sets are left out. */
export function usageRows(stacks: string[], usageOf: (stack: string) => StackUsage): UsageRow[] {
  const usages = stacks.map((stack) => ({ stack, ...usageOf(stack) }));
  return usageKeys()
    .map(({ key, unit, description, default: assumed }) => ({
      ...{ key, unit, description },
      values: usages.map(({ stack, usage }) => {
        const value = valueAt(usage, key);
        return { stack, text: show(value), assumed: value === assumed };
      }),
    }))
    .filter(({ values }) => values.some(({ text }) => text !== "–"));
}

function valueAt(usage: Usage, key: string): unknown {
  return key
    .split(".")
    .reduce<unknown>(
      (at, name) =>
        typeof at === "object" && at !== null ? (at as Record<string, unknown>)[name] : undefined,
      usage,
    );
}

function show(value: unknown): string {
  if (typeof value === "number") return value.toLocaleString("en-US");
  return typeof value === "string" ? value : "–";
}
