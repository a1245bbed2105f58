import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { against } from "../../../insight/figures/against";
import { differences } from "../../../insight/output/difference";
import { againstJson } from "../../../insight/output/figuresJson";
import { renderMarkdown } from "../../../insight/output/markdown";
import { renderAgainst } from "../../../insight/output/renderAgainst";
import { copyInputs } from "../../support/projectCopy";
import { addSums } from "../../../insight/cost/sums";
import { knownUsd } from "../../support/knownUsd";

const today = new Date("2026-11-24T00:00:00Z");

describe("A comparison with a commit", () => {
  let root: string;

  function git(...args: string[]): void {
    const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    const { status, stderr } = spawnSync("git", [...identity, ...args], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
  }

  function edit(file: string, from: string, to: string): void {
    const path = join(root, file);
    const text = readFileSync(path, "utf8");
    assert.ok(text.includes(from), `${file} has no ${from}`);
    writeFileSync(path, text.replace(from, to));
  }

  /** A repository in which the project is a folder below the top. */
  beforeEach(() => {
    const top = mkdtempSync(join(tmpdir(), "against-"));
    root = join(top, "platform");
    copyInputs(root);
    git("init", "-q", "-b", "main", "..");
    git("add", "-A", "..");
    git("commit", "-qm", "before");
  });

  afterEach(() => {
    rmSync(join(root, ".."), { recursive: true, force: true });
  });

  it("knows no difference where prices are missing, and does not call it the same", async () => {
    rmSync(join(root, "insight", "prices", "us-west-2.json"));
    const text = renderAgainst(await against("main", today, root));
    assert.match(text, /USD a month[^\n]* unknown \(at least [^\n]* unknown │/);
    assert.doesNotMatch(text, /platform\.example\.com.*are the same/);
  });

  it("finds nothing where nothing changed", async () => {
    const result = await against("main", today, root);
    assert.deepEqual(
      [result.edits, result.added, result.removed, result.problems],
      [[], [], [], []],
    );
    assert.deepEqual(result.before, result.after);
    assert.match(
      renderAgainst(result),
      /platform\.example\.com.*cost and service level are the same/,
    );
  });

  it("says which edits a running stack refuses or warns of, in every form", async () => {
    edit("Pulumi.prod-east.yaml", "storageGiB: 500", "storageGiB: 400");
    edit("Pulumi.cost-saver.yaml", "pe-platform:domain: small", "pe-platform:domain: tiny");
    appendFileSync(join(root, "Pulumi.cost-saver.yaml"), "  pe-platform:acceptEdits: [domain]\n");
    const result = await against("HEAD", today, root);
    assert.deepEqual(
      result.notes.map(({ stack, key, refused }) => [stack, key, refused]),
      [
        ["cost-saver", "domain", false],
        ["prod-east", "database.storageGiB", true],
      ],
    );
    assert.match(
      renderAgainst(result),
      /✖ prod-east: `pulumi up` refuses database\.storageGiB: RDS never shrinks storage, and 400/,
    );
    assert.match(renderAgainst(result), /! cost-saver: domain: accepted by acceptEdits: all names/);
    const markdown = renderMarkdown({ results: [], problems: [], figures: [], against: result });
    assert.match(markdown, /❌ prod-east: `pulumi up` refuses `database\.storageGiB`: RDS never/);
    assert.match(markdown, /⚠️ cost-saver: `domain`: accepted/);
    assert.deepEqual(againstJson(result).notes, result.notes);
  });

  it("shows the edit, what it saves and what it costs in downtime", async () => {
    for (const stack of ["prod-east", "prod-west"]) {
      edit(`Pulumi.${stack}.yaml`, "pe-platform:azCount: 3", "pe-platform:azCount: 1");
    }
    const result = await against("HEAD", today, root);
    assert.deepEqual(
      result.edits,
      ["prod-east", "prod-west"].map((stack) => ({
        stack,
        key: "azCount",
        before: "3",
        after: "1",
      })),
    );
    const prod = differences(result).find(({ domain }) => domain === "platform.example.com");
    const changes = new Map(prod?.rows.map(({ name, change }) => [name, change]));
    assert.match(changes.get("USD a month") ?? "", /^−[\d,]+$/);
    assert.match(changes.get("Writes, modelled") ?? "", /^\+.* down a month$/);
    assert.match(changes.get("Writes, by SLAs") ?? "", /^\+/);
    const saved =
      prod?.components.reduce(
        (sum, { before: was, after: is }) => sum + knownUsd(is) - knownUsd(was),
        0,
      ) ?? 0;
    const total = (side: typeof result.before): number =>
      knownUsd(
        addSums(
          side.filter(({ domain }) => domain === "platform.example.com").map((one) => one.total),
        ),
      );
    assert.ok(Math.abs(saved - (total(result.after) - total(result.before))) < 0.01);
  });

  it("tells new stacks and those that are gone", async () => {
    rmSync(join(root, "Pulumi.cost-saver.yaml"));
    const own = readFileSync(join(root, "Pulumi.prod-east.yaml"), "utf8");
    const other = own
      .replace("platform.example.com", "new.example.com")
      .replace("regionCount: 2", "regionCount: 1");
    writeFileSync(join(root, "Pulumi.review.yaml"), other);
    const result = await against("main", today, root);
    assert.deepEqual([result.added, result.removed], [["review"], ["cost-saver"]]);
    const rows = differences(result).map(({ domain, rows: [cost] }) => [
      domain,
      cost?.before,
      cost?.after,
    ]);
    assert.ok(rows.some(([domain, before]) => domain === "new.example.com" && before === "–"));
    assert.ok(rows.some(([domain, , after]) => domain === "small.example.com" && after === "–"));
  });

  it("says of a commit whose config today's rules refuse what is wrong, and shows the rest", async () => {
    edit("Pulumi.cost-saver.yaml", "pe-platform:azCount: 1", "pe-platform:azCount: 9");
    git("commit", "-qam", "wrong");
    edit("Pulumi.cost-saver.yaml", "pe-platform:azCount: 9", "pe-platform:azCount: 1");
    const result = await against("main", today, root);
    assert.match(result.problems.join(), /^At main: .*azCount: 9 is not allowed/s);
    assert.deepEqual(result.added, ["cost-saver"]);
    assert.equal(result.before.length, 1);
  });

  it("takes usage from the commit where it had any", async () => {
    const [file = ""] = readdirSync(join(root, "assumptions")).filter((name) =>
      name.includes("cost-saver"),
    );
    writeFileSync(
      join(root, "assumptions", file),
      "clients:\n  share: 1\nservers:\n  web:\n    needed: 2\n",
    );
    const result = await against("main", today, root);
    assert.deepEqual(result.edits, []);
    assert.notDeepEqual(result.before, result.after);
  });

  it("refuses what is no commit, and anything that could be an option of git", async () => {
    for (const ref of ["no-such-branch", "--all", "", "main:Pulumi.yaml"]) {
      await assert.rejects(against(ref, today, root), {
        name: "UserError",
        message: /^There is no commit ".*" to compare with: name a branch/,
      });
    }
  });
});
