import assert from "node:assert/strict";
import { Session } from "node:inspector/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { mock } from "node:test";
import fc from "fast-check";
import ts from "typescript";
import { catalogue, isEngines, missingRows, rowOf } from "../../catalogue";
import { functionRows } from "../../catalogue/functions";
import { typesIn } from "../../deploy/plannedTypes";
import { planStack } from "../../insight/plan/offlinePlan";
import { validRawConfig } from "../stacks/config/validConfig";

const root = join(__dirname, "..", "..");
// The same configs each time: whether all is reached must not be luck.
const seed = 1;
const most = 120;

/** What the engine ran of a script, by offsets into it: inner ranges overrule outer ones. */
interface Ran {
  startOffset: number;
  endOffset: number;
  count: number;
}

function ranAt(ranges: Ran[], offset: number): boolean {
  const around = ranges.filter((range) => range.startOffset <= offset && offset < range.endOffset);
  const size = ({ startOffset, endOffset }: Ran) => endOffset - startOffset;
  return (around.sort((one, other) => size(one) - size(other))[0]?.count ?? 0) > 0;
}

/** Where a compiled file makes a resource or a component: offsets, and what they are called. */
function sites(file: string, source: string): [offset: number, text: string][] {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const makes = new Set<string>();
  for (const [, name = "", path = ""] of source.matchAll(/const (\w+) = require\("(.+?)"\)/g)) {
    const ours = path.startsWith(".") && join(dirname(file), path).startsWith("components/");
    if (ours || /^@pulumi\/(?!pulumi\b)/.test(path)) makes.add(name);
  }
  const found: [number, string][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name } = node.expression;
      const [first] = node.arguments?.map((argument) => argument.getText(parsed)) ?? [];
      const text = `${file}: new ${name.text}(${first}, …)`;
      if (makes.has(expression.getText(parsed))) found.push([node.getStart(parsed), text]);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

/** Runs `step` until it is content, at most `most` times; tells which sites have then not run. */
async function unreached(step: () => Promise<void>, rest: () => boolean): Promise<string[]> {
  const session = new Session();
  session.connect();
  const files = new Map<string, string>();
  session.on("Debugger.scriptParsed", ({ params: { url, scriptId } }) => {
    const file = relative(root, url.startsWith("file:") ? fileURLToPath(url) : url);
    if (/^(components|stacks)\//.test(file)) files.set(scriptId, file);
  });
  await session.post("Debugger.enable");
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const left = new Map<string, string>();
  const reached = new Set<string>();
  for (let run = 1; run <= most; run++) {
    await step();
    if (run % 10 > 0) continue;
    // Counts begin anew with each look.
    const { result } = await session.post("Profiler.takePreciseCoverage");
    for (const { scriptId, functions } of result) {
      const file = files.get(scriptId);
      if (file === undefined) continue;
      const { scriptSource } = await session.post("Debugger.getScriptSource", { scriptId });
      const ranges = functions.flatMap((one) => one.ranges);
      for (const [offset, text] of sites(file, scriptSource)) {
        const site = `${file}:${offset}`;
        if (ranAt(ranges, offset)) reached.add(site);
        left.set(site, text);
      }
    }
    for (const site of reached) left.delete(site);
    if (left.size === 0 && !rest()) break;
  }
  assert.ok(reached.size > 100, `only ${reached.size} places were found`);
  session.disconnect();
  return [...left.values()];
}

// The scripts are watched by V8 while configs are planned: a branch that makes a resource and that
// no generated config takes is one that no invariant has ever seen.
describe("generated configs", function () {
  this.timeout(300_000);
  const types = new Set<string>();
  let left: string[];
  const rows = [...Object.keys(catalogue), ...Object.keys(functionRows)];

  before(async () => {
    const silent = mock.method(console, "warn", () => undefined);
    const drawn = fc.sample(validRawConfig(), { seed, numRuns: most });
    left = await unreached(
      async () => {
        const { stack, raw } = drawn.pop()!;
        for (const type of typesIn(await planStack({ stack, raw }))) types.add(type);
      },
      () => rows.some((type) => !types.has(type)),
    );
    silent.mock.restore();
  });

  it("make every resource that components and stacks can make", () => {
    assert.deepEqual(left, [], "let test/stacks/config/validConfig.ts draw what leads here");
  });

  it("make types that have a row each", () => {
    const missing = [...types].filter((type) => {
      return !isEngines(type) && !rowOf(type) && !Object.hasOwn(functionRows, type);
    });
    assert.ok(missing.length === 0, missingRows(missing));
  });

  it("make every type that has a row", () => {
    const idle = rows.filter((type) => !types.has(type));
    assert.deepEqual(idle, [], "nothing makes these: take them out of catalogue/");
  });
});
