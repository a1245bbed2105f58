import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { projectRoot } from "../../../config/stackFiles";
import { planSchema } from "../../../insight/output/planSchema";
import { outputSchemas } from "../../../insight/output/published";
import { tradeOffSchema } from "../../../insight/tradeoff/schema";
import { here, runCommandHere, type Command } from "../../support/command";
import { ProjectCopy } from "../../support/projectCopy";

describe("the published schemas", function () {
  this.timeout(120_000);

  it("are those of the program: npm run config:docs writes them", () => {
    for (const [file, text] of Object.entries(outputSchemas())) {
      assert.equal(readFileSync(join(projectRoot, file), "utf8"), text, file);
    }
  });

  const outputs: [Command, z.ZodType, string[]][] = [
    ["plan", planSchema, []],
    ["plan", planSchema, ["prod-west"]],
    ["plan", planSchema, ["cost-saver", "--against", "HEAD"]],
    ["tradeoff", tradeOffSchema, ["cost-saver"]],
    ["tradeoff", tradeOffSchema, ["prod-east", "--budget", "1"]],
    ["tradeoff", tradeOffSchema, ["prod-east", "--budget", "9000"]],
  ];
  for (const [command, schema, args] of outputs) {
    it(`say what ${[command, ...args].join(" ")} prints, and no more`, async () => {
      const { stdout } = await here(command, ...args, "--json");
      const json = JSON.parse(stdout) as object;
      schema.parse(json);
      assert.equal(schema.safeParse({ ...json, more: 1 }).success, false);
    });
  }

  it("say what a project in trouble prints", async () => {
    const copy = new ProjectCopy();
    try {
      copy.edit("prod-west", (text) => text.replace(/azCount: \d/, "azCount: 7"));
      const { stdout, status } = await runCommandHere(copy.folder, "plan", "--json");
      assert.equal(status, 1);
      const { stacks } = planSchema.parse(JSON.parse(stdout));
      assert.ok(stacks.some((stack) => "error" in stack && stack.error.problems[0]?.line));
    } finally {
      copy.remove();
    }
  });
});
