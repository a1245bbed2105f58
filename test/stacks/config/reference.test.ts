import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { configReference, projectKeys } from "../../../stacks/config/reference";
import { aboutKey } from "../../../config/keys";
import { isSecretName } from "../../../config/problems";
import { namespace } from "../../../stacks/config/reader";
import { platformSchema } from "../../../stacks/config/schema";
import { leaves } from "./leaves";

const root = join(__dirname, "..", "..", "..");
const project = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as {
  name: string;
  config: Record<string, unknown>;
};

describe("the config reference", () => {
  it("is Pulumi.yaml's: the same keys, types, defaults and descriptions", () => {
    assert.deepEqual(project.config, projectKeys());
    assert.equal(project.name, namespace);
  });

  it("is docs/config.md: run `npx ts-node --transpile-only stacks/config/reference.ts`", () => {
    const document = readFileSync(join(root, "docs", "config.md"), "utf8");
    assert.ok(document === configReference(), "docs/config.md is out of date");
  });

  it("names every key once, with what it is and what is allowed", () => {
    const document = configReference();
    for (const [name, schema] of leaves(platformSchema)) {
      const { description, allowed } = aboutKey(schema);
      const rows = document.split("\n").filter((line) => line.startsWith(`| \`${name}\` |`));
      assert.equal(rows.length, 1, name);
      assert.ok(rows[0]!.includes(description) && allowed.length > 0, name);
    }
  });

  it("has examples that are valid", () => {
    for (const [name, schema] of leaves(platformSchema)) {
      const example: unknown = parse(aboutKey(schema).example);
      const result = z.safeParse(schema, example);
      assert.ok(result.success, `${name}: ${aboutKey(schema).example}`);
    }
  });

  it("has no key whose name would be taken for a secret's", () => {
    for (const [name] of leaves(platformSchema)) {
      assert.equal(isSecretName(name), false, name);
    }
  });
});
