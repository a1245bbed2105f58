import type { Answer } from "./answers";
import type { ResourceCounts } from "./resourceCounts";
import type { Json, JsonObject } from "./json";
import type { Recovery } from "./recovery";
import type { Rights } from "./rights";

/** What the program, its plans and its deployments have to know of one resource type. */
export interface Row {
  bill: Bill;
  /**
   * The inputs, as dotted paths, that name the customer-managed key by which what it stores is
   * encrypted; none where another resource names it. False: it stores nothing of the platform's.
   */
  stores: false | string[];
  /** The provider's schema has `tags`. */
  taggable: boolean;
  /**
   * The inputs that a reader of a plan looks for: dotted paths, lists by `[]`.
   * @default the first four plain ones
   */
  shows?: string[];
  /** What matters inside inputs that are documents, and what it is called. @default nothing */
  reads?: (inputs: JsonObject) => [string, Json][];
  /** What it answers in a plan. @default an id and an ARN made of its name */
  answer?: Answer;
  recovery: Recovery;
  rights: Rights;
}

export type Rows = Record<string, Row>;

/** Money by a count, by that of another type, or none for the reason given. */
export type Bill =
  { free: string } | { billed: string; counts: Counts } | { billed: string; countedWith: string };

/** Adds to what of a stack is paid for. */
export type Counts = (item: Placed, into: ResourceCounts) => void;

/** A resource with its place. */
export interface Placed {
  /** Short type of the component that stands for it in the overview, e.g. `WebTier`. */
  component: string;
  region: string;
  /** Secrets are shown. */
  inputs: JsonObject;
}
