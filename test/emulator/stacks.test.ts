import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { ensureEmulator, type Emulator } from "../../local/emulator";
import { messageOf } from "../../local/mistake";
import type { UpReport } from "../../local/up";
import { describeGap, keptOnPurpose, refreshGaps, unsupported } from "./knownGaps";
import { finalSnapshots, leftovers } from "./leftovers";
import { skipWithoutTools } from "./prerequisites";
import {
  closeBench,
  down,
  drifts,
  interruptedUp,
  labelOf,
  openBench,
  pooled,
  projectFiles,
  up,
  type Bench,
  type Drift,
  type Ended,
  type Variant,
} from "./ring";

/** Two run at once, in this order; a stack is never up twice at the same time. */
const variants: Variant[] = [
  { stack: "prod-east", exposure: "public" },
  { stack: "prod-west", exposure: "private" },
  { stack: "cost-saver", exposure: "public" },
  { stack: "prod-east", exposure: "private" },
  { stack: "prod-west", exposure: "public" },
  { stack: "cost-saver", exposure: "private" },
];
/** Its first `up` is cut off by Ctrl-C, and a second one goes on. */
const interrupted = variants[2]!;
/** As that one, but what was made so far is taken down before it comes up whole. */
const abandoned = variants[5]!;
const regions = ["us-east-1", "us-west-2"];

/** A step's result or failure: every test reports its own. */
type Outcome<Value> = { value: Value } | { error: unknown };

interface Run {
  interrupted?: Outcome<Ended>;
  abandoned?: Outcome<void>;
  up?: Outcome<UpReport>;
  drifts?: Outcome<Drift[]>;
  down?: Outcome<void>;
}

describe("whole stacks on the emulator", () => {
  const runs = new Map(variants.map((variant) => [labelOf(variant), {} as Run]));
  let bench: Bench | undefined;
  let emulator: Emulator;
  let filesBefore: Record<string, string>;

  before(async function () {
    skipWithoutTools(this);
    bench = await openBench();
    filesBefore = projectFiles();
    emulator = await ensureEmulator(bench.paths, Number(bench.env.MOTO_PORT));
    const opened = bench;
    await pooled(
      2,
      variants.map((variant) => () => wholeLife(opened, variant, runs.get(labelOf(variant))!)),
    );
  });

  after(async () => {
    if (bench) await closeBench(bench);
    print("    Differences between emulator and AWS that these runs meet:");
    for (const gap of [...refreshGaps, ...unsupported, ...keptOnPurpose]) {
      print(`      ${describeGap(gap)}`);
    }
  });

  for (const variant of variants) {
    const run = runs.get(labelOf(variant))!;
    describe(labelOf(variant), () => {
      it("comes up, and a second preview finds no changes", () => {
        const report = valueOf(run.up);
        // The interrupted one finds a part of them.
        const count = report.up.created + report.up.unchanged;
        ok(count > 100, `only ${count} resources are up`);
        strictEqual(report.preview.changes, 0);
        ok(report.outputs.vpcId, "the stack has no outputs");
      });

      it("reads back as it was declared, but for the known gaps", () => {
        const unexplained = valueOf(run.drifts).filter((drift) => !isKnown(drift));
        deepStrictEqual(
          unexplained.map(({ resource, property }) => `${resource} ${property}`),
          [],
        );
      });

      it("comes down", () => valueOf(run.down));
    });
  }

  it("ends at Ctrl-C with a state that the next run continues from", () => {
    const run = runs.get(labelOf(interrupted))!;
    const { code, stdout, stderr } = valueOf(run.interrupted);
    strictEqual(code, 130, stderr);
    match(stdout, /Ctrl-C: finishing what is in flight/);
    match(stderr, /^Stopped by Ctrl-C: .* Continue with npm run up:local -- cost-saver/);
    const { up: second } = valueOf(run.up);
    ok(second.unchanged > 0, "the second run found nothing of the first");
    strictEqual(second.replaced + second.deleted, 0);
  });

  it("takes down what an interrupted run has made so far", () => {
    const run = runs.get(labelOf(abandoned))!;
    const { code, stderr } = valueOf(run.interrupted);
    strictEqual(code, 130, stderr);
    valueOf(run.abandoned);
    strictEqual(valueOf(run.up).up.unchanged, 0, "the next run starts from nothing");
  });

  it("leaves nothing on the emulator but what is kept on purpose", async () => {
    deepStrictEqual(await leftovers(emulator.endpoint, regions), []);
    const snapshots = await Promise.all(
      regions.map((region) => finalSnapshots(emulator.endpoint, region)),
    );
    strictEqual(snapshots.flat().length, variants.length, "one final snapshot per database");
  });

  it("has used every known gap", () => {
    const met = [...runs.values()].flatMap((run) => valueOf(run.drifts));
    const unused = refreshGaps.filter(
      (gap) => !met.some((drift) => drift.type === gap.type && matches(gap, drift)),
    );
    deepStrictEqual(unused.map(describeGap), []);
  });

  it("leaves the project's stack files as they were", () => {
    deepStrictEqual(projectFiles(), filesBefore);
  });
});

const print = (line: string) => process.stdout.write(`${line}\n`);

async function wholeLife(bench: Bench, variant: Variant, run: Run): Promise<void> {
  const say = (what: string) => print(`    ${labelOf(variant)}: ${what}`);
  if (variant === interrupted || variant === abandoned) {
    run.interrupted = await timed("up with Ctrl-C", say, () => interruptedUp(bench, variant));
  }
  if (variant === abandoned) {
    run.abandoned = await timed("destroy of the half", say, () => down(bench, variant));
  }
  run.up = await timed("up and preview", say, () => up(bench, variant));
  if ("error" in run.up) {
    // An error of the program comes again; one of the emulator under load does not, and is shown.
    run.up = await timed("another up", say, () => up(bench, variant));
  }
  if ("value" in run.up) run.drifts = await timed("refresh", say, () => drifts(bench, variant));
  run.down = await timed("destroy", say, () => down(bench, variant));
}

/** Shows that something happens: the whole ring takes a quarter of an hour. */
async function timed<Value>(
  what: string,
  say: (line: string) => void,
  work: () => Promise<Value>,
): Promise<Outcome<Value>> {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  try {
    const value = await work();
    say(`${what} in ${seconds()}`);
    return { value };
  } catch (error) {
    say(`${what} failed after ${seconds()}: ${messageOf(error)}`);
    return { error };
  }
}

function valueOf<Value>(outcome: Outcome<Value> | undefined): Value {
  if (!outcome) throw new Error("Not reached: an earlier step of this stack failed.");
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}

const matches = (gap: { property?: string }, { property }: Drift) =>
  gap.property === undefined || gap.property === property;

const isKnown = (drift: Drift) =>
  refreshGaps.some((gap) => gap.type === drift.type && matches(gap, drift));
