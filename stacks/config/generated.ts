import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, visit } from "yaml";
import { listStacks, projectRoot, stackFile } from "../../config/stackFiles";
import { configReference, projectKeys } from "./reference";
import { schemaComment, schemaFile, stackFileSchema } from "./stackFileSchema";

/** What the schema is written out as: file, from the project's root, to its whole text. */
export function generatedFiles(root = projectRoot): Record<string, string> {
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  const stackFiles = listStacks(root).map((stack) => stackFile(stack, root));
  return {
    "Pulumi.yaml": withKeys(read("Pulumi.yaml")),
    "docs/config.md": configReference(),
    [schemaFile]: `${JSON.stringify(stackFileSchema(), null, 2)}\n`,
    ...Object.fromEntries(stackFiles.map((file) => [file, withComment(read(file))])),
  };
}

/** Pulumi.yaml with the schema's keys, types, defaults and descriptions; the rest is as it was. */
function withKeys(text: string): string {
  const document = parseDocument(text);
  const config = document.createNode(projectKeys());
  visit(config, {
    Seq(_, list) {
      list.flow = true;
    },
  });
  document.set("config", config);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function withComment(text: string): string {
  const own = text.replace(/^# yaml-language-server:.*\r?\n/, "");
  return `${schemaComment}\n${own}`;
}
