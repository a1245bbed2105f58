import type { Problem } from "../../config/problems";
import { readKeys, type ConfigProject } from "../../config/fields";
import { deploySchema } from "./schema";

/** The project's name and the namespace of its keys. */
export const namespace = "pe-deploy";

/** What could be read: valid values with their defaults; what is missing has its problem. */
export interface Reading {
  values: Record<string, unknown>;
  problems: Problem[];
}

/** Reads every key by itself, so that one wrong value hides no other. */
export function readConfig(raw: Record<string, string>): Reading {
  const problems: Problem[] = [];
  if (!raw["aws:region"]) {
    problems.push({
      key: "aws:region",
      message:
        "is missing: roles have no region, but the AWS provider needs one. Set it: `pulumi config set aws:region us-east-1`.",
    });
  }
  return { values: readKeys(project, raw, problems), problems };
}

const project: ConfigProject = {
  namespace,
  schema: deploySchema,
  knownMisnames: {
    region: "The region is the AWS provider's: `pulumi config set aws:region us-east-1`.",
    rolearn: "Roles are made here, one per stack and operation: remove this key.",
    after:
      "The regions' order follows from the stack files (replication.writer, regionCount): remove this key.",
    paths: "The path filters follow from what the program reads: remove this key.",
    autoremediate: "Did you mean driftRemediate, of a stack?",
  },
  secrets: "AWS roles are assumed by identity, and PULUMI_ACCESS_TOKEN stays in the environment.",
  others: ["pe-platform"],
};
