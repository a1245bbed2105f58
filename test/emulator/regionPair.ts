import type { StateResource } from "../../engine/checkpoint";
import type { UpReport } from "../../local/up";
import type { Exposure } from "../../stacks/config/platformConfig";
import { print, timed, type Outcome } from "./outcomes";
import {
  down,
  drifts,
  labelOf,
  outage,
  pendingChanges,
  resourcesOf,
  up,
  type Bench,
  type Drift,
  type Variant,
} from "./ring";

/** What a stack is at one point of the pair's life. */
export interface Snapshot {
  report: UpReport;
  resources: StateResource[];
}

/** Outcomes by step, in the order of the steps. */
export interface PairLife {
  ups: Map<string, Outcome<Snapshot>>;
  refusals: Map<string, Outcome<unknown>>;
  drifts: Map<string, Outcome<Drift[]>>;
  pending: Map<string, Outcome<string[]>>;
  downs: Map<string, Outcome<void>>;
}

export const newLife = (): PairLife => ({
  ups: new Map(),
  refusals: new Map(),
  drifts: new Map(),
  pending: new Map(),
  downs: new Map(),
});

/** Two stacks of one installation; each step is named, timed and kept. */
function stepsOf(bench: Bench, exposure: Exposure, life: PairLife) {
  const east: Variant = { stack: "prod-east", exposure };
  const west: Variant = { stack: "prod-west", exposure };
  const say = (variant: Variant) => (line: string) => print(`    ${labelOf(variant)}: ${line}`);
  const isUp = async (name: string, variant: Variant, ...edits: string[]) => {
    const outcome = await timed(name, say(variant), async () => ({
      report: await up(bench, variant, ...edits),
      resources: await resourcesOf(bench, variant),
    }));
    life.ups.set(name, outcome);
    // What follows would only repeat the failure.
    if ("error" in outcome) throw new StepFailed(name);
  };
  const isRefused = async (name: string, variant: Variant, work: () => Promise<unknown>) =>
    life.refusals.set(name, await timed(name, say(variant), work));
  const isChecked = async (name: string, variant: Variant) => {
    const pending = () => pendingChanges(bench, variant);
    life.pending.set(name, await timed(`${name}: preview`, say(variant), pending));
    const drift = () => drifts(bench, variant);
    life.drifts.set(name, await timed(`${name}: refresh`, say(variant), drift));
  };
  const isDown = async (name: string, variant: Variant) =>
    life.downs.set(name, await timed(name, say(variant), () => down(bench, variant)));
  /** Takes both down after the work, also where a step has ended it. */
  const untilDown = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
    } finally {
      await isDown("second region down", west);
      await isDown("home down", east);
    }
  };
  return { east, west, isUp, isRefused, isChecked, untilDown };
}

class StepFailed extends Error {
  override name = "StepFailed";
}

const toWest = "replication.writer=us-west-2";

/**
 * The writer moves to the other region while its own cannot be reached, the region comes back, and
 * so does the writer.
 */
export async function movingWriter(bench: Bench, exposure: Exposure, life: PairLife) {
  const { east, west, isUp, isRefused, isChecked, untilDown } = stepsOf(bench, exposure, life);
  await untilDown(async () => {
    await isRefused("the second region alone", west, () => up(bench, west));
    await isUp("home up", east);
    await isUp("second region up", west);
    await isChecked("home with its peer", east);
    await isChecked("second region", west);
    await isRefused("home down first", east, () => down(bench, east));
    await outage(bench, "us-east-1", true);
    try {
      await isUp("fail-over", west, toWest, "replication.peerRegion=untouched");
    } finally {
      await outage(bench, "us-east-1", false);
    }
    await isRefused("home up with its old file", east, () => up(bench, east));
    await isUp("home follows", east, toWest);
    await isChecked("home as a copy", east);
    await isRefused("fail-back in the wrong order", west, () => up(bench, west));
    await isUp("home writes again", east);
    await isUp("second region follows again", west);
    await isChecked("second region again", west);
  });
}

const unguarded = ["protect=false", "database.deletionProtection=false"];

/** The second region is given up and comes back: regionCount 2, 1, 2. */
export async function countingRegions(bench: Bench, exposure: Exposure, life: PairLife) {
  const { east, west, isUp, isRefused, isChecked, untilDown } = stepsOf(bench, exposure, life);
  await untilDown(async () => {
    await isUp("home up", east);
    await isUp("second region up", west);
    await isRefused("emptied while protected", west, () => up(bench, west, "regionCount=1"));
    await isUp("second region unprotected", west, ...unguarded);
    await isUp("second region emptied", west, ...unguarded, "regionCount=1");
    await isUp("home alone", east, "regionCount=1");
    await isChecked("home alone", east);
    await isUp("home of two again", east);
    await isUp("second region back", west);
    await isChecked("second region back", west);
  });
}
