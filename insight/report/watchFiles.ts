import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, watch, type FSWatcher } from "node:fs";
import { join } from "node:path";

/** Folders that figures stand on, below the project's root. */
const folders = ["assumptions", join("insight", "prices"), join("insight", "data")];
const stackFile = /^Pulumi(\..+)?\.ya?ml$/;

/** Long enough for an editor to have written all it writes. */
const settleMs = 120;

/**
 * Calls back after a change of what is in the stack files, assumptions, prices or model inputs. A file
 * that is merely touched, or saved as it was, is no change.
 * @returns ends the watch.
 */
export function watchFiles(root: string, onChange: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  let known = fingerprint(root);
  let timer: NodeJS.Timeout | undefined;
  const check = (): void => {
    attach();
    const now = fingerprint(root);
    if (now === known) return;
    known = now;
    onChange();
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(check, settleMs);
  };
  /** A folder may come and go while the watch goes on. */
  const attach = (): void => {
    for (const folder of [".", ...folders]) {
      const path = join(root, folder);
      if (watchers.has(path) || !existsSync(path)) continue;
      const watcher = watch(path, later);
      const drop = (): void => {
        watcher.close();
        watchers.delete(path);
        later();
      };
      watcher.on("error", drop);
      watchers.set(path, watcher);
    }
    for (const [path, watcher] of watchers) {
      if (existsSync(path)) continue;
      watcher.close();
      watchers.delete(path);
    }
  };
  attach();
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
}

function fingerprint(root: string): string {
  const hash = createHash("sha256");
  const add = (folder: string, wanted: (name: string) => boolean): void => {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder).filter(wanted).sort()) {
      const file = join(folder, name);
      try {
        if (statSync(file).isFile())
          hash.update(`${name}\0`).update(readFileSync(file)).update("\0");
      } catch {
        // Gone since it was listed: then it is no part of what there is.
      }
    }
  };
  add(root, (name) => stackFile.test(name));
  for (const folder of folders) add(join(root, folder), () => true);
  return hash.digest("hex");
}
