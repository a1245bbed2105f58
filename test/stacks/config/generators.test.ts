import assert from "node:assert/strict";
import fc from "fast-check";
import { configSchema } from "../../../stacks/config/schema";
import { badContents } from "./badContents";
import { badInstallations } from "./badInstallations";
import { badReplications } from "./badReplications";
import { leaves } from "./leaves";
import { validRawConfig } from "./validConfig";

const keys = leaves(configSchema).map(([name]) => name);

/** The config with the value at a dotted key, or without. */
function has(raw: Record<string, string>, key: string): boolean {
  const [first = "", ...rest] = key.split(".");
  let value: unknown = raw[`pe-platform:${first}`];
  if (rest.length > 0 && typeof value === "string") value = JSON.parse(value);
  for (const step of rest) value = (value as Record<string, unknown> | undefined)?.[step];
  return value !== undefined;
}

// What these do not know, no invariant sees and no sentence is held to.
describe("every key of the schema", () => {
  it("is drawn in valid configs", () => {
    const drawn = fc.sample(validRawConfig(), { seed: 1, numRuns: 500 });
    const unknown = keys.filter((key) => !drawn.some(({ raw }) => has(raw, key)));
    assert.deepEqual(unknown, [], "let test/stacks/config/validConfig.ts draw them");
  });

  it("is wrong in a bad config", () => {
    // Both tiers have one schema.
    const tier = (name: string): string => name.replace(/^app\./, "web.");
    const told = [...badInstallations, ...badContents, ...badReplications].flatMap(
      ([, , problems]) => problems.map(tier),
    );
    const unknown = keys.map(tier).filter((key) => {
      return !told.some((text) => text.startsWith(key) && /^([.[]|$)/.test(text.slice(key.length)));
    });
    assert.deepEqual(unknown, [], "add a case to test/stacks/config/bad*.ts");
  });
});
