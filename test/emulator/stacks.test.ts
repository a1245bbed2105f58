import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { ensureEmulator, type Emulator } from "../../local/emulator/emulator";
import { plannedChanges } from "../../local/progress";
import type { UpReport } from "../../local/up";
import { describeGap, keptOnPurpose, refreshGaps, unsupported } from "./knownGaps";
import { finalSnapshots, keptSnapshots, leftovers } from "./leftovers";
import { print, refusalOf, timed, valueOf, type Outcome } from "./outcomes";
import { skipWithoutTools } from "./prerequisites";
import { added, dataReplaced, matches, readsBack, tasks } from "./checks";
import { emptyTier, watchNothing, type EmptyTier } from "./watched";
import { movingWriter, newLife, type Snapshot } from "./regionPair";
import {
  closeBench,
  down,
  drifts,
  interruptedUp,
  labelOf,
  openBench,
  operateWith,
  projectFiles,
  up,
  type Bench,
  type Drift,
  type Ended,
  type Variant,
} from "./ring";

const single = { stack: "cost-saver" } as const;
/** Its first `up` is cut off by Ctrl-C, and a second one goes on. */
const interrupted: Variant = { ...single, exposure: "public" };
/** As that one, but what was made so far is taken down before it comes up whole. */
const abandoned: Variant = { ...single, exposure: "private" };
const variants = [interrupted, abandoned];
const regions = ["us-east-1", "us-west-2"];
/** One per `up` of a database from nothing: two single stacks, one pair. */
const databases = 2 + 2;
/** One per time that a region becomes a copy: see regionPair.ts. */
const copies = 3;

interface Run {
  interrupted?: Outcome<Ended>;
  abandoned?: Outcome<void>;
  up?: Outcome<UpReport>;
  drifts?: Outcome<Drift[]>;
  /** An edit of `exposure`, in `preview` and in `up`. */
  exposed?: Outcome<unknown>[];
  afterwards?: Outcome<string[]>;
  /** Alarms on what is not there, before anything is taken away. */
  blind?: Outcome<string[]>;
  /** By tier, just before the stack goes. */
  empty?: Outcome<EmptyTier[]>;
  down?: Outcome<void>;
}

