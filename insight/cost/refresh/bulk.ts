import { createReadStream, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import { type Collected, Collector } from "./collect";
import { type Connection, download, fetchJson, forget, makeFolder, NotFound } from "./download";
import type { MappingContext, Service } from "./mapping";
import { csvReader, type Offer, OfferError, offersOfFile } from "./offer";
import { UserError } from "../../../config/mistake";

/** What is going on, for people. */
export type Progress = (text: string) => void;

/** One service's list in one region: where it is and since when it holds. */
export interface ListFile {
  /** Path of the JSON form; the CSV lies beside it. */
  path: string;
  /** `YYYY-MM-DD`. */
  date: string;
}

/** Paths of the lists, as their index gives them. */
export interface ListIndex {
  find(service: Service, region: string): Promise<ListFile>;
}

const indexPath = "/offers/v1.0/aws/index.json";

interface IndexFile {
  publicationDate?: string;
  offers?: Record<string, { currentVersionUrl?: string; currentRegionIndexUrl?: string }>;
}

interface RegionIndexFile {
  publicationDate?: string;
  regions?: Record<string, { currentVersionUrl?: string }>;
}

/** Reads the index of all services, then the region index of each that is asked for. */
export async function readIndex(connection: Connection): Promise<ListIndex> {
  const index = (await fetchJson(connection, indexPath)) as IndexFile | null;
  const damaged = (path: string, what: string) =>
    new UserError(`${connection.baseUrl}${path} ${what}: AWS may have changed its form.`);
  if (typeof index?.offers !== "object") throw damaged(indexPath, "has no `offers`");
  const regional = new Map<string, Promise<unknown>>();
  return {
    async find({ code, scope }, region) {
      const offer = index.offers?.[code];
      if (offer === undefined) throw damaged(indexPath, `does not list ${code}`);
      if (scope === "all") {
        if (offer.currentVersionUrl === undefined)
          throw damaged(indexPath, `has no list of ${code}`);
        return { path: offer.currentVersionUrl, date: day(index.publicationDate, indexPath) };
      }
      const path = offer.currentRegionIndexUrl;
      if (path === undefined) throw damaged(indexPath, `has no region index of ${code}`);
      const loading = regional.get(path) ?? fetchJson(connection, path);
      regional.set(path, loading);
      const { regions, publicationDate } = ((await loading) ?? {}) as RegionIndexFile;
      const version = regions?.[region]?.currentVersionUrl;
      if (version === undefined) {
        throw new UserError(
          `AWS's price list has no prices of ${code} in ${region}: check the region's name.`,
        );
      }
      return { path: version, date: day(publicationDate, path) };
    },
  };
}

function day(date: string | undefined, path: string): string {
  const found = /^\d{4}-\d{2}-\d{2}/.exec(date ?? "")?.[0];
  if (found === undefined) throw new UserError(`${path} has no date of publication.`);
  return found;
}

/** A finished service, kept so that an interrupted refresh does not start over. */
interface Kept {
  list: ListFile;
  /** What was asked for: another version of the program, or other keys, ask for other rows. */
  asked: string;
  collected: Collected;
}

/**
 * One service's prices in one region: kept ones of an interrupted run where they are of the same
 * list, else downloaded and read. The file is on the disk only meanwhile: EC2's has hundreds of
 * megabytes for one region, and is never in memory.
 * @param folder for what an interrupted run leaves.
 * @param asked changes whenever other rows are asked for.
 */
export async function collectService(
  ...[connection, service, list, context, folder, asked, progress]: [
    Connection,
    Service,
    ListFile,
    MappingContext,
    string,
    string,
    Progress,
  ]
): Promise<Collected> {
  const name = `${context.region}.${service.code}`;
  const kept = join(folder, `${name}.json`);
  const found = readKept(kept);
  if (found?.list.path === list.path && found.list.date === list.date && found.asked === asked)
    return found.collected;
  makeFolder(folder);
  const collector = new Collector(service, context);
  const csv = list.path.replace(/\.json$/, ".csv");
  const file = join(folder, `${name}.csv`);
  try {
    await download(connection, csv, file, (bytes, all) => progress(bytesText(bytes, all)));
    await readCsv(file, csv, (offer) => collector.add(offer), progress);
    forget(file);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    // The JSON form has to be in memory as a whole, so it is only the second choice.
    progress("as JSON");
    const content = await fetchJson(connection, list.path);
    guarded(list.path, () => {
      for (const offer of offersOfFile(content)) collector.add(offer);
    });
  }
  const collected = collector.finish(list.date);
  if (collected.rows.length === 0) {
    throw new UserError(
      `${connection.baseUrl}${list.path} has no price that is known here, in ${collected.offers} offers: AWS may have changed its form.`,
    );
  }
  writeWhole([{ file: kept, text: JSON.stringify({ list, asked, collected } satisfies Kept) }]);
  return collected;
}

function readKept(file: string): Kept | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, "utf8")) as Partial<Kept>;
    return kept.list && kept.collected ? (kept as Kept) : undefined;
  } catch {
    return undefined;
  }
}

