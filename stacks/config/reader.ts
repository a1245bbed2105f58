import { type Problem } from "../../config/problems";
import { readKeys, refusal, type ConfigProject } from "../../config/fields";
import { configSchema, regionSchema } from "./schema";

/** The project's name and the namespace of its keys. */
export const namespace = "pe-platform";

/** What could be read: valid values with their defaults; what is missing has its problem. */
export interface Reading {
  values: Record<string, unknown>;
  region: string | undefined;
  problems: Problem[];
}

/** Reads every key by itself, so that one wrong value hides no other. */
export function readConfig(raw: Record<string, string>): Reading {
  const problems: Problem[] = [];
  const region = readRegion(raw["aws:region"], problems);
  return { values: readKeys(project, raw, problems), region, problems };
}

function readRegion(text: string | undefined, problems: Problem[]): string | undefined {
  const parsed = regionSchema.safeParse(text || undefined);
  if (parsed.success) return parsed.data;
  const message = text
    ? refusal(regionSchema, "aws:region", text)
    : "is missing: every stack lives in one region. Set it: `pulumi config set aws:region us-east-1`.";
  problems.push({ key: "aws:region", message });
  return undefined;
}

const knownMisnames: Record<string, string> = {
  multiaz:
    "The standby follows azCount: set azCount to 2 or 3 (a standby needs a second zone), and remove this key.",
  region: "The region is the AWS provider's: `pulumi config set aws:region us-east-1`.",
  keyname: "Servers have no key pair: connect with Session Manager, and remove this key.",
  keypair: "Servers have no key pair: connect with Session Manager, and remove this key.",
  dbname: "The database is named by database.name: write it there, and remove this key.",
  storagetype: "The storage is always gp3: set database.iops, and remove this key.",
  storageencrypted: "Everything is encrypted always: remove this key.",
  publiclyaccessible: "The database is never public: remove this key.",
};

const project: ConfigProject = {
  namespace,
  schema: configSchema,
  knownMisnames,
  secrets:
    "RDS creates, keeps and rotates the database password in Secrets Manager, and " +
    "no key of this project takes a secret.",
};