describe("whole stacks on the emulator", () => {
  const runs = new Map(variants.map((variant) => [labelOf(variant), {} as Run]));
  const moving = newLife();
  // Two accounts: each has DMS's roles once, made by a home stack, and one loses a region.
  const benches: Bench[] = [];
  const emulators: Emulator[] = [];
  let filesBefore: Record<string, string>;

  before(async function () {
    skipWithoutTools(this);
    filesBefore = projectFiles();
    for (const bench of [await openBench(), await openBench()]) {
      benches.push(bench);
      emulators.push(await ensureEmulator(bench.paths, Number(bench.env.MOTO_PORT)));
    }
    const [first, second] = benches as [Bench, Bench];
    // Side by side: most of a run is the provider's waiting.
    await Promise.all([
      movingWriter(first, "public", moving),
      (async () => {
        for (const variant of variants) {
          await wholeLife(second, emulators[1]!.endpoint, variant, runs.get(labelOf(variant))!);
        }
      })(),
    ]);
  });

  after(async () => {
    for (const bench of benches) await closeBench(bench);
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

      it("reads back as it was declared, but for the known gaps", () =>
        readsBack(valueOf(run.drifts)));

      it("has no alarm on a load balancer that is not there", () =>
        deepStrictEqual(valueOf(run.blind), []));

      it("has an alarm for each tier that its silence sets off, once no server is left", () => {
        const tiers = valueOf(run.empty);
        deepStrictEqual(
          tiers.map(({ state }) => state),
          ["Added", "Added"],
        );
        for (const { told } of tiers) strictEqual(told.length, 1, told.join(", "));
      });

      it("comes down", () => valueOf(run.down));
    });
  }

  it("ends at Ctrl-C with a state that the next run continues from", () => {
    const run = runs.get(labelOf(interrupted))!;
    const { code, stdout, stderr } = valueOf(run.interrupted);
    strictEqual(code, 4, stderr);
    match(stdout, /Ctrl-C: finishing what is in flight/);
    match(stderr, /^Stopped by Ctrl-C: .* Continue with npm run up:local -- cost-saver/);
    const { up: second } = valueOf(run.up);
    ok(second.unchanged > 0, "the second run found nothing of the first");
    strictEqual(second.replaced + second.deleted, 0);
  });

  it("takes down what an interrupted run has made so far", () => {
    const run = runs.get(labelOf(abandoned))!;
    const { code, stderr } = valueOf(run.interrupted);
    strictEqual(code, 4, stderr);
    valueOf(run.abandoned);
    strictEqual(valueOf(run.up).up.unchanged, 0, "the next run starts from nothing");
  });

  it("refuses an edit of exposure before anything is touched, in preview and up", () => {
    const { exposed = [], afterwards } = runs.get(labelOf(interrupted))!;
    strictEqual(exposed.length, 2);
    for (const outcome of exposed) {
      match(refusalOf(outcome), /before hook "edit-guard" failed: Stack cost-saver: 1 problem/);
      match(refusalOf(outcome), /- exposure: an edit to private .*It takes three edits/);
    }
    deepStrictEqual(valueOf(afterwards), []);
  });

  describe("prod-east and prod-west (public): the writer moves and comes back", () => {
    const upOf = (name: string) => valueOf(moving.ups.get(name));

    it("the second region needs the first, and says so", () =>
      match(
        refusalOf(moving.refusals.get("the second region alone")),
        /joins prod-east, which is not up here: bring it up first/,
      ));

    it("both come up: a writer and its copy", () => {
      const home = upOf("home up");
      strictEqual(home.report.outputs.databaseRole, "writer");
      deepStrictEqual(tasks(home), []);
      const second = upOf("second region up");
      strictEqual(second.report.outputs.databaseRole, "replica");
      deepStrictEqual(tasks(second), ["replication"]);
      deepStrictEqual(requestOf(home).role, { ...writes, region: "us-east-1" });
      const { follows, ...role } = requestOf(second).role;
      deepStrictEqual(role, { region: "us-west-2", writable: false, excluded: [] });
      strictEqual(follows?.region, "us-east-1");
    });

    it("the home stack is not to be taken down first", () =>
      match(
        refusalOf(moving.refusals.get("home down first")),
        /prod-west stands on prod-east .*take prod-west down first/,
      ));

    it("the writer moves while nothing of the home region answers", () => {
      const { report, resources } = upOf("fail-over");
      strictEqual(report.outputs.databaseRole, "writer");
      // The function runs once more; all else is the flow that goes, and the alarms of a writer.
      strictEqual(report.up.replaced, 1);
      deepStrictEqual(added({ resources }, upOf("second region up")), [
        "capture-alarms",
        "capture-alarms-log",
        "capture-alarms-stopped",
      ]);
      deepStrictEqual(tasks({ resources }), []);
      deepStrictEqual(requestOf({ resources }).role, { ...writes, region: "us-west-2" });
    });

    it("the home stack does not take the writes back with its old file", () =>
      match(
        refusalOf(moving.refusals.get("home up with its old file")),
        /us-west-2 has taken over the writes.*set it to us-west-2/,
      ));

    it("the former writer follows, after a snapshot of what it wrote", () => {
      const home = upOf("home follows");
      strictEqual(home.report.outputs.databaseRole, "replica");
      deepStrictEqual(tasks(home), ["replication"]);
      strictEqual(requestOf(home).role.follows?.region, "us-west-2");
      ok(home.resources.some(({ type }) => type === "aws:rds/snapshot:Snapshot"));
      strictEqual(dataReplaced(home, upOf("home up")), "");
    });

    it("a region does not follow its own follower", () =>
      match(
        refusalOf(moving.refusals.get("fail-back in the wrong order")),
        /us-east-1 still follows us-west-2.*first run .pulumi up -s prod-east/,
      ));

    it("the writer comes back, and the flow with it", () => {
      const home = upOf("home writes again");
      strictEqual(home.report.outputs.databaseRole, "writer");
      deepStrictEqual(tasks(home), []);
      const second = upOf("second region follows again");
      strictEqual(second.report.outputs.databaseRole, "replica");
      deepStrictEqual(tasks(second), ["replication"]);
      strictEqual(dataReplaced(second, upOf("second region up")), "");
      strictEqual(dataReplaced(home, upOf("home up")), "");
    });

    for (const name of [
      "home with its peer",
      "second region",
      "home as a copy",
      "second region again",
    ]) {
      it(`${name}: a preview finds no change, and a refresh reads back what was declared`, () => {
        deepStrictEqual(valueOf(moving.pending.get(name)), []);
        readsBack(valueOf(moving.drifts.get(name)));
      });
    }

    it("both come down, the second region first", () => {
      valueOf(moving.downs.get("second region down"));
      valueOf(moving.downs.get("home down"));
    });
  });

  it("leaves nothing on the emulator but what is kept on purpose", async () => {
    const places = emulators.flatMap(({ endpoint }) =>
      regions.map((region) => [endpoint, region] as const),
    );
    for (const { endpoint } of emulators) deepStrictEqual(await leftovers(endpoint, regions), []);
    const count = async (list: typeof finalSnapshots) =>
      (await Promise.all(places.map((place) => list(...place)))).flat().length;
    strictEqual(await count(finalSnapshots), databases, "one final snapshot per database");
    strictEqual(await count(keptSnapshots), copies, "one snapshot before each copy");
  });

  it("has used every known gap", () => {
    const met = [
      ...[...runs.values()].flatMap((run) => valueOf(run.drifts)),
      ...[...moving.drifts.values()].flatMap(valueOf),
    ];
    const unused = refreshGaps.filter(
      (gap) => !met.some((drift) => drift.type === gap.type && matches(gap, drift)),
    );
    deepStrictEqual(unused.map(describeGap), []);
  });

  it("leaves the project's stack files as they were", () => {
    deepStrictEqual(projectFiles(), filesBefore);
  });
});

