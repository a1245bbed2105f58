import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkPriceFile, type PriceRow, pricesFolder } from "../priceTable";
import { writeWhole } from "./bulk";
import type { Collected } from "./collect";
import { makeFolder } from "./download";
import { UserError } from "../../../config/mistake";

type Row = Omit<PriceRow, "region">;

/** What a refresh does to one region's file. */
export interface TableChange {
  region: string;
  /** Prices that are other than before. */
  changed: { key: string; from: number; to: number }[];
  /** Keys that the file lacked. */
  added: string[];
  /** Keys whose price AWS's list confirms. */
  confirmed: number;
  /** Keys that AWS's list lacks: their rows stay as they were. */
  kept: { key: string; reason: "absent" | "ambiguous" }[];
  /** Of the new file. */
  rows: number;
}

/** Path of a region's price file. */
export function priceFile(root: string, region: string): string {
  return join(root, pricesFolder, `${region}.json`);
}

/**
 * Rows of a region's file; none where it does not exist yet.
 * @throws UserError for a damaged file: rows that nothing but the file holds must not be lost.
 */
export function readTable(root: string, region: string): Row[] {
  const file = priceFile(root, region);
  if (!existsSync(file)) return [];
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${(error as Error).message}.`);
  }
  return checkPriceFile(text, region);
}

/** Old rows with all that the services' lists say put over them. */
export function mergeTable(
  region: string,
  old: Row[],
  collected: Collected[],
): { rows: Row[]; change: TableChange } {
  const found = new Map(collected.flatMap(({ rows }) => rows).map((row) => [row.key, row]));
  const ambiguous = new Set(collected.flatMap((part) => part.ambiguous));
  const before = new Map(old.map((row) => [row.key, row]));
  const keys = [...new Set([...before.keys(), ...found.keys()])].sort();
  const change: TableChange = {
    ...{ region, changed: [], added: [], confirmed: 0, kept: [], rows: keys.length },
  };
  const rows = keys.flatMap((key) => {
    const was = before.get(key);
    const is = found.get(key);
    if (is === undefined) {
      change.kept.push({ key, reason: ambiguous.has(key) ? "ambiguous" : "absent" });
      return was ?? [];
    }
    if (was === undefined) change.added.push(key);
    else if (was.usd !== is.usd) change.changed.push({ key, from: was.usd, to: is.usd });
    else change.confirmed += 1;
    // A note of another source may not hold for the list.
    const note = is.note ?? (was?.confidence === "price-list" ? was.note : undefined);
    return [{ ...is, ...(note !== undefined && { note }) }];
  });
  return { rows, change };
}

/**
 * Replaces the regions' files, each as a whole, after the checks that reading them makes. All are
 * written beside their place before the first takes it: a full disk leaves all old ones.
 * @throws UserError when they cannot be written.
 */
export function writeTables(root: string, tables: { region: string; rows: Row[] }[]): void {
  const files = tables.map(({ region, rows }) => {
    const text = `${JSON.stringify({ region, rows }, null, 2)}\n`;
    checkPriceFile(text, region);
    return { file: priceFile(root, region), text };
  });
  for (const { file } of files) makeFolder(dirname(file));
  writeWhole(files);
}
