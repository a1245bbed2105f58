import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import type { StateResource } from "../../engine/checkpoint";
import type { Emulator } from "../../local/emulator/emulator";
import type { Engine } from "../../engine/engine";
import type { StandIns } from "../../engine/overrides";
import type { OperationResult } from "../../local/session";
import { ownBench } from "./ownEmulator";
import { down, engineOf, operateWith, resourcesOf, up, type Variant } from "./ring";

export const preview = ["preview"];
export const apply = ["up", "--yes", "--skip-preview"];
export const accept = (...keys: string[]) => `acceptEdits=[${keys.join(", ")}]`;

/** One edit is refused by the guard, at that key and for that reason. */
export const isRefused = (work: Promise<unknown>, key: string, because: RegExp) =>
  rejects(work, (error: Error) => {
    match(error.message, /before hook "edit-guard" failed: Stack cost-saver: 1 problem/);
    match(error.message, new RegExp(`- ${key}: `));
    match(error.message, because);
    return true;
  });

/** A stack that is up from before the suite's first test, on an emulator of its own. */
export interface RunningStack {
  /** Edits that every following run has. */
  present: string[];
  emulator(): Emulator;
  engine(): Promise<Engine>;
  /** One engine command with more edits; `standIns` make it private. */
  run(args: string[], edits?: string[], standIns?: StandIns): Promise<OperationResult>;
  /** An `up` with the edits, after which a preview finds nothing. */
  settle(edits?: string[], standIns?: StandIns, ...more: string[]): Promise<OperationResult>;
  /** The one resource of that type and name. */
  one(type: string, name: string): Promise<StateResource>;
  database(): Promise<StateResource>;
  /** The state as far as it stays between two runs: each encrypts its secrets anew. */
  untouched(): Promise<string>;
  down(): Promise<void>;
}

export function runningStack(name: string, ...edits: string[]): RunningStack {
  const variant: Variant = { stack: name, exposure: "public" };
  const own = ownBench();

  before(async () => {
    await up(own().bench, variant, ...edits);
  });

  const stack: RunningStack = {
    present: [...edits],
    emulator: () => own().emulator,
    engine: () => engineOf(own().bench, variant.exposure),
    run: (args, more = [], standIns) =>
      operateWith(own().bench, variant, args, [...stack.present, ...more], standIns),
    settle: async (more = [], standIns, ...options) => {
      const result = await stack.run([...apply, ...options], more, standIns);
      deepStrictEqual((await stack.run(preview, more, standIns)).changes, {});
      return result;
    },
    one: async (type, of) => {
      const all = await resourcesOf(own().bench, variant);
      const found = all.filter(({ urn }) => urn.endsWith(`${type}::${of}`));
      strictEqual(found.length, 1, `${found.length} of ${type} ${of}`);
      return found[0]!;
    },
    database: () => stack.one("aws:rds/instance:Instance", "database"),
    untouched: async () => {
      const all = await resourcesOf(own().bench, variant);
      const kept = all.map(({ urn, id, outputs }) => ({ urn, id, outputs }));
      return JSON.stringify(kept, (key, value: unknown) => (key === "ciphertext" ? "" : value), 1);
    },
    down: () => down(own().bench, variant),
  };
  return stack;
}
