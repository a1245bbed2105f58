import { zipSync, type Zippable } from "fflate";

/** Zip's earliest date, as local time: fflate writes local fields, so no time zone shows. */
const fixedTime = new Date(1980, 0, 1);

/** A zip of files by path. Same files, same bytes, on every machine and in every time zone. */
export function zipFiles(files: Map<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {};
  for (const path of [...files.keys()].sort()) entries[path] = files.get(path) as Uint8Array;
  // "os: 0" (FAT): the attributes of the machine that packs stay out.
  return zipSync(entries, { level: 9, mtime: fixedTime, os: 0 });
}