/** Every file is there as a whole, or as it was before. */
export function writeWhole(files: { file: string; text: string }[]): void {
  const partial = (file: string) => `${file}.${process.pid}.tmp`;
  try {
    for (const { file, text } of files) writeFileSync(partial(file), text);
    for (const { file } of files) renameSync(partial(file), file);
  } catch (error) {
    for (const { file } of files) rmSync(partial(file), { force: true, recursive: true });
    const names = files.map(({ file }) => file).join(", ");
    throw new UserError(`${names} cannot be written: ${(error as Error).message}.`);
  }
}

/** Lines of metadata above the header. AWS Billing User Guide, as in {@link Offer}. */
const metadataLines = 5;

/**
 * Reads an offer file in CSV record by record.
 * @throws UserError naming the line where it is damaged; the file is then removed, so that the
 *   next run downloads it anew.
 */
export async function readCsv(
  file: string,
  path: string,
  take: (offer: Offer) => void,
  progress: Progress = () => undefined,
): Promise<void> {
  let read: ((record: string[]) => Offer | undefined) | undefined;
  let line = 0;
  let failure: unknown;
  const takeRecord = (record: string[]) => {
    line += 1;
    if (line <= metadataLines) return;
    if (read === undefined) {
      read = csvReader(record);
      return;
    }
    const offer = read(record);
    if (offer !== undefined) take(offer);
    if (line % 50_000 === 0) progress(`${line.toLocaleString("en")} rows read`);
  };
  const parser = parse({ relax_column_count: true, skip_empty_lines: true, bom: true });
  try {
    await pipeline(createReadStream(file), parser, async (records: AsyncIterable<string[]>) => {
      try {
        for await (const record of records) takeRecord(record);
      } catch (error) {
        failure = error;
        throw error;
      }
    });
    if (read === undefined) throw new OfferError("it has no header");
  } catch (error) {
    // Leaving the loop early ends the streams, whose AbortError hides the reason.
    const reason = (failure ?? error) as Error & { code?: string };
    if (!(reason instanceof OfferError) && !reason.code?.startsWith("CSV_")) throw reason;
    forget(file);
    throw damage(path, reason.message, line);
  }
}

function guarded(path: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (error instanceof OfferError) throw damage(path, error.message);
    throw error;
  }
}

function damage(path: string, message: string, line?: number): UserError {
  const where = line === undefined ? "" : ` near line ${line}`;
  const text = message.replace(/\.$/, "");
  return new UserError(
    `${path} is damaged${where}: ${text}. Run the command again; if it stays so, AWS may have changed its form.`,
  );
}

/** e.g. `12.3 of 240.0 MB`. */
export function bytesText(bytes: number, all?: number): string {
  const mega = (value: number) => (value / 1e6).toFixed(1);
  return all === undefined ? `${mega(bytes)} MB` : `${mega(bytes)} of ${mega(all)} MB`;
}
