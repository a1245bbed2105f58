import { plural } from "../output/format";
import { readInstanceType, sizeRank } from "../../stacks/config/instanceTypes";
import type { Evaluated, Setting } from "./types";

const ranks = { web: 0, standard: 1, enterprise: 2 };

/** Grows with what an edition can do. */
export function editionRank(edition: Setting["edition"]): number {
  return ranks[edition];
}

/** `r6i` of `db.r6i.xlarge`. */
export function familyOf(instanceClass: string): string {
  return readInstanceType(instanceClass.slice(3))?.family ?? instanceClass;
}

/** Grows with the size within a family. */
export function rankOf(instanceClass: string): number {
  return sizeRank(readInstanceType(instanceClass.slice(3))?.size ?? "");
}

const gatewayNames = { none: "no NAT", single: "one NAT", onePerAz: "NAT per zone" };

/** A setting in words: `3 zones × 2 regions, standard db.r6i.xlarge, 1 server per zone, one NAT`. */
export function settingText(setting: Setting): string {
  const { azCount, regionCount, edition, instanceClass, minPerAz, natGateways } = setting;
  return [
    `${plural(azCount, "zone")} × ${plural(regionCount, "region")}`,
    `${edition} ${instanceClass}`,
    `${plural(minPerAz, "server")} per zone`,
    gatewayNames[natGateways],
  ].join(", ");
}

/** What a setting has that another one has otherwise: `2 zones, one NAT`. */
export function differenceText(from: Setting, to: Setting): string {
  const parts = [
    ...(from.azCount === to.azCount ? [] : [plural(to.azCount, "zone")]),
    ...(from.regionCount === to.regionCount ? [] : [plural(to.regionCount, "region")]),
    ...(from.edition === to.edition ? [] : [`${to.edition} edition`]),
    ...(from.instanceClass === to.instanceClass ? [] : [to.instanceClass]),
    ...(from.minPerAz === to.minPerAz ? [] : [`${plural(to.minPerAz, "server")} per zone`]),
    ...(from.natGateways === to.natGateways ? [] : [gatewayNames[to.natGateways]]),
  ];
  return parts.length > 0 ? parts.join(", ") : "the same in each stack";
}

/** `one NAT`. */
export function gatewayText({ natGateways }: Setting): string {
  return gatewayNames[natGateways];
}

/** Which way one setting goes from another: `fewer zones, fewer NAT gateways`. */
export function directionText(from: Setting, to: Setting): string {
  const way = (name: string, before: number, after: number): string[] =>
    before === after ? [] : [`${after < before ? "fewer" : "more"} ${name}`];
  const ranked = (name: string, before: number, after: number): string[] =>
    before === after ? [] : [`a ${after < before ? "smaller" : "larger"} ${name}`];
  const gateways = ["none", "single", "onePerAz"];
  return [
    ...way("zones", from.azCount, to.azCount),
    ...way("regions", from.regionCount, to.regionCount),
    ...ranked("edition", editionRank(from.edition), editionRank(to.edition)),
    ...ranked("class", rankOf(from.instanceClass), rankOf(to.instanceClass)),
    ...way("servers per zone", from.minPerAz, to.minPerAz),
    ...way("NAT gateways", gateways.indexOf(from.natGateways), gateways.indexOf(to.natGateways)),
  ].join(", ");
}

/** How many decisions differ. */
export function differences(one: Setting, other: Setting): number {
  return settingKeys.filter((key) => one[key] !== other[key]).length;
}

export const settingKeys = [
  "azCount",
  "regionCount",
  "edition",
  "instanceClass",
  "minPerAz",
  "natGateways",
] as const satisfies readonly (keyof Setting)[];

/**
 * Preference between settings of equal cost and minutes: the present one, then the one that changes
 * the fewest decisions, then by name.
 */
export function byPreference(present: Setting): (one: Evaluated, other: Evaluated) => number {
  return (one, other) =>
    Number(other.current) - Number(one.current) ||
    differences(one.setting, present) - differences(other.setting, present) ||
    settingText(one.setting).localeCompare(settingText(other.setting));
}

/** What {@link parseKeep} understands, and what it keeps. */
const keepNames: Record<string, (keyof Setting)[]> = {
  zones: ["azCount"],
  regions: ["regionCount"],
  edition: ["edition"],
  class: ["instanceClass"],
  database: ["edition", "instanceClass"],
  servers: ["minPerAz"],
  nat: ["natGateways"],
};

export const keepable = Object.keys(keepNames);

/** The decisions that a word of `--keep` stands for; undefined for an unknown one. */
export function keptBy(word: string): (keyof Setting)[] | undefined {
  return Object.hasOwn(keepNames, word) ? keepNames[word] : undefined;
}
