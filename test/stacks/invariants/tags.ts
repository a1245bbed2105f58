import { rowOf } from "../../../catalogue";
import { input, label, type Check } from "./case";

/** Whoever finds a resource in a bill or a console can tell its component and what it holds. */
export const everythingIsTagged: Check = ({ plan }) =>
  plan.resources
    .filter(({ custom, type }) => custom && type.startsWith("aws:"))
    .filter(({ type }) => rowOf(type)?.taggable !== false)
    .filter((item) => {
      const tags = input(item, "tags");
      // An auto-scaling group lists its tags one by one.
      const keys = Array.isArray(tags)
        ? tags.map((tag) => (tag as { key: string }).key)
        : Object.keys(tags ?? {});
      return !keys.includes("pe:component") || !keys.includes("pe:data-class");
    })
    .map((item) => `${label(item)} does not say its component and data class`);
