import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "../../../stacks/config/platformConfig";
import { costComponentsByHand } from "../cost/countedByHand";
import { defaultUsage } from "../../../insight/cost/usage";
import { costName } from "../../../insight/output/costNames";
import { listStacks, readStack } from "../../../config/stackFiles";
import { privately } from "../../stacks/config/configCases";

describe("the names of costs", () => {
  it("are none of a component's class, for all that is billed", () => {
    const raws: [string, Record<string, string>][] = [
      ...listStacks().map((stack): [string, Record<string, string>] => [
        stack,
        readStack(stack).raw,
      ]),
      ["one", privately({})],
    ];
    const billed = raws.flatMap(([stack, raw]) =>
      costComponentsByHand(parseConfig(raw, stack), defaultUsage).map(({ component }) => component),
    );
    for (const component of new Set([...billed, "RegionPeering", "Stack"])) {
      assert.notEqual(costName(component), component);
    }
  });

  it("are each of one component", () => {
    const folder = join(__dirname, "..", "..", "..", "components");
    const classes = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((file) => /(\w+)\.ts$/.exec(file)?.[1] ?? "")
      .map((name) => name.charAt(0).toUpperCase() + name.slice(1));
    const names = classes.map(costName);
    assert.equal(new Set(names).size, new Set(classes).size);
  });
});