const writes = {
  writable: true,
  excluded: [],
  capture: { tables: [{ schema: "%", table: "%" }], multiAz: true },
};

interface Request {
  role: { region: string; writable: boolean; follows?: { region: string } };
}

/** What the database function was told last. */
function requestOf({ resources }: Pick<Snapshot, "resources">): Request {
  const run = resources.find(({ urn }) => urn.endsWith("Invocation::database-bootstrap"));
  return JSON.parse(String(run?.outputs?.input)) as Request;
}

async function wholeLife(
  bench: Bench,
  endpoint: string,
  variant: Variant,
  run: Run,
): Promise<void> {
  const say = (what: string) => print(`    ${labelOf(variant)}: ${what}`);
  run.interrupted = await timed("up with Ctrl-C", say, () => interruptedUp(bench, variant));
  if (variant === abandoned) {
    run.abandoned = await timed("destroy of the half", say, () => down(bench, variant));
  }
  run.up = await timed("up and preview", say, () => up(bench, variant));
  if ("value" in run.up) run.drifts = await timed("refresh", say, () => drifts(bench, variant));
  if (variant === interrupted) {
    const edit = (args: string[]) => () =>
      operateWith(bench, variant, args, ["exposure=private"], closedEntry);
    const preview = await timed("preview of another exposure", say, edit(["preview"]));
    const apply = ["up", "--yes", "--skip-preview"];
    run.exposed = [preview, await timed("up of another exposure", say, edit(apply))];
    const pending = async () =>
      plannedChanges((await operateWith(bench, variant, ["preview"], [])).result.events);
    run.afterwards = await timed("preview of the stack as it was", say, pending);
  }
  const place = { endpoint, region: "us-east-1" };
  run.blind = await timed("alarms", say, () => watchNothing(place));
  run.empty = await timed("tiers without servers", say, async () => [
    await emptyTier(place, "web"),
    await emptyTier(place, "app"),
  ]);
  run.down = await timed("destroy", say, () => down(bench, variant));
}

/** What a private entry asks for; refused before anybody looks whether it exists. */
const closedEntry = {
  transitGatewayId: "tgw-0123456789abcdef0",
  certificateArn:
    "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
};
