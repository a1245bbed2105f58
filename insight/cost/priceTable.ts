import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { isRecord } from "../../config/problems";
import { projectRoot } from "../../config/stackFiles";
import { UserError } from "../../config/mistake";

/**
 * Where a price comes from, best first: AWS's public price list (`npm run prices:refresh`); a value
 * computed from it in another project's tests; a dated copy of it in another project; computed from
 * such rows by a rule; a third party's table; nobody's source at all.
 */
export const confidences = [
  "price-list",
  "golden-test",
  "price-list-snapshot",
  "derived",
  "secondary",
  "memory",
] as const;

export type Confidence = (typeof confidences)[number];

/** Why a price may be off. */
export interface Doubt {
  reason: "memory" | "old" | "secondary" | "derived" | "otherRegion";
  /** For readers, e.g. `price of 2022-01-18, older than a year`. */
  text: string;
  /** Share of the line by which it may be off, e.g. 0.1. */
  margin: number;
}

/** One list price, on demand, without tax, first tier. docs/prices.md lists the keys. */
export interface PriceRow {
  /** e.g. `ec2:m6i.large:windows`: the same in every region. */
  key: string;
  region: string;
  /** USD per `unit`. */
  usd: number;
  /** `hour`, `GB-month`, `1M requests`, … */
  unit: string;
  /** Where it was read. */
  source: string;
  /** Day for which the source gives the price, `YYYY-MM-DD`; null: unknown. */
  date: string | null;
  confidence: Confidence;
  /** The region whose price this row repeats, unchecked. */
  from?: string;
  note?: string;
}

/** The prices of `insight/prices/`, one file per region. */
export interface PriceTable {
  /** Regions that have a file, in alphabetical order. */
  regions: string[];
  find(key: string, region: string): PriceRow | undefined;
  /** Rows of a region in the order of their keys; none for an unknown region. */
  rows(region: string): PriceRow[];
}

/** Folder of the price files, below the project's root. */
export const pricesFolder = join("insight", "prices");

/** Form of a price key: parts of lower-case letters, digits, dots and hyphens, joined by colons. */
export const keyPattern = /^[a-z0-9][a-z0-9.-]*(:[a-z0-9][a-z0-9.-]*)+$/;

const rowSchema = z.strictObject({
  key: z.string().regex(keyPattern),
  usd: z.number().nonnegative(),
  unit: z.string().min(1),
  source: z.string().min(1),
  date: z.string().refine(isDay).nullable(),
  confidence: z.enum(confidences),
  from: z.string().min(1).optional(),
  note: z.string().min(1).optional(),
});

const rowKeys = Object.keys(rowSchema.shape);

const allowed: Record<string, string> = {
  key: "lower-case parts joined by colons, such as ec2:m6i.large:windows",
  usd: "a number of US dollars, 0 or more",
  unit: "a text, such as hour or GB-month",
  source: "a text that says where the price was read",
  date: "a day as YYYY-MM-DD, or null when it is unknown",
  confidence: `one of ${confidences.join(", ")}`,
  from: "the region whose price the row repeats; leave it out otherwise",
  note: "a text; leave it out otherwise",
};

function isDay(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(Date.parse(text)) &&
    new Date(text).toISOString().startsWith(text)
  );
}

/**
 * Reads every `insight/prices/<region>.json`.
 * @throws UserError that names every damaged file and row at once.
 */
export function readPrices(root = projectRoot): PriceTable {
  const folder = join(root, pricesFolder);
  const problems: string[] = [];
  const byRegion = new Map<string, Map<string, PriceRow>>();
  for (const file of listFiles(folder)) {
    const region = file.replace(/\.json$/, "");
    const rows = readRows(join(folder, file), region, join(pricesFolder, file), problems);
    byRegion.set(region, rows);
  }
  if (problems.length > 0) throw new UserError(damage(problems));
  return {
    regions: [...byRegion.keys()],
    find: (key, region) => byRegion.get(region)?.get(key),
    rows: (region) => [...(byRegion.get(region)?.values() ?? [])],
  };
}

function listFiles(folder: string): string[] {
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch (error) {
    throw new UserError(
      `The prices in ${pricesFolder} cannot be read: ${(error as Error).message}`,
    );
  }
  const found = files.filter((file) => file.endsWith(".json")).sort();
  if (found.length > 0) return found;
  throw new UserError(
    `${pricesFolder} has no price file: get one with git, or run npm run prices:refresh.`,
  );
}

function damage(problems: string[]): string {
  const shown = problems.slice(0, 20).map((problem) => `- ${problem}`);
  const rest = problems.length - shown.length;
  if (rest > 0) shown.push(`- and ${rest} more.`);
  const count = problems.length === 1 ? "a mistake" : `${problems.length} mistakes`;
  return `The price table has ${count}:\n${shown.join("\n")}\nCorrect the rows (docs/prices.md), or get the file back with git.`;
}

function readRows(path: string, region: string, name: string, problems: string[]) {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    problems.push(`${name} cannot be read: ${(error as Error).message}.`);
    return new Map<string, PriceRow>();
  }
  return checkText(text, region, name, problems);
}

/**
 * Rows of one price file's text, in its order.
 * @throws UserError with all that is wrong with it.
 */
