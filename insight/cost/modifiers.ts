import type { CostComponent } from "./types";
import type { Usage } from "./usageSchema";

/** How much of a list price is paid, and why. */
export interface Modifier {
  /** 0 to 1. */
  factor: number;
  /** Absent: the list price. */
  text?: string;
}

const kinds: Record<string, string> = {
  savingsPlan: "savings plan",
  reservedInstances: "reserved instances",
};

/**
 * What the usage file does to a line: its commitment, the hours that its servers run, a licence that
 * is there already. Discounts are the user's own figures; there is no table of them.
 */
export function modifierOf(line: CostComponent, usage: Usage): Modifier {
  const found = [commitment(line, usage), hours(line, usage), licence(line, usage)].filter(
    (modifier) => modifier !== undefined,
  );
  if (found.length === 0) return { factor: 1 };
  return {
    factor: found.reduce((product, { factor }) => product * factor, 1),
    text: found.map(({ text }) => text).join("; "),
  };
}

/** A commitment covers a share of the hours, and takes its discount off those. */
function commitment({ purchase }: CostComponent, usage: Usage) {
  const bought = purchase && usage.purchase[purchase];
  if (!bought || bought.coveragePercent === 0 || bought.discountPercent === 0) return undefined;
  const { kind, coveragePercent, discountPercent } = bought;
  return {
    factor: 1 - (coveragePercent / 100) * (discountPercent / 100),
    text: `${kinds[kind] ?? kind} ${discountPercent} % on ${coveragePercent} %`,
  };
}

function hours({ hours: tier }: CostComponent, { officeHours }: Usage) {
  const perWeek = tier && officeHours[tier];
  if (perWeek === undefined || perWeek === 168) return undefined;
  return { factor: perWeek / 168, text: `${perWeek} of 168 h a week` };
}

function licence({ licence: of }: CostComponent, { licences }: Usage) {
  const own = of === "Windows" ? licences.windows : of ? licences.sqlServer : "included";
  return own === "own" ? { factor: 0, text: `own ${of ?? ""} licence` } : undefined;
}

/** True where the licence that the line pays for is there already. */
export function isOwnLicence(line: CostComponent, usage: Usage): boolean {
  return licence(line, usage) !== undefined;
}
