import assert from "node:assert/strict";
import { isReport, reportStack, type StackReport } from "../../../insight/figures/report";
import { renderOverview } from "../../../insight/output/overview";

describe("the overview", function () {
  this.timeout(60_000);
  let report: StackReport;

  before(async () => {
    const result = await reportStack("cost-saver");
    assert.ok(isReport(result));
    report = result;
  });

  /** The same stack under another name, in a region with a long one. */
  const named = (stack: string, change: Partial<StackReport> = {}): StackReport => ({
    ...report,
    stack,
    config: { ...report.config, region: "ap-southeast-2", domain: `${stack}.example.com` },
    ...change,
  });

  it("has a table of 80 columns at most, for any number of stacks", () => {
    const stacks = ["prod-one", "prod-two", "prod-three", "test-one", "test-two"].map((stack) =>
      named(stack),
    );
    const lines = renderOverview(stacks, []).split("\n");
    const from = lines.findIndex((line) => line.startsWith("Stack "));
    const table = lines.slice(from, from + 6);
    assert.match(table[5] ?? "", /^test-two/);
    assert.ok(
      table.every((line) => line.length <= 80),
      table.join("\n"),
    );
  });

  it("says of a database whether it takes writes", () => {
    const frozen = { ...report.replication, writable: false };
    const lines = renderOverview([named("frozen", { replication: frozen })], []).split("\n");
    assert.ok(lines.some((line) => /^frozen .* frozen +–/.test(line)));
  });

  it("begins with what is wrong", () => {
    const failure = {
      stack: "prod-west",
      message: "1 problem",
      problems: [],
      isUserMistake: true,
      error: new Error("1 problem"),
    };
    const text = renderOverview([failure, named("prod-east")], []);
    assert.match(text, /^✖ prod-west: 1 problem\n\nprod-east\.example\.com {2}prod-east\n/);
    assert.match(text, /; 1 stack could not be planned\. /);
  });
});