export function checkPriceFile(text: string, region: string): Omit<PriceRow, "region">[] {
  const problems: string[] = [];
  const rows = checkText(text, region, join(pricesFolder, `${region}.json`), problems);
  if (problems.length > 0) throw new UserError(damage(problems));
  return [...rows.values()].map(({ region: _, ...row }) => row);
}

function checkText(text: string, region: string, name: string, problems: string[]) {
  const rows = new Map<string, PriceRow>();
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    problems.push(`${name} is not JSON, or cut short: ${(error as Error).message}.`);
    return rows;
  }
  for (const row of checkFile(content, region, name, problems)) {
    if (rows.has(row.key)) problems.push(`${name}: ${row.key} is there twice; keep one of them.`);
    rows.set(row.key, { ...row, region });
  }
  return rows;
}

/** Rows of a file's content that are right; what is wrong joins `problems`. */
function checkFile(content: unknown, region: string, name: string, problems: string[]) {
  const rows: z.infer<typeof rowSchema>[] = [];
  if (!isRecord(content) || !Array.isArray(content.rows)) {
    problems.push(`${name} must hold \`region\` and a list of \`rows\`.`);
    return rows;
  }
  for (const key of Object.keys(content)) {
    if (key !== "region" && key !== "rows") problems.push(`${name} has an unknown key ${key}.`);
  }
  if (content.region !== region) {
    problems.push(
      `${name}: region must be ${region}, as the file is called, not ${show(content.region)}.`,
    );
  }
  content.rows.forEach((row: unknown, index) => {
    const result = rowSchema.safeParse(row);
    if (result.success) rows.push(result.data);
    else problems.push(...rowProblems(row, index, name, result.error));
  });
  return rows;
}

function rowProblems(row: unknown, index: number, name: string, error: z.ZodError): string[] {
  const values = isRecord(row) ? row : {};
  const known = typeof values.key === "string" ? ` (${values.key})` : "";
  const where = `${name}, row ${index + 1}${known}`;
  if (!isRecord(row)) return [`${where} must hold keys and values, not ${show(row)}.`];
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => `${where} has an unknown key ${key}.${meant(key, rowKeys)}`);
    }
    const [key = ""] = issue.path.map(String);
    const value = values[key];
    const found = value === undefined ? "is missing" : `is ${show(value)}`;
    const hint = key === "confidence" && typeof value === "string" ? meant(value, confidences) : "";
    return [`${where}: ${key} ${found}, and must be ${allowed[key] ?? "right"}.${hint}`];
  });
}

function meant(word: string, words: readonly string[]): string {
  const near = closest(word, words);
  return distance(word, near) <= 3 ? ` Did you mean ${near}?` : "";
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}

/**
 * Shares by which a price may be off, both ways. They are judgements, and nobody measured them.
 * A price of several doubts is off by the largest.
 */
export const margins = {
  /** No source: the right order of magnitude, and often the right figure. */
  memory: 0.2,
  /** Two third-party tables of DMS prices differ by 10 % and by 31 %. */
  secondary: 0.15,
  /** us-west-2 equals us-east-1 wherever both were seen, but some service may differ. */
  otherRegion: 0.15,
  /** A rule over sound rows: Windows per vCPU, Multi-AZ "approximately twice". */
  derived: 0.05,
  /** For each begun year beyond the first: AWS's list prices change seldom. */
  oldPerYear: 0.05,
  oldAtMost: 0.25,
  /** As two years over. */
  unknownDate: 0.1,
} as const;

const yearMs = 365.25 * 24 * 3_600_000;

/** Why a row's price may be off, with all reasons in its text; undefined for a sound one. */
export function doubtOf(row: PriceRow, today: Date): Doubt | undefined {
  const doubts = [originDoubt(row), ageDoubt(row, today)].filter((doubt) => doubt !== undefined);
  const [first, ...others] = doubts;
  if (first === undefined) return undefined;
  const worst = others.reduce((one, other) => (other.margin > one.margin ? other : one), first);
  return { ...worst, text: doubts.map(({ text }) => text).join("; ") };
}

function originDoubt({ confidence, from, source }: PriceRow): Doubt | undefined {
  if (from !== undefined) {
    return {
      reason: "otherRegion",
      text: `price of ${from}, unchecked`,
      margin: margins.otherRegion,
    };
  }
  if (confidence === "memory") {
    return { reason: "memory", text: "price from memory", margin: margins.memory };
  }
  if (confidence === "secondary") {
    return { reason: "secondary", text: "price from a third party", margin: margins.secondary };
  }
  if (confidence === "derived") {
    return {
      reason: "derived",
      text: source.replace(/^derived: /, "computed: "),
      margin: margins.derived,
    };
  }
  return undefined;
}

function ageDoubt({ date, confidence, from }: PriceRow, today: Date): Doubt | undefined {
  if (date === null) {
    // A date says nothing about a price that has no source.
    if (confidence === "memory" && from === undefined) return undefined;
    return { reason: "old", text: "price without a date", margin: margins.unknownDate };
  }
  const years = (today.getTime() - Date.parse(date)) / yearMs;
  if (years <= 1) return undefined;
  const margin = Math.min(margins.oldAtMost, margins.oldPerYear * Math.ceil(years - 1));
  return { reason: "old", text: `price of ${date}, older than a year`, margin };
}
