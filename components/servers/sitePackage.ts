import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { databaseAuthorities } from "../data/databaseAuthorities";
import { zipFiles } from "../base/zipFiles";

/** A sample site, ready to be uploaded. */
export interface SitePackage {
  /** The zip file. */
  contentBase64: string;
  /** Of the zip file, hexadecimal. */
  sha256: string;
  /** Object key; holds the hash, so another version is another object. */
  key: string;
}

const siteDir = join(__dirname, "..", "..", "app", "site");
const packages = new Map<string, SitePackage>();

/**
 * The sample site of a tier as a zip file: app/site/shared, then app/site/<role>. The app tier's
 * also holds the authorities that sign this region's databases, since an installation without
 * internet cannot fetch them. Same sources, same bytes, on every machine and in every time zone.
 *
 * @throws Error if a site has no files or one that is not text.
 */
export function sitePackage(role: "web" | "app", region: string): SitePackage {
  const known = packages.get(`${role} ${region}`);
  if (known) return known;
  const files = new Map([...readTree(join(siteDir, "shared")), ...readTree(join(siteDir, role))]);
  if (role === "app") {
    for (const { name, pem } of databaseAuthorities(region)) {
      files.set(`rds-ca/${name}.cer`, Buffer.from(pem, "utf8"));
    }
  }
  const zip = zipFiles(files);
  const sha256 = createHash("sha256").update(zip).digest("hex");
  const made = {
    contentBase64: Buffer.from(zip).toString("base64"),
    sha256,
    key: `sites/${role}/${sha256}.zip`,
  };
  packages.set(`${role} ${region}`, made);
  return made;
}

/** Files below a folder by path with forward slashes. Text, so line ends are made equal. */
function readTree(dir: string): Map<string, Uint8Array> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true });
  const files = new Map<string, Uint8Array>();
  for (const entry of names) {
    if (!entry.isFile() || entry.name.startsWith(".")) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, "utf8").replaceAll("\r\n", "\n");
    if (text.includes("\ufffd")) throw new Error(`${path} is not UTF-8 text.`);
    files.set(path.slice(dir.length + 1).replaceAll("\\", "/"), Buffer.from(text, "utf8"));
  }
  if (files.size === 0) throw new Error(`The sample site has no files in ${dir}.`);
  return files;
}
