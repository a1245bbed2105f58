import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  listStacks,
  projectName,
  readStack,
  readStackConfig,
  stackFile,
} from "../../config/stackFiles";

const root = join(__dirname, "fixtures", "project");

describe("stack files", () => {
  it("lists the stacks and knows the project", () => {
    assert.deepEqual(listStacks(root), ["alpha", "beta"]);
    assert.equal(projectName(root), "pe-platform");
  });

  it("gives values in the engine's raw form, over the project's defaults", () => {
    assert.deepEqual(readStackConfig("alpha", root), {
      "aws:region": "us-west-2",
      "pe-platform:azCount": "1",
      "pe-platform:exposure": "public",
      "pe-platform:protect": "true",
      "pe-platform:regions": '["us-east-1","us-west-2"]',
      "pe-platform:domain": "alpha.example.com",
      "pe-platform:network":
        '{"cidrBlock":"10.30.0.0/16","availabilityZones":["us-west-2a","us-west-2b","us-west-2c"]}',
      "pe-platform:nested": '{"plain":1}',
    });
  });

  it("finds a stack's file by either spelling of YAML", () => {
    const folder = mkdtempSync(join(tmpdir(), "pe-stack-files-"));
    try {
      writeFileSync(join(folder, "Pulumi.short.yml"), "");
      assert.deepEqual(
        ["short", "none"].map((stack) => stackFile(stack, folder)),
        ["Pulumi.short.yml", "Pulumi.none.yml"],
      );
      assert.equal(stackFile("alpha", root), "Pulumi.alpha.yaml");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("takes a key without a namespace for the project's own, and Pulumi.yaml's region", () => {
    const raw = readStackConfig("beta", root);
    assert.equal(raw["pe-platform:domain"], "beta.example.com");
    assert.equal(raw["aws:region"], "us-east-1");
    assert.equal(raw["pe-platform:azCount"], "3");
  });

  it("leaves encrypted values out and says which keys they belong to, also inside an object", () => {
    const { secretKeys } = readStack("alpha", root);
    assert.deepEqual(secretKeys, ["pe-platform:alarmEmail", "pe-platform:nested"]);
  });

  it("names the known stacks and the nearest one for a wrong name", () => {
    const known = "the stacks are alpha, beta.";
    assert.throws(() => readStack("alpa", root), {
      message: `There is no stack "alpa"; ${known} Did you mean alpha?`,
    });
    assert.throws(() => readStack("production", root), {
      message: `There is no stack "production"; ${known}`,
    });
  });

  it("says which file is not valid YAML", () => {
    const copy = mkdtempSync(join(tmpdir(), "pe-stack-files-"));
    try {
      cpSync(root, copy, { recursive: true });
      writeFileSync(join(copy, "Pulumi.broken.yaml"), "config: {a: [1\n");
      assert.throws(
        () => readStack("broken", copy),
        /^UserError: Pulumi\.broken\.yaml is not valid YAML/,
      );
      writeFileSync(join(copy, "Pulumi.broken.yaml"), "config: 3\n");
      assert.throws(() => readStack("broken", copy), {
        message: "`config` in Pulumi.broken.yaml must hold keys and values.",
      });
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});
