import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { configReference, projectKeys } from "../../../stacks/config/reference";
import { generatedFiles } from "../../../stacks/config/generated";
import { schemaFile, stackFileSchema } from "../../../stacks/config/stackFileSchema";
import { listStacks } from "../../../config/stackFiles";
import { aboutKey } from "../../../config/keys";
import { isSecretName } from "../../../config/problems";
import { namespace } from "../../../stacks/config/reader";
import { configSchema } from "../../../stacks/config/schema";
import { leaves } from "./leaves";

const root = join(__dirname, "..", "..", "..");
const project = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as {
  name: string;
  config: Record<string, unknown>;
};

describe("the config reference", () => {
  it("is what the engine reads in Pulumi.yaml: the same keys, types, defaults and descriptions", () => {
    assert.deepEqual(project.config, projectKeys());
    assert.equal(project.name, namespace);
  });

  for (const [file, text] of Object.entries(generatedFiles())) {
    it(`is in ${file}: run \`npm run config:docs\``, () => {
      assert.ok(readFileSync(join(root, file), "utf8") === text, `${file} is out of date`);
    });
  }

  it("names every key once, with what it is and what is allowed", () => {
    const document = configReference();
    for (const [name, schema] of leaves(configSchema)) {
      const { description, allowed } = aboutKey(schema);
      const rows = document.split("\n").filter((line) => line.startsWith(`| \`${name}\` |`));
      assert.equal(rows.length, 1, name);
      assert.ok(rows[0]!.includes(description) && allowed.length > 0, name);
    }
  });

  it("has examples that are valid", () => {
    for (const [name, schema] of leaves(configSchema)) {
      const example: unknown = parse(aboutKey(schema).example);
      const result = z.safeParse(schema, example);
      assert.ok(result.success, `${name}: ${aboutKey(schema).example}`);
    }
  });

  it("has no key whose name would be taken for a secret's", () => {
    for (const [name] of leaves(configSchema)) {
      assert.equal(isSecretName(name), false, name);
    }
  });
});

describe("the JSON schema of stack files", () => {
  const schema = z.fromJSONSchema(stackFileSchema());
  const file = (stack: string) =>
    parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
      config: Record<string, unknown>;
    };
  const withKey = (name: string, value: unknown) => {
    const { config } = file("prod-east");
    return { config: { ...config, [name]: value } };
  };

  it("lies where the stack files' first line says", () => {
    for (const stack of listStacks(root)) {
      const [first = ""] = readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8").split("\n");
      const named = /^# yaml-language-server: \$schema=(.+)$/.exec(first)?.[1] ?? "";
      assert.equal(named, schemaFile);
      assert.deepEqual(JSON.parse(readFileSync(join(root, named), "utf8")), stackFileSchema());
    }
  });

  it("takes the stack files, and other providers' keys", () => {
    for (const stack of listStacks(root)) assert.ok(schema.safeParse(file(stack)).success, stack);
    assert.ok(schema.safeParse(withKey("aws:profile", "own")).success);
    assert.ok(schema.safeParse({ ...file("prod-east"), encryptionsalt: "v1:abc" }).success);
  });

  it("takes a number where the reader does", () => {
    assert.ok(schema.safeParse(withKey("pe-platform:web", { windows: { version: 2022 } })).success);
  });

  const wrong: [name: string, value: unknown][] = [
    ["pe-platform:azCounts", 3],
    ["pe-platform:azCount", 4],
    ["pe-platform:logRetentionDays", 2],
    ["pe-platform:database", { editions: "web" }],
    ["pe-platform:database", { edition: "express" }],
    ["pe-platform:database", { storageGiB: 19 }],
    ["pe-platform:hostedZone", "example.com"],
    ["pe-platform:web", { windows: { version: 2023 } }],
    ["aws:region", "us-east-9"],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${name} ${JSON.stringify(value)}`, () => {
      assert.equal(schema.safeParse(withKey(name, value)).success, false);
    });
  }
});
