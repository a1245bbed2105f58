import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../config/stackFiles";
import { motoRelease } from "../../local/emulator/python";
import { wrapperVersion } from "../../engine/cli";

const read = (file: string) => readFileSync(join(projectRoot, file), "utf8");

describe("docs/local.md", () => {
  const text = read("docs/local.md");

  it("installs the versions that the project uses, the ordinary way", () => {
    const { dependencies } = JSON.parse(read("package.json")) as {
      dependencies: Record<string, string>;
    };
    for (const name of ["aws", "awsx", "random"]) {
      const version = dependencies[`@pulumi/${name}`];
      assert.ok(text.includes(`pulumi plugin install resource ${name} ${version}\n`), name);
    }
    assert.ok(text.includes(`pip install "moto[server]==${motoRelease}"`));
    assert.ok(text.includes(`--version ${wrapperVersion} `));
  });

  it("names no folder outside of the project", () => {
    for (const file of ["README.md", "docs/local.md", "docs/plan.md", "docs/servers.md"]) {
      assert.doesNotMatch(read(file), /\.\.\/shared|\.\.\/lab|\/work\//, file);
    }
  });
});
