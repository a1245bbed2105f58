import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { readStack } from "../../../config/stackFiles";
import { parseConfig } from "../../../stacks/config/platformConfig";
import { engineType, hasDefault, innerSchema } from "../../../config/keys";
import { configSchema } from "../../../stacks/config/schema";
import { copyInputs } from "../../support/projectCopy";
import { ConfigError } from "../../../config/problems";

/** Every key of the schema, objects and their inner keys alike. */
function paths(schema: z.core.$ZodType, path: string[] = []): string[][] {
  const inner = innerSchema(schema);
  if (!(inner instanceof z.ZodObject)) return [path];
  const below = Object.entries(inner.shape).flatMap(([name, value]) =>
    paths(value as z.core.$ZodType, [...path, name]),
  );
  return path.length === 0 ? below : [path, ...below];
}

const all = paths(configSchema);
const { raw } = readStack("prod-east");

/** The config of prod-east with nothing behind one key. */
function emptied([first = "", ...rest]: string[]): Record<string, string> {
  const key = `pe-platform:${first}`;
  if (rest.length === 0) return { ...raw, [key]: "null" };
  const value = JSON.parse(raw[key] ?? "{}") as Record<string, unknown>;
  let at = value;
  for (const name of rest.slice(0, -1)) at = (at[name] ??= {}) as Record<string, unknown>;
  at[rest.at(-1) ?? ""] = null;
  return { ...raw, [key]: JSON.stringify(value) };
}

function problemsOf(config: Record<string, string>): { key: string; message: string }[] {
  try {
    parseConfig(config, "prod-east");
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe("a key with nothing behind it", () => {
  it("is an error for every key, never the default, and says what to write", () => {
    assert.ok(all.length > 60, `${all.length} keys`);
    for (const path of all) {
      const found = problemsOf(emptied(path)).find(({ key }) => key === path.join("."));
      assert.match(found?.message ?? "", /^is empty: (use|write) .+\.$/, path.join("."));
    }
  });

  it("is the same as the engine hands it over: an empty text", () => {
    for (const [name, schema] of Object.entries(configSchema.shape)) {
      // Texts without a default are declared with "" in Pulumi.yaml: there it means not set.
      if (engineType(schema) === "string" && !hasDefault(schema)) continue;
      const found = problemsOf({ ...raw, [`pe-platform:${name}`]: "" });
      assert.match(found.find(({ key }) => key === name)?.message ?? "", /^is empty: /, name);
    }
  });

  it("is an error inside a list", () => {
    const regions = problemsOf({ ...raw, "pe-platform:regions": '["us-east-1",null]' });
    assert.match(regions[0]?.key ?? "", /^regions\[1\]$/);
  });

  it("is read from a stack file as what it is", () => {
    const copy = mkdtempSync(join(tmpdir(), "pe-empty-"));
    try {
      copyInputs(copy);
      appendFileSync(join(copy, "Pulumi.cost-saver.yaml"), "  pe-platform:rotation:\n");
      assert.deepEqual(
        problemsOf(readStack("cost-saver", copy).raw).map(({ key }) => key),
        ["rotation"],
      );
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});
