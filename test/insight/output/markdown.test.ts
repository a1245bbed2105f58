import assert from "node:assert/strict";
import fc from "fast-check";
import type { InstallationFigures } from "../../../insight/figures/figures";
import { commentMark, renderMarkdown, type Comment } from "../../../insight/output/markdown";

const figures: InstallationFigures = {
  domain: "platform.example.com",
  stacks: [],
  total: { known: true, usd: 1234 },
  uncertaintyUsd: 100,
  objectives: [
    { key: "monthlyBudgetUsd", target: 1000, value: 1234, status: "missed", text: "cost: 1,234" },
    { key: "rpoMinutes", target: 5, value: 0, status: "met", text: "lost changes: 0" },
  ],
};

const comment = (changes: Partial<Comment> = {}): Comment => ({
  results: [],
  problems: [],
  figures: [figures],
  ...changes,
});

describe("The comment on a pull request", () => {
  it("begins with the mark by which it is found again", () => {
    assert.ok(renderMarkdown(comment()).startsWith(`${commentMark}\n`));
  });

  it("says first whether the objectives are met, then each", () => {
    const text = renderMarkdown(comment());
    assert.match(text, /❌ 1 objective missed\./);
    assert.match(text, /### platform\.example\.com: 1,234 USD a month ± 100/);
    assert.match(text, /\n\* ❌ cost: 1,234\n\* ✅ lost changes: 0\n/);
    const met = {
      ...figures,
      objectives: figures.objectives.filter((one) => one.status === "met"),
    };
    assert.match(renderMarkdown(comment({ figures: [met] })), /✅ 1 objective met\./);
  });

  it("names mistakes before anything else", () => {
    const problems = [
      { stacks: ["a", "b"] as [string, string], key: "regions", message: "differ" },
    ];
    const text = renderMarkdown(comment({ problems }));
    assert.match(text, /❌ The config has mistakes\./);
    assert.match(text, /\*\*a, b\*\*: `regions`: differ/);
  });

  it("lists what was edited and what that changes", () => {
    const text = renderMarkdown(
      comment({
        against: {
          ref: "main",
          commit: "0123456789",
          edits: [{ stack: "prod-east", key: "azCount", before: "3", after: "2" }],
          added: ["review"],
          removed: [],
          notes: [],
          before: [{ ...figures, total: { known: true, usd: 2000 } }],
          after: [figures],
          problems: [],
        },
      }),
    );
    assert.match(text, /### Against `main` \(0123456789\)/);
    assert.match(text, /\* prod-east: `azCount` `3` → `2`/);
    assert.match(text, /\* review: new/);
    assert.match(text, /\| USD a month \| 2,000 \| 1,234 \| −766 \|/);
  });

  it("lets nothing of a config become markup, a mention or a table's cell", () => {
    const hostile = fc.stringMatching(/^[`|@<>[\]*_~#\\a\n]{1,20}$/);
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = renderMarkdown(
          comment({
            figures: [{ ...figures, objectives: [{ ...figures.objectives[0]!, text }] }],
          }),
        );
        const line = /\n\* ❌ (.*)\n/.exec(shown)?.[1] ?? "";
        assert.doesNotMatch(line.replaceAll(/&#\d+;/g, ""), /[`|@<>[\]*_~#\\]/);
      }),
    );
  });
});
